"""The parts of a tensor as copies: torch.split_copy, torch.unbind_copy and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.splitting import split, split_with_sizes, unbind
from pyconv.ops.cast import clone
from pyconv.signatures import function

__all__ = ["split_copy", "split_with_sizes_copy", "unbind_copy"]


@function("(Tensor input, int split_size, int dim = 0, *, tuple of Tensors out = None)")
def split_copy(input: Any, split_size: int, dim: int = 0) -> tuple[Any, ...]:
    """`split` into copies.

    Example:
        >>> import pyconv
        >>> split_copy(pyconv.arange(3), 2)
        (tensor([0, 1]), tensor([2]))
    """
    return tuple(map(clone, split(input, split_size, dim)))


@function("(Tensor input, tuple of ints! split_sizes, int dim = 0, *, tuple of Tensors out = None)")
def split_with_sizes_copy(input: Any, split_sizes: Any, dim: int = 0) -> tuple[Any, ...]:
    """`split_with_sizes` into copies.

    Example:
        >>> import pyconv
        >>> split_with_sizes_copy(pyconv.arange(3), (1, 2))
        (tensor([0]), tensor([1, 2]))
    """
    return tuple(map(clone, split_with_sizes(input, split_sizes, dim)))


@function("(Tensor input, int dim = 0, *, tuple of Tensors out = None)")
def unbind_copy(input: Any, dim: int = 0) -> tuple[Any, ...]:
    """`unbind` into copies.

    Example:
        >>> import pyconv
        >>> unbind_copy(pyconv.arange(2))
        (tensor(0), tensor(1))
    """
    return tuple(map(clone, unbind(input, dim)))
