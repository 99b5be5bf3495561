"""The stages of minimal filtering: weights, inputs and outputs transformed, products between.

Every stage is one or two calls on a whole block: two threads that work on blocks side by side need the interpreter
between calls, and wait for one another there. One dimension after the other is transformed by products with its small
matrix: for F(4, 3) of 64 channels in half the time of one product with the Kronecker product of all matrices. The
last dimension is cut up into every m-th input before, so that what all tiles need there is a run. (Sums and differences
of runs, which is all that F(2, 3) needs, take 0.8 to 1.2 times as long as the product and are no faster than it along
other dimensions; lines copied whole and cut up or put together at once, 1.1 to 1.9 times as long as run by run.)

Back it goes by one product for all dimensions, in runs that the cache holds and that begin cache lines: runs of 1310
columns took 1.2 to 1.4 times as long as runs of 1280, and beyond 10⁶ multiplications BLAS takes another kernel, 1.5 to
2.3 times as slow for matrices so narrow. Tiles stay innermost all the way: with channels innermost, gathering took 1.1
to 1.7 times, the products up to 1.35 times, and writing (N, O, *spatial) up to twice as long. What the matrices are:
`pyconv.kernels.conv.cook_toom`; what is gathered: `pyconv.kernels.conv.winograd_tiles`.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from functools import lru_cache, reduce
from typing import Any

import numpy as np

from pyconv.geometry import Size
from pyconv.kernels.conv.cook_toom import Filtering
from pyconv.kernels.conv.spoilt import is_finite
from pyconv.kernels.conv.winograd_tiles import Blocks, Index, Operands, inputs
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]

LONGEST_RUN = 1 << 15
"""Elements that one product with a small matrix reads or writes: more of them leave the cache."""
SUMMED = 1 << 19
"""Bytes of products that are made in parts and summed up at once."""
MOST_POINTS = 36
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
    """The product matrix @ x for x (…, k, N), in runs of N."""
    *_, k, size = x.shape
    run = LONGEST_RUN // max(len(matrix), k) // 64 * 64
    whole = size // run * run
    if whole:
        np.matmul(matrix, _cut(x[..., :whole], run), out=_cut(out[..., :whole], run))
    if whole < size:
        np.matmul(matrix, x[..., whole:], out=out[..., whole:])


def _cut(x: Array, run: int) -> Array:
    """The view (…, N/run, k, run) of (…, k, N)."""
    return x.reshape(*x.shape[:-1], -1, run).swapaxes(-3, -2)


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
            _transform_rows(matrix, taps.reshape(-1, taps.shape[-1]), goal.reshape(len(goal), -1))
        elif given.turned:
            np.matmul(matrix, taps.swapaxes(1, 2), out=goal.swapaxes(0, 1))
        else:
            np.matmul(matrix, taps.transpose(1, 2, 0), out=goal.transpose(2, 0, 1))


def _transform_rows(matrix: Array, taps: Array, goal: Array) -> None:
    """The product of the matrix and the transposed taps (N, k), into (points, N).

    Run by run, turned round by a copy: as one product it takes 1.3 times as long for 16 points, 2.2 times for 25.
    """
    run = LONGEST_RUN // 8
    for start in range(0, len(taps), run):
        some = slice(start, start + run)
        part = taps[some].T
        columns = scratch("taps", part.shape, goal.dtype)
        columns[...] = part
        np.matmul(matrix, columns, out=goal[:, some])


def transform_inputs(given: Operands, image: Array, tiles: Size, turns: Turns, made: Array | None = None) -> Array:
    """The transformed inputs (points, C·T) of the tiles of an image's first rows; in `made`, if it is there.

    Args:
        given: the operands.
        image: what the tiles read, as `winograd_tiles.read` lays it out.
        tiles: the tiles in each dimension.
        turns: the buffers.
        made: (points, C·T), of any distance between the points.
    """
    *firsts, last = given.filters
    heights = (*inputs(given, tiles)[1:], 1)
    current = image[None]  # (points so far, every m-th input, lines, this dimension's inputs, the rest)
    for f, count, height in zip(firsts, tiles, heights, strict=False):
        done, phases, lines, _, size = current.shape
        *outer, row, item = current.strides
        seen = (done, phases, lines, count, f.points, size)
        windows = np.ndarray(seen, given.dtype, current, 0, (*outer, f.outputs * row, row, item))
        slots = last.points if f is firsts[-1] else phases
        goal = turns.take(done, f.points, slots, lines, count, size)
        np.matmul(_matrix((f,), "inputs", given.dtype), windows, out=np.moveaxis(goal[:, :, :phases], 1, -2))
        current = goal.reshape(done * f.points, slots, lines * count, height, size // height)
    runs = current.reshape(*current.shape[:2], -1)
    shape = (len(runs), last.points, runs.shape[-1])
    goal = turns.take(*shape) if made is None else made.reshape(shape)
    for k in range(last.outputs, last.points):  # the same inputs of the next tile
        runs[:, k, :-1] = runs[:, k - last.outputs, 1:]
        runs[:, k, -1] = 0
    _apply(_matrix((last,), "inputs", given.dtype), runs, goal)
    return goal.reshape(given.points, -1)


def multiply(given: Operands, weights: Array, made: Array, products: Array) -> None:
    """For each point and group (rows, C/G) times (C/G, T), into (points, G, rows, T)."""
    v = made.reshape(given.points, given.groups, given.depth, -1)
    u = weights.swapaxes(2, 3)
    step = -(-given.depth // -(-given.depth // given.longest_sum))
    if step == given.depth:
        np.matmul(u, v, out=products)
        return
    count = max(1, SUMMED // products[0].nbytes)
    for first in range(0, given.points, count):
        some = slice(first, first + count)
        total = np.matmul(u[some, ..., :step], v[some, :, :step], out=products[some])
        more = scratch("more products", total.shape, given.dtype)
        for start in range(step, given.depth, step):
            part = slice(start, start + step)
            total += np.matmul(u[some, ..., part], v[some, :, part], out=more)


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
    *lead, across = blocks.lead
    tiles = values.reshape(*given.steps, groups, height, *lead, across + given.extra)
    _write(given, blocks, rows, tiles[..., :across])
    return is_finite(values)


def _write(given: Operands, blocks: Blocks, rows: slice, values: Array) -> None:
    """Write (*steps, G, rows, n, *tiles) where it belongs."""
    n, _, *output = given.out.shape
    y = given.out.reshape(n, given.groups, -1, *output)[blocks.images, :, rows]
    starts = tuple(f * m for f, m in zip(blocks.first, given.steps, strict=True))
    ends = tuple(s + t * m for s, t, m in zip(starts, blocks.tiles, given.steps, strict=True))
    box: Index = (..., *map(slice, starts, ends))
    y = y[box].transpose(1, 2, 0, *range(3, y.ndim))
    dims = len(output)
    if all(end <= size for end, size in zip(ends, output, strict=True)):  # whole tiles: m copies in all
        split = (size for pair in zip(blocks.tiles, given.steps, strict=True) for size in pair)
        y = y.reshape(*y.shape[:3], *split)
        y = y.transpose(*range(4, 4 + 2 * dims, 2), 0, 1, 2, *range(3, 3 + 2 * dims, 2))
        for phase in range(given.steps[-1]):
            part: Index = (*(slice(None),) * (dims - 1), phase)
            y[part] = values[part]
        return
    for phases in np.ndindex(given.steps):
        every: Index = (..., *(slice(p, None, m) for p, m in zip(phases, given.steps, strict=True)))
        goal = y[every]
        whole: Index = (*phases, *(slice(None),) * 3, *map(slice, goal.shape[3:]))
        goal[...] = values[whole]
