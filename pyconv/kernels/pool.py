"""Sums and maxima over the windows of pooling, along one dimension after the other.

The 16-bit types are worked on in float32 and rounded once. May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry.pool import Axes, Axis, Places
from pyconv.geometry.sizes import Size

Array = np.ndarray[Any, Any]


def is_channels_last(x: Array) -> bool:
    """Whether the channels of a batch lie next to one another in memory, as torch keeps them in such a result."""
    if x.ndim not in (4, 5) or x.flags.c_contiguous:
        return False
    moved: Array = np.moveaxis(x, 1, -1)
    return moved.flags.c_contiguous


def empty(shape: Size, dtype: np.dtype[Any], channels_last: bool) -> Array:
    """An array with channels next to one another where that is wanted."""
    if not channels_last:
        return np.empty(shape, dtype)
    return np.moveaxis(np.empty((shape[0], *shape[2:], shape[1]), dtype), -1, 1)


def laid_out(values: Array, like: Array, dtype: np.dtype[Any] | None = None) -> Array:
    """`values` in the memory layout of `like` and in a dtype, that of `like` by default."""
    dtype = like.dtype if dtype is None else dtype
    last = is_channels_last(like)
    if values.dtype == dtype and (is_channels_last(values) if last else values.flags.c_contiguous):
        return values
    out = empty(values.shape, dtype, last)
    out[...] = values
    return out


def index_at(places: Places, axis: int, ndim: int) -> Any:
    """The index of places along one dimension."""
    index = places if isinstance(places, slice) else np.array(places)
    return (slice(None),) * (axis % ndim) + (index,)


def by_dimension(axes: Axes) -> list[tuple[int, Axis]]:
    """Each axis with its dimension, counted from the last."""
    return [(i - len(axes), axis) for i, axis in enumerate(axes)]


def _with_size(shape: Size, axis: int, size: int) -> Size:
    at = axis % len(shape)
    return (*shape[:at], size, *shape[at + 1 :])


def window_sum(x: Array, axes: Axes) -> Array:
    """The sum over each window.

    Args:
        x: (..., *spatial), not of 16 bits.
        axes: one for each spatial dimension.

    Returns:
        (..., *outputs).
    """
    whole = tuple(i for i, axis in by_dimension(axes) if axis.is_whole)
    if whole:
        x = x.sum(axis=whole, keepdims=True)
    for i, axis in by_dimension(axes):
        if i not in whole:
            x = _sum_along(x, axis, i)
    return x


def _sum_along(x: Array, axis: Axis, i: int) -> Array:
    last = is_channels_last(x)
    out = empty(_with_size(x.shape, i, axis.output), x.dtype, last)
    taps = list(axis.taps)
    if taps and taps[0].everywhere:
        out[...] = x[index_at(taps.pop(0).inputs, i, x.ndim)]
    else:
        out[...] = 0
    for tap in taps:
        out[index_at(tap.outputs, i, x.ndim)] += x[index_at(tap.inputs, i, x.ndim)]
    return out


def window_spread(g: Array, axes: Axes) -> Array:
    """Each value added to all elements that its window reads: the transpose of `window_sum`.

    Args:
        g: (..., *outputs), not of 16 bits.
        axes: one for each spatial dimension.

    Returns:
        (..., *spatial).
    """
    for i, axis in reversed(by_dimension(axes)):
        if axis.is_whole:
            continue
        even = all(isinstance(tap.outputs, slice) and isinstance(tap.inputs, slice) for tap in axis.taps)
        g = _spread_along(g, axis, i) if even else _sum_along(g, axis.transposed, i)
    whole = tuple(axis.size if axis.is_whole else n for axis, n in zip(axes, g.shape[-len(axes) :], strict=True))
    return np.broadcast_to(g, (*g.shape[: -len(axes)], *whole))


def _spread_along(g: Array, axis: Axis, i: int) -> Array:
    out = empty(_with_size(g.shape, i, axis.size), g.dtype, is_channels_last(g))
    out[...] = 0
    for tap in axis.taps:
        out[index_at(tap.inputs, i, g.ndim)] += g[index_at(tap.outputs, i, g.ndim)]
    return out


def divided(x: Array, divisors: tuple[Size, ...] | int) -> Array:
    """`x` over the number of elements of each window, which is the product of those along the dimensions.

    Integers are divided as in C, towards zero.

    Args:
        x: (..., *outputs).
        divisors: a number, or for each dimension as many as it has windows.
    """
    if isinstance(divisors, int):
        by = np.array(divisors, np.int64)
    elif all(len(set(one)) <= 1 for one in divisors):
        by = np.array(math.prod(one[0] for one in divisors if one), np.int64)
    else:
        by = functools.reduce(np.multiply.outer, [np.array(one, np.int64) for one in divisors])
    if x.dtype.kind == "i":
        quotient: Array = np.sign(x) * np.sign(by) * (np.abs(x) // np.abs(by))
        return quotient
    shares: Array = x / by.astype(x.dtype)
    shares += 0  # a sum that is -0 counts as 0
    return shares


def average(x: Array, axes: Axes, divisors: tuple[Size, ...] | int) -> Array:
    """The sum over each window, divided."""
    wide = x.astype(dtypes.accumulation(x.dtype), copy=False)
    return laid_out(divided(window_sum(wide, axes), divisors), x)


def average_spread(g: Array, axes: Axes, divisors: tuple[Size, ...] | int) -> Array:
    """The transpose of `average`."""
    wide = g.astype(dtypes.accumulation(g.dtype), copy=False)
    return laid_out(window_spread(divided(wide, divisors), axes), g)
