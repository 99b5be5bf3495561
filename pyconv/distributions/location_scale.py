"""Distributions of real numbers with a location and a scale, or a rate: normal, Laplace's, exponential.

May import: `pyconv.autograd`, `pyconv.distributions`, `pyconv.limits`, `pyconv.size`, `pyconv.tensor`.
"""

from __future__ import annotations

import math
from typing import Any

from pyconv.autograd import no_grad
from pyconv.distributions import constraints
from pyconv.distributions.distribution import Distribution, ExponentialFamily
from pyconv.distributions.parameters import Number, broadcast_all
from pyconv.limits import finfo
from pyconv.size import Size
from pyconv.tensor.creation import empty, tensor
from pyconv.tensor.random_creation import normal

__all__ = ["Exponential", "Laplace", "Normal"]


class _LocationScale(Distribution):
    """A distribution of real numbers with a location and a scale."""

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}  # noqa: RUF012 (torch's)
    support = constraints.real
    has_rsample = True

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        self.loc, self.scale = broadcast_all(loc, scale)
        single = isinstance(loc, Number) and isinstance(scale, Number)
        super().__init__(Size() if single else self.loc.size(), validate_args=validate_args)

    @property
    def mean(self) -> Any:
        """The location."""
        return self.loc

    @property
    def mode(self) -> Any:
        """The location."""
        return self.loc

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with its parameters expanded to another batch shape."""
        new = self._expanded(batch_shape, _instance)
        new.loc, new.scale = self.loc.expand(batch_shape), self.scale.expand(batch_shape)
        return new


class Normal(_LocationScale, ExponentialFamily):
    """The normal distribution.

    Args:
        loc: the mean.
        scale: the standard deviation, above 0.
        validate_args: whether parameters and values are checked.

    Raises:
        ValueError: a parameter is outside of its region.

    Example:
        >>> import pyconv
        >>> Normal(0.0, 2.0).log_prob(pyconv.tensor([0.0, 2.0]))
        tensor([-1.6121, -2.1121])
    """

    @property
    def stddev(self) -> Any:
        """The scale."""
        return self.scale

    @property
    def variance(self) -> Any:
        """The scale squared."""
        return self.stddev.pow(2)

    def sample(self, sample_shape: Any = ()) -> Any:
        """Values drawn, without gradients."""
        shape = self._extended_shape(sample_shape)
        with no_grad():
            return normal(self.loc.expand(shape), self.scale.expand(shape))

    def rsample(self, sample_shape: Any = ()) -> Any:
        """Values drawn as a differentiable function of the parameters."""
        shape = self._extended_shape(sample_shape)
        return self.loc + empty(shape, dtype=self.loc.dtype).normal_() * self.scale

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the density."""
        if self._validate_args:
            self._validate_sample(value)
        square = (value - self.loc) ** 2 / (2 * self.scale**2)
        return -square - self.scale.log() - math.log(math.sqrt(2 * math.pi))

    def cdf(self, value: Any) -> Any:
        """The probability of what is not above a value."""
        if self._validate_args:
            self._validate_sample(value)
        return 0.5 * (1 + ((value - self.loc) * self.scale.reciprocal() / math.sqrt(2)).erf())

    def icdf(self, value: Any) -> Any:
        """The value to which a probability belongs."""
        return self.loc + self.scale * (2 * value - 1).erfinv() * math.sqrt(2)

    def entropy(self) -> Any:
        """The entropy, in nats."""
        return 0.5 + 0.5 * math.log(2 * math.pi) + self.scale.log()


class Laplace(_LocationScale):
    """Laplace's distribution, exponential on both sides of its mean.

    Args:
        loc: the mean.
        scale: of both sides, above 0.
        validate_args: whether parameters and values are checked.

    Raises:
        ValueError: a parameter is outside of its region.

    Example:
        >>> import pyconv
        >>> Laplace(0.0, 1.0).log_prob(pyconv.tensor([0.0, 2.0]))
        tensor([-0.6931, -2.6931])
    """

    @property
    def variance(self) -> Any:
        """2·scale²."""
        return 2 * self.scale.pow(2)

    @property
    def stddev(self) -> Any:
        """√2·scale."""
        return 2**0.5 * self.scale

    def rsample(self, sample_shape: Any = ()) -> Any:
        """Values drawn as a differentiable function of the parameters."""
        shape = self._extended_shape(sample_shape)
        u = empty(shape, dtype=self.loc.dtype).uniform_(finfo(self.loc.dtype).eps - 1, 1)
        return self.loc - self.scale * u.sign() * (-u.abs()).log1p()

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the density."""
        if self._validate_args:
            self._validate_sample(value)
        return -(2 * self.scale).log() - (value - self.loc).abs() / self.scale

    def cdf(self, value: Any) -> Any:
        """The probability of what is not above a value."""
        if self._validate_args:
            self._validate_sample(value)
        off = value - self.loc
        return 0.5 - 0.5 * off.sign() * (-off.abs() / self.scale).expm1()

    def icdf(self, value: Any) -> Any:
        """The value to which a probability belongs."""
        term = value - 0.5
        return self.loc - self.scale * term.sign() * (-2 * term.abs()).log1p()

    def entropy(self) -> Any:
        """The entropy, in nats."""
        return 1 + (2 * self.scale).log()


class Exponential(ExponentialFamily):
    """The exponential distribution.

    Args:
        rate: one over the mean, above 0.
        validate_args: whether parameters and values are checked.

    Raises:
        ValueError: a parameter is outside of its region.

    Example:
        >>> import pyconv
        >>> Exponential(2.0).mean
        tensor(0.5000)
    """

    arg_constraints = {"rate": constraints.positive}  # noqa: RUF012 (torch's)
    support = constraints.nonnegative
    has_rsample = True

    def __init__(self, rate: Any, validate_args: bool | None = None) -> None:
        (self.rate,) = broadcast_all(rate)
        super().__init__(Size() if isinstance(rate, Number) else self.rate.size(), validate_args=validate_args)

    @property
    def mean(self) -> Any:
        """One over the rate."""
        return self.rate.reciprocal()

    @property
    def mode(self) -> Any:
        """0."""
        return self.rate * tensor(0.0, dtype=self.rate.dtype)

    @property
    def stddev(self) -> Any:
        """One over the rate."""
        return self.rate.reciprocal()

    @property
    def variance(self) -> Any:
        """One over the rate squared."""
        return self.rate.pow(-2)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with its rate expanded to another batch shape."""
        new = self._expanded(batch_shape, _instance)
        new.rate = self.rate.expand(batch_shape)
        return new

    def rsample(self, sample_shape: Any = ()) -> Any:
        """Values drawn as a differentiable function of the rate."""
        shape = self._extended_shape(sample_shape)
        return empty(shape, dtype=self.rate.dtype).exponential_() / self.rate

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the density."""
        if self._validate_args:
            self._validate_sample(value)
        return self.rate.log() - self.rate * value

    def cdf(self, value: Any) -> Any:
        """The probability of what is not above a value."""
        if self._validate_args:
            self._validate_sample(value)
        return 1 - (-self.rate * value).exp()

    def icdf(self, value: Any) -> Any:
        """The value to which a probability belongs."""
        return -(-value).log1p() / self.rate

    def entropy(self) -> Any:
        """The entropy, in nats."""
        return 1.0 - self.rate.log()
