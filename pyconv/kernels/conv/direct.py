"""The loop over kernel taps: a small product for each, added up. Supports everything, and judges the rest.

For every tap, (O/G, C/G) weights times the (C/G, P) elements that the tap reads; a depthwise convolution
multiplies and adds instead, straight from the view.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.tiles import Tile, channel_blocks, grouped, reads, tiles
from pyconv.kernels.scratch import scratch
from pyconv.kernels.window import crop, last, pad

Array = np.ndarray[Any, Any]

BLOCK = 1 << 20
"""Bytes of one buffer of a tile, chosen to stay in a core's second-level cache."""
WEIGHT_BLOCK = 4 << 20
"""Bytes of the weights of one tap."""


def _plan(conv: Conv, dtype: np.dtype[Any]) -> tuple[list[slice], list[Tile]]:
    """Blocks of output channels, and tiles whose buffers each take about BLOCK bytes."""
    depth = conv.in_channels // conv.groups
    blocks = list(channel_blocks(conv, depth, dtype.itemsize, WEIGHT_BLOCK))
    block = max(b.stop - b.start for b in blocks)
    widest = conv.groups * max(depth, block)
    return blocks, list(tiles(conv, BLOCK // (widest * dtype.itemsize)))


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    dtype = dtypes.accumulation(x.dtype)
    padded = pad(x, conv.window.padding)
    blocks, parts = _plan(conv, dtype)
    weights, result = _weights(w, conv), grouped(out, conv)
    for block in blocks:
        for tile in parts:
            y = scratch("sum", (tile.count, conv.groups, block.stop - block.start, tile.positions), dtype)
            y[...] = 0 if b is None else b.reshape(conv.groups, -1, 1)[:, block]
            view = reads(padded, conv, tile)
            for tap, _ in conv.window.tap_offsets():
                y += _product(weights[:, block][last(*tap)], view[_at(tap, tile)], dtype)
            result[tile.images, :, block, tile.run] = y


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    dtype = dtypes.accumulation(gy.dtype)
    padded = np.zeros((*conv.x_shape[:2], *conv.window.padded(conv.input)), dtype)
    blocks, parts = _plan(conv, dtype)
    weights, cotangent = _weights(w, conv), grouped(np.ascontiguousarray(gy), conv)
    for block in blocks:
        for tile in parts:
            target = reads(padded, conv, tile)
            g = cotangent[tile.images, :, block, tile.run]
            g = g.reshape(*g.shape[:3], *tile.shape)
            for tap, _ in conv.window.tap_offsets():
                w_tap = weights[:, block][last(*tap)].transpose(0, 2, 1)
                product = _product(w_tap, g, dtype)
                target[_at(tap, tile)] += product.reshape(*product.shape[:3], *tile.shape)
    out[...] = crop(padded, conv.window.padding)


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    dtype = dtypes.accumulation(x.dtype)
    padded = pad(x, conv.window.padding)
    blocks, parts = _plan(conv, dtype)
    result, cotangent = _weights(out, conv), grouped(np.ascontiguousarray(gy), conv)
    for block in blocks:
        for tap, _ in conv.window.tap_offsets():
            total = np.zeros((conv.groups, block.stop - block.start, conv.in_channels // conv.groups), dtype)
            for tile in parts:
                view = reads(padded, conv, tile)[_at(tap, tile)]
                columns = _flat("tap", view, dtype)
                g = _flat("product", cotangent[tile.images, :, block, tile.run], dtype)
                total += np.matmul(g, columns.swapaxes(1, 2))  # (G, O/G, nP) @ (G, nP, C/G)
            result[:, block][last(*tap)] = total


def _weights(w: Array, conv: Conv) -> Array:
    """(O, C/G, *kernel) → the view (G, O/G, C/G, *kernel)."""
    return w.reshape(conv.groups, -1, *w.shape[1:])


def _at(tap: tuple[int, ...], tile: Tile) -> Any:
    """The index of one tap in an array that ends in (*kernel, *tile)."""
    return last(*tap, *(slice(None) for _ in tile.shape))


def _flat(name: str, values: Array, dtype: np.dtype[Any]) -> Array:
    """(n, G, A, *tile) → (G, A, nP), in a buffer."""
    n, groups, depth, *rest = values.shape
    buffer = scratch(name, (groups, depth, n, *rest), dtype)
    np.copyto(buffer, np.moveaxis(values, 0, 2))
    return buffer.reshape(groups, depth, -1)


def _product(w: Array, x: Array, dtype: np.dtype[Any]) -> Array:
    """(G, A, B) weights times (n, G, B, *tile) elements → (n, G, A, P), in a buffer."""
    w = np.ascontiguousarray(w, dtype)
    n, groups, depth, *tile = x.shape
    product = scratch("product", (n, groups, w.shape[1], *tile), dtype)
    if depth == 1:
        np.multiply(w.reshape(groups, w.shape[1], *(1 for _ in tile)), x, out=product)
        return product.reshape(*product.shape[:3], -1)
    columns = scratch("tap", (n, groups, depth, *tile), dtype)
    np.copyto(columns, x)
    return np.matmul(w, columns.reshape(n, groups, depth, -1), out=product.reshape(n, groups, w.shape[1], -1))


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:  # noqa: ARG001
    return True


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    item = dtypes.accumulation(dtype).itemsize
    depth, blocks = conv.in_channels // conv.groups, conv.out_channels // conv.groups
    elements = conv.batch * conv.positions * conv.window.taps
    widest = conv.groups * max(depth, blocks) * item
    steps = max(1, elements * widest / BLOCK)
    moved = (3 * conv.out_channels + (0 if depth == 1 else 2 * conv.in_channels)) * item * elements
    narrow = min(1.0, depth / 64) if name != "weight_grad" else 0.5
    workspace = 3 * BLOCK + 2 * min(WEIGHT_BLOCK, conv.out_channels * depth * item)
    return Estimate(2.0 * conv.multiplications, max(narrow, 0.05), moved, 4 * steps + 4 * conv.window.taps, workspace)


ALGORITHM = Algorithm("direct", _supports, _estimate, forward, input_grad, weight_grad)
