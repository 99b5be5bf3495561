"""The distribution of 0 and 1.

May import: `pyconv.autograd`, `pyconv.distributions`, `pyconv.functions`, `pyconv.nn.functional`, `pyconv.size`,
`pyconv.tensor`.
"""

from __future__ import annotations

from typing import Any

from pyconv.autograd import no_grad
from pyconv.distributions import constraints
from pyconv.distributions.distribution import ExponentialFamily
from pyconv.distributions.parameters import (
    Number,
    broadcast_all,
    lazy_property,
    logits_to_probs,
    one_of,
    probs_to_logits,
)
from pyconv.functions.random import bernoulli
from pyconv.nn import functional as F
from pyconv.size import Size
from pyconv.tensor.creation_ranges import arange

__all__ = ["Bernoulli"]


class Bernoulli(ExponentialFamily):
    """The distribution of 0 and 1.

    Args:
        probs: the probability of 1.
        logits: its logarithm less that of 0's; one of both is given.
        validate_args: whether parameters and values are checked.

    Raises:
        ValueError: both are given or neither, or a probability is outside of [0, 1].

    Example:
        >>> import pyconv
        >>> Bernoulli(pyconv.tensor([0.25, 0.5])).log_prob(pyconv.ones(2)).exp()
        tensor([0.2500, 0.5000])
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}  # noqa: RUF012 (torch's)
    support = constraints.boolean
    has_enumerate_support = True

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        one_of(probs, logits)
        given = logits if probs is None else probs
        (self._param,) = broadcast_all(given)
        self.__dict__["logits" if probs is None else "probs"] = self._param
        super().__init__(Size() if isinstance(given, Number) else self._param.size(), validate_args=validate_args)

    @lazy_property
    def logits(self) -> Any:
        """The logarithm of 1's probability less that of 0's."""
        return probs_to_logits(self.probs, is_binary=True)

    @lazy_property
    def probs(self) -> Any:
        """The probability of 1."""
        return logits_to_probs(self.logits, is_binary=True)

    @property
    def param_shape(self) -> Size:
        """The shape of the parameter."""
        return Size(self._param.size())

    @property
    def mean(self) -> Any:
        """The probability of 1."""
        return self.probs

    @property
    def mode(self) -> Any:
        """The likelier of both; NaN where neither is."""
        mode = (self.probs >= 0.5).to(self.probs)
        mode[self.probs == 0.5] = float("nan")
        return mode

    @property
    def variance(self) -> Any:
        """p·(1 - p)."""
        return self.probs * (1 - self.probs)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with its parameter expanded to another batch shape."""
        new = self._expanded(batch_shape, _instance)
        for name in ("probs", "logits"):
            if name in self.__dict__:
                new.__dict__[name] = new._param = self.__dict__[name].expand(batch_shape)
        return new

    def sample(self, sample_shape: Any = ()) -> Any:
        """Values drawn."""
        with no_grad():
            return bernoulli(self.probs.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the probability."""
        if self._validate_args:
            self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        return -F.binary_cross_entropy_with_logits(logits, value, reduction="none")

    def entropy(self) -> Any:
        """The entropy, in nats."""
        return F.binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none")

    def enumerate_support(self, expand: bool = True) -> Any:
        """0 and 1, along the first dimension."""
        values = arange(2, dtype=self._param.dtype).view((-1,) + (1,) * len(self._batch_shape))
        return values.expand((-1, *self._batch_shape)) if expand else values
