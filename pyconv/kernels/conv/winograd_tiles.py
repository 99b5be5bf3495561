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

    def reach(self, tiles: Size) -> Size:
        """How many inputs a box of tiles reads in each dimension; in the last one whole tiles of them."""
        firsts = zip(self.steps, tiles[:-1], self.spans, strict=False)
        return (*(m * (n - 1) + span for m, n, span in firsts), self.steps[-1] * (tiles[-1] + self.extra))

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

    Where more than one is wanted, their size is that with which two threads read the fewest lines, those that pieces
    have in common counted twice: of seven pieces they would do four and three.
    """
    batch, tiles = len(given.x), given.tiles
    images = max(1, min(batch // wanted, limit // math.prod(tiles)))
    across = _even(tiles[1], max(1, limit // (images * math.prod(tiles[2:]))))
    row = images * across * math.prod(tiles[2:])
    others = -(-batch // images) * -(-tiles[1] // across)
    parts = max(-(-wanted // others), -(-tiles[0] // max(1, limit // row)))
    down = -(-tiles[0] // parts)
    if wanted > 1:
        down = min(range(down, (down - 1) // 2, -1), key=lambda n: _lines(given, others * -(-tiles[0] // n), n))
    starts = (range(0, batch, images), range(0, tiles[0], down), range(0, tiles[1], across))
    for image, top, left in product(*starts):
        some = (min(down, tiles[0] - top), min(across, tiles[1] - left), *tiles[2:])
        yield Blocks(slice(image, min(batch, image + images)), (top, left, *(0 for _ in tiles[2:])), some)


def _lines(given: Operands, count: int, down: int) -> int:
    """The lines that one of two threads reads, of so many pieces of `down` lines of tiles."""
    return -(-count // 2) * (given.steps[0] * (down - 1) + given.spans[0])


def _even(total: int, most: int) -> int:
    """The step of at most `most` that cuts `total` into parts of nearly the same size."""
    return -(-total // -(-total // most))


def fill(given: Operands, piece: Blocks, channels: slice, image: Array) -> None:
    """Write what the tiles of a piece read of some channels, and the zeros around it, into (C, n, *spatial)."""
    x = given.x[piece.images, channels].swapaxes(0, 1)
    inside, source = [slice(None)] * 2, [slice(None)] * 2
    for axis, (f, m, low) in enumerate(zip(piece.first, given.steps, given.low, strict=True)):
        first, size = f * m - low, image.shape[2 + axis]
        start = min(size, max(0, -first))
        stop = max(start, min(size, x.shape[2 + axis] - first))
        for outside in (slice(0, start), slice(stop, size)):
            if outside.stop > outside.start:
                where: Index = (slice(None),) * (2 + axis) + (outside,)
                image[where] = 0
        inside.append(slice(start, stop))
        source.append(slice(first + start, first + stop) if stop > start else slice(0))
    image[tuple(inside)] = x[tuple(source)]
