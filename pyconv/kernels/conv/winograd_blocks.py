"""What minimal filtering does besides transforming tiles: weights transformed, products, results written.

Channels are innermost in inputs and products, as `pyconv.kernels.conv.winograd_program` leaves them, and lines of
outputs when they are written.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.kernels.conv.spoilt import is_finite
from pyconv.kernels.conv.winograd_axis import ordered
from pyconv.kernels.conv.winograd_program import matrix_of
from pyconv.kernels.conv.winograd_tiles import Blocks, Operands
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]

SUMMED = 1 << 19
"""Bytes of products that are made in parts and summed up at once."""
FEW = 64
"""Tiles that are few."""
SHORT = 64
"""Input channels whose weights are transformed at once for them."""
APART = 16
"""Elements between the weights of two input channels, so that they do not all fall on the same places of the cache."""


def transform_weights(given: Operands, rows: slice, depth: slice, made: Array) -> None:
    """Write the transformed weights of some channels of each group into (points, G, depth, rows).

    By one product for each of the input channels. In the memory order of w, with rows before depth, it takes 0.5 to 0.9
    of the time, and the products that read them 1.1 to 1.6 times as long.
    """
    matrix = matrix_of(given.filters, "taps", given.dtype)
    if given.turned:
        matrix = matrix[:, ::-1]
    w = given.w.reshape(given.groups, -1, given.w.shape[1], matrix.shape[1])
    w = (w[:, depth, rows] if given.turned else w[:, rows, depth].swapaxes(1, 2)).astype(given.dtype, copy=False)
    matrix = ordered(matrix, w.shape[2])
    for group, taps in enumerate(w):
        np.matmul(matrix, taps.swapaxes(1, 2), out=made[:, group].swapaxes(0, 1))


def multiply(given: Operands, weights: Array, made: Array, products: Array) -> None:
    """For each point and group (T, C/G) times (C/G, rows), into (points, T, G, rows)."""
    v, y = made.swapaxes(1, 2), products.swapaxes(1, 2)
    step = -(-given.depth // -(-given.depth // given.longest_sum))
    if step == given.depth:
        np.matmul(v, weights, out=y)
        return
    count = max(1, SUMMED // products[0].nbytes)
    for first in range(0, given.points, count):
        some = slice(first, first + count)
        total = np.matmul(v[some, ..., :step], weights[some, :, :step], out=y[some])
        more = scratch("more products", total.shape, given.dtype)
        for start in range(step, given.depth, step):
            part = slice(start, start + step)
            total += np.matmul(v[some, ..., part], weights[some, :, part], out=more)


def transform_and_multiply(given: Operands, rows: slice, made: Array, products: Array) -> None:
    """The same for some output channels, whose weights are transformed for it.

    Where tiles are few, by 64 input channels at a time, or as many as a sum may have, which stay in the cache, and each
    one's weights side by side at all points: so written, 512 · 512 of F(4, 3) take a quarter of the time that they take
    point by point, and BLAS does not pack products so small. With 512 channels on 28² and 14² and with 256 on 28²
    F(4, 3) takes 0.78 to 0.94 of the processor's time, with eight images of 7² 0.89; F(2, 3) 0.9 with 49 tiles, but
    with 128 and 196 1.05 to 1.1.
    """
    height = rows.stop - rows.start
    if made.shape[1] > FEW:
        weights = scratch("weights", (given.points, given.groups, given.depth, height), given.dtype)
        transform_weights(given, rows, slice(0, given.depth), weights)
        multiply(given, weights, made, products)
        return
    width = given.points * given.groups * height
    most = min(SHORT, given.depth, given.longest_sum)
    weights = scratch("weights", (most, width + APART), given.dtype)[:, :width]
    weights = weights.reshape(most, given.points, given.groups, height).transpose(1, 2, 0, 3)
    v, y = made.swapaxes(1, 2), products.swapaxes(1, 2)
    more = scratch("more products", y.shape, given.dtype)
    for start in range(0, given.depth, most):
        depth = slice(start, min(given.depth, start + most))
        some = weights[:, :, : depth.stop - start]
        transform_weights(given, rows, depth, some)
        if start:
            y += np.matmul(v[..., depth], some, out=more)
        else:
            np.matmul(v[..., depth], some, out=y)


def finish(given: Operands, block: Blocks, rows: slice, values: Array) -> bool:
    """Add the bias to values (*steps, *tiles backwards, n, O, W) and write them; returns whether they are finite."""
    if given.b is not None:
        bias = given.b.reshape(given.groups, -1)[:, rows]
        values += bias.reshape(-1, 1)
    _write(given, block, rows, values.reshape(*values.shape[:-2], given.groups, -1, values.shape[-1]))
    return is_finite(values)


def _write(given: Operands, block: Blocks, rows: slice, values: Array) -> None:
    """Write (*steps, *tiles backwards, n, G, rows, W) where it belongs: all dimensions but the last one by steps."""
    n, _, *output = given.out.shape
    y = given.out.reshape(n, given.groups, -1, *output)[block.images, :, rows]
    left = block.first[-1] * given.steps[-1]
    y = y[..., left : left + values.shape[-1]]
    dims, steps = len(output) - 1, given.steps[:-1]
    starts = [f * m for f, m in zip(block.first, steps, strict=False)]
    ends = [s + t * m for s, t, m in zip(starts, block.tiles, steps, strict=False)]
    if dims == 1 and ends[0] <= output[0]:
        y = y[..., starts[0] : ends[0], :].reshape(*y.shape[:3], block.tiles[0], steps[0], -1)
        y.transpose(4, 3, 0, 1, 2, 5)[...] = values
        return
    y = y.transpose(*range(2 + dims, 2, -1), 0, 1, 2, 3 + dims)
    for phases in np.ndindex(steps):
        every = [slice(s + p, e, m) for s, e, m, p in zip(starts, ends, steps, phases, strict=True)]
        goal = y[tuple(every[::-1])]
        inside = (*phases, *map(slice, goal.shape[:dims]))
        goal[...] = values[inside]
