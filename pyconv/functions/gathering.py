"""Elements picked by index or mask: torch.gather, torch.index_select, torch.take and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.broadcasting import common_shape
from pyconv.functions.dims import dimension
from pyconv.functions.views import reshape
from pyconv.ops import scatter as ops
from pyconv.ops.cast import array_of
from pyconv.ops.shape import expand
from pyconv.signatures import function

__all__ = ["gather", "index_select", "masked_select", "take", "take_along_dim"]

Array = np.ndarray[Any, Any]
_WHOLE = (np.int32, np.int64)


def places_along(name: str, shape: tuple[int, ...], dim: int, index: Any, counterpart: str) -> Array:
    """Where the elements are that an index along a dimension names.

    Args:
        name: of the function.
        shape: of what the index points into.
        dim: along which.
        index: int32 or int64, with as many dimensions; of the others it takes the first slices.
        counterpart: what torch calls the tensor of `shape` in its errors.

    Raises:
        RuntimeError: the index has another dtype or number of dimensions, or one is out of range.
    """
    array = array_of(index)
    at = dimension(dim, len(shape))
    if not array.size:
        return np.empty(array.shape, np.int64)
    if array.dtype not in _WHOLE:
        raise RuntimeError(f"{name}(): Expected dtype int32/int64 for index")
    if max(array.ndim, 1) != max(len(shape), 1):
        raise RuntimeError(f"Index tensor must have the same number of dimensions as {counterpart} tensor")
    return _flat(shape, at, array)


def _flat(shape: tuple[int, ...], at: int, index: Array) -> Array:
    """The places, in the order of all elements of `shape`, of the elements at `index` along a dimension."""
    if not shape:
        check_range(index, at, 1)
        return np.zeros(index.shape, np.int64)
    check_range(index, at, shape[at])
    found = np.zeros(index.shape, np.int64)
    step = 1
    for axis in reversed(range(len(shape))):
        line = (-1,) + (1,) * (len(shape) - axis - 1)
        found += step * (index.astype(np.int64) if axis == at else np.arange(index.shape[axis]).reshape(line))
        step *= shape[axis]
    return found


def check_range(index: Array, dim: int, size: int) -> None:
    """Raise RuntimeError for the first index that is not from 0 to below `size`."""
    wrong = (index < 0) | (index >= size)
    if wrong.any():
        first = index.reshape(-1)[int(np.argmax(wrong))]
        raise RuntimeError(f"index {first} is out of bounds for dimension {dim} with size {size}")


@function("(Tensor input, int dim, Tensor index, *, bool sparse_grad = False, Tensor out = None)")
def gather(input: Any, dim: int, index: Any, *, sparse_grad: bool = False) -> Any:
    """The elements that an index names along a dimension, for each place of the index.

    Args:
        input: of any shape.
        dim: along which.
        index: int32 or int64, of as many dimensions; no larger than `input` along the others.
        sparse_grad: ignored: gradients are dense.

    Returns:
        A tensor of the shape of `index`.

    Raises:
        RuntimeError: the index does not fit, or leads outside.

    Example:
        >>> import pyconv
        >>> gather(pyconv.tensor([[1, 2], [3, 4]]), 1, pyconv.tensor([[0, 0], [1, 0]]))
        tensor([[1, 1],
                [4, 3]])
    """
    del sparse_grad
    return _gathered(input, dim, index)


def _gathered(input: Any, dim: int, index: Any) -> Any:
    shape, wanted = array_of(input).shape, array_of(index).shape
    at = dimension(dim, len(shape))
    if array_of(index).size and len(wanted) == len(shape):
        for axis, (n, size) in enumerate(zip(wanted, shape, strict=True)):
            if axis != at and n > size and array_of(index).dtype in _WHOLE:
                raise RuntimeError(
                    f"Size does not match at dimension {axis} expected index {list(wanted)} to be no larger than self "
                    f"{list(shape)} apart from dimension {at}"
                )
    return ops.gather(input, at=places_along("gather", shape, dim, index, "input"))


@function("(Tensor input, int dim, Tensor index, *, Tensor out = None)")
def index_select(input: Any, dim: int, index: Any) -> Any:
    """The slices along a dimension that an index names.

    Args:
        input: of any shape.
        dim: along which.
        index: int32 or int64, of at most one dimension.

    Raises:
        RuntimeError: the index has another dtype, or leads outside of a tensor without elements.
        IndexError: it has more dimensions, or leads outside.

    Example:
        >>> import pyconv
        >>> index_select(pyconv.tensor([[1, 2], [3, 4]]), 1, pyconv.tensor([1, 1]))
        tensor([[2, 2],
                [4, 4]])
    """
    shape, array = array_of(input).shape, array_of(index)
    at = dimension(dim, len(shape))
    if array.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    if not shape and array.size != 1:
        raise RuntimeError(f"index_select(): Index to scalar can have only 1 value, got {array.size} value(s)")
    if array.dtype not in _WHOLE:
        raise RuntimeError("index_select(): Expected dtype int32 or int64 for index")
    size = shape[at] if shape else 1
    outside = (array < 0) | (array >= size)
    if outside.any():
        if array_of(input).size:
            raise IndexError("index out of range in self")
        if not size:
            raise RuntimeError("index_select(): self indexing axis dim should be positive")
        raise RuntimeError(f"INDICES element is out of DATA bounds, id={array[outside][0]} axis_dim={size}")
    if not shape:
        return ops.take_index(input, index=(np.zeros((), np.int64),) * 0)
    return ops.take_index(input, index=(*(slice(None),) * at, array.reshape(-1).astype(np.int64)))


def flat_places(name: str, size: int, index: Any, *, reading: bool = True) -> Array:
    """An int64 index into all elements, counted from the end where it is negative.

    Raises:
        RuntimeError: it has another dtype.
        IndexError: it leads outside.
    """
    array = array_of(index)
    if array.dtype != np.int64:
        raise RuntimeError(f"{name}(): Expected a long tensor for index, but got {dtypes.of(array).scalar_name}")
    if reading and not size and array.size:
        raise IndexError(f"{name}(): tried to take from an empty tensor")
    wrong = (array < -size) | (array >= size)
    if wrong.any():
        first = array.reshape(-1)[int(np.argmax(wrong))]
        raise IndexError(f"out of range: tried to access index {first} on a tensor of {size} elements.")
    found: Array = np.where(array < 0, array + size, array)
    return found


@function("(Tensor input, Tensor index, *, Tensor out = None)")
def take(input: Any, index: Any) -> Any:
    """The elements that an index names among all of them in order, in the shape of the index.

    Raises:
        RuntimeError: the index is not int64.
        IndexError: it leads outside.

    Example:
        >>> import pyconv
        >>> take(pyconv.tensor([[1, 2], [3, 4]]), pyconv.tensor([0, -1]))
        tensor([1, 4])
    """
    return ops.take_flat(input, at=flat_places("take", array_of(input).size, index))


@function("(Tensor input, Tensor indices, int dim = None, *, Tensor out = None)")
def take_along_dim(input: Any, indices: Any, dim: int | None = None) -> Any:
    """The elements that an index names along a dimension, where the other dimensions broadcast.

    Args:
        input: of any shape.
        indices: int64, of as many dimensions.
        dim: along which; among all elements in order by default.

    Raises:
        RuntimeError: the index does not fit, or leads outside.

    Example:
        >>> import pyconv
        >>> take_along_dim(pyconv.tensor([[1, 2], [3, 4]]), pyconv.tensor([[1]]), 1)
        tensor([[2],
                [4]])
    """
    array = array_of(indices)
    if dim is None:
        return _gathered(reshape(input, (-1,)), 0, array.reshape(-1))
    shape = array_of(input).shape
    if array.ndim != len(shape):
        raise RuntimeError(
            "torch.take_along_dim(): input and indices should have the same number of dimensions, but got "
            f"{len(shape)} dimensions for input, and {array.ndim} dimensions for indices"
        )
    if array.dtype != np.int64:
        raise RuntimeError(
            f"torch.take_along_dim(): dtype of indices should be Long but got {dtypes.of(array).scalar_name}"
        )
    at = dimension(dim, len(shape))
    if not shape:
        return _gathered(input, 0, array)
    whole = common_shape([(*shape[:at], 1, *shape[at + 1 :]), (*array.shape[:at], 1, *array.shape[at + 1 :])])
    source = expand(input, shape=(*whole[:at], shape[at], *whole[at + 1 :]))
    places = np.broadcast_to(array, (*whole[:at], array.shape[at], *whole[at + 1 :]))
    places = np.where(places < 0, places + shape[at], places) if places.size else places
    return _gathered(source, at, places)


@function("(Tensor input, Tensor mask, *, Tensor out = None)")
def masked_select(input: Any, mask: Any) -> Any:
    """The elements where a mask has ones, in order.

    Args:
        input: of any shape.
        mask: bool; both shapes broadcast.

    Raises:
        RuntimeError: the mask is not bool, or the shapes do not broadcast.

    Example:
        >>> import pyconv
        >>> masked_select(pyconv.tensor([1, 2, 3]), pyconv.tensor([True, False, True]))
        tensor([1, 3])
    """
    chosen = array_of(mask)
    if chosen.dtype != np.bool_:
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    own = array_of(input).shape
    shape = common_shape([chosen.shape, own])
    source = input if own == shape else expand(input, shape=shape)
    if not shape:
        source, chosen = reshape(source, (1,)), chosen.reshape(1)
    return ops.take_mask(source, index=(np.broadcast_to(chosen, shape or (1,)),))
