"""Slices along a dimension that an index names, written, added to or filled: torch.index_add and kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.functions.dims import dimension
from pyconv.functions.gathering import check_range
from pyconv.functions.operands import is_tensor, number_like, scalar_name
from pyconv.ops import scatter as ops
from pyconv.ops.arithmetic import mul
from pyconv.ops.cast import array_of, cast, from_number
from pyconv.ops.shape import reshape
from pyconv.signatures import function
from pyconv.warned import warn_once

__all__ = ["index_add", "index_copy", "index_fill", "index_reduce"]

Array = np.ndarray[Any, Any]
Ints = tuple[int, ...]


def _vector(name: str, index: Any) -> Array:
    """An index of at most one dimension.

    Raises:
        IndexError: it has more.
        RuntimeError: it is neither int32 nor int64.
    """
    array = array_of(index)
    if array.ndim > 1:
        raise IndexError(
            f"{name}_(): Index is supposed to be a vector, but got dim: {array.ndim} with type: {scalar_name(index)} "
            f"and size: {list(array.shape)}"
        )
    if array.dtype not in (np.int32, np.int64):
        raise RuntimeError(f"{name}_(): Expected dtype int32/int64 for index but got: {scalar_name(index)}")
    return array.reshape(-1)


def _slices(shape: Ints, at: int, index: Array) -> Array:
    """The places of whole slices along a dimension."""
    if not shape:
        return np.zeros((), np.int64)
    found: Array = np.arange(math.prod(shape)).reshape(shape)[(slice(None),) * at + (index,)]
    return found


def _check_slices(name: str, input: Any, dim: int, index: Array, source: Any) -> int:
    """The dimension, once the source is seen to have as many slices along it as the index.

    Raises:
        RuntimeError: it has not, or another shape or dtype.
    """
    shape, given = array_of(input).shape, array_of(source).shape
    at = dimension(dim, len(shape))
    if array_of(source).dtype != array_of(input).dtype:
        raise RuntimeError(
            f"{name}_(): self ({scalar_name(input)}) and source ({scalar_name(source)}) must have the same scalar type"
        )
    if at >= max(len(given), 1):
        raise RuntimeError(f"{name}_(): Indexing dim {at} is out of bounds of the source tensor with dim {len(given)}")
    if index.size != (given[at] if given else 1):
        if not given:
            raise IndexError(f"Dimension specified as {at} but tensor has no dimensions")
        raise RuntimeError(
            f"{name}_(): Number of indices ({index.size}) should be equal to source.size(dim): ({given[at]}), for dim: "
            f"{at}"
        )
    if (*given[:at], *given[at + 1 :]) != (*shape[:at], *shape[at + 1 :]) or (not shape) != (not given):
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = "
            f"{list(shape)} source.shape = {list(given)}"
        )
    return at


@function("(Tensor input, int dim, Tensor index, Tensor source, *, Number alpha = 1, Tensor out = None)")
def index_add(input: Any, dim: int, index: Any, source: Any, *, alpha: Any = 1) -> Any:
    """The tensor with slices added to those along a dimension that an index names.

    Args:
        input: of any shape.
        dim: along which.
        index: int32 or int64, of at most one dimension.
        source: a slice for each index.
        alpha: what the slices are multiplied by.

    Raises:
        RuntimeError: the slices do not fit, or the index leads outside.

    Example:
        >>> import pyconv
        >>> index_add(pyconv.zeros(2), 0, pyconv.tensor([1, 1]), pyconv.tensor([1.0, 2.0]))
        tensor([0., 3.])
    """
    places = _vector("index_add", index)
    at = _check_slices("index_add", input, dim, places, source)
    shape = array_of(input).shape
    if len(shape) < 2 and ((places < 0) | (places >= (shape[0] if shape else 1))).any():
        raise IndexError("index out of range in self")
    check_range(places, at, shape[at] if shape else 1)
    factor = alpha.item() if is_tensor(alpha) else alpha
    if factor != 1:
        source = mul(source, number_like(factor, input))
    return ops.index_add(input, source, at=_slices(shape, at, places))


@function(
    "(Tensor input, int dim, Tensor index, Tensor source, str reduce, *, bool include_self = True, Tensor out = None)"
)
def index_reduce(input: Any, dim: int, index: Any, source: Any, reduce: str, *, include_self: bool = True) -> Any:
    """The tensor with the slices that an index brings to each slice along a dimension combined.

    Args:
        input: of any shape.
        dim: along which.
        index: int32 or int64, of at most one dimension.
        source: a slice for each index.
        reduce: 'prod', 'mean', 'amax' or 'amin'.
        include_self: whether what was there is combined too.

    Raises:
        RuntimeError: the slices do not fit, or `reduce` is another word.
        IndexError: the index leads outside.

    Example:
        >>> import pyconv, warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     index_reduce(pyconv.ones(2), 0, pyconv.tensor([1, 1]), pyconv.tensor([2.0, 6.0]), "prod")
        tensor([ 1., 12.])
    """
    warn_once(_BETA, stacklevel=3)
    if reduce not in ("prod", "mean", "amax", "amin"):
        raise RuntimeError(f"index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got {reduce}.")
    places = _vector("index_reduce", index)
    at = _check_slices("index_reduce", input, dim, places, source)
    shape = array_of(input).shape
    size = shape[at] if shape else 1
    if ((places < 0) | (places >= size)).any():
        raise IndexError("index out of range in self")
    slices = _slices(shape, at, places)
    return ops.index_reduce(input, source, at=slices, how=reduce, include_self=bool(include_self))


_BETA = "index_reduce() is in beta and the API may change at any time."


@function("(Tensor input, int dim, Tensor index, Tensor source, *, Tensor out = None)")
def index_copy(input: Any, dim: int, index: Any, source: Any) -> Any:
    """The tensor with the slices along a dimension replaced that an index names.

    Args:
        input: of any shape.
        dim: along which.
        index: int64, of at most one dimension.
        source: a slice for each index.

    Raises:
        RuntimeError: the dtypes or shapes do not fit.
        IndexError: the number of slices does not fit, or the index leads outside.

    Example:
        >>> import pyconv
        >>> index_copy(pyconv.zeros(3), 0, pyconv.tensor([2]), pyconv.tensor([1.0]))
        tensor([0., 0., 1.])
    """
    shape, places = array_of(input).shape, array_of(index)
    at = dimension(dim, len(shape))
    _check_copy(input, places, source, at)
    size = shape[at] if shape else 1
    wrong = (places < 0) | (places >= size)
    if wrong.any():
        first = places.reshape(-1)[int(np.argmax(wrong))]
        raise IndexError(f"index_copy_(): index {first} is out of bounds for dimension {at} with size {size}")
    slices = _slices(shape, at, places.reshape(-1))
    if array_of(source).shape != slices.shape:
        source = reshape(source, shape=slices.shape)
    return ops.index_copy(input, source, at=slices)


def _check_copy(input: Any, index: Array, source: Any, at: int) -> None:
    shape, given = array_of(input).shape, array_of(source).shape
    if index.ndim > 1:
        raise IndexError(f"index_copy_(): Index should have dimension 1 or 0 (got {index.ndim})")
    if not given and index.size != 1:
        raise IndexError(f"index_copy_(): When source is scalar, index should have one element (got {index.size})")
    if given and shape and len(given) != len(shape):
        raise IndexError(
            "index_copy_(): When source and destination are not scalars, their dimensionality must match. Source "
            f"dimensionality ({len(given)}), destination dimensionality ({len(shape)})"
        )
    if index.dtype != np.int64:
        raise RuntimeError(f"index_copy_(): Expected a long tensor for index, but got {scalar_name(index)}")
    if array_of(source).dtype != array_of(input).dtype:
        raise RuntimeError(
            f"index_copy_(): self and source expected to have the same dtype, but got (self) {scalar_name(input)} and "
            f"(source) {scalar_name(source)}"
        )
    own, other = (*shape[:at], *shape[at + 1 :]), (*given[:at], *given[at + 1 :])
    if len(own) == len(other) and own != other:
        raise RuntimeError(
            "index_copy_(): Source/destination tensor must have same slice shapes. Destination slice shape: "
            f"{' '.join(map(str, own))} at dimension {at} and source slice shape: {' '.join(map(str, other))} at "
            f"dimension {0 if not given else at}."
        )
    if given and index.size != given[at]:
        raise IndexError(
            f"index_copy_(): Number of indices ({index.size}) should be equal to source.size(dim) ({given[at]})"
        )


@function("(Tensor input, int dim, Tensor index, Tensor value)", "(Tensor input, int dim, Tensor index, Number value)")
def index_fill(input: Any, dim: int, index: Any, value: Any) -> Any:
    """The tensor with one value in the slices along a dimension that an index names.

    Args:
        input: of any shape.
        dim: along which.
        index: int64, of at most one dimension; negative ones count from the end.
        value: a number, or a tensor without dimensions.

    Raises:
        RuntimeError: the value has dimensions, or does not fit the dtype.
        IndexError: the index leads outside, or is not int64.

    Example:
        >>> import pyconv
        >>> index_fill(pyconv.zeros(3), 0, pyconv.tensor([2]), 1)
        tensor([0., 0., 1.])
    """
    shape, places = array_of(input).shape, array_of(index)
    if is_tensor(value) and array_of(value).ndim:
        raise RuntimeError(
            "index_fill_ only supports a 0-dimensional value tensor, but got tensor with "
            f"{array_of(value).ndim} dimension(s)."
        )
    if places.dtype != np.int64:
        raise IndexError("index_fill_(): Expected dtype int64 for index.")
    if places.ndim > 1:
        raise RuntimeError("Index has to be a vector/scalar")
    is_complex = array_of(value).dtype.kind == "c" if is_tensor(value) else isinstance(value, complex)
    if is_complex and array_of(input).dtype.kind != "c":
        raise RuntimeError("index_fill_(): Converting complex Scalar to non-complex type is not supported")
    at = dimension(dim, len(shape))
    size = shape[at] if shape else 1
    wrong = (places < -size) | (places >= size)
    if wrong.any():
        first = places.reshape(-1)[int(np.argmax(wrong))]
        raise IndexError(f"index {first} is out of bounds for dimension {at} with size {size}")
    dtype = array_of(input).dtype
    filled = cast(value, dtype) if is_tensor(value) else from_number(value, dtype)
    op = ops.index_fill_tensor if is_tensor(value) else ops.index_fill
    return op(input, filled, at=_slices(shape, at, np.unique(places % size) if size else places.reshape(-1)))
