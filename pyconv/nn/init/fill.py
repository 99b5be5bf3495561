"""Every element alike: one number, or numbers from one distribution.

May import: `pyconv.autograd`, `pyconv.random` and `pyconv.tensor`.
"""

from __future__ import annotations

from pyconv.autograd import no_grad
from pyconv.random import Generator
from pyconv.tensor import Tensor


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill with numbers from the uniform distribution on [a, b).

    Args:
        tensor: any shape, floating-point or complex; overwritten and returned.
        a: lower bound.
        b: upper bound.
        generator: source of the numbers; the default generator if not given.

    Raises:
        RuntimeError: `a > b`, or a bound exceeds the dtype.

    Example:
        >>> uniform_(Tensor(2), -1.0, 1.0, Generator().manual_seed(0))
        tensor([-0.0075,  0.5364])
    """
    with no_grad():
        return tensor.uniform_(a, b, generator=generator)


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill with numbers from the normal distribution.

    Args:
        tensor: any shape, floating-point or complex; overwritten and returned.
        mean: mean of the distribution.
        std: standard deviation.
        generator: source of the numbers; the default generator if not given.

    Raises:
        RuntimeError: `std` is negative.

    Example:
        >>> normal_(Tensor(2), generator=Generator().manual_seed(0))
        tensor([ 1.5410, -0.2934])
    """
    with no_grad():
        return tensor.normal_(mean, std, generator=generator)


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill with one number.

    Args:
        tensor: any shape and dtype; overwritten and returned.
        val: the number.

    Example:
        >>> constant_(Tensor(2), 0.5)
        tensor([0.5000, 0.5000])
    """
    with no_grad():
        return tensor.fill_(val)


def ones_(tensor: Tensor) -> Tensor:
    """Fill with ones.

    Args:
        tensor: any shape and dtype; overwritten and returned.

    Example:
        >>> ones_(Tensor(2))
        tensor([1., 1.])
    """
    return constant_(tensor, 1.0)


def zeros_(tensor: Tensor) -> Tensor:
    """Fill with zeros.

    Args:
        tensor: any shape and dtype; overwritten and returned.

    Example:
        >>> zeros_(Tensor(2))
        tensor([0., 0.])
    """
    with no_grad():
        return tensor.zero_()
