"""Distributions of one of several things: its number, or a vector with a one at its place.

May import: `pyconv.distributions`, `pyconv.functions`, `pyconv.limits`, `pyconv.nn.functional`, `pyconv.size`,
`pyconv.tensor`.
"""

from __future__ import annotations

from typing import Any

from pyconv.distributions import constraints
from pyconv.distributions.distribution import Distribution
from pyconv.distributions.parameters import (
    broadcast_all,
    lazy_property,
    logits_to_probs,
    one_of,
    probs_to_logits,
)
from pyconv.functions.random import multinomial
from pyconv.limits import finfo
from pyconv.nn import functional as F
from pyconv.size import Size
from pyconv.tensor.creation import full
from pyconv.tensor.creation_diagonals import eye
from pyconv.tensor.creation_ranges import arange

__all__ = ["Categorical", "OneHotCategorical", "OneHotCategoricalStraightThrough"]


class Categorical(Distribution):
    """The distribution of the numbers 0 to K - 1.

    Args:
        probs: (…, K) their probabilities, or multiples of these.
        logits: (…, K) their logarithms, but for a constant; one of both is given.
        validate_args: whether parameters and values are checked.

    Raises:
        ValueError: both are given or neither, without a dimension, or with probabilities that are none.

    Example:
        >>> import pyconv
        >>> Categorical(pyconv.tensor([1.0, 2.0, 1.0])).probs
        tensor([0.2500, 0.5000, 0.2500])
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}  # noqa: RUF012 (torch's)
    has_enumerate_support = True

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        one_of(probs, logits)
        given, name = (logits, "logits") if probs is None else (probs, "probs")
        if given.dim() < 1:
            raise ValueError(f"`{name}` parameter must be at least one-dimensional.")
        if probs is None:
            self._param = self.__dict__["logits"] = logits - logits.logsumexp(dim=-1, keepdim=True)
        else:
            self._param = self.__dict__["probs"] = probs / probs.sum(-1, keepdim=True)
        self._num_events = self._param.size()[-1]
        super().__init__(Size(self._param.size()[:-1]), validate_args=validate_args)

    @lazy_property
    def logits(self) -> Any:
        """The logarithms of the probabilities."""
        return probs_to_logits(self.probs)

    @lazy_property
    def probs(self) -> Any:
        """The probabilities."""
        return logits_to_probs(self.logits)

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self) -> Any:
        """The numbers."""
        return constraints.integer_interval(0, self._num_events - 1)

    @property
    def param_shape(self) -> Size:
        """The shape of the parameter."""
        return Size(self._param.size())

    @property
    def mean(self) -> Any:
        """NaN: the numbers are names."""
        return full(self._extended_shape(), float("nan"), dtype=self.probs.dtype)

    @property
    def variance(self) -> Any:
        """NaN: the numbers are names."""
        return self.mean

    @property
    def mode(self) -> Any:
        """The likeliest number."""
        return self.probs.argmax(dim=-1)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with its parameter expanded to another batch shape."""
        new = self._expanded(batch_shape, _instance)
        for name in ("probs", "logits"):
            if name in self.__dict__:
                new.__dict__[name] = new._param = self.__dict__[name].expand((*batch_shape, self._num_events))
        new._num_events = self._num_events
        return new

    def sample(self, sample_shape: Any = ()) -> Any:
        """Numbers drawn."""
        count = Size(sample_shape).numel()
        drawn = multinomial(self.probs.detach().reshape(-1, self._num_events), count, True)
        return drawn.T.reshape(self._extended_shape(sample_shape))

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the probability."""
        if self._validate_args:
            self._validate_sample(value)
        value, logits = broadcast_all(value.long().unsqueeze(-1), self.logits)
        return logits.gather(-1, value[..., :1]).squeeze(-1)

    def entropy(self) -> Any:
        """The entropy, in nats."""
        logits = self.logits.clamp(min=finfo(self.logits.dtype).min)
        return -(logits * self.probs).sum(-1)

    def enumerate_support(self, expand: bool = True) -> Any:
        """All numbers, along the first dimension."""
        values = arange(self._num_events).view((-1,) + (1,) * len(self._batch_shape))
        return values.expand((-1, *self._batch_shape)) if expand else values


class OneHotCategorical(Distribution):
    """The distribution of vectors of K elements with a single one.

    Args:
        probs: (…, K) the probabilities of the one's places, or multiples of these.
        logits: (…, K) their logarithms, but for a constant; one of both is given.
        validate_args: whether parameters and values are checked.

    Raises:
        ValueError: as `Categorical` does.

    Example:
        >>> import pyconv
        >>> OneHotCategorical(pyconv.tensor([1.0, 2.0, 1.0])).mode
        tensor([0., 1., 0.])
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}  # noqa: RUF012 (torch's)
    support = constraints.one_hot
    has_enumerate_support = True

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        self._categorical = Categorical(probs, logits)
        shape = self._categorical.param_shape
        super().__init__(self._categorical.batch_shape, Size(shape[-1:]), validate_args=validate_args)

    @property
    def probs(self) -> Any:
        """The probabilities."""
        return self._categorical.probs

    @property
    def logits(self) -> Any:
        """The logarithms of the probabilities."""
        return self._categorical.logits

    @property
    def param_shape(self) -> Size:
        """The shape of the parameter."""
        return self._categorical.param_shape

    @property
    def mean(self) -> Any:
        """The probabilities."""
        return self.probs

    @property
    def mode(self) -> Any:
        """The likeliest vector."""
        mode = self.probs.argmax(dim=-1)
        return F.one_hot(mode, num_classes=self.probs.shape[-1]).to(self.probs)

    @property
    def variance(self) -> Any:
        """p·(1 - p)."""
        return self.probs * (1 - self.probs)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with its parameter expanded to another batch shape."""
        new = self._expanded(batch_shape, _instance, self.event_shape)
        new._categorical = self._categorical.expand(batch_shape)
        return new

    def sample(self, sample_shape: Any = ()) -> Any:
        """Vectors drawn."""
        return F.one_hot(self._categorical.sample(sample_shape), self._categorical._num_events).to(self.probs)

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the probability."""
        if self._validate_args:
            self._validate_sample(value)
        return self._categorical.log_prob(value.max(-1)[1])

    def entropy(self) -> Any:
        """The entropy, in nats."""
        return self._categorical.entropy()

    def enumerate_support(self, expand: bool = True) -> Any:
        """All vectors, along the first dimension."""
        n = self.event_shape[0]
        values = eye(n, dtype=self._categorical._param.dtype).view((n,) + (1,) * len(self.batch_shape) + (n,))
        return values.expand((n, *self.batch_shape, n)) if expand else values


class OneHotCategoricalStraightThrough(OneHotCategorical):
    """`OneHotCategorical` whose values pass their gradients straight to the probabilities.

    After Y. Bengio, N. Léonard, A. Courville (2013). The arguments are those of `OneHotCategorical`.

    Example:
        >>> import pyconv
        >>> p = pyconv.tensor([0.0, 1.0], requires_grad=True)
        >>> OneHotCategoricalStraightThrough(p).rsample()
        tensor([0., 1.], grad_fn=<AddBackward0>)
    """

    has_rsample = True

    def rsample(self, sample_shape: Any = ()) -> Any:
        """Vectors drawn, with the probabilities' gradients."""
        sample = self.sample(sample_shape)
        probs = self._categorical.probs
        return sample + (probs - probs.detach())
