"""Images side by side: rows × channels × columns × images, and the tiles in which they are worked on.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from pyconv.geometry import Conv
from pyconv.kernels.conv.bands import axis
from pyconv.kernels.conv.row_tiles import share
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]

PILE = 16
"""Images that stand side by side at least, where there are as many: runs of more take no less time."""
BLOCK = 1 << 19
"""Bytes of the copies of a tile: larger ones leave the cache."""


class Tile(NamedTuple):
    """Some images, and some rows of what is written (of the weights' gradient, of y)."""

    images: slice
    rows: slice


class Sizes(NamedTuple):
    """A convolution of images as rows and columns; one dimension is an image of one row.

    Attributes:
        rows: (kernel, stride, dilation, low padding, input, output) of the rows.
        columns: the same of the columns.
        groups: G.
        depth: C/G.
        height: O/G.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    groups: int
    depth: int
    height: int


@lru_cache(maxsize=1024)
def sizes_of(conv: Conv) -> Sizes:
    """The sizes of a convolution of one or two dimensions."""
    rows, columns = (axis(conv, 1), axis(conv, 0)) if conv.window.ndim == 1 else (axis(conv, 0), axis(conv, 1))
    return Sizes(rows, columns, conv.groups, conv.in_channels // conv.groups, conv.out_channels // conv.groups)


def tiles_of(conv: Conv, name: str, item: int) -> list[Tile]:
    """The work of a pass; rows of x from one phase of the stride to the next stay together."""
    sizes, row = sizes_of(conv), row_bytes(conv, item)
    stride = sizes.rows[1] if name == "input_grad" else 1
    rows = -(-sizes.rows[4 if name == "input_grad" else 5] // stride)
    pile = share(conv.batch, max(PILE, BLOCK // (2 * row * rows)))
    widest = max(row * pile, weight_bytes(conv, item)) if name == "weight_grad" else row * pile
    run = share(rows, max(1, BLOCK // widest))
    return [
        Tile(slice(i, min(conv.batch, i + pile)), slice(k * stride, (k + run) * stride))
        for i in range(0, conv.batch, pile)
        for k in range(0, rows, run)
    ]


@lru_cache(maxsize=1024)
def row_bytes(conv: Conv, item: int) -> int:
    """Bytes for one row of y of one image of what is copied, or of the widest product."""
    s = sizes_of(conv)
    return item * s.groups * s.columns[5] * max(s.rows[1] * s.columns[0] * s.depth, s.height)


def weight_bytes(conv: Conv, item: int) -> int:
    """Bytes of the weights."""
    return item * conv.out_channels * conv.terms


def images_last(array: Array, sizes: Sizes) -> Array:
    """(N, channels, *spatial) → (G, rows, channels/G, columns, N), a view of a contiguous array."""
    rows, columns = array.shape[2:] if array.ndim == 4 else (1, array.shape[2])
    images = array.reshape(len(array), sizes.groups, -1, rows, columns)
    return images.transpose(1, 3, 2, 4, 0)


def filters_of(w: Array, sizes: Sizes) -> Array:
    """(O, C/G, *kernel) → (G, O/G, C/G, kernel rows, kernel columns)."""
    return w.reshape(sizes.groups, sizes.height, sizes.depth, sizes.rows[0], sizes.columns[0])


def reach(along: tuple[int, ...]) -> int:
    """The elements of one axis that all positions read."""
    taps, stride, dilation, _, _, output = along
    return (output - 1) * stride + (taps - 1) * dilation + 1


def _overlap(low: int, size: int, length: int) -> tuple[slice, slice]:
    """Where `size` elements stand that begin at `low` of a run of `length`; and which of them there is room for."""
    first, end = max(0, low), min(length, low + size)
    return slice(first, max(first, end)), slice(first - low, max(first, end) - low)


def placed(name: str, images: Array, rows: tuple[int, int], columns: tuple[int, int], dtype: np.dtype[Any]) -> Array:
    """(G, rows, channels, columns, n) in a buffer, zeros around it: (offset, length) of each axis are given."""
    groups, height, depth, width, count = images.shape
    buffer = scratch(name, (groups, rows[1], depth, columns[1], count), dtype)
    (down, which), (right, what) = _overlap(rows[0], height, rows[1]), _overlap(columns[0], width, columns[1])
    if (down.stop - down.start, right.stop - right.start) != (rows[1], columns[1]):
        buffer.fill(0)
    buffer[:, down, :, right] = images[:, which, :, what]
    return buffer


def read(x: Array, sizes: Sizes, rows: slice, dtype: np.dtype[Any]) -> Array:
    """(G, rows of y, K, P): a view of the rows of x, which are copied for each kernel column."""
    (high, step, _, low, _, _), (taps, stride, dilation, left, _, output) = sizes.rows, sizes.columns
    count = rows.stop - rows.start
    down, across = (low - rows.start * step, (count - 1) * step + high), (left, reach(sizes.columns))
    lines = placed("padded", x, down, across, dtype)
    groups, height, depth, _, images = lines.shape
    if taps > 1 or stride > 1:
        group, row, channel, place, item = lines.strides
        shape = (groups, height, taps, depth, output, images)
        view = np.ndarray(shape, dtype, lines, 0, (group, row, place * dilation, channel, place * stride, item))
        lines = scratch("columns", shape, dtype)
        np.copyto(lines, view)
    return windows(lines, high, step, count, taps * depth, output * images)


def windows(lines: Array, taps: int, step: int, count: int, depth: int, width: int) -> Array:
    """The matrix that each of `count` windows of `taps` rows is, `step` rows apart, which may overlap.

    Args:
        lines: (G, rows, …), each row `depth` lines of `width` elements.
        taps: the rows of a window.
        step: the rows from one window to the next.
        count: how many there are.
        depth: the lines of a row.
        width: the elements of a line.

    Returns:
        The view (G, count, taps·depth, width).
    """
    item, group, row = lines.dtype.itemsize, lines.strides[0], lines.strides[1]
    shape, strides = (len(lines), count, taps * depth, width), (group, row * step, width * item, item)
    return np.ndarray(shape, lines.dtype, lines, 0, strides)
