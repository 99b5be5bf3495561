"""Tiles of columns and matrix products: what the taps read is gathered, a bounded tile at a time.

The whole column matrix is never in memory. The product of the weights and a tile of columns goes straight into
the output where no cast is needed. The gradient with respect to x is the transposed product, scattered back
tap by tap; with respect to w it is the sum over tiles of gy times the transposed columns.

K. Chellapilla, S. Puri, P. Simard, "High Performance Convolutional Neural Networks for Document Processing",
IWFHR 2006, describes the product with the whole matrix.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.tiles import Tile, channel_blocks, grouped, reads, tiles
from pyconv.kernels.scratch import scratch
from pyconv.kernels.window import crop, last, pad

Array = np.ndarray[Any, Any]

COLUMN_BLOCK = 2 << 20
"""Bytes of a tile of columns: about what a core's second-level cache holds."""
WEIGHT_BLOCK = 4 << 20
"""Bytes of a block of weights that has to be cast, or of a block of their gradient."""


def _parts(conv: Conv, dtype: np.dtype[Any], block: int) -> list[Tile]:
    widest = conv.groups * max(conv.terms, block)
    return list(tiles(conv, COLUMN_BLOCK // (widest * dtype.itemsize)))


def _blocks(conv: Conv, dtype: np.dtype[Any], whole: bool) -> list[slice]:
    """All output channels at once where that takes no memory, else blocks of them."""
    if whole:
        return [slice(0, conv.out_channels // conv.groups)]
    return list(channel_blocks(conv, conv.terms, dtype.itemsize, WEIGHT_BLOCK))


def _columns(padded: Array, conv: Conv, tile: Tile, dtype: np.dtype[Any]) -> Array:
    """(n, G, K, P), gathered into a buffer."""
    view = reads(padded, conv, tile)
    columns = scratch("columns", view.shape, dtype)
    np.copyto(columns, view)
    return columns.reshape(tile.count, conv.groups, conv.terms, tile.positions)


def _matrix(w: Array, conv: Conv, block: slice, dtype: np.dtype[Any]) -> Array:
    """(O, C/G, *kernel) → (G, block, K), cast where it has to be."""
    return w.reshape(conv.groups, -1, conv.terms)[:, block].astype(dtype, copy=False)


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    dtype = dtypes.accumulation(x.dtype)
    padded, result = pad(x, conv.window.padding), grouped(out, conv)
    for block in _blocks(conv, dtype, dtype == w.dtype):
        matrix = _matrix(w, conv, block, dtype)
        bias = None if b is None else b.reshape(conv.groups, -1, 1)[:, block]
        for tile in _parts(conv, dtype, 0 if dtype == out.dtype else matrix.shape[1]):
            columns = _columns(padded, conv, tile, dtype)
            target = result[tile.images, :, block, tile.run]
            y = target if dtype == out.dtype else scratch("product", target.shape, dtype)
            np.matmul(matrix, columns, out=y)
            if bias is not None:
                y += bias
            if y is not target:
                target[...] = y


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    dtype = dtypes.accumulation(gy.dtype)
    padded = np.zeros((*conv.x_shape[:2], *conv.window.padded(conv.input)), dtype)
    cotangent = grouped(np.ascontiguousarray(gy), conv)
    for block in _blocks(conv, dtype, dtype == w.dtype):
        matrix = _matrix(w, conv, block, dtype).swapaxes(1, 2)
        for tile in _parts(conv, dtype, 0 if dtype == gy.dtype else matrix.shape[2]):
            g = cotangent[tile.images, :, block, tile.run].astype(dtype, copy=False)
            target = reads(padded, conv, tile)
            columns = scratch("columns", target.shape, dtype)
            np.matmul(matrix, g, out=columns.reshape(*g.shape[:2], conv.terms, tile.positions))
            for tap, _ in conv.window.tap_offsets():
                index = last(*tap, *(slice(None) for _ in tile.shape))
                target[index] += columns[index]
    out[...] = crop(padded, conv.window.padding)


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    dtype = dtypes.accumulation(x.dtype)
    padded = pad(x, conv.window.padding)
    result, cotangent = out.reshape(conv.groups, -1, conv.terms), grouped(np.ascontiguousarray(gy), conv)
    for block in _blocks(conv, dtype, whole=False):
        total = np.zeros((conv.groups, block.stop - block.start, conv.terms), dtype)
        product = scratch("product", total.shape, dtype)
        for g, columns in _pairs(padded, cotangent, conv, block, dtype):
            total += np.matmul(g, columns.swapaxes(1, 2), out=product)
        result[:, block] = total


def _pairs(
    padded: Array, cotangent: Array, conv: Conv, block: slice, dtype: np.dtype[Any]
) -> Iterator[tuple[Array, Array]]:
    """For each tile, gy as (G, O/G, nP) and the columns as (G, K, nP), one image after the other in a row."""
    for tile in _parts(conv, dtype, block.stop - block.start):
        view = reads(padded, conv, tile)
        columns = scratch("columns", (*view.shape[1 : -conv.window.ndim], tile.count, *tile.shape), dtype)
        np.copyto(columns, np.moveaxis(view, 0, -1 - conv.window.ndim))
        values = cotangent[tile.images, :, block, tile.run]
        g = scratch("cotangent", (*values.shape[1:3], tile.count, tile.positions), dtype)
        np.copyto(g, np.moveaxis(values, 0, 2))
        yield g.reshape(*g.shape[:2], -1), columns.reshape(conv.groups, conv.terms, -1)


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
    scatter = 4.0 if name == "input_grad" else 2.0
    calls = 4 * count + products / 4 + (conv.window.taps * count if name == "input_grad" else 0)
    blocks = min(WEIGHT_BLOCK, conv.out_channels * conv.terms * item)
    workspace = 2 * COLUMN_BLOCK + (2 * blocks if name == "weight_grad" or item != dtype.itemsize else 0)
    return Estimate(2.0 * conv.multiplications, min(1.0, rows / 16), scatter * gathered, calls, workspace)


ALGORITHM = Algorithm("im2col", _supports, _estimate, forward, input_grad, weight_grad)
