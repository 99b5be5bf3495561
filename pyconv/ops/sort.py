"""Sorting along a dimension, the largest and smallest few, order statistics and most frequent values.

Among equal values torch's order holds where torch has one: a sort keeps their order. May import: NumPy,
`pyconv.dtypes`, `pyconv.kernels`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.kernels import ranks
from pyconv.ops.along import lines, ordered, picker
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, refuse
from pyconv.ops.cast import array_of
from pyconv.ops.extrema import picked
from pyconv.ops.layout import laid_as
from pyconv.ops.reduce import share

Array = np.ndarray[Any, Any]

_sort, _topk, _kth, _mode = picker("Sort"), picker("Topk"), picker("Kthvalue"), picker("Mode")
_median, _nanmedian = picker("Median", 1), picker("Nanmedian", 1)


def order(x: Array, axis: int, descending: bool = False) -> Array:
    """The index that sorts, stable, with NaN as the largest."""
    line = ordered(lines(x))
    if not descending:
        return line.argsort(axis=axis, kind="stable")
    backwards = np.flip(np.flip(line, axis).argsort(axis=axis, kind="stable"), axis)
    return line.shape[axis] - 1 - backwards


_MANY = 1 << 10
"""Elements of all rows from which on it is faster to look for a few without sorting."""


def _first(x: Array, k: int, axis: int, descending: bool) -> Array:
    """The first `k` of the index that sorts."""
    line = ordered(lines(x))
    if line.size < _MANY or not 0 < k <= line.shape[axis] // 8:
        return np.take(order(x, axis, descending), np.arange(k), axis=axis)
    return np.moveaxis(ranks.first(np.moveaxis(line, axis, -1), k, descending), -1, axis)


def _at(x: Array, rank: int, axis: int) -> Array:
    """The element of the index that sorts at a rank, of size 1 along the dimension."""
    line = ordered(lines(x))
    if line.size < _MANY:
        return np.take(order(x, axis), [rank], axis=axis)
    return np.moveaxis(ranks.at(np.moveaxis(line, axis, -1), rank), -1, axis)


@primitive("Argsort")
def argsort(x: Array, *, axis: int, descending: bool) -> Array:
    """The index that sorts `x` along a dimension."""
    _refuse_complex("Sort", x)
    return laid_as(order(x, axis, descending).reshape(x.shape), x)


def sort(x: Any, axis: int, descending: bool = False) -> tuple[Any, Any]:
    """The values in order along a dimension, and where each was.

    Raises:
        RuntimeError: `x` is complex.

    Example:
        >>> sort(np.array([2.0, 3.0, 1.0]), 0)
        (array([1., 2., 3.]), array([2, 0, 1]))
    """
    array = array_of(x)
    _refuse_complex("Sort", array)
    return picked(_sort, x, laid_as(order(array, axis, descending).reshape(array.shape), array), axis, True)


def _refuse_complex(name: str, x: Array) -> None:
    if x.dtype.kind == "c":
        raise RuntimeError(f" {name} does not support complex dtypes on CPU")


def topk(x: Any, k: int, axis: int, largest: bool) -> tuple[Any, Any]:
    """The `k` largest or smallest values along a dimension in order, and where they are.

    Raises:
        RuntimeError: `k` is too large, or `x` is complex or bool.

    Example:
        >>> topk(np.array([2.0, 3.0, 1.0]), 2, 0, True)
        (array([3., 2.]), array([1, 0]))
    """
    array = array_of(x)
    if not 0 <= k <= lines(array).shape[axis]:
        raise RuntimeError("selected index k out of range")
    _refuse_complex("topk", array)
    if array.dtype == np.bool_:
        raise RuntimeError("topk does not support bool dtypes on CPU")
    refuse("topk_cpu", dtypes.of(array), BAREBONES)
    index = _first(array, k if array.ndim else 1, axis, largest)
    return picked(_topk, x, index if array.ndim else index.reshape(()), axis, True)


def kth_value(x: Any, k: int, axis: int, keepdim: bool) -> tuple[Any, Any]:
    """The `k`-th smallest value along a dimension, counted from 1, and where it is.

    Raises:
        RuntimeError: there is no such.
    """
    array = array_of(x)
    if not 0 < k <= lines(array).shape[axis]:
        raise RuntimeError(f"kthvalue(): selected number k out of range for dimension {axis}")
    refuse("kthvalue_cpu", dtypes.of(array), (dtypes.bool_, *COMPLEX, *BAREBONES))
    index = _at(array, k - 1, axis)
    return picked(_kth, x, index, axis, keepdim)


def _middle(x: Array, axis: int, ignore_nan: bool) -> Array:
    """Where the median is along a dimension, the lower of two; the first NaN where NaN counts and there is one."""
    line = lines(x)
    missing = np.isnan(ordered(line)) if line.dtype.kind not in "iub" else np.zeros(line.shape, np.bool_)
    if not ignore_nan:
        index = _at(x, max(line.shape[axis] - 1, 0) // 2, axis)
        return np.where(missing.any(axis=axis, keepdims=True), missing.argmax(axis=axis, keepdims=True), index)
    count = (~missing).sum(axis=axis, keepdims=True)
    return np.take_along_axis(order(x, axis), np.maximum(count - 1, 0) // 2, axis)


def median_along(x: Any, axis: int, keepdim: bool, ignore_nan: bool) -> tuple[Any, Any]:
    """The median along a dimension, the lower of two, and where it is."""
    array = array_of(x)
    refuse("median_out", dtypes.of(array), (dtypes.bool_, *COMPLEX, *BAREBONES))
    op = _nanmedian if ignore_nan else _median
    return picked(op, x, _middle(array, axis, ignore_nan), axis, keepdim)


_EMPTY = {np.dtype(kind): int(np.iinfo(kind).min) for kind in (np.int32, np.int64)}
"""What NaN, the median of nothing, becomes as an integer; 0 in narrower types."""


def _median_of_all(name: str) -> Primitive:
    def kernel(x: Array) -> Array:
        flat = x.reshape(-1)
        if not x.size:
            return np.asarray(_EMPTY.get(x.dtype, 0) if x.dtype.kind in "iu" else np.nan, x.dtype)
        return flat[_middle(flat, 0, name == "Nanmedian")].reshape(())

    op = Primitive(kernel, name, False)
    op.defvjp(0, share, saves=(OUTPUT, 0))
    return op


_median_all, _nanmedian_all = _median_of_all("Median"), _median_of_all("Nanmedian")


def median(x: Any, ignore_nan: bool) -> Any:
    """The median of all elements, the lower of two; NaN of none. All that are equal to it share the gradient."""
    array = array_of(x)
    refuse("median_cpu", dtypes.of(array), (dtypes.bool_, *COMPLEX, *BAREBONES))
    return (_nanmedian_all if ignore_nan else _median_all)(x)


def mode(x: Any, axis: int, keepdim: bool) -> tuple[Any, Any]:
    """The most frequent value along a dimension, the smallest of several, and where it is last.

    Example:
        >>> mode(np.array([2.0, 1.0, 1.0]), 0, False)
        (array(1.), array(2))
    """
    array = array_of(x)
    refuse("mode_cpu", dtypes.of(array), (*COMPLEX, *BAREBONES))
    found = order(array, axis)
    values = np.take_along_axis(ordered(lines(array)), found, axis)
    places = np.arange(values.shape[axis]).reshape([-1 if i == axis else 1 for i in range(values.ndim)])
    fresh = np.ones(values.shape, np.bool_)
    later = tuple(slice(1, None) if i == axis else slice(None) for i in range(values.ndim))
    earlier = tuple(slice(None, -1) if i == axis else slice(None) for i in range(values.ndim))
    fresh[later] = values[later] != values[earlier]
    start = np.maximum.accumulate(np.where(fresh, places, 0), axis=axis)
    length = places - start
    # the run that grows longest ends where its length is greatest, and the first such run has the smallest value
    last = np.argmax(length, axis=axis, keepdims=True)
    return picked(_mode, x, np.take_along_axis(found, last, axis), axis, keepdim)
