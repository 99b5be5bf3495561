"""Images as rows and columns of groups, and how work on blocks of their rows is cut up.

One dimension is the case of images one column wide.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from pyconv.geometry import Conv
from pyconv.kernels.conv.bands import Shift
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]

PARTS = 8
"""Pieces into which the work is cut at least, where it is large enough to be cut."""


class Tile(NamedTuple):
    """Some groups, some images, and some blocks of rows."""

    groups: slice
    images: slice
    blocks: slice


@lru_cache(maxsize=1024)
def row_tiles(images: int, groups: int, blocks: int, size: int, room: int) -> list[list[Tile]]:
    """Tiles of at least one block whose buffers take at most `room` bytes; those in a list share their groups.

    Args:
        images: N.
        groups: G.
        blocks: the blocks of rows of one image.
        size: the bytes of a buffer for one block.
        room: the bytes of a buffer.

    Example:
        >>> [len(tiles) for tiles in row_tiles(2, 8, 4, 1, 4)]
        [2, 2, 2, 2, 2, 2, 2, 2]
    """
    fit = max(1, room // size)
    run, fit = share(blocks, fit), fit // blocks
    some, fit = share(groups, fit), fit // groups
    pile = share(images, fit)
    places = [
        (slice(i, min(images, i + pile)), slice(k, min(blocks, k + run)))
        for i in range(0, images, pile)
        for k in range(0, blocks, run)
    ]
    lists = -(-PARTS // -(-groups // some))
    length = -(-len(places) // lists)
    return [
        [Tile(slice(g, min(groups, g + some)), *place) for place in places[i : i + length]]
        for g in range(0, groups, some)
        for i in range(0, len(places), length)
    ]


def share(total: int, most: int) -> int:
    """The step of at most `most`, at least 1, that cuts `total` into parts of nearly the same size."""
    return -(-total // -(-total // max(1, most)))


def channels_innermost(images: Array) -> Array:
    """(n, c, *spatial) → (n, *spatial, c), a view."""
    return images.transpose(0, *range(2, images.ndim), 1)


def planes(array: Array, conv: Conv) -> Array:
    """(N, channels, *spatial) → (N, G, channels/G, rows, columns), a view of a contiguous array."""
    rows, *columns = array.shape[2:]
    return np.reshape(array, (len(array), conv.groups, -1, rows, *(columns or [1])))


def filters(w: Array, conv: Conv) -> Array:
    """(O, C/G, *kernel) → (G, O/G, C/G, kernel rows, kernel columns)."""
    rows, *columns = w.shape[2:]
    return w.reshape(conv.groups, -1, w.shape[1], rows, *(columns or [1]))


def part_of(conv: Conv, images: slice, groups: slice) -> Conv:
    """The geometry of some images and groups."""
    count = groups.stop - groups.start
    channels, outputs = conv.in_channels // conv.groups * count, conv.out_channels // conv.groups * count
    batch = images.stop - images.start
    return replace(conv, batch=batch, in_channels=channels, out_channels=outputs, groups=count)


def channels_of(groups: slice, channels: int, conv: Conv) -> slice:
    """The slice of `channels` that belongs to some groups."""
    step = channels // conv.groups
    return slice(groups.start * step, groups.stop * step)


def padded_rows(source: Array, shift: Shift, first: int, rows: int, dtype: np.dtype[Any]) -> tuple[Array, Any]:
    """Some rows of images, their elements spread as a shift says and zeros around them.

    Args:
        source: (A, B, C, rows, columns), any three leading dimensions.
        shift: the places of the columns.
        first: the first row, negative where there is none.
        rows: the number of rows.
        dtype: the dtype of the result.

    Returns:
        The scratch buffer "padded", at the start of which lies an array (A, B, C, rows, shift.width), with room for one
        more row behind it; and the strides of that array.
    """
    shape = (*source.shape[:3], rows, shift.width)
    size = math.prod(shape)
    buffer = scratch("padded", (size + shift.width,), dtype)
    buffer.fill(0)
    padded = buffer[:size].reshape(shape)
    low, high = max(0, first), min(source.shape[3], first + rows)
    left = max(0, -(shift.first // shift.spread))
    right = min(source.shape[4], -((shift.first - shift.width) // shift.spread))
    if low < high and left < right:
        place = shift.first + left * shift.spread
        columns = slice(place, place + (right - left - 1) * shift.spread + 1, shift.spread)
        padded[..., low - first : high - first, columns] = source[..., low:high, left:right]
    return buffer, padded.strides
