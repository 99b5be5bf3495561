"""A copy of a tensor with the part replaced that a view shows: torch.select_scatter and its kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv.autograd.primitive import Primitive
from pyconv.functions import slicing
from pyconv.functions.copies import slice_of
from pyconv.ops import assignment, strided
from pyconv.ops import index as indexing
from pyconv.ops.cast import array_of, cast
from pyconv.signatures import function

__all__ = ["as_strided_scatter", "diagonal_scatter", "select_scatter", "slice_scatter"]

_select_scatter = assignment.copy_slices.alias("SelectScatter")
_slice_scatter = assignment.copy_slices.alias("SliceScatter")
_diagonal_scatter = assignment.copy_slices.alias("DiagonalScatter")
_as_strided_scatter = assignment.copy_slices.alias("AsStridedScatter")


def _with_part(op: Primitive, input: Any, src: Any, view: Primitive, static: dict[str, Any]) -> Any:
    """The tensor with a part replaced.

    Raises:
        RuntimeError: the shape is not that of the part.
    """
    part, given = view.kernel(array_of(input), **static).shape, array_of(src).shape
    if part != given:
        raise RuntimeError(
            f"expected src to have a size equal to the slice of self. src size = {list(given)}, slice size = "
            f"{list(part)}"
        )
    return op(input, cast(src, array_of(input).dtype), steps=((view, static),))


@function("(Tensor input, Tensor src, int dim, int index)")
def select_scatter(input: Any, src: Any, dim: int, index: int) -> Any:
    """The tensor with one slice along a dimension replaced.

    Example:
        >>> import pyconv
        >>> select_scatter(pyconv.zeros(2, 2), pyconv.ones(2), 0, 1)
        tensor([[0., 0.],
                [1., 1.]])
    """
    static = {"index": slicing.selection(input, dim, index)}
    return _with_part(_select_scatter, input, src, indexing.select, static)


@function("(Tensor input, Tensor src, int dim = 0, int start = None, int end = None, int step = 1)")
def slice_scatter(
    input: Any, src: Any, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Any:
    """The tensor with a part along a dimension replaced.

    Example:
        >>> import pyconv
        >>> slice_scatter(pyconv.zeros(4), pyconv.ones(2), 0, 1, 3)
        tensor([0., 1., 1., 0.])
    """
    static = {"index": slice_of(input, dim, start, end, step)}
    return _with_part(_slice_scatter, input, src, indexing.narrow, static)


@function("(Tensor input, Tensor src, int offset = 0, int dim1 = 0, int dim2 = 1)")
def diagonal_scatter(input: Any, src: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """The tensor with its diagonals replaced.

    Example:
        >>> import pyconv
        >>> diagonal_scatter(pyconv.zeros(2, 2), pyconv.ones(2))
        tensor([[1., 0.],
                [0., 1.]])
    """
    static = {"offset": int(offset), **slicing.diagonal_dims(array_of(input).ndim, dim1, dim2)}
    return _with_part(_diagonal_scatter, input, src, strided.diagonal, static)


@function("(Tensor input, Tensor src, tuple of ints! size, tuple of ints! stride, int storage_offset = None)")
def as_strided_scatter(input: Any, src: Any, size: Any, stride: Any, storage_offset: int | None = None) -> Any:
    """The tensor with the elements replaced that a view by strides looks at.

    Example:
        >>> import pyconv
        >>> as_strided_scatter(pyconv.zeros(4), pyconv.ones(2), (2,), (2,))
        tensor([1., 0., 1., 0.])
    """
    static = slicing.strided_view(input, size, stride, storage_offset)
    return _with_part(_as_strided_scatter, input, src, strided.as_strided, static)
