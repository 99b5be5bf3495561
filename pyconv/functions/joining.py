"""Tensors put together: torch.cat, torch.stack and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.broadcasting import atleast_2d, atleast_3d, check_tensors
from pyconv.functions.dims import dimension
from pyconv.functions.views import reshape, reshaped
from pyconv.ops import joining as ops
from pyconv.ops.cast import array_of, cast
from pyconv.signatures import function

__all__ = [
    "_chunk_cat",
    "block_diag",
    "cat",
    "column_stack",
    "concat",
    "concatenate",
    "dstack",
    "hstack",
    "row_stack",
    "stack",
    "vstack",
]

_TENSORS = "(tuple of Tensors tensors, *, Tensor out = None)"
_JOINED = "(tuple of Tensors tensors, int dim = 0, *, Tensor out = None)"


def _common(tensors: Sequence[Any]) -> list[Any]:
    """The tensors in the dtype that a result of all of them has."""
    arrays = [array_of(x) for x in tensors]
    if all(array.dtype == arrays[0].dtype for array in arrays):
        return list(tensors)
    kind = dtypes.result_type([(dtypes.of(a), "array" if a.ndim else "zero_dim") for a in arrays])
    return [cast(x, kind.numpy) for x in tensors]


def _is_legacy(x: Any) -> bool:
    """Whether torch passes over a tensor: a vector without elements."""
    return array_of(x).shape == (0,)


def _joined(tensors: Sequence[Any], dim: int) -> Any:
    check_tensors(tensors)
    if not tensors:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    for i, x in enumerate(tensors):
        if not array_of(x).ndim:
            raise RuntimeError(f"zero-dimensional tensor (at position {i}) cannot be concatenated")
    counted = [(i, x) for i, x in enumerate(tensors) if not _is_legacy(x)]
    if not counted:
        counted, dim = [(0, tensors[0])], 0
    first = array_of(counted[0][1]).shape
    at = dimension(dim, len(first))
    for i, x in counted[1:]:
        _check_join(first, array_of(x).shape, at, i)
    sizes = [0 if _is_legacy(x) else array_of(x).shape[at] for x in tensors]
    return ops.cat(*_common(tensors), dim=at, starts=tuple(itertools.accumulate(sizes[:-1], initial=0)))


def _check_join(first: tuple[int, ...], other: tuple[int, ...], at: int, position: int) -> None:
    if len(first) != len(other):
        raise RuntimeError(f"Tensors must have same number of dimensions: got {len(first)} and {len(other)}")
    for axis, (n, m) in enumerate(zip(first, other, strict=True)):
        if axis != at and n != m:
            raise RuntimeError(
                f"Sizes of tensors must match except in dimension {at}. Expected size {n} but got size {m} for tensor "
                f"number {position} in the list."
            )


@function(_JOINED)
def cat(tensors: Any, dim: int = 0) -> Any:
    """Tensors one after the other along a dimension.

    Args:
        tensors: of the same shape but for that dimension; of different dtypes, the result has the common one.
        dim: along which.

    Raises:
        ValueError: there is none.
        RuntimeError: the shapes do not fit.

    Example:
        >>> import pyconv
        >>> cat([pyconv.tensor([1]), pyconv.tensor([2, 3])])
        tensor([1, 2, 3])
    """
    return _joined(tensors, dim)


@function(_JOINED)
def concat(tensors: Any, dim: int = 0) -> Any:
    """`cat` by another name.

    Example:
        >>> import pyconv
        >>> concat([pyconv.tensor([1]), pyconv.tensor([2])])
        tensor([1, 2])
    """
    return _joined(tensors, dim)


@function(_JOINED)
def concatenate(tensors: Any, dim: int = 0) -> Any:
    """`cat` by NumPy's name.

    Example:
        >>> import pyconv
        >>> concatenate([pyconv.tensor([1]), pyconv.tensor([2])])
        tensor([1, 2])
    """
    return _joined(tensors, dim)


@function(_JOINED)
def stack(tensors: Any, dim: int = 0) -> Any:
    """Tensors of one shape along a new dimension.

    Raises:
        RuntimeError: there is none, or the shapes differ.

    Example:
        >>> import pyconv
        >>> stack([pyconv.tensor([1, 2]), pyconv.tensor([3, 4])], 1)
        tensor([[1, 3],
                [2, 4]])
    """
    check_tensors(tensors)
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    shapes = [array_of(x).shape for x in tensors]
    at = dimension(dim, len(shapes[0]) + 1)
    for i, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(shapes[0])} at entry 0 and {list(shape)} "
                f"at entry {i}"
            )
    return ops.stack(*_common(tensors), dim=at)


def _some(name: str, tensors: Sequence[Any]) -> None:
    check_tensors(tensors)
    if not tensors:
        raise RuntimeError(f"{name} expects a non-empty TensorList")


@function(_TENSORS)
def hstack(tensors: Any) -> Any:
    """Tensors side by side: along the second dimension, vectors along their only one.

    Example:
        >>> import pyconv
        >>> hstack([pyconv.tensor([1]), pyconv.tensor([2])])
        tensor([1, 2])
    """
    _some("hstack", tensors)
    raised = [x if array_of(x).ndim else reshaped(x, (1,)) for x in tensors]
    return _joined(raised, int(array_of(raised[0]).ndim > 1))


@function(_TENSORS)
def vstack(tensors: Any) -> Any:
    """Tensors one below the other: along the first of at least two dimensions.

    Example:
        >>> import pyconv
        >>> vstack([pyconv.tensor([1]), pyconv.tensor([2])])
        tensor([[1],
                [2]])
    """
    _some("vstack", tensors)
    return _joined([atleast_2d(x) for x in tensors], 0)


@function(_TENSORS)
def row_stack(tensors: Any) -> Any:
    """`vstack` by another name.

    Example:
        >>> import pyconv
        >>> row_stack([pyconv.tensor([1]), pyconv.tensor([2])])
        tensor([[1],
                [2]])
    """
    _some("vstack", tensors)
    return _joined([atleast_2d(x) for x in tensors], 0)


@function(_TENSORS)
def dstack(tensors: Any) -> Any:
    """Tensors one behind the other: along the third of at least three dimensions.

    Example:
        >>> import pyconv
        >>> dstack([pyconv.tensor([1]), pyconv.tensor([2])])
        tensor([[[1, 2]]])
    """
    _some("dstack", tensors)
    return _joined([atleast_3d(x) for x in tensors], 2)


@function(_TENSORS)
def column_stack(tensors: Any) -> Any:
    """Tensors side by side, vectors as columns.

    Example:
        >>> import pyconv
        >>> column_stack([pyconv.tensor([1, 2]), pyconv.tensor([3, 4])])
        tensor([[1, 3],
                [2, 4]])
    """
    _some("column_stack", tensors)
    return _joined([x if array_of(x).ndim > 1 else reshaped(x, (array_of(x).size, 1)) for x in tensors], 1)


def block_diag(*tensors: Any) -> Any:
    """Matrices along the diagonal of a larger one, vectors as rows; of none, a matrix of one row and no column.

    Raises:
        RuntimeError: one has more than two dimensions.

    Example:
        >>> import pyconv
        >>> block_diag(pyconv.tensor([1]), pyconv.tensor([[2, 3]]))
        tensor([[1, 0, 0],
                [0, 2, 3]])
    """
    check_tensors(tensors)
    if not tensors:
        return np.empty((1, 0), dtypes.get_default_dtype().numpy)
    for i, x in enumerate(tensors):
        if array_of(x).ndim > 2:
            raise RuntimeError(
                f"torch.block_diag: Input tensors must have 2 or fewer dimensions. Input {i} has {array_of(x).ndim} "
                "dimensions"
            )
    matrices = [x if array_of(x).ndim == 2 else atleast_2d(x) for x in _common(tensors)]
    sizes = [array_of(x).shape for x in matrices]
    rows = [0, *itertools.accumulate(height for height, _ in sizes)]
    columns = [0, *itertools.accumulate(width for _, width in sizes)]
    corners = tuple(zip(rows[:-1], columns[:-1], strict=True))
    return ops.block_diag(*matrices, corners=corners, shape=(rows[-1], columns[-1]))


@function("(tuple of Tensors tensors, int dim, int num_chunks, *, Tensor out = None)")
def _chunk_cat(tensors: Any, dim: int, num_chunks: int) -> Any:
    """Each tensor in chunks along a dimension, padded to be equal, flattened, and all put side by side."""
    check_tensors(tensors)
    shapes = [array_of(x).shape for x in tensors]
    at = _check_chunks(shapes, dim, num_chunks)
    found = []
    for x, shape in zip(tensors, shapes, strict=True):
        length = -(-shape[at] // num_chunks) * num_chunks
        if length > shape[at]:
            rest = np.zeros((*shape[:at], length - shape[at], *shape[at + 1 :]), array_of(x).dtype)
            x = ops.cat(x, rest, dim=at, starts=(0, shape[at]))
        found.append(reshape(x, (*shape[:at], num_chunks, -1)))
    return _joined(found, at + 1)


def _check_chunks(shapes: list[tuple[int, ...]], dim: int, num_chunks: int) -> int:
    if num_chunks < 1:
        raise RuntimeError("_chunk_cat expects positive num_chunks")
    if not shapes:
        raise RuntimeError("_chunk_cat expects a non-empty input tensor list")
    if len({len(shape) for shape in shapes}) > 1 and dim < 0:
        raise RuntimeError("_chunk_cat expects non-negative dim when input tensors have different ndims")
    at = dim % max(len(shapes[0]), 1) if dim < 0 else dim
    for shape in shapes:
        if not math.prod(shape):
            raise RuntimeError("_chunk_cat expects non-empty tensor")
        if at >= len(shape):
            raise RuntimeError("_chunk_cat expects dim < ndim for all input tensors")
        if shape[:at] != shapes[0][:at]:
            raise RuntimeError("_chunk_cat expects same sizes of 0,...,dim-1 dimensions for all tensors")
    return at
