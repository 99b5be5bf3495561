"""Tiles of columns and matrix products: what the taps read is gathered, a bounded tile at a time.

The whole column matrix is never in memory. The product of the weights and a tile of columns goes straight into
the output where no cast is needed. The gradient with respect to x is the transposed product, scattered back
tap by tap; with respect to w it is the sum over tiles of gy times the transposed columns.

Pieces for several threads: the forward pass is cut by output positions, each piece with columns of its own, or,
where an image has few positions and the weights are large, by output channels over columns that they share. Each tile
is padded where its columns are gathered: on eight images 0.95 of the time of padding them all before. The gradient
with respect to w is cut by positions, each piece with a sum of its own, where these sums are small and the positions
many: measured beside torch 2.13 on two threads, 1.4 to 1.8 where pieces by input channels, each of which
reads all of gy, take 2.1 to 3.1 (3×7×7/2 in three dimensions, 11×11/4, 3×3 of 64 channels). Else, and the gradient with
respect to x always, by input channels, of which each piece owns the columns that it gathers or scatters.

Where layers of 3×3/2, 5×5, 1×7 are slower than torch's, the product itself is: at 160 to 230 GFLOP/s on two threads it
takes 0.9 to 1.3 times what torch takes for all of it, and copying, on one thread, 0.1 to 0.7 besides. (On one thread
OpenBLAS multiplies 64×576 matrices by columns in the cache at 125 to 135 GFLOP/s, 512×2304 ones at 155, and
`torch.mm` both at 180.) Tried and no faster there: two to eight pieces on two threads below 100 million
multiplications (1 to 2 times as long, but 0.75 to 0.9 for 11×11/4); smaller tiles (1.1 times with 1 MiB on two threads,
1.3 with 512 KiB); twice the 196 positions beside 512×2304 and 512×4608 weights (0.93 to 0.98 on one thread, 1.03 to
1.2 on two); kernel rows as overlapping windows of rows that lie once for each kernel column, with a product for
each row of y (on one thread 0.65 for 3×3/2 of three channels, 1 to 2.5 elsewhere, for want of long products); a stride
along the rows taken out first, so that columns are copied in runs (0.9 for 7×7/2, 0.95 for 5×5/2, 1 to 1.05 for
3×3/2); positions rounded up to a multiple of 64; either operand transposed; a dilated layer as images of every other
pixel; channels innermost for three of them (0.95 to 1.05 for 11×11/4 and 7×7/2, 1.9 for 3×3/2); a strided layer's
phases stacked as channels, and then minimal filtering: F(2, 3) takes 1.4 to 1.9 times as long for 11×11/4 and 5×5/2,
F(2, 4) 2.2 to 2.6 for 7×7/2, F(3, 2) and F(4, 2) 2 to 5 for 3×3/2.

K. Chellapilla, S. Puri, P. Simard, "High Performance Convolutional Neural Networks for Document Processing",
IWFHR 2006, describes the product with the whole matrix.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.gather import copy_rows
from pyconv.kernels.conv.tiles import (
    SHORTEST_PIECES,
    Channels,
    Tile,
    channel_blocks,
    channel_count,
    channel_parts,
    grouped,
    parts_wanted,
    read,
    reads,
    split_channels,
    tiles,
)
from pyconv.kernels.scratch import scratch
from pyconv.kernels.window import crop, last, pad

Array = np.ndarray[Any, Any]

COLUMN_BLOCK = 4 << 20
"""Bytes of a tile of columns: about twice what a core's second-level cache holds, for longer products."""
WEIGHT_BLOCK = 4 << 20
"""Bytes of a block of weights that has to be cast, or of a block of their gradient."""
GATHERED_RUN, SCATTERED_RUN = 180, 600
"""Bytes that could be moved in the time that it takes to begin a row of columns, copied or added."""
JOINED_RUN = 80
"""The same where one thread joins images, forward: 256 and 512 channels of 2×2 to 4×4 take 0.6 to 0.94 of the time of
`channels_last`."""
ALONE = 2.0
"""How many times as long columns take that one thread gathers for all."""
SUMS = 8 << 20
"""Bytes of the sums that runs of positions form of the gradient with respect to w."""
SHORTEST_SUM = 1024
"""Output positions of such a run at the least."""
SHORTEST_RUN = 96
"""Output positions below which a product that reads all the weights is too narrow: then images are joined."""
MANY, LONG_RUN = 1 << 19, 192
"""Weights of a group, in float32 as much as a core's second-level cache holds, from which a piece has more positions:
so many at least, in an even number of pieces."""
NARROW, DEEP = 64, 512
"""Output channels of a group up to which, and terms from which, the forward pass takes tiles of half the size: 0.87 of
the time for 64 channels of 56×56 to 64, 3×3, on one and on eight images; no gain with 147 or 363 terms."""


def _parts(conv: Conv, dtype: np.dtype[Any], width: int, most: int | None = None) -> list[Tile]:
    """Tiles of at most `most` positions, whose buffers of `width` elements a position fit."""
    limit = COLUMN_BLOCK // (width * dtype.itemsize)
    return _cut(conv, limit if most is None else min(limit, most))


@lru_cache(maxsize=128)
def _cut(conv: Conv, limit: int) -> list[Tile]:
    """The tiles, made once: beside the data of a product, which has driven them out of the cache, they take 0.1 ms."""
    return list(tiles(conv, limit))


def _blocks(conv: Conv, dtype: np.dtype[Any], whole: bool) -> list[slice]:
    """All output channels at once where that takes no memory, else blocks of them."""
    if whole:
        return [slice(0, conv.out_channels // conv.groups)]
    return list(channel_blocks(conv, conv.terms, dtype.itemsize, WEIGHT_BLOCK))


def _columns(images: Array, conv: Conv, tile: Tile, dtype: np.dtype[Any]) -> Array:
    """What the taps read of (N, G, C/G, *spatial), gathered: (n, G, K, P), or (1, G, K, nP) where images are joined."""
    view = read(images, conv, tile)
    if _joins(tile):
        view = np.moveaxis(view, 0, -1 - conv.window.ndim)
    columns = scratch("columns", view.shape, dtype)
    _gather(view, columns)
    return columns.reshape(1 if _joins(tile) else tile.count, conv.groups, conv.terms, -1)


def _gather(view: Array, columns: Array) -> None:
    """Copy what taps read; row by row where the elements of a row lie side by side."""
    if view.dtype == columns.dtype and view.strides[-1] == view.itemsize and view.shape[-1] > 1:
        copy_rows(view, columns)
    else:
        np.copyto(columns, view)


def _joins(tile: Tile) -> bool:
    """Whether the images of a tile stand side by side in one product."""
    return tile.count > 1 and tile.positions < SHORTEST_RUN


def _matrix(w: Array, conv: Conv, block: slice, dtype: np.dtype[Any]) -> Array:
    """(O, C/G, *kernel) → (G, block, K), cast where it has to be."""
    return w.reshape(conv.groups, -1, conv.terms)[:, block].astype(dtype, copy=False)


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    dtype = dtypes.accumulation(x.dtype)
    images, result = split_channels(x, conv.groups), grouped(out, conv)
    wanted = parts_wanted(conv)
    run = _run(conv)
    by_positions = wanted == 1 or _by_positions(conv)
    for block in _blocks(conv, dtype, dtype == w.dtype):
        matrix = _matrix(w, conv, block, dtype)
        bias = None if b is None else b.reshape(conv.groups, -1, 1)[:, block]
        width = conv.groups * max(conv.terms, matrix.shape[1])
        if by_positions:
            work = partial(_tile, images, matrix, bias, result[:, :, block], conv)
            half = matrix.shape[1] <= NARROW and conv.terms >= DEEP
            threads.each(work, _parts(conv, dtype, 2 * width if half else width, run))
            continue
        pieces = channel_parts(conv.groups, matrix.shape[1], wanted)
        for tile in _parts(conv, dtype, width):
            columns = _columns(images, conv, tile, dtype)
            work_on = partial(_rows, columns, matrix, bias, result[tile.images, :, block, tile.run])
            threads.each(work_on, pieces)


def _by_positions(conv: Conv) -> bool:
    """Whether several threads share the forward pass by its positions, each with columns of its own."""
    return parts_wanted(conv) > 1 and _run(conv) >= SHORTEST_RUN


def _run(conv: Conv) -> int:
    """The positions of a piece; where the weights are many so many that they are read less often."""
    total, wanted = conv.batch * conv.positions, parts_wanted(conv)
    if conv.out_channels * conv.terms >= MANY * conv.groups and total >= 2 * LONG_RUN:
        wanted = min(wanted, total // LONG_RUN // 2 * 2)
    return -(-total // wanted)


def _tile(images: Array, matrix: Array, bias: Array | None, result: Array, conv: Conv, tile: Tile) -> None:
    """The product for one tile, all channels."""
    columns = _columns(images, conv, tile, matrix.dtype)
    _product(matrix, columns, bias, result[tile.images, ..., tile.run])


def _rows(columns: Array, matrix: Array, bias: Array | None, result: Array, piece: Channels) -> None:
    """The product for some output channels, a tile of all."""
    groups, rows = piece
    part = None if bias is None else bias[groups, rows]
    _product(matrix[groups, rows], columns[:, groups], part, result[:, groups, rows])


def _product(matrix: Array, columns: Array, bias: Array | None, target: Array) -> None:
    """(G, O/G, K) times (n, G, K, P) or (1, G, K, nP), plus a bias, into (n, G, O/G, P)."""
    shape = (len(columns), *matrix.shape[:2], columns.shape[-1])
    direct = matrix.dtype == target.dtype and shape == target.shape
    y = target if direct else scratch("product", shape, matrix.dtype)
    np.matmul(matrix, columns, out=y)
    if bias is not None:
        y += bias
    if not direct:
        n, groups, rows, positions = target.shape
        target[...] = np.moveaxis(y.reshape(-1, groups, rows, n // len(y), positions), 3, 1).reshape(target.shape)


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    dtype = dtypes.accumulation(gy.dtype)
    direct = out.dtype == dtype and not conv.window.is_padded and out.flags.c_contiguous
    padded = out if direct else np.empty((*conv.x_shape[:2], *conv.window.padded(conv.input)), dtype)
    padded[...] = 0
    cotangent = grouped(np.ascontiguousarray(gy), conv)
    pieces = channel_parts(conv.groups, conv.in_channels // conv.groups, parts_wanted(conv))
    widest = conv.window.taps * max(channel_count(piece) for piece in pieces)
    for block in _blocks(conv, dtype, dtype == w.dtype):
        matrix = _matrix(w, conv, block, dtype).reshape(conv.groups, -1, *conv.w_shape[1:])
        for tile in _parts(conv, dtype, max(widest, 0 if dtype == gy.dtype else conv.groups * matrix.shape[1])):
            g = cotangent[tile.images, :, block, tile.run].astype(dtype, copy=False)
            target = reads(padded, conv, tile)
            threads.each(partial(_scatter, g, matrix, target), pieces)
    if not direct:
        out[...] = crop(padded, conv.window.padding)


def _scatter(g: Array, matrix: Array, target: Array, piece: Channels) -> None:
    """Add (n, G, O/G, P) cotangents times the weights of some input channels to what their taps read."""
    groups, channels = piece
    weights, goal = matrix[groups, :, channels], target[:, groups, channels]
    kernel = weights.shape[3:]
    columns = scratch("columns", goal.shape, matrix.dtype)
    transposed = weights.reshape(*weights.shape[:2], -1).swapaxes(1, 2)
    np.matmul(transposed, g[:, groups], out=columns.reshape(*goal.shape[:2], -1, g.shape[-1]))
    for tap in np.ndindex(kernel):
        index = last(*tap, *(slice(None) for _ in kernel))
        goal[index] += columns[index]


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    dtype = dtypes.accumulation(x.dtype)
    padded = pad(x, conv.window.padding)
    result, cotangent = out.reshape(conv.groups, -1, *conv.w_shape[1:]), grouped(np.ascontiguousarray(gy), conv)
    wanted, positions = parts_wanted(conv), conv.batch * conv.positions
    most = min(SUMS // (out.size * dtype.itemsize), positions // SHORTEST_SUM)
    runs = min(wanted, most - most % 2)  # even, so that two threads end together
    if runs > 1:
        width = conv.groups * max(conv.terms, result.shape[1])
        parts = _parts(conv, dtype, width, -(-positions // runs))
        _sum_of_runs(padded, cotangent, conv, [parts[i::runs] for i in range(runs)], result)
        return
    pieces = channel_parts(conv.groups, conv.in_channels // conv.groups, wanted)
    widest = conv.window.taps * max(channel_count(piece) for piece in pieces)
    for block in _blocks(conv, dtype, whole=False):
        parts = _parts(conv, dtype, max(widest, conv.groups * (block.stop - block.start)))
        threads.each(partial(_correlate, padded, cotangent[:, :, block], conv, parts, result[:, block]), pieces)


def _sum_of_runs(padded: Array, cotangent: Array, conv: Conv, runs: list[list[Tile]], result: Array) -> None:
    """Write the gradient with respect to w: the sum of those over each list of tiles."""
    groups, rows, *shape = result.shape
    sums = np.zeros((len(runs), groups, conv.terms, rows), dtypes.accumulation(padded.dtype))
    everything = slice(0, groups), slice(0, shape[0])

    def work(i: int) -> None:
        # (G, K, nP) times the transposed (G, O/G, nP): faster on one thread than the other way round
        for columns, g in _operands(padded, cotangent, conv, runs[i], everything):
            product = scratch("product", sums.shape[1:], sums.dtype)
            sums[i] += np.matmul(columns, g.swapaxes(1, 2), out=product)

    threads.each(work, range(len(runs)))
    for part in sums[1:]:
        sums[0] += part
    result[...] = np.moveaxis(sums[0].reshape(groups, *shape, rows), -1, 1)


def _correlate(padded: Array, cotangent: Array, conv: Conv, parts: list[Tile], result: Array, piece: Channels) -> None:
    """Write the gradient for the weights of some input channels: over all tiles, gy times what they read."""
    goal = result[piece[0], :, piece[1]]
    total = np.zeros((*goal.shape[:2], math.prod(goal.shape[2:])), dtypes.accumulation(padded.dtype))
    for columns, g in _operands(padded, cotangent, conv, parts, piece):
        product = scratch("product", total.shape, total.dtype)
        total += np.matmul(g, columns.swapaxes(1, 2), out=product)
    goal[...] = total.reshape(goal.shape)


def _operands(
    padded: Array, cotangent: Array, conv: Conv, parts: list[Tile], piece: Channels
) -> Iterator[tuple[Array, Array]]:
    """For each tile what the taps read of some input channels, (G, K, nP), and their cotangents, (G, O/G, nP)."""
    groups, channels = piece
    dtype = dtypes.accumulation(padded.dtype)
    for tile in parts:
        view = np.moveaxis(reads(padded, conv, tile)[:, groups, channels], 0, -1 - conv.window.ndim)
        columns = scratch("columns", view.shape, dtype)
        _gather(view, columns)
        g = np.moveaxis(cotangent[tile.images, groups, :, tile.run], 0, 2)
        if tile.count > 1 or g.dtype != dtype:
            values, g = g, scratch("cotangent", g.shape, dtype)
            np.copyto(g, values)
        size = tile.count * tile.positions
        yield columns.reshape(len(columns), -1, size), g.reshape(*g.shape[:2], size)


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """Whether one column of all groups fits a tile, and one row of weights a block."""
    width = conv.groups * conv.terms * dtypes.accumulation(dtype).itemsize
    return width <= min(COLUMN_BLOCK, WEIGHT_BLOCK)


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    item = dtypes.accumulation(dtype).itemsize
    gathered = conv.batch * conv.positions * conv.in_channels * conv.window.taps * item
    rows = conv.out_channels // conv.groups
    count = max(1, gathered // COLUMN_BLOCK)
    products = conv.groups * max(count, conv.batch)
    scatter = 4.0 if name == "input_grad" else 2.0 if conv.window.stride[-1] == 1 else 3.2
    steps = {"forward": 4, "input_grad": 4 + conv.window.taps, "weight_grad": 12}[name]
    calls = steps * count + products / 4
    blocks = min(WEIGHT_BLOCK, conv.out_channels * conv.terms * item)
    workspace = 2 * COLUMN_BLOCK + (2 * blocks if name == "weight_grad" or item != dtype.itemsize else 0)
    workspace += SUMS if name == "weight_grad" else 0
    scatter *= 1.0 if conv.groups == 1 else 2.0
    written = 3.0 * conv.out_channels * conv.terms * item if name == "weight_grad" else 0.0
    alone = name == "forward" and not _by_positions(conv)
    joined = alone and conv.batch > 1 and conv.positions < SHORTEST_RUN
    begun = SCATTERED_RUN if name == "input_grad" else JOINED_RUN if joined else GATHERED_RUN
    runs = gathered // item // conv.output[-1] * begun
    moved = (ALONE if alone else 1.0) * (scatter * gathered + runs) + written
    return Estimate(2.0 * conv.multiplications, min(1.0, rows / 16), moved, calls, workspace)


ALGORITHM = Algorithm("im2col", _supports, _estimate, forward, input_grad, weight_grad, blas_below=SHORTEST_PIECES)
