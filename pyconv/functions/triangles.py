"""Triangles of matrices, their diagonals, and matrices made of diagonals: torch.tril, torch.diag and their kin.

May import: `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.slicing import diagonal_dims
from pyconv.functions.views import reshape
from pyconv.ops import joining as ops
from pyconv.ops import strided
from pyconv.ops.cast import array_of
from pyconv.ops.scatter import copied
from pyconv.signatures import function

__all__ = ["diag", "diag_embed", "diagflat", "tril", "triu"]


def _check_matrix(name: str, input: Any) -> None:
    if array_of(input).ndim < 2:
        raise RuntimeError(f"{name}: input tensor must have at least 2 dimensions")


@function("(Tensor input, int diagonal = 0, *, Tensor out = None)")
def tril(input: Any, diagonal: int = 0) -> Any:
    """The lower triangle of each matrix, zeros above it.

    Args:
        input: (..., rows, columns).
        diagonal: the last diagonal that is kept, counted upwards from the main one.

    Raises:
        RuntimeError: there are less than two dimensions.

    Example:
        >>> import pyconv
        >>> tril(pyconv.ones(2, 2))
        tensor([[1., 0.],
                [1., 1.]])
    """
    _check_matrix("tril", input)
    return ops.tril(input, diagonal=int(diagonal))


@function("(Tensor input, int diagonal = 0, *, Tensor out = None)")
def triu(input: Any, diagonal: int = 0) -> Any:
    """The upper triangle of each matrix, zeros below it.

    Args:
        input: (..., rows, columns).
        diagonal: the first diagonal that is kept, counted upwards from the main one.

    Raises:
        RuntimeError: there are less than two dimensions.

    Example:
        >>> import pyconv
        >>> triu(pyconv.ones(2, 2))
        tensor([[1., 1.],
                [0., 1.]])
    """
    _check_matrix("triu", input)
    return ops.triu(input, diagonal=int(diagonal))


_diagonal_copy = copied(strided.diagonal)


@function("(Tensor input, int diagonal = 0, *, Tensor out = None)")
def diag(input: Any, diagonal: int = 0) -> Any:
    """The diagonal of a matrix, or the matrix with a vector as its diagonal.

    Raises:
        RuntimeError: there are neither one nor two dimensions.

    Example:
        >>> import pyconv
        >>> diag(pyconv.tensor([1, 2]))
        tensor([[1, 0],
                [0, 2]])
    """
    ndim = array_of(input).ndim
    if ndim not in (1, 2):
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {ndim}D")
    if ndim == 1:
        return _embedded(input, int(diagonal), 0, 1)
    return _diagonal_copy(input, offset=int(diagonal), dim1=0, dim2=1)


@function("(Tensor input, int offset = 0)")
def diagflat(input: Any, offset: int = 0) -> Any:
    """The matrix with all elements as its diagonal.

    Example:
        >>> import pyconv
        >>> diagflat(pyconv.tensor([[1], [2]]))
        tensor([[1, 0],
                [0, 2]])
    """
    return _embedded(reshape(input, (-1,)), int(offset), 0, 1)


@function("(Tensor input, int offset = 0, int dim1 = -2, int dim2 = -1)")
def diag_embed(input: Any, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """Matrices over two new dimensions whose diagonals are the last dimension.

    Raises:
        RuntimeError: both dimensions are one.

    Example:
        >>> import pyconv
        >>> diag_embed(pyconv.tensor([1, 2]))
        tensor([[1, 0],
                [0, 2]])
    """
    where = diagonal_dims(array_of(input).ndim + 1, dim1, dim2)
    return _embedded(input, int(offset), where["dim1"], where["dim2"])


def _embedded(input: Any, offset: int, dim1: int, dim2: int) -> Any:
    *rest, length = array_of(input).shape
    side, sizes = length + abs(offset), iter(rest)
    shape = tuple(side if axis in (dim1, dim2) else next(sizes) for axis in range(len(rest) + 2))
    return strided.embed(input, shape=shape, offset=offset, dim1=dim1, dim2=dim2)
