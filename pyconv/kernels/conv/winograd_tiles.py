"""How minimal filtering cuts a convolution up into tiles, and gathers what they read.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Size
from pyconv.kernels.conv.cook_toom import Filtering
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]
Index = tuple[Any, ...]


@dataclass(frozen=True)
class Blocks:
    """Some images, and of their tiles a box.

    Attributes:
        images: the slice of N.
        first: the first tile in each dimension.
        tiles: the number of tiles in each dimension.
    """

    images: slice
    first: Size
    tiles: Size

    @property
    def lead(self) -> Size:
        """The sizes (n, *tiles), in the order in which the tiles are stored."""
        return (self.images.stop - self.images.start, *self.tiles)

    @property
    def count(self) -> int:
        """The tiles of all images."""
        return math.prod(self.lead)


@dataclass(frozen=True)
class Operands:
    """One convolution of stride 1 in two dimensions or more: its filters, one for each of them, and its arrays.

    Attributes:
        filters: F(m, r) of each dimension.
        x: (N, C, *spatial), unpadded.
        w: (A, B, *kernel), contiguous.
        turned: whether w is that of the convolution whose input gradient this is: A and B are input and output
            channels of a group, and the taps run backwards.
        groups: G.
        b: (O,) or None.
        low: the zeros before each dimension; negative where it is cropped.
        out: (N, O, *output), to be written.
        longest_sum: the terms that one product sums up at the most.
    """

    filters: tuple[Filtering, ...]
    x: Array
    w: Array
    turned: bool
    groups: int
    b: Array | None
    low: Size
    out: Array
    longest_sum: int = 256

    @cached_property
    def dtype(self) -> np.dtype[Any]:
        """That of the transformed blocks."""
        return dtypes.accumulation(self.x.dtype)

    @cached_property
    def steps(self) -> Size:
        """The outputs of a tile, m in each dimension."""
        return tuple(f.outputs for f in self.filters)

    @cached_property
    def spans(self) -> Size:
        """The inputs of a tile, m + r − 1 in each dimension."""
        return tuple(f.points for f in self.filters)

    @cached_property
    def extra(self) -> int:
        """How many tiles' first m inputs lie behind those of the last dimension's last tile, and are read by it."""
        return -(-(self.spans[-1] - self.steps[-1]) // self.steps[-1])

    @cached_property
    def points(self) -> int:
        """The products of one tile."""
        return math.prod(self.spans)

    @cached_property
    def depth(self) -> int:
        """C/G."""
        return self.x.shape[1] // self.groups

    @cached_property
    def rows(self) -> int:
        """O/G."""
        return self.out.shape[1] // self.groups

    @cached_property
    def tiles(self) -> Size:
        """The tiles of one image in each dimension."""
        return tuple(-(-n // m) for n, m in zip(self.out.shape[2:], self.steps, strict=True))

    def columns(self, blocks: Blocks) -> int:
        """The columns of a block's products: its tiles, and `extra` more at the end of each run of them."""
        return blocks.count // blocks.tiles[-1] * (blocks.tiles[-1] + self.extra)


def pieces(given: Operands, limit: int, wanted: int) -> Iterator[Blocks]:
    """All tiles in about `wanted` boxes or more, of at most `limit` tiles each where that is possible.

    Where more than one is wanted, they are alike and even in number if that takes no more than twice as many: of
    seven, two threads would do four and three.
    """
    batch, tiles = len(given.x), given.tiles
    images = max(1, min(batch // wanted, limit // math.prod(tiles)))
    across = _even(tiles[1], max(1, limit // (images * math.prod(tiles[2:]))))
    row = images * across * math.prod(tiles[2:])
    others = -(-batch // images) * -(-tiles[1] // across)
    parts = max(-(-wanted // others), -(-tiles[0] // max(1, limit // row)))
    steps = [-(-tiles[0] // n) for n in range(parts, min(tiles[0], 2 * parts if wanted > 1 else parts) + 1)]
    down = next((step for step in steps if not -(-tiles[0] // step) * others % 2), -(-tiles[0] // parts))
    starts = (range(0, batch, images), range(0, tiles[0], down), range(0, tiles[1], across))
    for image, top, left in product(*starts):
        some = (min(down, tiles[0] - top), min(across, tiles[1] - left), *tiles[2:])
        yield Blocks(slice(image, min(batch, image + images)), (top, left, *(0 for _ in tiles[2:])), some)


def _even(total: int, most: int) -> int:
    """The step of at most `most` that cuts `total` into parts of nearly the same size."""
    return -(-total // -(-total // most))


def inputs(given: Operands, tiles: Size) -> Size:
    """How many inputs a box of tiles reads in each dimension but the last."""
    return tuple(m * (n - 1) + span for m, n, span in zip(given.steps[:-1], tiles, given.spans, strict=False))


def read(given: Operands, piece: Blocks, channels: slice = slice(None)) -> Array:
    """What the tiles of a piece read of some channels: (m, C·n, inputs of the first dimension, the rest).

    In the last dimension it is cut up into every m-th input, so that what all tiles read in one place is a run; there
    are `extra` more of these than tiles.
    """
    x, m = given.x[piece.images, channels], given.steps[-1]
    height, *rest = inputs(given, piece.tiles)
    image = scratch("image", (m, *x.shape[1::-1], height, *rest, piece.tiles[-1] + given.extra), given.dtype)
    *firsts, start = (f * m - low for f, m, low in zip(piece.first, given.steps, given.low, strict=True))
    spatial = range(2, x.ndim)
    for phase, made in enumerate(image):
        goal = made.transpose(*spatial, 1, 0)
        _fill(x.transpose(*spatial, 0, 1), (*firsts, start + phase), (*(1 for _ in firsts), m), goal)
    return image.reshape(m, -1, height, image[0, 0, 0, 0].size)


def _fill(x: Array, first: Size, steps: Size, made: Array) -> None:
    """Write into (*sizes, …) what lies from `first` on, in steps, in (*spatial, …), with zeros around it."""
    inside, source = [], []
    for f, m, n, size in zip(first, steps, made.shape, x.shape, strict=False):
        start = min(n, max(0, -(f // m)))
        stop = max(start, min(n, -((f - size) // m)))
        inside.append(slice(start, stop))
        source.append(slice(f + start * m, f + (stop - 1) * m + 1, m) if stop > start else slice(0))
    for axis, (part, size) in enumerate(zip(inside, made.shape, strict=False)):
        for outside in (slice(part.start), slice(part.stop, size)):
            if outside.stop > (outside.start or 0):
                where: Index = (*inside[:axis], outside)
                made[where] = 0
    made[tuple(inside)] = x[tuple(source)]
