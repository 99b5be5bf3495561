"""A batch of distributions taken for one of larger values.

May import: `pyconv.distributions`, `pyconv.size`.
"""

from __future__ import annotations

from typing import Any

from pyconv.distributions import constraints
from pyconv.distributions.distribution import Distribution
from pyconv.distributions.parameters import sum_rightmost
from pyconv.size import Size

__all__ = ["Independent"]


class Independent(Distribution):
    """A distribution some of whose batch's last dimensions belong to its values.

    Args:
        base_distribution: a batch of distributions.
        reinterpreted_batch_ndims: how many dimensions.
        validate_args: whether values are checked.

    Raises:
        ValueError: it has fewer.

    Example:
        >>> import pyconv
        >>> from pyconv.distributions import Normal
        >>> Independent(Normal(pyconv.zeros(2, 3), 1.0), 1).event_shape
        torch.Size([3])
    """

    arg_constraints: dict[str, Any] = {}  # noqa: RUF012 (torch's)

    def __init__(
        self, base_distribution: Any, reinterpreted_batch_ndims: int, validate_args: bool | None = None
    ) -> None:
        if reinterpreted_batch_ndims > len(base_distribution.batch_shape):
            raise ValueError(
                "Expected reinterpreted_batch_ndims <= len(base_distribution.batch_shape), actual "
                f"{reinterpreted_batch_ndims} vs {len(base_distribution.batch_shape)}"
            )
        shape = base_distribution.batch_shape + base_distribution.event_shape
        split = len(base_distribution.batch_shape) - reinterpreted_batch_ndims
        self.base_dist = base_distribution
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims
        super().__init__(Size(shape[:split]), Size(shape[split:]), validate_args=validate_args)

    @property
    def has_rsample(self) -> bool:  # type: ignore[override]
        """Whether it draws differentiably."""
        return bool(self.base_dist.has_rsample)

    @property
    def has_enumerate_support(self) -> bool:  # type: ignore[override]
        """Whether its values are counted: not where dimensions of a batch belong to them."""
        return self.reinterpreted_batch_ndims == 0 and bool(self.base_dist.has_enumerate_support)

    @constraints.dependent_property
    def support(self) -> Any:
        """The region of the values."""
        own = self.base_dist.support
        return constraints.independent(own, self.reinterpreted_batch_ndims) if self.reinterpreted_batch_ndims else own

    @property
    def mean(self) -> Any:
        """The mean."""
        return self.base_dist.mean

    @property
    def mode(self) -> Any:
        """The likeliest value."""
        return self.base_dist.mode

    @property
    def variance(self) -> Any:
        """The variance of each element."""
        return self.base_dist.variance

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with another batch shape."""
        new = self._expanded(batch_shape, _instance, self.event_shape)
        inner = self.event_shape[: self.reinterpreted_batch_ndims]
        new.base_dist = self.base_dist.expand(Size((*batch_shape, *inner)))
        new.reinterpreted_batch_ndims = self.reinterpreted_batch_ndims
        return new

    def sample(self, sample_shape: Any = ()) -> Any:
        """Values drawn, without gradients."""
        return self.base_dist.sample(sample_shape)

    def rsample(self, sample_shape: Any = ()) -> Any:
        """Values drawn as a differentiable function of the parameters."""
        return self.base_dist.rsample(sample_shape)

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the probability or its density."""
        return sum_rightmost(self.base_dist.log_prob(value), self.reinterpreted_batch_ndims)

    def entropy(self) -> Any:
        """The entropy, in nats."""
        return sum_rightmost(self.base_dist.entropy(), self.reinterpreted_batch_ndims)

    def enumerate_support(self, expand: bool = True) -> Any:
        """All values, where no dimension of a batch belongs to them.

        Raises:
            NotImplementedError: some do.
        """
        if self.reinterpreted_batch_ndims > 0:
            raise NotImplementedError("Enumeration over cartesian product is not implemented")
        return self.base_dist.enumerate_support(expand=expand)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_dist}, {self.reinterpreted_batch_ndims})"
