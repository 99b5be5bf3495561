"""Small images side by side: rows × channels × columns × images, in which one product serves many images.

Where an element's neighbour in memory is the same element of the next image, what a tap reads in a row is one run for
all of them. A row is copied once for every kernel column, and the rows that a row of y reads are then one matrix as
they lie, rows of the image over each other; the product of the weights with it is that row of y for every image. The
gradient with respect to x is the same from y to x, where each kernel column has a row of its own in the product, and
they are added up after it; with respect to w it is the sum over rows of gy times the transposed matrix.

Measured beside torch 2.13 on two threads of a server with AVX-512, by the functional interface: LeNet's two layers
1.0 and 1.4 on 8 images, 1.6 and 2.7 to 3.1 on 64 (by columns 1.3 and 2.0, 1.8 and 5.0), 5×5 images 0.7 on 64 (by
columns 1.7). The gradients take a third to two thirds of what they take by columns. Products of 160 places run at 130
GFLOP/s, of 640 at 80; of the second of LeNet's layers on 64 images they are half of the time, and 1.4 times what
torch takes for it all. Tiles on several threads took 1.2 times as long as one after the other: they are shared out only
where there are many.

What lies in the padding of gy times an infinite weight is no zero: with weights that are not finite the gradient with
respect to x is `direct`'s.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv import direct
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.image_piles import (
    BLOCK,
    PILE,
    Sizes,
    Tile,
    filters_of,
    images_last,
    placed,
    reach,
    read,
    row_bytes,
    sizes_of,
    tiles_of,
    weight_bytes,
    windows,
)
from pyconv.kernels.conv.tiles import SHORTEST_PIECES
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]

PARTS = 8
"""Pieces into which the sums of the weights' gradient are cut at most."""
HEAVIEST = 1 << 17
"""Bytes of the weights of the largest layer: they are copied, and their gradient is formed for each row."""
TURNED = 8.0
"""How many times the bytes of the weights could be moved in runs in the time that it takes to turn them."""


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    sizes, dtype = sizes_of(conv), dtypes.accumulation(x.dtype)
    source, target = images_last(x, sizes), images_last(out, sizes)
    # (G, 1, O/G, K), K = kernel rows × columns × channels
    matrix = filters_of(w, sizes).transpose(0, 1, 3, 4, 2).astype(dtype, order="C", copy=False)
    matrix = matrix.reshape(sizes.groups, 1, sizes.height, -1)
    bias = None if b is None else b.astype(dtype, copy=False).reshape(sizes.groups, 1, -1, 1)

    def work(tile: Tile) -> None:
        goal = target[:, tile.rows, ..., tile.images]
        groups, rows, height, columns, images = goal.shape
        seen = read(source[..., tile.images], sizes, slice(tile.rows.start, tile.rows.start + rows), dtype)
        if images == 1 and goal.dtype == dtype:
            y = goal[..., 0]
        else:
            y = scratch("product", (groups, height, rows, columns * images), dtype).swapaxes(1, 2)
        np.matmul(matrix, seen, out=y)
        if bias is not None:
            y += bias
        if images > 1 or goal.dtype != dtype:
            goal[...] = y.reshape(goal.shape)

    threads.each(work, tiles_of(conv, "forward", dtype.itemsize))


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    if not np.isfinite(w).all():
        direct.input_grad(gy, w, conv, out)
        return
    sizes, dtype = sizes_of(conv), dtypes.accumulation(gy.dtype)
    source, target = images_last(gy, sizes), images_last(out, sizes)
    weights, stride = filters_of(w, sizes).astype(dtype, copy=False), sizes.rows[1]
    phases = [_phase(weights, sizes, number) for number in range(stride)]

    def work(tile: Tile) -> None:
        given = source[..., tile.images]
        for number, phase in enumerate(phases):
            rows = slice(tile.rows.start + number, tile.rows.stop, stride)
            goal = target[:, rows, ..., tile.images]
            if goal.shape[1]:
                _spread(given, phase, sizes, tile.rows.start // stride, goal)

    threads.each(work, tiles_of(conv, "input_grad", dtype.itemsize))


class Phase(NamedTuple):
    """What the rows of x whose number has one remainder by the stride read.

    Attributes:
        matrix: (G, 1, kernel columns × C/G, kernel rows × O/G), the rows from the last to the first.
        taps: the kernel rows.
        first: the row of gy that the first of the rows of x reads first; negative where there is none.
    """

    matrix: Array
    taps: int
    first: int


def _phase(weights: Array, sizes: Sizes, number: int) -> Phase:
    _, stride, _, low, *_ = sizes.rows
    tap = (number + low) % stride
    turned = weights[:, :, :, tap::stride][:, :, :, ::-1].transpose(0, 4, 2, 3, 1)
    count = turned.shape[3]
    matrix = turned.reshape(sizes.groups, 1, sizes.columns[0] * sizes.depth, -1)
    return Phase(matrix, count, (number + low - tap) // stride - count + 1)


def _spread(gy: Array, phase: Phase, sizes: Sizes, start: int, target: Array) -> None:
    """The gradient of some rows from one `start` strides down: (G, rows, O/G, columns, n) → (G, rows, C/G, …)."""
    across, stride, dilation, left, width, output = sizes.columns
    rows, count, dtype = target.shape[1], gy.shape[-1], phase.matrix.dtype
    if not phase.taps:
        target[...] = 0
        return
    padded = placed("padded", gy, (-phase.first - start, rows + phase.taps - 1), (0, output), dtype)
    seen = windows(padded, phase.taps, 1, rows, sizes.height, output * count)
    product = scratch("product", (sizes.groups, rows, across * sizes.depth, output * count), dtype)
    np.matmul(phase.matrix, seen, out=product)
    product = product.reshape(sizes.groups, rows, across, sizes.depth, output, count)
    length = max(reach(sizes.columns), left + width)
    total = scratch("columns", (sizes.groups, rows, sizes.depth, length, count), dtype)
    total.fill(0)
    for tap in range(across):
        first = tap * dilation
        total[..., first : first + (output - 1) * stride + 1 : stride, :] += product[:, :, tap]
    target[...] = total[..., left : left + width, :]


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    sizes, dtype = sizes_of(conv), dtypes.accumulation(x.dtype)
    source, cotangent, tiles = (
        images_last(x, sizes),
        images_last(gy, sizes),
        tiles_of(conv, "weight_grad", dtype.itemsize),
    )
    length = -(-len(tiles) // PARTS)
    parts = [tiles[i : i + length] for i in range(0, len(tiles), length)]
    sums: list[Array] = [np.empty(0)] * len(parts)

    def product(tile: Tile) -> Array:
        part = cotangent[:, tile.rows, ..., tile.images].transpose(0, 1, 3, 4, 2)
        rows = slice(tile.rows.start, tile.rows.start + part.shape[1])
        seen = read(source[..., tile.images], sizes, rows, dtype)
        lines = scratch("cotangent", part.shape, dtype)
        np.copyto(lines, part)
        # (G, rows, K, P) times (G, rows, P, O/G)
        return np.matmul(seen, lines.reshape(*part.shape[:2], -1, part.shape[-1])).sum(1)

    def work(i: int) -> None:
        with np.errstate(invalid="ignore"):  # BLAS raises the flag at times for numbers that it leaves out
            sums[i] = product(parts[i][0])
            for tile in parts[i][1:]:
                sums[i] += product(tile)

    threads.each(work, range(len(parts)))
    total = sum(sums[1:], sums[0]).reshape(sizes.groups, sizes.rows[0], sizes.columns[0], sizes.depth, sizes.height)
    filters_of(out, sizes)[...] = total.transpose(0, 4, 3, 1, 2)


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """One or two dimensions, rows that are not dilated or cropped; and no buffer larger than one that is kept."""
    wide = dtypes.accumulation(dtype)
    if conv.window.ndim > 2 or wide.kind not in "fc" or not conv.multiplications or conv.window.taps == 1:
        return False
    taps, _, dilation, *_ = sizes_of(conv).rows
    plain = (dilation == 1 or taps == 1) and all(min(pair) >= 0 for pair in conv.window.padding)
    small = weight_bytes(conv, wide.itemsize) <= HEAVIEST
    return plain and small and min(conv.batch, PILE) * taps * row_bytes(conv, wide.itemsize) <= LIMIT // 4


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    item = dtypes.accumulation(dtype).itemsize
    sizes, tiles = sizes_of(conv), tiles_of(conv, name, item)
    images, rows = tiles[0].images.stop, tiles[0].rows.stop - tiles[0].rows.start
    taps, stride, *_ = sizes.rows
    across, *_, output = sizes.columns
    width = max(reach(sizes.columns), sizes.columns[3] + sizes.columns[4])
    channels, count = conv.in_channels, len(tiles)
    if name == "input_grad":
        copied = conv.out_channels * output * (rows + taps) + channels * rows * (across * output + width)
        steps = 2 + stride * (3 + across / 2) + rows * sizes.groups / 8
    else:
        copied = channels * ((rows - 1) * stride + taps) * (width + across * output) + conv.out_channels * rows * output
        steps = 3 + rows * sizes.groups / 8
    efficiency = {"forward": 0.9, "input_grad": 0.6, "weight_grad": 0.75}[name]
    efficiency *= min(1.0, 0.3 + sizes.height / 24)
    efficiency *= min(1.0, 0.2 + output * images / 128)
    needs = item * images * copied
    moved = 2.0 * needs * count + (TURNED * weight_bytes(conv, item) if name == "input_grad" else 0.0)
    workspace = 2 * needs + (2 * BLOCK + PARTS * weight_bytes(conv, item) if name == "weight_grad" else 0)
    return Estimate(2.0 * conv.multiplications, efficiency, moved, 2 + count * steps / 3, workspace)


ALGORITHM = Algorithm(
    "interleaved", _supports, _estimate, forward, input_grad, weight_grad, alone_below=SHORTEST_PIECES
)
