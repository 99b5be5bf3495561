"""The uniform distribution on an interval.

May import: `pyconv.distributions`, `pyconv.size`, `pyconv.tensor`.
"""

from __future__ import annotations

from typing import Any

from pyconv.distributions import constraints
from pyconv.distributions.distribution import Distribution
from pyconv.distributions.parameters import Number, broadcast_all
from pyconv.size import Size
from pyconv.tensor.random_creation import rand

__all__ = ["Uniform"]


class Uniform(Distribution):
    """The uniform distribution on low <= x < high.

    Args:
        low: where it begins.
        high: where it ends.
        validate_args: whether parameters and values are checked.

    Raises:
        ValueError: `low` is not below `high`.

    Example:
        >>> import pyconv
        >>> Uniform(0.0, 4.0).log_prob(pyconv.tensor(1.0))
        tensor(-1.3863)
    """

    has_rsample = True

    def __init__(self, low: Any, high: Any, validate_args: bool | None = None) -> None:
        self.low, self.high = broadcast_all(low, high)
        single = isinstance(low, Number) and isinstance(high, Number)
        super().__init__(Size() if single else self.low.size(), validate_args=validate_args)

    @property
    def arg_constraints(self) -> dict[str, Any]:
        """Each end is on its side of the other."""
        return {"low": constraints.less_than(self.high), "high": constraints.greater_than(self.low)}

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> Any:
        """The interval."""
        return constraints.interval(self.low, self.high)

    @property
    def mean(self) -> Any:
        """The middle."""
        return (self.high + self.low) / 2

    @property
    def mode(self) -> Any:
        """NaN: no value is likelier than others."""
        return float("nan") * self.high

    @property
    def stddev(self) -> Any:
        """The length over √12."""
        return (self.high - self.low) / 12**0.5

    @property
    def variance(self) -> Any:
        """The length squared over 12."""
        return (self.high - self.low).pow(2) / 12

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with its ends expanded to another batch shape."""
        new = self._expanded(batch_shape, _instance)
        new.low, new.high = self.low.expand(batch_shape), self.high.expand(batch_shape)
        return new

    def rsample(self, sample_shape: Any = ()) -> Any:
        """Values drawn as a differentiable function of the ends."""
        return self.low + rand(self._extended_shape(sample_shape), dtype=self.low.dtype) * (self.high - self.low)

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the density."""
        if self._validate_args:
            self._validate_sample(value)
        above, below = self.low.le(value).type_as(self.low), self.high.gt(value).type_as(self.low)
        return above.mul(below).log() - (self.high - self.low).log()

    def cdf(self, value: Any) -> Any:
        """The probability of what is not above a value."""
        if self._validate_args:
            self._validate_sample(value)
        return ((value - self.low) / (self.high - self.low)).clamp(min=0, max=1)

    def icdf(self, value: Any) -> Any:
        """The value to which a probability belongs."""
        return value * (self.high - self.low) + self.low

    def entropy(self) -> Any:
        """The logarithm of the length."""
        return (self.high - self.low).log()
