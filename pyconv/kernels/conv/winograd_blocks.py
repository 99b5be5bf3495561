"""The stages of minimal filtering: weights, inputs and outputs transformed, products between.

Every stage is one or two calls on a whole block: two threads that work on blocks side by side need the interpreter
between calls, and wait for one another there. Inputs stand with their channels innermost, and one dimension after
the other is transformed by products with its small matrix: for F(4, 3) of 64 channels in half the time of one product
with the Kronecker product of all matrices. The products leave their tiles innermost: writing them into
(N, O, *spatial) then took between half and five sixths of the time that it takes with channels innermost. What the
matrices are: `pyconv.kernels.conv.cook_toom`; what is gathered: `pyconv.kernels.conv.winograd_tiles`.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from functools import lru_cache, reduce
from typing import Any

import numpy as np

from pyconv.kernels.conv.cook_toom import Filtering
from pyconv.kernels.conv.winograd_tiles import Blocks, Index, Operands
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]

LONGEST_SUM = 256
"""Terms that one product sums up; sums of sums round less, which makes up for what the transforms lose."""
LONGEST_RUN = 8192
"""Columns that one product with a small matrix has: more of them leave the cache, at a third of the speed."""
MOST_POINTS = 16
"""Points that are transformed back at once, by the Kronecker product of the matrices of all dimensions."""


class Turns:
    """Two buffers that are written by turns: each stage reads the one and writes the other."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._dtype = dtype
        self._odd = False

    def take(self, *shape: int) -> Array:
        """The buffer that was not taken last."""
        self._odd = not self._odd
        return scratch("odd" if self._odd else "even", shape, self._dtype)


@lru_cache(maxsize=64)
def _matrix(filters: tuple[Filtering, ...], which: str, dtype: np.dtype[Any]) -> Array:
    """The Kronecker product of one of the matrices of some dimensions."""
    return reduce(np.kron, (np.array(getattr(f, which)) for f in filters)).astype(dtype)


@lru_cache(maxsize=64)
def _inverses(filters: tuple[Filtering, ...], dtype: np.dtype[Any]) -> list[tuple[Array, int]]:
    """The matrices that transform back, one after another, and the number of points that are left after each."""
    together = [(f,) for f in filters] if math.prod(f.points for f in filters) > MOST_POINTS else [filters]
    left = [math.prod(f.points for some in together[i + 1 :] for f in some) for i in range(len(together))]
    return [(_matrix(some, "inverse", dtype), n) for some, n in zip(together, left, strict=True)]


def _apply(matrix: Array, x: Array, out: Array) -> None:
    """The product matrix @ x for x (…, k, N), all N at once or in equal runs of it."""
    size = x.shape[-1]
    parts = next(n for n in range(-(-size // LONGEST_RUN), size + 1) if not size % n)
    np.matmul(matrix, _cut(x, parts), out=_cut(out, parts))


def _cut(x: Array, parts: int) -> Array:
    """The view (…, parts, k, N/parts) of (…, k, N)."""
    *lead, k, size = x.shape
    strides = (*x.strides[:-2], size // parts * x.strides[-1], *x.strides[-2:])
    return np.lib.stride_tricks.as_strided(x, (*lead, parts, k, size // parts), strides)


def transform_weights(given: Operands, rows: slice, depth: slice, made: Array) -> None:
    """Write the transformed weights of some channels of each group into (points, G, depth, rows).

    Where that has the memory order of w, one product makes them; else one for each of the input channels.
    """
    matrix = _matrix(given.filters, "taps", given.dtype)
    if given.turned:
        matrix = np.ascontiguousarray(matrix[:, ::-1])
    w = given.w.reshape(given.groups, -1, given.w.shape[1], matrix.shape[1])
    w = (w[:, depth, rows] if given.turned else w[:, rows, depth]).astype(given.dtype, copy=False)
    made = made if given.turned else made.swapaxes(2, 3)
    for group, taps in enumerate(w):
        goal = made[:, group]
        if taps.flags.c_contiguous and goal[0].flags.c_contiguous:
            np.matmul(matrix, taps.reshape(-1, taps.shape[-1]).T, out=goal.reshape(len(goal), -1))
        elif given.turned:
            np.matmul(matrix, taps.swapaxes(1, 2), out=goal.swapaxes(0, 1))
        else:
            np.matmul(matrix, taps.transpose(1, 2, 0), out=goal.transpose(2, 0, 1))


def transform_inputs(given: Operands, image: Array, tiles: int, turns: Turns, made: Array | None = None) -> Array:
    """The transformed inputs (points, T·C) of the tiles of an image's first rows; in `made`, if it is there.

    Args:
        given: the operands.
        image: what the tiles read, as `winograd_tiles.read` lays it out.
        tiles: the rows of tiles.
        turns: the buffers.
        made: (points, T·C), of any distance between the points.
    """
    first, last = given.filters[0], len(given.filters) - 1
    strides = (0, first.outputs * image.strides[0], image.strides[0], image.itemsize)
    current = np.lib.stride_tricks.as_strided(image, (1, tiles, first.points, image[0].size), strides)
    for axis, f in enumerate(given.filters):  # (points so far, rows of tiles, this dimension's inputs, the rest)
        done, count, _, size = current.shape
        if made is None or axis < last:
            goal = turns.take(done, f.points, count, size)
        else:
            goal = made.reshape(done, f.points, count, size)
        _apply(_matrix((f,), "inputs", given.dtype), current, goal.swapaxes(1, 2))
        if axis < last:
            span = given.spans[axis + 1]
            current = goal.reshape(done * f.points, count, span, size // span)
    return goal.reshape(given.points, -1)


def multiply(given: Operands, weights: Array, made: Array, products: Array) -> None:
    """For each point and group (rows, C/G) times (C/G, T), into (points, G, rows, T)."""
    v = made.reshape(given.points, -1, given.groups, given.depth).transpose(0, 2, 3, 1)
    u = weights.swapaxes(2, 3)
    for start in range(0, given.depth, LONGEST_SUM):
        part = slice(start, start + LONGEST_SUM)
        if not start:
            np.matmul(u[..., part], v[:, :, part], out=products)
        else:
            more = scratch("more products", products.shape, given.dtype)
            np.add(products, np.matmul(u[..., part], v[:, :, part], out=more), out=products)


def transform_outputs(given: Operands, blocks: Blocks, rows: slice, products: Array, turns: Turns) -> bool:
    """Transform products (points, G, rows, T) back, add the bias, write them; returns whether they are finite."""
    groups, height = products.shape[1:3]
    done, size, current = 1, products[0].size, products
    for matrix, left in _inverses(given.filters, given.dtype):
        goal = turns.take(done, len(matrix), left * size)
        _apply(matrix, current.reshape(done, -1, left * size), goal)
        current, done = goal, done * len(matrix)
    values = current.reshape(-1)
    if given.b is not None:
        current = values.reshape(done, groups, height, -1)
        current += given.b.reshape(groups, -1, 1)[:, rows]
    _write(given, blocks, rows, values.reshape(*given.steps, groups, height, *blocks.lead))
    return math.isfinite(np.dot(values, values))


def _write(given: Operands, blocks: Blocks, rows: slice, values: Array) -> None:
    """Write (*steps, G, rows, *tiles, n) where it belongs."""
    n, _, *output = given.out.shape
    y = given.out.reshape(n, given.groups, -1, *output)[blocks.images, :, rows]
    starts = tuple(f * m for f, m in zip(blocks.first, given.steps, strict=True))
    ends = tuple(s + t * m for s, t, m in zip(starts, blocks.tiles, given.steps, strict=True))
    box: Index = (..., *map(slice, starts, ends))
    y = y[box].transpose(1, 2, *range(3, y.ndim), 0)
    dims = len(output)
    if all(end <= size for end, size in zip(ends, output, strict=True)):  # whole tiles: m copies in all
        split = (size for pair in zip(blocks.tiles, given.steps, strict=True) for size in pair)
        y = y.reshape(*y.shape[:2], *split, y.shape[-1])
        y = y.transpose(*range(3, 3 + 2 * dims, 2), 0, 1, *range(2, 2 + 2 * dims, 2), y.ndim - 1)
        for phase in range(given.steps[-1]):
            part: Index = (*(slice(None),) * (dims - 1), phase)
            y[part] = values[part]
        return
    for phases in np.ndindex(given.steps):
        every: Index = (..., *(slice(p, None, m) for p, m in zip(phases, given.steps, strict=True)), slice(None))
        goal = y[every]
        whole: Index = (*phases, slice(None), slice(None), *map(slice, goal.shape[2:-1]))
        goal[...] = values[whole]
