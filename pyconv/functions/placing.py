"""Elements put at single places by indices or masks: torch.index_put, torch.masked_fill and kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.broadcasting import common_shape
from pyconv.functions.determinism import alert
from pyconv.functions.dims import as_index
from pyconv.functions.gathering import flat_places
from pyconv.functions.operands import is_tensor, scalar_name
from pyconv.ops import assignment
from pyconv.ops import index as indexing
from pyconv.ops import scatter as ops
from pyconv.ops.arithmetic import check_broadcast
from pyconv.ops.cast import array_of, cast, from_number
from pyconv.ops.shape import expand, reshape
from pyconv.signatures import function

__all__ = ["index_put", "masked_fill", "masked_scatter", "put"]


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
    if not is_tensor(values):
        raise TypeError(f"index_put(): argument 'values' (position 3) must be Tensor, not {type(values).__name__}")
    assignment.check_source(values, input)
    if not accumulate:
        return assignment.assign(input, values, index=key)
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
    if not accumulate:
        alert("put_")
    places, given = array_of(index), array_of(source)
    if places.dtype != np.int64:
        raise RuntimeError(f"put_(): Expected a long tensor for index, but got {scalar_name(index)}")
    if given.dtype != array_of(input).dtype:
        raise RuntimeError(
            f"put_(): self and source expected to have the same dtype, but got self.dtype = {scalar_name(input)} and "
            f"source.dtype = {scalar_name(source)}"
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
    if is_tensor(value) and array_of(value).ndim:
        raise RuntimeError(
            "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with "
            f"{array_of(value).ndim} dimension(s)."
        )
    check_broadcast(chosen.shape, own.shape)
    if chosen.dtype != np.bool_:
        name = "unsigned char" if chosen.dtype == np.uint8 else dtypes.of(chosen).cpp_name
        raise RuntimeError(f"masked_fill_ only supports boolean masks, but got mask with dtype {name}")
    if not is_tensor(value):
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
            f"masked_scatter: expected self and source to have same dtypes but got{scalar_name(input)} and "
            f"{scalar_name(source)}"
        )
    if chosen.dtype != np.bool_:
        raise RuntimeError(f"masked_scatter_ only supports boolean masks, but got mask with dtype {scalar_name(mask)}")
    at = np.flatnonzero(np.broadcast_to(chosen, shape))
    if at.size > array_of(source).size:
        raise RuntimeError("Number of elements of source < number of ones in mask")
    whole = input if own.shape == shape else expand(input, shape=shape)
    values = indexing.narrow(reshape(source, shape=(array_of(source).size,)), index=(slice(0, at.size),))
    return ops.masked_scatter(whole, values, at=at)
