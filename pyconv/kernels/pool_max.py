"""Maxima over the windows of pooling, and where they are.

A place is the number of an element among those of its plane, the spatial dimensions row by row. Of equal elements the
first is taken, of several NaN the last, as in torch. May import: NumPy, `pyconv.dtypes`, `pyconv.geometry`,
`pyconv.kernels`.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry.pool import Axes, Axis, Tap
from pyconv.geometry.sizes import Size
from pyconv.kernels.pool import by_dimension, empty, index_at, is_channels_last

Array = np.ndarray[Any, Any]

BLOCK = 1 << 18
"""Elements of the input that are worked on at once, so that what is made of them stays in the cache."""


def maximum(x: Array, axes: Axes) -> Array:
    """The largest element of each window, NaN where there is one.

    Args:
        x: (..., *spatial).
        axes: one for each spatial dimension.

    Returns:
        (..., *outputs), of the dtype of `x`.
    """
    wide = x.astype(dtypes.accumulation(x.dtype), copy=False)
    values = empty((*x.shape[: -len(axes)], *(axis.output for axis in axes)), x.dtype, is_channels_last(x))
    for block in _blocks(wide, len(axes)):
        best = wide[block]
        for i, axis in by_dimension(axes):
            best = _largest(best, axis, i)
        values[block] = best
    return values


def _largest(x: Array, axis: Axis, i: int) -> Array:
    if axis.is_whole:
        return np.asarray(x.max(axis=i, keepdims=True))
    best = _begin(x, axis, i)
    for tap in axis.others:
        _raise(best, tap, i, x[index_at(tap.inputs, i, x.ndim)])
    return best


def _begin(x: Array, axis: Axis, i: int) -> Array:
    """What the first tap of each window on the input reads, the least value where there is none."""
    shape = (*x.shape[:i], axis.output, *x.shape[x.ndim + i + 1 :])
    best = empty(shape, x.dtype, is_channels_last(x))
    if 0 in axis.counts:
        best[...] = least(x.dtype)
    for tap in axis.beginnings:
        best[index_at(tap.outputs, i, x.ndim)] = x[index_at(tap.inputs, i, x.ndim)]
    return best


def _raise(out: Array, tap: Tap, i: int, values: Array) -> None:
    """Put values where they are larger than those of the windows of a tap."""
    at = index_at(tap.outputs, i, out.ndim)
    if isinstance(tap.outputs, slice):
        part = out[at]
        np.maximum(part, values, out=part)
    else:
        out[at] = np.maximum(out[at], values)


def least(dtype: np.dtype[Any]) -> Any:
    """The value that all others of a dtype are at least as large as."""
    return np.iinfo(dtype).min if dtype.kind in "iu" else -np.inf


def maximum_with_places(x: Array, axes: Axes) -> tuple[Array, Array]:
    """The largest element of each window, and its place.

    Args:
        x: (..., *spatial).
        axes: one for each spatial dimension.

    Returns:
        Values of the dtype of `x` and places of int64, both (..., *outputs).
    """
    wide = x.astype(dtypes.accumulation(x.dtype), copy=False)
    outputs = tuple(axis.output for axis in axes)
    lead = x.shape[: -len(axes)]
    last = is_channels_last(x)
    values, found = empty((*lead, *outputs), x.dtype, last), empty((*lead, *outputs), np.dtype(np.int64), last)
    base, table = _start_places(axes), _tap_places(axes)
    for block in _blocks(wide, len(axes)):
        best, taken = _search(wide[block], axes)
        values[block] = best
        np.take(table, taken, out=found[block], mode="clip")
        found[block] += base
    return values, found


def _blocks(x: Array, spatial: int) -> list[Any]:
    """Indices that cut the first dimension, or the first two, into parts of some size."""
    lead = x.shape[:-spatial]
    if not lead or not x.size:
        return [...]
    rows = max(1, BLOCK * lead[0] // x.size)
    if rows > 1 or len(lead) == 1:
        return [slice(i, i + rows) for i in range(0, lead[0], rows)]
    rows = max(1, BLOCK * lead[0] * lead[1] // x.size)
    return [(n, slice(i, i + rows)) for n in range(lead[0]) for i in range(0, lead[1], rows)]


def _search(x: Array, axes: Axes) -> tuple[Array, Array]:
    """The largest of each window, and the number of its tap, row by row among those of a window."""
    best, taken = _search_all(x, len(axes)) if all(a.is_whole for a in axes) else _search_by(x, axes, False)
    if best.dtype.kind == "f" and np.isnan(best).any():
        best, taken = _search_by(x, axes, True)
    return best, taken


def _search_all(x: Array, ndim: int) -> tuple[Array, Array]:
    """The largest of each plane, and its place."""
    lead = x.shape[:-ndim]
    flat = x.reshape(*lead, math.prod(x.shape[-ndim:]))
    taken = flat.argmax(-1, keepdims=True)
    best = np.take_along_axis(flat, taken, -1)
    return best.reshape(*lead, *(1,) * ndim), taken.reshape(*lead, *(1,) * ndim)


def _search_by(x: Array, axes: Axes, nan: bool) -> tuple[Array, Array]:
    kind = np.min_scalar_type(math.prod(axis.kernel for axis in axes))
    taken: Array | None = None
    inner = 1
    for i, axis in reversed(by_dimension(axes)):
        x, taken = _search_along(x, taken, axis, i, inner, nan, kind)
        inner *= axis.kernel
    assert taken is not None
    return x, taken


def _search_along(
    x: Array, taken: Array | None, axis: Axis, i: int, inner: int, nan: bool, kind: np.dtype[Any]
) -> tuple[Array, Array]:
    """Windows along one dimension of what is largest along the later ones.

    The numbers of taps grow along the windows, so the last tap that was larger is the largest of their numbers. What
    a tap reads is copied first: on short rows with gaps each of the operations would take as long as the copy.

    Args:
        x: the largest so far.
        taken: which taps they are.
        axis: the windows.
        i: the dimension, counted from the last.
        inner: the taps of the later dimensions.
        nan: whether a NaN is to be found again.
        kind: the dtype of the numbers of taps.
    """
    best = _begin(x, axis, i)
    numbers = np.zeros(best.shape, kind)
    if any(axis.first):
        first = np.array(axis.first, kind) * kind.type(inner)
        numbers += first.reshape(-1, *(1,) * (-i - 1))
    if taken is not None:
        for tap in axis.beginnings:
            numbers[index_at(tap.outputs, i, x.ndim)] += taken[index_at(tap.inputs, i, x.ndim)]
    for tap in axis.others:
        value = _read(x, tap, i, best, least(x.dtype))
        larger = value > best
        if nan:
            larger |= np.isnan(value)
        code: Any = kind.type(tap.number * inner)
        if taken is not None:
            code = _read(taken, tap, i, numbers, 0) + code
        np.maximum(numbers, larger * code, out=numbers)
        np.maximum(best, value, out=best)
    return best, numbers


def _read(x: Array, tap: Tap, i: int, like: Array, other: Any) -> Array:
    """What a tap reads for all windows, another value where nothing, as close together as an array of that shape."""
    values = np.empty_like(like)
    if not tap.everywhere:
        values[...] = other
    values[index_at(tap.outputs, i, x.ndim)] = x[index_at(tap.inputs, i, x.ndim)]
    return values


def _tap_places(axes: Axes) -> Array:
    """How much the place of each tap differs from that of the first one, row by row."""
    return _outer_sum([np.arange(axis.kernel) * axis.step for axis in axes], axes).ravel()


def _start_places(axes: Axes) -> Array:
    """The place of the first tap of each window, which may lie outside."""
    return _outer_sum([np.array(axis.starts, np.int64) for axis in axes], axes)


def _outer_sum(positions: list[Array], axes: Axes) -> Array:
    """The places of positions along each dimension, for all combinations."""
    total: Array = np.zeros((), np.int64)
    for position, step in zip(positions, plane_steps(tuple(axis.size for axis in axes)), strict=True):
        total = np.add.outer(total, position * step)
    return total


def plane_steps(size: Size) -> Size:
    """How far apart in a plane elements are that are neighbours along each dimension.

    Example:
        >>> plane_steps((4, 5, 6))
        (30, 6, 1)
    """
    return tuple(math.prod(size[i + 1 :]) for i in range(len(size)))


def maximum_at_starts(x: Array, starts: list[Array], kernel: Size) -> tuple[Array, Array]:
    """The largest element of windows that start where each plane says, and its place.

    Args:
        x: (N, C, *spatial).
        starts: for each spatial dimension (N, C, outputs).
        kernel: taps in each dimension.

    Returns:
        Values of the dtype of `x` and places of int64, both (N, C, *outputs).
    """
    spatial, lead = x.shape[2:], x.shape[:2]
    steps = plane_steps(spatial)
    first = np.zeros((*lead, *(1,) * len(spatial)), np.int64)
    for i, (start, step) in enumerate(zip(starts, steps, strict=True)):
        first = first + (start * step).reshape(*lead, *(start.shape[2] if i == j else 1 for j in range(len(spatial))))
    flat = x.reshape(*lead, math.prod(spatial)).astype(dtypes.accumulation(x.dtype), copy=False)
    begin = found = first.reshape(*lead, math.prod(first.shape[2:]))
    best = np.full(begin.shape, least(flat.dtype), flat.dtype)
    for tap in itertools.product(*map(range, kernel)):
        place = begin + sum(number * step for number, step in zip(tap, steps, strict=True))
        value = np.take_along_axis(flat, place, 2)
        larger = (value > best) | np.isnan(value)
        best, found = np.where(larger, value, best), np.where(larger, place, found)
    return best.astype(x.dtype).reshape(first.shape), found.reshape(first.shape)
