"""Maxima of windows of 2×2 that lie side by side, which of the four elements they are, and cotangents put back there.

The rows of a window are compared first, and then the halves of what is left of them. What is read with gaps is copied
first, rows and pairs as one element each: in short runs the copy takes as long as any other operation. For the
gradient a pair of elements is one number of 64 bits, of which the cotangent is shifted to its half. Two threads do not
gain by halves of it: in a step of LeNet, 64 images, the search takes 1.05 to 1.1 of the time, the gradient as long.

May import: NumPy, `pyconv.geometry`.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from pyconv.geometry.pool import Axes

Array = np.ndarray[Any, Any]

BLOCK = 1 << 18
"""Elements of the input that are worked on at once: beside the result there is never more than a few arrays of them."""


def divides(axes: Axes, x: Array) -> bool:
    """Whether windows divide rows and columns of a contiguous array in single precision into twos."""
    if len(axes) != 2 or x.dtype != np.float32 or not x.flags.c_contiguous or not x.size:
        return False
    return all(a.step == 1 and set(a.reach) == {2} and a.starts == tuple(range(0, a.size, 2)) for a in axes)


def search(x: Array) -> tuple[Array, Array]:
    """The largest of each window, and the number of its tap, row by row; of equal ones the first, NaN unless found.

    Args:
        x: (..., H, W), both even.

    Returns:
        Values and numbers of a byte, both (..., H/2, W/2); a value is NaN where its window has one, and its number
        then says nothing.

    Example:
        >>> search(np.array([[1.0, 2.0, 0.0, 5.0], [2.0, 1.0, 7.0, 0.0]], np.float32))
        (array([[2., 7.]], dtype=float32), array([[1, 2]], dtype=uint8))
    """
    *lead, height, width = x.shape
    shape = (*lead, height // 2, width // 2)
    values, taken = np.empty(shape, x.dtype), np.empty(shape, np.uint8)
    rows, best, numbers = _rows(x, width), values.reshape(-1, width // 2), taken.reshape(-1, width // 2)
    for part in _parts(len(rows), width):
        best[part], numbers[part] = _search(rows[part], x.dtype)
    return values, taken


def _search(rows: Array, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """`search` of pairs of rows: (n, 2, 1), each row one element, to (n, W/2)."""
    upper, lower = (rows[:, i].copy().view(dtype) for i in range(2))
    below = lower > upper
    left, right = (np.maximum(upper, lower, out=upper).reshape(-1, 2)[:, i].copy() for i in range(2))
    left_below, right_below = (below.reshape(-1, 2)[:, i].copy() for i in range(2))
    # of equal halves the second has the window's first element where it alone is of the upper row
    second = np.greater(left_below, right_below)
    second &= right == left
    second |= right > left
    right_below ^= left_below
    right_below &= second
    right_below ^= left_below
    taken = right_below.view(np.uint8)
    taken *= 2
    taken += second.view(np.uint8)
    return np.maximum(left, right, out=left).reshape(len(rows), -1), taken.reshape(len(rows), -1)


def _parts(count: int, width: int) -> list[slice]:
    """Pairs of rows that are worked on at once."""
    step = max(1, BLOCK // (2 * width))
    return [slice(i, i + step) for i in range(0, count, step)]


def _rows(x: Array, width: int) -> Array:
    """(..., H, W) → (pairs of rows, 2, 1), each row one element."""
    return x.reshape(-1, 2, width).view(np.dtype((np.void, width * x.itemsize)))


def spread(g: Array, taken: Array) -> Array:
    """Zeros with values at the taps of their windows: (..., H, W) → (..., 2H, 2W).

    Example:
        >>> spread(np.array([[3.0]], np.float32), np.array([[2]], np.uint8))
        array([[0., 0.],
               [3., 0.]], dtype=float32)
    """
    *lead, height, width = g.shape
    shape = (*lead, 2 * height, 2 * width)
    if g.dtype != np.float32:
        found = np.zeros((*lead, height, 2, width, 2), g.dtype)
        for tap in range(4):
            found[..., tap // 2, :, tap % 2] = np.where(taken == tap, g, g.dtype.type(0))
        return found.reshape(shape)
    out = np.empty(shape, g.dtype)
    rows, bits = _rows(out, shape[-1]), np.ascontiguousarray(g).view(np.uint32).reshape(-1, width)
    numbers = taken.reshape(-1, width)
    for part in _parts(len(rows), shape[-1]):
        for i, half in enumerate(_halves(bits[part], numbers[part])):
            rows[part, i] = half.view(rows.dtype)
    return out


def _halves(bits: Array, taken: Array) -> tuple[Array, Array]:
    """The upper and the lower row of each window, two elements of 32 bits as one number."""
    shift = (taken & 1) ^ (sys.byteorder == "big")
    shift *= 32
    upper = bits.astype(np.uint64)
    np.left_shift(upper, shift, out=upper)
    lower = upper * (taken > 1)
    upper ^= lower
    return upper, lower


def gather(h: Array, taken: Array) -> Array:
    """What lies at the taps of windows: (..., 2H, 2W) → (..., H, W).

    Example:
        >>> gather(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[2]], np.uint8))
        array([[3.]])
    """
    *lead, height, width = taken.shape
    taps = np.moveaxis(h.reshape(*lead, height, 2, width, 2), -3, -2).reshape(*taken.shape, 4)
    return np.take_along_axis(taps, taken[..., None].astype(np.int64), -1)[..., 0]
