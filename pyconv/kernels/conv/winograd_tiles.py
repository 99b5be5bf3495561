"""How minimal filtering cuts a convolution up into tiles, and gathers what they read.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
        """The sizes (*tiles, n), in the order in which the tiles are stored."""
        return (*self.tiles, self.images.stop - self.images.start)

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
    """

    filters: tuple[Filtering, ...]
    x: Array
    w: Array
    turned: bool
    groups: int
    b: Array | None
    low: Size
    out: Array

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


def pieces(given: Operands, limit: int, longest: int, wanted: int) -> Iterator[Blocks]:
    """All tiles in about `wanted` pieces or more.

    A piece is a run of rows (tiles that differ in the first dimension alone) of at most `limit` tiles each where
    that is possible, and of at most `longest` tiles altogether.
    """
    batch, tiles = len(given.x), given.tiles
    images = max(1, min(batch // wanted, limit // math.prod(tiles[1:]), longest // math.prod(tiles)))
    across = _even(tiles[1], max(1, limit // (images * math.prod(tiles[2:]))))
    row = images * across * math.prod(tiles[2:])
    parts = -(-wanted // (-(-batch // images) * -(-tiles[1] // across)))
    down = _even(tiles[0], max(1, min(longest // row, -(-tiles[0] // parts))))
    starts = (range(0, batch, images), range(0, tiles[0], down), range(0, tiles[1], across))
    for image, top, left in product(*starts):
        some = (min(down, tiles[0] - top), min(across, tiles[1] - left), *tiles[2:])
        yield Blocks(slice(image, min(batch, image + images)), (top, left, *(0 for _ in tiles[2:])), some)


def rows(piece: Blocks, limit: int) -> Iterator[Blocks]:
    """A piece in runs of rows of at most `limit` tiles, and of one row at least."""
    total = piece.tiles[0]
    step = _even(total, max(1, limit * total // piece.count))
    for start in range(0, total, step):
        first, tiles = (piece.first[0] + start, *piece.first[1:]), (min(step, total - start), *piece.tiles[1:])
        yield replace(piece, first=first, tiles=tiles)


def _even(total: int, most: int) -> int:
    """The step of at most `most` that cuts `total` into parts of nearly the same size."""
    return -(-total // -(-total // most))


def read(given: Operands, piece: Blocks) -> Array:
    """What the tiles of a piece read: (rows of inputs, *other spans, *other tiles, n·C).

    Of the first dimension it has every input once, of the others each as often as there are tiles that read it:
    what the tiles of one row read is a matrix, and what they read of another row is another one further on.
    """
    x = given.x[piece.images]
    x = x.transpose(*range(2, x.ndim), 0, 1)
    height = given.steps[0] * (piece.tiles[0] - 1) + given.spans[0]
    image = scratch("image", (height, *given.spans[1:], *piece.tiles[1:], *x.shape[-2:]), given.dtype)
    corner = tuple(f * m - low for f, m, low in zip(piece.first, given.steps, given.low, strict=True))
    for at in np.ndindex(given.spans[1:-1]):
        where: Index = (slice(None), *at)
        first = tuple(c + k for c, k in zip(corner, (0, *at, 0), strict=True))
        _read_lines(x, first, (1, *given.steps[1:]), image[where])
    return image.reshape(*image.shape[:-2], -1)


def _read_lines(x: Array, first: Size, steps: Size, made: Array) -> None:
    """Write into (rows, span, *tiles, n, C) what each input of the tiles is along the last dimension.

    Where all m of a tile's first inputs lie inside x, they are copied at once: one reading of x for all of them.
    """
    dims, m, (*firsts, start) = len(first), steps[-1], first
    count, size = made.shape[dims], x.shape[dims - 1]
    low = min(count, max(0, -(start // m)))
    high = max(low, min(count, (size - start) // m))
    whole: Index = (slice(None),) * (dims - 1)
    columns: Index = (*whole, slice(start + low * m, start + high * m))
    inside = x[columns].reshape(*x.shape[: dims - 1], high - low, m, *x.shape[-2:]).swapaxes(dims - 1, dims)
    goal = np.moveaxis(made, 1, dims - 1)  # (rows, *other tiles, span, tiles, n, C)

    def part(*index: Any) -> Array:
        where: Index = (*whole, *index)
        return goal[where]

    if high > low:
        _fill(inside, tuple(firsts), steps[:-1], part(slice(m), slice(low, high)))
    for k in range(made.shape[1]):
        edges = [slice(0, low), slice(high, count)]
        if k >= m:
            part(k, slice(-1))[...] = part(k - m, slice(1, None))
            edges = [slice(count - 1, count)]
        for edge in edges:
            if edge.stop > edge.start:
                _fill(x, (*firsts, start + k + edge.start * m), steps, part(k, edge))


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
