"""How minimal filtering cuts a convolution up into tiles.

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
from pyconv.kernels.conv.winograd_axis import group

Array = np.ndarray[Any, Any]


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

    def across(self, block: Blocks) -> int:
        """The tiles of the last dimension, whole groups of them."""
        together = group(self.filters[-1], block.tiles[-1])
        return -(-block.tiles[-1] // together) * together

    def width(self, block: Blocks) -> int:
        """The outputs of a block in the last dimension."""
        step = self.steps[-1]
        return min(self.out.shape[-1] - block.first[-1] * step, block.tiles[-1] * step)

    def shape(self, block: Blocks, channels: int) -> Size:
        """(points of all dimensions but the last, points of that, its tiles, the other tiles · n, channels)."""
        last = self.spans[-1]
        return (self.points // last, last, self.across(block), block.count // block.tiles[-1], channels)


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


def shares(piece: Blocks, made: Array) -> list[tuple[Blocks, Array]]:
    """A piece in at most four, by rows of tiles or by images, each with its place in the transformed inputs.

    Args:
        piece: some tiles.
        made: (points of all dimensions but the last, points of that, its tiles, *tiles backwards · n, C).

    Returns:
        Pairs of a block and of the view (points, points, tiles, outer lines, inner lines) of what it writes.
    """
    images, rows = piece.lead[0], piece.tiles[0]
    by_rows = rows >= min(4, images)
    count = rows if by_rows else images
    lines = count * images if by_rows else count
    goal = made.reshape(*made.shape[:3], -1, lines * made.shape[-1])
    unit, step = goal.shape[-1] // count, -(-count // 4)
    found = []
    for start in range(0, count, step):
        stop = min(count, start + step)
        if by_rows:
            first, tiles = (piece.first[0] + start, *piece.first[1:]), (stop - start, *piece.tiles[1:])
            block = Blocks(piece.images, first, tiles)
        else:
            ahead = piece.images.start
            block = Blocks(slice(ahead + start, ahead + stop), piece.first, piece.tiles)
        found.append((block, goal[..., start * unit : stop * unit]))
    return found
