"""What minimal filtering does besides transforming tiles: weights transformed, products, results written.

Tiles stay innermost all the way: with channels innermost, gathering took 1.1 to 1.7 times, the products up to 1.35
times, and writing (N, O, *spatial) up to twice as long. What the matrices are: `pyconv.kernels.conv.cook_toom`; how
inputs and products are transformed: `pyconv.kernels.conv.winograd_program`.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from pyconv.kernels.conv.spoilt import is_finite
from pyconv.kernels.conv.winograd_program import matrix_of
from pyconv.kernels.conv.winograd_tiles import Blocks, Index, Operands
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]

LONGEST_RUN = 1 << 12
"""Weights that are turned round by a copy and transformed at once."""
SUMMED = 1 << 19
"""Bytes of products that are made in parts and summed up at once."""


def transform_weights(given: Operands, rows: slice, depth: slice, made: Array) -> None:
    """Write the transformed weights of some channels of each group into (points, G, depth, rows).

    Where that has the memory order of w, one product makes them; else one for each of the input channels.
    """
    matrix = matrix_of(given.filters, "taps", given.dtype)
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
    run = LONGEST_RUN
    for start in range(0, len(taps), run):
        some = slice(start, start + run)
        part = taps[some].T
        columns = scratch("taps", part.shape, goal.dtype)
        columns[...] = part
        np.matmul(matrix, columns, out=goal[:, some])


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


def finish(given: Operands, blocks: Blocks, rows: slice, values: Array) -> bool:
    """Add the bias to values (∏ steps, G, rows, T) and write them; returns whether they are finite."""
    if given.b is not None:
        values += given.b.reshape(given.groups, -1, 1)[:, rows]
    *lead, across = blocks.lead
    tiles = values.reshape(*given.steps, *values.shape[1:3], *lead, across + given.extra)
    _write(given, blocks, rows, tiles)
    return is_finite(values)


def _write(given: Operands, blocks: Blocks, rows: slice, values: Array) -> None:
    """Write (*steps, G, rows, n, *(tiles and extras)) where it belongs."""
    n, _, *output = given.out.shape
    y = given.out.reshape(n, given.groups, -1, *output)[blocks.images, :, rows]
    starts = tuple(f * m for f, m in zip(blocks.first, given.steps, strict=True))
    ends = tuple(s + t * m for s, t, m in zip(starts, blocks.tiles, given.steps, strict=True))
    box: Index = (..., *map(slice, starts, ends))
    y = y[box].transpose(1, 2, 0, *range(3, y.ndim))
    dims = len(output)
    if all(end <= size for end, size in zip(ends[:-1], output, strict=False)):  # whole tiles: m copies in all
        split = (size for pair in zip(blocks.tiles, given.steps, strict=False) for size in pair)
        y = y.reshape(*y.shape[:3], *itertools.islice(split, 2 * dims - 2), y.shape[-1])
        y = y.transpose(*range(4, 1 + 2 * dims, 2), 0, 1, 2, *range(3, 1 + 2 * dims, 2), y.ndim - 1)
        for phase in range(given.steps[-1]):
            goal = y[..., phase :: given.steps[-1]]
            part: Index = (*(slice(None),) * (dims - 1), phase, ..., slice(goal.shape[-1]))
            goal[...] = values[part]
        return
    for phases in np.ndindex(given.steps):
        every: Index = (..., *(slice(p, None, m) for p, m in zip(phases, given.steps, strict=True)))
        goal = y[every]
        whole: Index = (*phases, *(slice(None),) * 3, *map(slice, goal.shape[3:]))
        goal[...] = values[whole]
