"""Indexing, and the sum back into place that is its transpose.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.autograd.primitive import Primitive, primitive
from pyconv.meta import Meta, as_strided, asarray
from pyconv.ops.layout import iterated_strides, with_strides

Array = np.ndarray[Any, Any]
Size = tuple[int, ...]


def is_basic(index: tuple[Any, ...]) -> bool:
    """Whether an index has only integers, slices, None and an ellipsis, so that it gives a view."""
    return all(i is None or i is Ellipsis or isinstance(i, (int, np.integer, slice)) for i in index)


@primitive("Index", is_view=True)
def take(x: Array, *, index: tuple[Any, ...]) -> Array:
    """x[index]: a view for a basic index, a copy for one with arrays."""
    if is_basic(index):
        if None in index:
            return _with_new_dimensions(x, index)
        index = index if Ellipsis in index else (*index, ...)
        return asarray(x[index])
    return _gathered(x, index)


def parted(index: tuple[Any, ...], ndim: int) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """An index with arrays as torch applies it: a basic one, and then one of arrays and whole dimensions.

    NumPy takes integers for arrays beside arrays, and moves dimensions that torch leaves where they are.

    Example:
        >>> parted((0, slice(None), np.array([1, 2])), 4)
        ((0, slice(None, None, None), slice(None, None, None)), (slice(None, None, None), array([1, 2])))
    """
    whole = slice(None)
    arrays = [part for part in index if isinstance(part, np.ndarray)]
    taken = sum(isinstance(part, (int, np.integer, slice)) for part in index) + sum(map(_dimensions, arrays))
    basic: list[Any] = []
    rest: list[Any] = []
    for part in index:
        if part is Ellipsis:
            basic += [whole] * (ndim - taken)
            rest += [whole] * (ndim - taken)
        elif isinstance(part, np.ndarray):
            basic += [whole] * _dimensions(part) if part.ndim or part.dtype != np.bool_ else [None]
            rest.append(part if part.ndim or part.dtype != np.bool_ else np.arange(int(part)))
        else:
            basic.append(part)
            rest += [whole] * (part is None or isinstance(part, slice))
    return tuple(basic), tuple(rest)


def _dimensions(part: Array) -> int:
    """How many dimensions an array takes as an index."""
    return part.ndim if part.dtype == np.bool_ else 1


def _gathered(x: Array, index: tuple[Any, ...]) -> Array:
    """x[index] of arrays and whole dimensions, laid out as torch lays it out."""
    places = [at for at, part in enumerate(index) if isinstance(part, np.ndarray)]
    if isinstance(x, Meta) or any(part is Ellipsis or isinstance(part, (int, np.integer)) for part in index):
        return asarray(x[index])
    first = index[places[0]]
    if len(places) == 1 and first.dtype != np.bool_ and x.flags.c_contiguous:
        whole = all(part == slice(None) for at, part in enumerate(index) if at != places[0])
        return x.take(first, places[0]) if whole else np.ascontiguousarray(x[index])
    found = asarray(x[index])
    if x.flags.c_contiguous:
        return found if found.flags.c_contiguous else found.copy()
    steps = _steps_of(x, index)
    wanted = iterated_strides(found.shape, *steps)
    if tuple(step * found.itemsize for step in wanted) == found.strides:
        return found
    out = with_strides(found.shape, found.dtype, wanted)
    np.copyto(out, found)
    return out


def _steps_of(x: Array, index: tuple[Any, ...]) -> list[Size]:
    """The strides of an array and of those that index it, along the dimensions of what they take from it."""
    arrays: list[Array] = []
    kept: list[int] = []
    places: list[int] = []
    at = 0
    for part in index:
        if isinstance(part, np.ndarray):
            found = part.nonzero() if part.dtype == np.bool_ else (part,)
            arrays.extend(found)
            places.extend(range(at, at + len(found)))
            at += len(found)
        else:
            kept.append(at)
            at += 1
    kept.extend(range(at, x.ndim))
    together = places == list(range(places[0], places[0] + len(places)))
    before = places[0] if together else 0
    count = np.broadcast(*arrays).ndim if len(arrays) < 32 else arrays[0].ndim
    left, right = kept[:before], kept[before:]
    steps = [(*(x.strides[i] for i in left), *(0,) * count, *(x.strides[i] for i in right))]
    for array in arrays:
        own = tuple(0 if n == 1 else step for n, step in zip(array.shape, array.strides, strict=True))
        first, last = (array.shape[0] * array.strides[0], array.strides[-1]) if array.ndim else (array.itemsize,) * 2
        outer = tuple(first * (x.shape[i] == 1) for i in left)
        inner = tuple(last * (x.shape[i] == 1) for i in right)
        steps.append((*outer, *(0,) * (count - array.ndim), *own, *inner))
    return steps


def _with_new_dimensions(x: Array, index: tuple[Any, ...]) -> Array:
    """x[index] part by part, where a new dimension has the stride that torch gives it."""
    taken = sum(part is not None and part is not Ellipsis for part in index)
    at, ndim = 0, x.ndim
    for part in index:
        lead = (slice(None),) * at
        if part is Ellipsis:
            at += ndim - taken
        elif part is None:
            step = x.shape[at] * x.strides[at] if at < x.ndim else x.itemsize
            shape, steps = (*x.shape[:at], 1, *x.shape[at:]), (*x.strides[:at], step, *x.strides[at:])
            x = as_strided(x, shape, steps)
            at += 1
        else:
            whole = (*lead, part, ...)
            x = x[whole]
            at += isinstance(part, slice)
    return x


@primitive("IndexPut")
def put(g: Array, *, index: tuple[Any, ...], shape: tuple[int, ...]) -> Array:
    """Zeros of `shape` with `g` added at `index`."""
    if is_basic(index):
        out = np.zeros(shape, g.dtype)
        out[index] = g
        return out
    return add_at(np.zeros(shape, g.dtype), places(index, shape), g)


def places(index: tuple[Any, ...], shape: tuple[int, ...]) -> Array:
    """Where the elements that an index takes are among all elements of a shape, in order."""
    if len(shape) == 1 and len(index) == 1 and isinstance(index[0], np.ndarray) and index[0].dtype.kind == "i":
        return np.where(index[0] < 0, index[0] + shape[0], index[0])
    found: Array = np.arange(math.prod(shape)).reshape(shape)[index]
    return found


def add_at(out: Array, at: Array, values: Array) -> Array:
    """`out` with values added at places among its elements, each as often as it is named, in a wider dtype.

    Args:
        out: contiguous; changed in place where its dtype is not a floating-point one.
        at: places among the elements of `out`, in order.
        values: of a shape that broadcasts to that of `at`.
    """
    at, values = at.ravel(), np.broadcast_to(values, at.shape).ravel()
    if out.dtype.kind in "iub":
        np.add.at(out.reshape(-1), at, values)
        return out
    if out.dtype.kind == "c":
        parts = [np.bincount(at, part, out.size) for part in (values.real, values.imag)]
        total = parts[0] + 1j * parts[1]
    else:
        total = np.bincount(at, values.astype(np.float64, copy=False), out.size)
    return np.asarray(out + total.reshape(out.shape)).astype(out.dtype)


take.defvjp(0, lambda g, x, *, index: put(g, index=index, shape=x.shape))
put.defvjp(0, lambda g, x, *, index, shape: take(g, index=index))

select = take.alias("Select")
narrow = take.alias("Slice")
unsqueeze = take.alias("Unsqueeze")
alias = take.alias("Alias")


def view_op(index: tuple[Any, ...]) -> Primitive:
    """`take` under the name that torch gives the last step of a basic index."""
    for part in reversed(index):
        if part is None:
            return unsqueeze
        if isinstance(part, slice) and part != slice(None):
            return narrow
        if not isinstance(part, slice) and part is not Ellipsis:
            return select
    return narrow if slice(None) in index else alias
