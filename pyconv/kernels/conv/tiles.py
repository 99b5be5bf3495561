"""How the work is cut up, so that what lies between input and output stays small.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels.scratch`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from pyconv.geometry import Conv, Size
from pyconv.kernels.scratch import scratch
from pyconv.kernels.window import last, sliding

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Tile:
    """Some images, and in each the same run of output positions.

    Attributes:
        images: the slice of N.
        origin: the first output position, an index for each spatial dimension.
        shape: the output positions in each spatial dimension; they are one run when flattened.
        run: that run, as a slice of the flattened positions.
    """

    images: slice
    origin: Size
    shape: Size
    run: slice

    @property
    def count(self) -> int:
        """The number of images."""
        return int(self.images.stop - self.images.start)

    @property
    def positions(self) -> int:
        """The number of output positions of one image."""
        return int(self.run.stop - self.run.start)


def tiles(conv: Conv, limit: int) -> Iterator[Tile]:
    """Tiles of at most `limit` output positions (and at least one), which together cover y once.

    Example:
        >>> conv = Conv.of((2, 1, 4, 4), (1, 1, 1, 1))
        >>> [(tile.images.start, tile.run.start, tile.positions) for tile in tiles(conv, 8)]
        [(0, 0, 8), (0, 8, 8), (1, 0, 8), (1, 8, 8)]
    """
    if conv.positions <= limit:
        step = _even(conv.batch, max(1, limit // max(1, conv.positions)))
        for start in range(0, conv.batch, step):
            images = slice(start, min(conv.batch, start + step))
            yield Tile(images, (0,) * conv.window.ndim, conv.output, slice(0, conv.positions))
        return
    regions = list(_regions(conv.output, max(1, limit)))
    for image in range(conv.batch):
        for origin, shape, run in regions:
            yield Tile(slice(image, image + 1), origin, shape, run)


def _regions(output: Size, limit: int) -> Iterator[tuple[Size, Size, slice]]:
    """Boxes that are runs when flattened: single indices, then one cut dimension, then whole dimensions."""
    axis = next(i for i in range(len(output)) if math.prod(output[i + 1 :]) <= limit)
    inner = output[axis + 1 :]
    step = _even(output[axis], max(1, limit // math.prod(inner)))
    start = 0
    for outer in itertools.product(*map(range, output[:axis])):
        for first in range(0, output[axis], step):
            shape = (*(1 for _ in outer), min(step, output[axis] - first), *inner)
            yield (*outer, first, *(0 for _ in inner)), shape, slice(start, start + math.prod(shape))
            start += math.prod(shape)


def _even(total: int, most: int) -> int:
    """The step of at most `most` that cuts `total` into parts of nearly the same size."""
    parts = -(-total // most)
    return max(1, -(-total // max(1, parts)))


def channel_blocks(conv: Conv, width: int, itemsize: int, limit: int) -> Iterator[slice]:
    """Slices of the O/G output channels of each group whose (G, block, width) matrices take at most `limit` bytes."""
    total = conv.out_channels // conv.groups
    step = _even(total, max(1, limit // (conv.groups * width * itemsize)))
    for start in range(0, total, step):
        yield slice(start, min(total, start + step))


Channels = tuple[slice, slice]
"""Some groups, and in each of them the same channels."""

SHORTEST_PIECES = 1 << 27
"""Multiplications below which a pass is not cut: its products are shared out by BLAS's own threads. Measured on two
threads, layers of 50 to 120 million were up to twice as fast so as in pieces, and larger ones slower."""


def parts_wanted(conv: Conv) -> int:
    """How many pieces to cut a pass into, by its size and never by the number of threads: 1, 4, 8 or 16.

    Eight times the work makes twice the pieces: OpenBLAS loses a fifth of its speed on quarters of a product of 50
    million multiplications, and a third where the weights are read anew for a hundred positions.
    """
    times = conv.multiplications // SHORTEST_PIECES
    return 2 ** min(4, (times.bit_length() + 5) // 3) if times else 1


def channel_parts(groups: int, depth: int, wanted: int) -> list[Channels]:
    """About `wanted` pieces of `groups` groups of `depth` channels: whole groups where there are enough of them.

    Example:
        >>> channel_parts(1, 6, 2)
        [(slice(0, 1, None), slice(0, 3, None)), (slice(0, 1, None), slice(3, 6, None))]
    """
    if groups >= wanted:
        step = -(-groups // wanted)
        return [(slice(g, min(groups, g + step)), slice(0, depth)) for g in range(0, groups, step)]
    step = -(-depth // wanted)
    return [(slice(0, groups), slice(c, min(depth, c + step))) for c in range(0, depth, step)]


def channel_count(piece: Channels) -> int:
    """The channels of a piece, in all its groups."""
    groups, channels = piece
    return int((groups.stop - groups.start) * (channels.stop - channels.start))


def reads(padded: Array, conv: Conv, tile: Tile) -> Array:
    """The view (n, G, C/G, *kernel, *tile) of what each tap reads of a padded (N, C, *spatial) array for a tile."""
    starts = (slice(o * s, None) for o, s in zip(tile.origin, conv.window.stride, strict=True))
    corner = padded[tile.images][last(*starts)]
    return sliding(split_channels(corner, conv.groups), conv.window, tile.shape)


def read(x: Array, conv: Conv, tile: Tile) -> Array:
    """What each tap reads of an unpadded (N, *lead, *spatial) array for a tile: a view (n, *lead, *kernel, *tile).

    Where there is padding, it is one of the scratch buffer "padded", which holds no more than this tile reads: so
    threads pad their own tiles, in memory that they have at hand.
    """
    window = conv.window
    sizes, inner, outer = [], [], []
    along = zip(tile.origin, tile.shape, conv.input, window.stride, window.extent, window.padding, strict=True)
    for origin, count, length, stride, extent, (low, _) in along:
        start, size = origin * stride - low, (count - 1) * stride + extent
        first = max(0, start)
        stop = max(first, min(length, start + size))
        sizes.append(size)
        inner.append(slice(first - start, stop - start))
        outer.append(slice(first, stop))
    box = x[tile.images][last(*outer)]
    if window.is_padded:
        padded = scratch("padded", (*box.shape[: -window.ndim], *sizes), x.dtype)
        padded.fill(0)
        padded[last(*inner)] = box
        box = padded
    return sliding(box, window, tile.shape)


def split_channels(array: Array, groups: int) -> Array:
    """(n, C, …) → the view (n, G, C/G, …)."""
    return array.reshape(array.shape[0], groups, array.shape[1] // groups, *array.shape[2:])


def grouped(array: Array, conv: Conv) -> Array:
    """The view (N, G, channels/G, positions) of a contiguous (N, channels, *output) array."""
    return array.reshape(array.shape[0], conv.groups, array.shape[1] // conv.groups, -1)
