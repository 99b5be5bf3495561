"""The stages of minimal filtering on blocks of tiles: weights, inputs and outputs transformed, products between.

Every stage is a few calls on whole blocks, channels innermost: a gather of overlapping tiles, then one product with
the Kronecker product of the matrices of all dimensions. Adding up the terms of one dimension after the other takes
fewer operations but more passes, each too short for several threads: it was a third slower with one thread and half
as fast with two. What the matrices are: `pyconv.kernels.conv.cook_toom`.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Size
from pyconv.kernels.conv.cook_toom import Filtering
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]

LONGEST_SUM = 192
"""Terms that one product sums up; sums of sums round less, which makes up for what the transforms lose."""


@dataclass(frozen=True)
class Blocks:
    """Some images and, of their tiles, a run along the first dimension; all of those along the others.

    Attributes:
        images: the slice of N.
        first: the first tile of the first dimension.
        tiles: the number of tiles in each dimension.
    """

    images: slice
    first: int
    tiles: Size

    @property
    def lead(self) -> Size:
        """The sizes (*tiles, n) that stand before the channels."""
        return (*self.tiles, self.images.stop - self.images.start)


@dataclass(frozen=True)
class Operands:
    """One convolution of stride 1: its filters, one for each spatial dimension, and its arrays.

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

    @property
    def dtype(self) -> np.dtype[Any]:
        """That of the transformed blocks."""
        return dtypes.accumulation(self.x.dtype)

    @property
    def steps(self) -> Size:
        """The outputs of a tile, m in each dimension."""
        return tuple(f.outputs for f in self.filters)

    @property
    def spans(self) -> Size:
        """The inputs of a tile, m + r − 1 in each dimension."""
        return tuple(f.points for f in self.filters)

    @property
    def points(self) -> int:
        """The products of one tile."""
        return math.prod(self.spans)

    @property
    def depth(self) -> int:
        """C/G."""
        return self.x.shape[1] // self.groups

    @property
    def rows(self) -> int:
        """O/G."""
        return self.out.shape[1] // self.groups

    @property
    def tiles(self) -> Size:
        """The tiles of one image in each dimension."""
        return tuple(-(-n // m) for n, m in zip(self.out.shape[2:], self.steps, strict=True))


@lru_cache(maxsize=64)
def _matrix(filters: tuple[Filtering, ...], which: str, dtype: np.dtype[Any]) -> Array:
    """The Kronecker product of one of the matrices of all dimensions."""
    return reduce(np.kron, (np.array(getattr(f, which)) for f in filters)).astype(dtype)


def transform_weights(given: Operands, rows: slice, made: Array) -> None:
    """Write the transformed weights of some output channels of each group into (points, G, A, B) of these."""
    matrix = _matrix(given.filters, "taps", given.dtype)
    if given.turned:
        matrix = matrix[:, ::-1]
    w = given.w.reshape(given.groups, -1, given.w.shape[1], matrix.shape[1])
    w = w[:, :, rows] if given.turned else w[:, rows]
    for group, weights in enumerate(w):
        taps = weights.astype(given.dtype, copy=False).reshape(-1, matrix.shape[1])
        np.matmul(matrix, taps.T, out=made[:, group].reshape(len(matrix), -1))


def transform_inputs(given: Operands, blocks: Blocks, made: Array) -> None:
    """Write the transformed inputs into (points, *tiles·n·C)."""
    x = given.x[blocks.images]
    spans = tuple(m * (n - 1) + t for m, n, t in zip(given.steps, blocks.tiles, given.spans, strict=True))
    image = scratch("image", (*spans, *x.shape[:2]), given.dtype)
    starts = (blocks.first * given.steps[0], *(0 for _ in spans[1:]))
    corner = tuple(s - low for s, low in zip(starts, given.low, strict=True))
    _read(x.transpose(*range(2, x.ndim), 0, 1), corner, image)
    moves = image.strides[: len(spans)]
    strides = (*moves, *(s * m for s, m in zip(moves, given.steps, strict=True)), *image.strides[len(spans) :])
    view = np.lib.stride_tricks.as_strided(image, (*given.spans, *blocks.lead, x.shape[1]), strides)
    tiles = scratch("tiles", view.shape, given.dtype)
    np.copyto(tiles, view)
    np.matmul(_matrix(given.filters, "inputs", given.dtype), tiles.reshape(given.points, -1), out=made)


def _read(x: Array, first: Size, made: Array) -> None:
    """Write into (*sizes, n, C) what lies from `first` on in (*spatial, n, C), with zeros around it."""
    inside, source = [], []
    for f, n, size in zip(first, made.shape, x.shape, strict=False):
        start = min(n, max(0, -f))
        stop = max(start, min(n, size - f))
        inside.append(slice(start, stop))
        source.append(slice(f + start, f + stop) if stop > start else slice(0))
    for axis, (part, size) in enumerate(zip(inside, made.shape, strict=False)):
        for outside in (slice(part.start), slice(part.stop, size)):
            if outside.stop > (outside.start or 0):
                where = (*inside[:axis], outside)
                made[where] = 0
    made[tuple(inside)] = x[tuple(source)]


def multiply(given: Operands, weights: Array, made: Array, products: Array) -> None:
    """For each point and group (T, C/G) times (C/G, rows), into (points, T, G, rows)."""
    v = made.reshape(given.points, -1, given.groups, given.depth).swapaxes(1, 2)
    u = weights if given.turned else weights.swapaxes(2, 3)
    y = products.swapaxes(1, 2)
    for start in range(0, given.depth, LONGEST_SUM):
        part = slice(start, start + LONGEST_SUM)
        if not start:
            np.matmul(v[..., part], u[:, :, part], out=y)
        else:
            more = scratch("more products", products.shape, given.dtype).swapaxes(1, 2)
            np.add(y, np.matmul(v[..., part], u[:, :, part], out=more), out=y)


def transform_outputs(given: Operands, blocks: Blocks, rows: slice, products: Array) -> bool:
    """Transform products (points, T, G, rows) back, add the bias, write them; returns whether they are finite."""
    height, groups = products.shape[-1], given.groups
    current = scratch("outputs", (*given.steps, *blocks.lead, groups, height), given.dtype)
    flat = current.reshape(math.prod(given.steps), -1)
    np.matmul(_matrix(given.filters, "inverse", given.dtype), products.reshape(given.points, -1), out=flat)
    if given.b is not None:
        current += given.b.reshape(groups, -1)[:, rows]
    n, _, *output = given.out.shape
    y = given.out.reshape(n, groups, -1, *output)[blocks.images, :, rows, blocks.first * given.steps[0] :]
    y = y.transpose(*range(3, y.ndim), 0, 1, 2)
    for phase in np.ndindex(given.steps):
        goal = y[tuple(slice(p, None, m) for p, m in zip(phase, given.steps, strict=True))]
        cut = tuple(slice(min(n, t)) for n, t in zip(goal.shape, blocks.tiles, strict=False))
        goal[cut] = current[phase][cut]
    values = current.reshape(-1)
    return math.isfinite(np.dot(values, values))
