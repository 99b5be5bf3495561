"""Elements put at, or added to, places by index or mask: torch.scatter, torch.index_add, torch.masked_fill and kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.graph import Primitive, Traced, primitive
from pyconv.functions.dims import as_index, dimension
from pyconv.functions.gathering import check_range, flat_places, places_along
from pyconv.functions.views import common_shape
from pyconv.functions.warned import warn_once
from pyconv.ops import index as indexing
from pyconv.ops import scatter as ops
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, check_broadcast, mul, refuse
from pyconv.ops.cast import array_of, cast, from_number
from pyconv.ops.shape import expand, reshape
from pyconv.signatures import function

__all__ = [
    "index_add",
    "index_copy",
    "index_fill",
    "index_put",
    "index_reduce",
    "masked_fill",
    "masked_scatter",
    "put",
    "scatter",
    "scatter_add",
    "scatter_reduce",
]

Array = np.ndarray[Any, Any]
Ints = tuple[int, ...]


def _name(x: Any) -> str:
    return dtypes.of(array_of(x)).scalar_name


def _is_tensor(value: Any) -> bool:
    return isinstance(value, (Traced, np.ndarray))


def _scattered(op: Primitive, input: Any, dim: int, index: Any, src: Any, **static: Any) -> Any:
    """`op` of the part of `src` that lies over the index, at the places that it names."""
    shape, given = array_of(input).shape, array_of(index).shape
    at = dimension(dim, len(shape))
    if array_of(index).dtype.kind == "i" and array_of(index).itemsize > 2:
        _check_source(input, index, src, at)
    places = places_along("scatter", shape, dim, index, "self")
    if not array_of(index).size:
        nothing = _cut(src, (0,) * array_of(src).ndim, given, op) if array_of(src).ndim else src
        return op(input, nothing, at=_nowhere(src), **static)
    if array_of(src).ndim and array_of(src).shape != given:
        src = _cut(src, given or (1,), given, op)
    return op(input, src if array_of(src).shape == given else reshape(src, shape=given), at=places, **static)


@primitive("Slice", is_view=True)
def _first(x: Array, *, shape: Ints, index: Ints, node: str) -> Array:  # noqa: ARG001
    return x[tuple(slice(0, n) for n in shape)]


def _refused(g: Any, x: Any, *, shape: Ints, index: Ints, node: str) -> Any:  # noqa: ARG001
    raise RuntimeError(
        f"Function {node} returned an invalid gradient at index 1 - got {list(index)} but expected shape "
        f"compatible with {list(x.shape)}"
    )


_first.defvjp(0, _refused)


def _cut(src: Any, shape: Ints, index: Ints, op: Primitive) -> Any:
    """The part of the values that lies over an index of a shape.

    torch lets no gradient through to values that are more than the index names, unless they are of size 1.
    """
    have = array_of(src).shape
    if len(have) == len(index) and all(n in (1, m) for n, m in zip(have, index, strict=True)):
        return indexing.narrow(src, index=tuple(slice(0, n) for n in shape))
    return _first(src, shape=shape, index=index, node=op.node_name)


def _nowhere(src: Any) -> Array:
    ndim = array_of(src).ndim
    return np.empty((0,) * max(ndim, 1), np.int64)


def _check_source(input: Any, index: Any, src: Any, at: int) -> None:
    shape, given, source = array_of(input).shape, array_of(index).shape, array_of(src).shape
    if not array_of(index).size:
        return
    if array_of(src).dtype != array_of(input).dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    for name, other in (("self", shape), ("src", source)):
        if max(len(given), 1) != max(len(other), 1):
            raise RuntimeError(f"Index tensor must have the same number of dimensions as {name} tensor")
    own = _no_larger(given, shape, at)
    if not own or not _no_larger(given, source or (1,), -1):
        raise RuntimeError(
            f"Expected index {list(given)} to be no larger than self {list(shape)} apart from dimension {at} and to be "
            f"no larger size than src {list(source)}"
        )


def _no_larger(given: Ints, size: Ints, apart: int) -> bool:
    return all(n <= m for axis, (n, m) in enumerate(zip(given, size, strict=False)) if axis != apart)


def _scattered_number(input: Any, dim: int, index: Any, value: Any, op: Primitive) -> Any:
    shape, given = array_of(input).shape, array_of(index).shape
    at = dimension(dim, len(shape))
    places = places_along("scatter", shape, dim, index, "self")
    if not _no_larger(given, shape, at):
        raise RuntimeError(
            f"Expected index {list(given)} to be no larger than self {list(shape)} apart from dimension {at}"
        )
    return op(input, _number_like(value, input), at=places)


def _number_like(value: Any, input: Any) -> Array:
    return from_number(value.item() if _is_tensor(value) else value, array_of(input).dtype)


_DEPRECATED = (
    "The reduce argument of torch.scatter with Tensor src is deprecated and will be removed in a future PyTorch release"
    ". Use torch.scatter_reduce instead for more reduction options."
)
_REDUCES = {"add": "sum", "multiply": "prod"}


@function(
    "(Tensor input, int dim, Tensor index, Tensor src, *, Tensor out = None)",
    "(Tensor input, int dim, Tensor index, Tensor src, *, str reduce, Tensor out = None)",
    "(Tensor input, int dim, Tensor index, Number value, *, Tensor out = None)",
    "(Tensor input, int dim, Tensor index, Number value, *, str reduce, Tensor out = None)",
)
def scatter(input: Any, dim: int, index: Any, src: Any = None, *, value: Any = None, reduce: str | None = None) -> Any:
    """The tensor with values at the places that an index names along a dimension.

    Args:
        input: of any shape.
        dim: along which.
        index: int32 or int64, of as many dimensions.
        src: the values, a tensor at least as large as the index, of the dtype of `input`; or one number.
        value: the number, by name.
        reduce: 'add' or 'multiply' instead of replacing.

    Raises:
        RuntimeError: the index or the values do not fit, or the index leads outside.

    Example:
        >>> import pyconv
        >>> scatter(pyconv.zeros(3), 0, pyconv.tensor([2, 0]), pyconv.tensor([1.0, 2.0]))
        tensor([2., 0., 1.])
    """
    given = value if src is None else src
    is_tensor = src is not None and _is_tensor(src)
    if reduce is not None and reduce not in _REDUCES:
        raise RuntimeError("reduce argument must be either add or multiply.")
    if not is_tensor:
        if reduce is None:
            return _scattered_number(input, dim, index, given, ops.scatter_number)
        number = _number_like(given, input)
        combined = np.broadcast_to(number, array_of(index).shape)
        return _scattered(ops.scatter_combined, input, dim, index, combined, how=_REDUCES[reduce])
    if reduce is None:
        return _scattered(ops.scatter, input, dim, index, given)
    warn_once(_DEPRECATED, stacklevel=3)
    return _scattered(ops.scatter_combined, input, dim, index, given, how=_REDUCES[reduce])


@function("(Tensor input, int dim, Tensor index, Tensor src, *, Tensor out = None)")
def scatter_add(input: Any, dim: int, index: Any, src: Any) -> Any:
    """The tensor with values added at the places that an index names along a dimension.

    Args:
        input: of any shape.
        dim: along which.
        index: int32 or int64, of as many dimensions.
        src: at least as large as the index, of the dtype of `input`.

    Raises:
        RuntimeError: the index or the values do not fit, or the index leads outside.

    Example:
        >>> import pyconv
        >>> scatter_add(pyconv.zeros(2), 0, pyconv.tensor([1, 1]), pyconv.tensor([1.0, 2.0]))
        tensor([0., 3.])
    """
    return _scattered(ops.scatter_add, input, dim, index, src)


@function(
    "(Tensor input, int dim, Tensor index, Tensor src, str reduce, *, bool include_self = True, Tensor out = None)"
)
def scatter_reduce(input: Any, dim: int, index: Any, src: Any, reduce: str, *, include_self: bool = True) -> Any:
    """The tensor with the values that an index brings to each place combined.

    Args:
        input: of any shape.
        dim: along which.
        index: int32 or int64, of as many dimensions.
        src: at least as large as the index, of the dtype of `input`.
        reduce: 'sum', 'prod', 'mean', 'amax' or 'amin'.
        include_self: whether what was there is combined too.

    Raises:
        RuntimeError: the index or the values do not fit, the index leads outside, or `reduce` is another word.

    Example:
        >>> import pyconv
        >>> scatter_reduce(pyconv.ones(2), 0, pyconv.tensor([1, 1]), pyconv.tensor([2.0, 6.0]), "mean")
        tensor([1., 3.])
    """
    if reduce not in ("sum", "prod", "mean", "amax", "amin"):
        raise RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}")
    kind = dtypes.of(array_of(input))
    refused = {"mean": (dtypes.bool_,), "amax": COMPLEX, "amin": COMPLEX}.get(reduce, ())
    refuse(f"scatter_gather_tensor_cpu_reduce_{reduce}", kind, (*refused, *BAREBONES))
    return _scattered(ops.scatter_reduce, input, dim, index, src, how=reduce, include_self=bool(include_self))


def _vector(name: str, index: Any) -> Array:
    """An index of at most one dimension.

    Raises:
        IndexError: it has more.
        RuntimeError: it is neither int32 nor int64.
    """
    array = array_of(index)
    if array.ndim > 1:
        raise IndexError(
            f"{name}_(): Index is supposed to be a vector, but got dim: {array.ndim} with type: {_name(index)} and "
            f"size: {list(array.shape)}"
        )
    if array.dtype not in (np.int32, np.int64):
        raise RuntimeError(f"{name}_(): Expected dtype int32/int64 for index but got: {_name(index)}")
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
            f"{name}_(): self ({_name(input)}) and source ({_name(source)}) must have the same scalar type"
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
    factor = alpha.item() if _is_tensor(alpha) else alpha
    if factor != 1:
        source = mul(source, _number_like(factor, input))
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
        raise RuntimeError(f"index_copy_(): Expected a long tensor for index, but got {_name(index)}")
    if array_of(source).dtype != array_of(input).dtype:
        raise RuntimeError(
            f"index_copy_(): self and source expected to have the same dtype, but got (self) {_name(input)} and "
            f"(source) {_name(source)}"
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
    if _is_tensor(value) and array_of(value).ndim:
        raise RuntimeError(
            "index_fill_ only supports a 0-dimensional value tensor, but got tensor with "
            f"{array_of(value).ndim} dimension(s)."
        )
    if places.dtype != np.int64:
        raise IndexError("index_fill_(): Expected dtype int64 for index.")
    if places.ndim > 1:
        raise RuntimeError("Index has to be a vector/scalar")
    is_complex = array_of(value).dtype.kind == "c" if _is_tensor(value) else isinstance(value, complex)
    if is_complex and array_of(input).dtype.kind != "c":
        raise RuntimeError("index_fill_(): Converting complex Scalar to non-complex type is not supported")
    at = dimension(dim, len(shape))
    size = shape[at] if shape else 1
    wrong = (places < -size) | (places >= size)
    if wrong.any():
        first = places.reshape(-1)[int(np.argmax(wrong))]
        raise IndexError(f"index {first} is out of bounds for dimension {at} with size {size}")
    dtype = array_of(input).dtype
    filled = cast(value, dtype) if _is_tensor(value) else from_number(value, dtype)
    op = ops.index_fill_tensor if _is_tensor(value) else ops.index_fill
    return op(input, filled, at=_slices(shape, at, np.unique(places % size) if size else places.reshape(-1)))


@function("(Tensor input, tuple of Tensors indices, Tensor values, bool accumulate = False)")
def index_put(input: Any, indices: Any, values: Any, accumulate: bool = False) -> Any:
    """The tensor with values at an index of tensors, as `input[indices] = values` puts them.

    Args:
        input: of any shape.
        indices: integer or bool tensors, None where a dimension is taken whole.
        values: of the dtype of `input`; the shape broadcasts to that of the indexed part.
        accumulate: whether the values are added instead, each as often as its place is named.

    Raises:
        IndexError: the index does not fit.
        RuntimeError: the values do not fit.

    Example:
        >>> import pyconv
        >>> index_put(pyconv.zeros(2), (pyconv.tensor([1, 1]),), pyconv.tensor(1.0), accumulate=True)
        tensor([0., 2.])
    """
    shape = array_of(input).shape
    if not isinstance(indices, (tuple, list)):
        raise TypeError(
            f"index_put(): argument 'indices' (position 2) must be tuple of Tensors, not {type(indices).__name__}"
        )
    given = tuple(slice(None) if part is None else part for part in indices)
    key = as_index(given, shape) if shape or given else ()
    if not _is_tensor(values):
        raise TypeError(f"index_put(): argument 'values' (position 3) must be Tensor, not {type(values).__name__}")
    indexing.check_source(values, input)
    if not accumulate:
        return indexing.assign(input, values, index=key)
    at = np.asarray(np.arange(math.prod(shape)).reshape(shape)[key])
    if np.broadcast_shapes(at.shape, array_of(values).shape) != at.shape:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(array_of(values).shape)} cannot be broadcast to indexing "
            f"result of shape {list(at.shape)}"
        )
    return _index_put_add(input, values, at=at)


_index_put_add = ops.scatter_add.alias("IndexPut")


@function("(Tensor input, Tensor index, Tensor source, bool accumulate = False)")
def put(input: Any, index: Any, source: Any, accumulate: bool = False) -> Any:
    """The tensor with values at the places that an index names among all elements in order.

    Args:
        input: of any shape.
        index: int64.
        source: as many values, of the dtype of `input`.
        accumulate: whether they are added instead.

    Raises:
        RuntimeError: the dtypes do not fit.
        IndexError: there are not as many values, or the index leads outside.

    Example:
        >>> import pyconv
        >>> put(pyconv.zeros(2, 2), pyconv.tensor([3]), pyconv.tensor([1.0]))
        tensor([[0., 0.],
                [0., 1.]])
    """
    places, given = array_of(index), array_of(source)
    if places.dtype != np.int64:
        raise RuntimeError(f"put_(): Expected a long tensor for index, but got {_name(index)}")
    if given.dtype != array_of(input).dtype:
        raise RuntimeError(
            f"put_(): self and source expected to have the same dtype, but got self.dtype = {_name(input)} and "
            f"source.dtype = {_name(source)}"
        )
    if given.size != places.size:
        raise IndexError(
            "put_(): Expected source and index to have the same number of elements, but got source.numel() = "
            f"{given.size}, index.numel() = {places.size}"
        )
    at = flat_places("put", array_of(input).size, places, reading=False)
    if given.shape != at.shape:
        source = reshape(source, shape=at.shape)
    return (ops.put_add if accumulate else ops.put_flat)(input, source, at=at)


@function("(Tensor input, Tensor mask, Tensor value)", "(Tensor input, Tensor mask, Number value)")
def masked_fill(input: Any, mask: Any, value: Any) -> Any:
    """The tensor with one value where a mask has ones.

    Args:
        input: of any shape.
        mask: bool; both shapes broadcast.
        value: a number, or a tensor without dimensions.

    Raises:
        RuntimeError: the mask is not bool, the shapes do not broadcast, or the value does not fit the dtype.

    Example:
        >>> import pyconv
        >>> masked_fill(pyconv.zeros(2), pyconv.tensor([True, False]), 1)
        tensor([1., 0.])
    """
    chosen, own = array_of(mask), array_of(input)
    if _is_tensor(value) and array_of(value).ndim:
        raise RuntimeError(
            "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with "
            f"{array_of(value).ndim} dimension(s)."
        )
    check_broadcast(chosen.shape, own.shape)
    if chosen.dtype != np.bool_:
        name = "unsigned char" if chosen.dtype == np.uint8 else dtypes.of(chosen).cpp_name
        raise RuntimeError(f"masked_fill_ only supports boolean masks, but got mask with dtype {name}")
    if not _is_tensor(value):
        return ops.masked_fill(input, from_number(value, own.dtype), mask=chosen)
    if array_of(value).dtype.kind == "c" and own.dtype.kind != "c":
        from_number(array_of(value).item(), own.dtype)
    return ops.masked_fill_tensor(input, cast(value, own.dtype), mask=chosen)


@function("(Tensor input, Tensor mask, Tensor source)")
def masked_scatter(input: Any, mask: Any, source: Any) -> Any:
    """The tensor with values, in their order, where a mask has ones.

    Args:
        input: of any shape.
        mask: bool; both shapes broadcast.
        source: at least as many values as the mask has ones, of the dtype of `input`.

    Raises:
        RuntimeError: the mask is not bool, the shapes do not broadcast, or there are too few values.

    Example:
        >>> import pyconv
        >>> masked_scatter(pyconv.zeros(3), pyconv.tensor([True, False, True]), pyconv.tensor([1.0, 2.0]))
        tensor([1., 0., 2.])
    """
    chosen, own = array_of(mask), array_of(input)
    shape = common_shape([own.shape, chosen.shape])
    if own.dtype != array_of(source).dtype:
        raise RuntimeError(
            f"masked_scatter: expected self and source to have same dtypes but got{_name(input)} and {_name(source)}"
        )
    if chosen.dtype != np.bool_:
        raise RuntimeError(f"masked_scatter_ only supports boolean masks, but got mask with dtype {_name(mask)}")
    at = np.flatnonzero(np.broadcast_to(chosen, shape))
    if at.size > array_of(source).size:
        raise RuntimeError("Number of elements of source < number of ones in mask")
    whole = input if own.shape == shape else expand(input, shape=shape)
    values = indexing.narrow(reshape(source, shape=(array_of(source).size,)), index=(slice(0, at.size),))
    return ops.masked_scatter(whole, values, at=at)
