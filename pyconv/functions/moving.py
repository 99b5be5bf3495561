"""Elements moved about and repeated: torch.flip, torch.roll, torch.tile, torch.tril and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import primitive
from pyconv.autograd.traced import Traced
from pyconv.functions.dims import dimension, dimensions
from pyconv.functions.slicing import diagonal_dims
from pyconv.functions.views import flatten, ints, reshape
from pyconv.ops import joining as ops
from pyconv.ops import strided
from pyconv.ops.cast import array_of, clone
from pyconv.ops.scatter import copied, take_index
from pyconv.ops.shape import expand
from pyconv.ops.shape import reshape as reshape_op
from pyconv.signatures import function

__all__ = [
    "diag",
    "diag_embed",
    "diagflat",
    "flip",
    "fliplr",
    "flipud",
    "repeat_interleave",
    "roll",
    "rot90",
    "tile",
    "tril",
    "triu",
]

Ints = tuple[int, ...]


@function("(Tensor input, tuple of ints! dims)")
def flip(input: Any, dims: Any) -> Any:
    """The elements in reverse order along some dimensions.

    Raises:
        RuntimeError: a dimension is named twice.

    Example:
        >>> import pyconv
        >>> flip(pyconv.arange(3), (0,))
        tensor([2, 1, 0])
    """
    given = ints(dims)
    return ops.flip(input, axes=dimensions(given, array_of(input).ndim) if given else ())


@function("(Tensor input)")
def fliplr(input: Any) -> Any:
    """The columns in reverse order.

    Raises:
        RuntimeError: there are less than two dimensions.

    Example:
        >>> import pyconv
        >>> fliplr(pyconv.tensor([[1, 2]]))
        tensor([[2, 1]])
    """
    if array_of(input).ndim < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return ops.flip(input, axes=(1,))


@function("(Tensor input)")
def flipud(input: Any) -> Any:
    """The rows in reverse order.

    Raises:
        RuntimeError: there is no dimension.

    Example:
        >>> import pyconv
        >>> flipud(pyconv.tensor([1, 2]))
        tensor([2, 1])
    """
    if not array_of(input).ndim:
        raise RuntimeError("Input must be >= 1-d.")
    return ops.flip(input, axes=(0,))


@function("(Tensor input, tuple of ints shifts, tuple of ints dims = ())")
def roll(input: Any, shifts: Any, dims: Any = ()) -> Any:
    """The elements moved along dimensions; those that fall off at the end come in again in front.

    Args:
        input: of any shape.
        shifts: how far, for each dimension.
        dims: which dimensions; without any, all elements are moved as if in one.

    Raises:
        RuntimeError: there are not as many shifts as dimensions.

    Example:
        >>> import pyconv
        >>> roll(pyconv.arange(4), 1)
        tensor([3, 0, 1, 2])
    """
    moves, given, ndim = ints(shifts), () if dims is None else ints(dims), array_of(input).ndim
    if not moves:
        raise RuntimeError("`shifts` required")
    if not given and len(moves) == 1:
        return ops.roll(input, shifts=moves, axes=None)
    if len(moves) != len(given):
        raise RuntimeError(f"shifts and dimensions must align. shifts: {len(moves)}, dims:{len(given)}")
    if not ndim:
        raise IndexError(f"Dimension specified as {given[0]} but tensor has no dimensions")
    return ops.roll(input, shifts=moves, axes=tuple(dimension(dim, ndim) for dim in given))


@function("(Tensor input, int k = 1, tuple of ints! dims = (0, 1))")
def rot90(input: Any, k: int = 1, dims: Any = (0, 1)) -> Any:
    """The elements turned by right angles in the plane of two dimensions, from the first towards the second.

    Raises:
        RuntimeError: the dimensions are not two different ones.

    Example:
        >>> import pyconv
        >>> rot90(pyconv.tensor([[1, 2], [3, 4]]))
        tensor([[2, 4],
                [1, 3]])
    """
    given, ndim = ints(dims), array_of(input).ndim
    if len(given) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(given)}")
    if ndim < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {ndim}")
    first, second = (dimension(dim, ndim) for dim in given)
    if first == second:
        raise RuntimeError(f"expected rotation dims to be different, but got dim0 = {given[0]} and dim1 = {given[1]}")
    return ops.rot90(input, times=int(k), axes=(first, second))


def repeated(input: Any, repeats: Ints) -> Any:
    """The whole tensor so many times along each dimension.

    Raises:
        RuntimeError: there are fewer numbers than dimensions, or one is negative.
    """
    shape = array_of(input).shape
    if len(repeats) < len(shape):
        raise RuntimeError("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor")
    if min(repeats, default=0) < 0:
        padded = (1,) * (len(repeats) - len(shape)) + shape
        sizes = [n * times for n, times in zip(padded, repeats, strict=True)]
        raise RuntimeError(f"Trying to create tensor with negative dimension {min(sizes)}: {sizes}")
    return ops.repeat(input, times=repeats)


@function("(Tensor input, tuple of ints! dims)")
def tile(input: Any, dims: Any) -> Any:
    """The whole tensor so many times along each dimension, the last ones where there are fewer numbers.

    Example:
        >>> import pyconv
        >>> tile(pyconv.tensor([1, 2]), (2,))
        tensor([1, 2, 1, 2])
    """
    given = ints(dims)
    return repeated(input, (1,) * (array_of(input).ndim - len(given)) + given)


@primitive("RepeatInterleave")
def _counted(repeats: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.repeat(np.arange(repeats.size, dtype=repeats.dtype), repeats)


@function(
    "(Tensor input, Tensor repeats, int dim = None, *, int output_size = None)",
    "(Tensor repeats, *, int output_size = None)",
    "(Tensor input, int repeats, int dim = None, *, int output_size = None)",
)
def repeat_interleave(
    input: Any, repeats: Any = None, dim: int | None = None, *, output_size: int | None = None
) -> Any:
    """Each element so many times, one after the other.

    Args:
        input: of any shape; alone, how often each index is repeated.
        repeats: how often: one number, or one for each slice along `dim`.
        dim: along which; all elements in one dimension by default.
        output_size: the size of the result along `dim`, which is checked.

    Raises:
        RuntimeError: a number is negative, or there are not as many as slices.

    Example:
        >>> import pyconv
        >>> repeat_interleave(pyconv.tensor([1, 2]), 2)
        tensor([1, 1, 2, 2])
        >>> repeat_interleave(pyconv.tensor([1, 2]), pyconv.tensor([0, 3]))
        tensor([2, 2, 2])
    """
    if repeats is None:
        return _counted(_checked_counts(input, output_size, strict=True))
    flat = input if dim is not None else flatten(input)
    if dim is not None and not array_of(input).ndim:
        _no_dimension(dim, repeats)
    at = 0 if dim is None else dimension(dim, array_of(input).ndim)
    shape = array_of(flat).shape
    if not isinstance(repeats, (Traced, np.ndarray)):
        return _repeated_evenly(flat if shape else reshape(flat, (1,)), int(repeats), at, output_size)
    counts = array_of(repeats)
    if counts.ndim > 1:
        raise RuntimeError("repeats must be 0-dim or 1-dim tensor")
    if counts.ndim == 0 or (counts.size == 1 and shape[at] != 1):
        counts = np.broadcast_to(counts.reshape(-1), (shape[at] if shape else 1,))
    elif counts.size != (shape[at] if shape else 1):
        raise RuntimeError(
            f"repeats must have the same size as input along dim, but got repeats.size(0) = {counts.size} and "
            f"input.size({at if dim is None else dim}) = {shape[at]}"
        )
    places = _counted(_checked_counts(counts, output_size, strict=True)).astype(np.int64)
    source = flat if shape else reshape(flat, (1,))
    return take_index(source, index=(*(slice(None),) * at, places))


def _no_dimension(dim: int, repeats: Any) -> None:
    """Raise what torch does of a tensor without dimensions: evenly repeated, it would get one behind `dim`."""
    if isinstance(repeats, (Traced, np.ndarray)):
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    if repeats < 0:
        raise RuntimeError("Repeats must be non-negative")
    dimension(dimension(dim, 0) + 1, 0)


def _checked_counts(repeats: Any, output_size: int | None, *, strict: bool) -> Any:
    counts = array_of(repeats)
    if counts.dtype not in (np.int32, np.int64):
        name = dtypes.of(counts).scalar_name
        raise NotImplementedError(f"\"repeat_interleave_cpu\" not implemented for '{name}'")
    if counts.ndim != 1:
        raise RuntimeError("repeat_interleave only accept 1D vector as repeat")
    if counts.size and counts.min() < 0:
        raise RuntimeError("repeats can not be negative")
    if strict and output_size is not None and int(counts.sum()) != output_size:
        raise RuntimeError("allocated size does not match required size")
    return repeats


def _repeated_evenly(input: Any, repeats: int, at: int, output_size: int | None) -> Any:
    if repeats < 0:
        raise RuntimeError("Repeats must be non-negative")
    shape = array_of(input).shape
    total = shape[at] * repeats
    if output_size is not None and output_size != total:
        raise RuntimeError(f"repeat_interleave: Invalid output_size, expected {total} but got {output_size}")
    apart = reshape_op(input, shape=(*shape[: at + 1], 1, *shape[at + 1 :]))
    spread = expand(apart, shape=(*shape[: at + 1], repeats, *shape[at + 1 :]))
    return reshape_op(clone(spread), shape=(*shape[:at], total, *shape[at + 1 :]))


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
