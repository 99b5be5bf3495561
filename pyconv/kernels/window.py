"""Padding, cropping and the sliding view of a window, with unfold and fold made of them.

May import: NumPy, `pyconv.geometry`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv.geometry import Pairs, Size, Window

Array = np.ndarray[Any, Any]


def pad(x: Array, padding: Pairs, dtype: np.dtype[Any] | None = None) -> Array:
    """`x` with zeros around its last dimensions; the array itself where there is nothing to do.

    Args:
        x: (..., *spatial).
        padding: (low, high) for each spatial dimension; a negative amount crops.
        dtype: the dtype of the result, that of `x` by default.

    Example:
        >>> pad(np.ones((1, 2)), ((1, 0), (0, -1)))
        array([[0.],
               [1.]])
    """
    dtype = x.dtype if dtype is None else dtype
    if dtype == x.dtype and not any(low or high for low, high in padding):
        return x
    lead = x.ndim - len(padding)
    sizes = tuple(n + low + high for n, (low, high) in zip(x.shape[lead:], padding, strict=True))
    out = np.zeros((*x.shape[:lead], *sizes), dtype)
    inner = (slice(max(low, 0), n - max(high, 0)) for n, (low, high) in zip(sizes, padding, strict=True))
    source = (slice(max(-low, 0), n - max(-high, 0)) for n, (low, high) in zip(x.shape[lead:], padding, strict=True))
    out[last(*inner)] = x[last(*source)]
    return out


def last(*parts: Any) -> Any:
    """The index that applies `parts` to the last dimensions."""
    return (..., *parts)


def crop(padded: Array, padding: Pairs) -> Array:
    """The view of a padded array without what `padding`, of no negative amounts, added."""
    sizes = padded.shape[padded.ndim - len(padding) :]
    return padded[last(*(slice(low, n - high) for n, (low, high) in zip(sizes, padding, strict=True)))]


def negated(padding: Pairs) -> Pairs:
    """The padding that undoes another."""
    return tuple((-low, -high) for low, high in padding)


def sliding(x: Array, window: Window, output: Size) -> Array:
    """The view (..., *kernel, *output) of a padded (..., *spatial) array: what each tap reads at each position.

    Args:
        x: the padded array; it is not copied.
        window: kernel, stride and dilation.
        output: the positions of the window, at most those that fit.

    Example:
        >>> window = Window((2,), (1,), ((0, 0),), (1,))
        >>> sliding(np.arange(4), window, (3,))
        array([[0, 1, 2],
               [1, 2, 3]])
    """
    lead, steps = x.strides[: -window.ndim], x.strides[-window.ndim :]
    taps = tuple(s * d for s, d in zip(steps, window.dilation, strict=True))
    moves = tuple(s * d for s, d in zip(steps, window.stride, strict=True))
    shape = (*x.shape[: -window.ndim], *window.kernel, *output)
    strides = (*lead, *taps, *moves)
    if type(x) is np.ndarray and x.flags.c_contiguous and x.dtype.isbuiltin == 1:
        return np.ndarray(shape, x.dtype, x, 0, strides)  # in a quarter of the time
    return np.lib.stride_tricks.as_strided(x, shape, strides, writeable=x.flags.writeable)


def unfold(x: Array, window: Window) -> Array:
    """Columns of windows.

    Args:
        x: (N, C, *spatial), unpadded.
        window: what slides.

    Returns:
        (N, C·taps, positions), a fresh array.
    """
    output = window.output(x.shape[2:])
    columns = np.ascontiguousarray(sliding(pad(x, window.padding), window, output))
    return columns.reshape(x.shape[0], x.shape[1] * window.taps, math.prod(output))


def fold(columns: Array, window: Window, size: Sequence[int]) -> Array:
    """The sum of columns over the elements that they came from: the transpose of `unfold`.

    Args:
        columns: (N, C·taps, positions).
        window: what slides.
        size: the unpadded spatial size of the result.

    Returns:
        (N, C, *size).
    """
    batch, channels = columns.shape[0], columns.shape[1] // window.taps
    output = window.output(tuple(size))
    taps = columns.reshape(batch, channels, *window.kernel, *output)
    padded = np.zeros((batch, channels, *window.padded(tuple(size))), columns.dtype)
    add_taps(padded, taps, window, output)
    return np.ascontiguousarray(crop(padded, window.padding))


def add_taps(padded: Array, taps: Array, window: Window, output: Size) -> None:
    """Add (..., *kernel, *output) values to the elements of a padded array that each tap reads, in place."""
    for tap, offset in window.tap_offsets():
        reach = (
            slice(o, o + stride * (n - 1) + 1, stride)
            for o, stride, n in zip(offset, window.stride, output, strict=True)
        )
        padded[last(*reach)] += taps[last(*tap, *(slice(None),) * window.ndim)]
