"""The stages of minimal filtering: weights, inputs and outputs transformed, products between.

Every stage is one or two calls on a whole block: two threads that work on blocks side by side need the interpreter
between calls, and wait for one another there. One dimension after the other is transformed by products with its small
matrix: for F(4, 3) of 64 channels in half the time of one product with the Kronecker product of all matrices. The
last dimension is cut up into every m-th input before, so that what all tiles need there is a run; where a point is
the sum or difference of two inputs, as in F(2, 3), such runs are added up. (Along the other dimensions sums are no
faster than products: what both write takes the time.) Tiles stay innermost all the way: with channels innermost,
gathering took 1.1 to 1.7 times, the products up to 1.35 times, and writing (N, O, *spatial) up to twice as long. What
the matrices are: `pyconv.kernels.conv.cook_toom`; what is gathered: `pyconv.kernels.conv.winograd_tiles`.

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
Sum = tuple[np.ufunc, int, int]

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
    heights, sums = (*inputs(given, tiles)[1:], 1), _sums(last)
    current = image[None]  # (points so far, every m-th input, lines, this dimension's inputs, the rest)
    for f, count, height in zip(firsts, tiles, heights, strict=False):
        done, phases, lines, _, size = current.shape
        *outer, row, item = current.strides
        windows = np.lib.stride_tricks.as_strided(
            current, (done, phases, lines, count, f.points, size), (*outer, f.outputs * row, row, item)
        )
        slots = last.points if f is firsts[-1] and not sums else phases
        goal = turns.take(done, f.points, slots, lines, count, size)
        np.matmul(_matrix((f,), "inputs", given.dtype), windows, out=np.moveaxis(goal[:, :, :phases], 1, -2))
        current = goal.reshape(done * f.points, slots, lines * count, height, size // height)
    runs = current.reshape(*current.shape[:2], -1)
    shape = (len(runs), last.points, runs.shape[-1])
    goal = turns.take(*shape) if made is None else made.reshape(shape)
    if sums:
        _add(sums, last.outputs, runs, goal)
    else:
        for k in range(last.outputs, last.points):  # the same inputs of the next tile
            runs[:, k, :-1] = runs[:, k - last.outputs, 1:]
            runs[:, k, -1] = 0
        _apply(_matrix((last,), "inputs", given.dtype), runs, goal)
    return goal.reshape(given.points, -1)


@lru_cache(maxsize=64)
def _sums(f: Filtering) -> list[Sum]:
    """For each point the two inputs that are added or subtracted; empty where a point asks for more."""
    found: list[Sum] = []
    for row in f.inputs:
        terms = sorted((-value, i) for i, value in enumerate(row) if value)
        if [-value for value, _ in terms] not in ([1, 1], [1, -1]):
            return []
        (_, i), (other, j) = terms
        found.append((np.add if other < 0 else np.subtract, i, j))
    return found


def _add(sums: list[Sum], outputs: int, runs: Array, goal: Array) -> None:
    """Write each point's sum or difference of runs (…, m, N), of which later ones are those of the next tiles."""
    size = runs.shape[-1] - max(max(i, j) for _, i, j in sums) // outputs

    def run(k: int) -> Array:
        return runs[:, k % outputs, k // outputs :][:, :size]

    for point, (add, i, j) in enumerate(sums):
        add(run(i), run(j), out=goal[:, point, :size])
    goal[:, :, size:] = 0


def multiply(given: Operands, weights: Array, made: Array, products: Array) -> None:
    """For each point and group (rows, C/G) times (C/G, T), into (points, G, rows, T)."""
    v = made.reshape(given.points, given.groups, given.depth, -1)
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
