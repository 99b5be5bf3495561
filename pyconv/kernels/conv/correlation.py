"""The gradient with respect to w as correlations: for each tap, a run of gy times a run of the padded image.

Some rows of gy are laid out with the pitch of the padded rows of x, zeros between them (and between their elements,
where the stride is more than 1). What a tap reads is then one run of x, which is not copied: the gradient for that
tap is the product of (O/G, L) cotangents and the transpose of (C/G, L) elements, in a depthwise convolution a dot
product.

Measured beside torch 2.13 on one core of a server with AVX-512, as the ratio of CPU times: 0.1 to 0.3 on depthwise
5×5 and 7×7, 0.07 from 21×21 on, 1.0 to 1.6 on 3×3, 2.8 on 7×7 images; 0.3 to 1.8 on 3×3 with 4 to 16 channels
a group, where columns take 0.5 to 2.2. A stride of 2 has four times the elements that are needed.

A zero between elements times an infinity is no zero: a result that is not finite is computed again by `direct`.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv import direct
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.bands import Shift, axis, columns_read
from pyconv.kernels.conv.row_tiles import Tile, filters, padded_rows, planes, row_tiles
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]

BLOCK = 1 << 20
"""Bytes of one buffer of a tile, chosen to stay in a core's second-level cache."""

ALONE = 3 << 21
"""Multiplications below which one thread takes all tiles: two take 0.6 to 1 of its time at 8 to 15 million."""


class Pair(NamedTuple):
    """What is correlated.

    Attributes:
        x: (G, N, C/G, rows, columns).
        gy: (G, N, O/G, rows, columns).
        conv: the geometry.
        shift: the places of the columns of x.
        dtype: in which sums are formed.
    """

    x: Array
    gy: Array
    conv: Conv
    shift: Shift
    dtype: np.dtype[Any]


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    dtype, shift = dtypes.accumulation(x.dtype), columns_read(conv, "forward")
    pair = Pair(planes(x, conv).swapaxes(0, 1), planes(gy, conv).swapaxes(0, 1), conv, shift, dtype)
    lists = row_tiles(conv.batch, conv.groups, conv.output[0], _row(conv) * dtype.itemsize, BLOCK)
    totals: list[Array] = [np.empty(0)] * len(lists)

    def work(i: int) -> None:
        with np.errstate(invalid="ignore", over="ignore"):
            totals[i] = _correlation(pair, lists[i][0])
            for tile in lists[i][1:]:
                totals[i] += _correlation(pair, tile)

    threads.each(work, range(len(lists)))
    result = filters(out, conv)
    height, depth, *kernel = result.shape[1:]
    total = np.zeros((conv.groups, *kernel, height, depth), dtype)
    for tiles, part in zip(lists, totals, strict=True):
        total[tiles[0].groups] += part
    if np.isfinite(total).all():
        result[...] = np.moveaxis(total, (1, 2), (3, 4))
    else:
        direct.weight_grad(x, gy, conv, out)


def _correlation(pair: Pair, tile: Tile) -> Array:
    """(g, *kernel, O/G, C/G), summed over the rows of a tile."""
    taps, stride, dilation, low, *_ = axis(pair.conv, 0)
    shift, count = pair.shift, tile.blocks.stop - tile.blocks.start
    rows = count * stride + (taps - 1) * dilation
    x = pair.x[tile.groups, tile.images].swapaxes(1, 2)
    buffer, strides = padded_rows(x, shift, tile.blocks.start * stride - low, rows, pair.dtype)
    gy = pair.gy[tile.groups, tile.images, :, tile.blocks].swapaxes(1, 2)
    spread = scratch("cotangent", (*gy.shape[:3], rows, shift.width), pair.dtype)
    spread.fill(0)
    spread[..., : count * stride : stride, : gy.shape[-1] * shift.step : shift.step] = gy
    runs = spread.reshape(*gy.shape[:2], -1)
    length = runs.shape[2] - (rows - count * stride + stride - 1) * shift.width - shift.stride * (shift.taps - 1)
    shape = (len(x), taps, shift.taps, length, x.shape[1])
    steps = (strides[0], strides[3] * dilation, strides[4] * shift.stride, strides[4], strides[1])
    # (g, 1, 1, O/G, L) times (g, *kernel, L, C/G)
    return np.matmul(runs[:, None, None, :, :length], np.ndarray(shape, pair.dtype, buffer.data, 0, steps))


def _depths(conv: Conv) -> tuple[int, int]:
    """(C/G, O/G)."""
    return conv.in_channels // conv.groups, conv.out_channels // conv.groups


def _row(conv: Conv) -> int:
    """Elements that one row of y moves by, in one image and group."""
    return axis(conv, 0)[1] * columns_read(conv, "forward").width * max(_depths(conv))


def _reach(conv: Conv) -> int:
    """Elements of the rows that the kernel reads besides, in one image and group."""
    taps, _, dilation, *_ = axis(conv, 0)
    return (taps - 1) * dilation * columns_read(conv, "forward").width * max(_depths(conv))


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """One or two dimensions, floating point, and no buffer larger than one that is kept."""
    wide = dtypes.accumulation(dtype)
    if conv.window.ndim > 2 or wide.kind not in "fc" or not conv.multiplications:
        return False
    taken = conv.out_channels * conv.terms
    return max(taken, _row(conv) + _reach(conv)) * wide.itemsize <= LIMIT // 2


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:  # noqa: ARG001
    item = dtypes.accumulation(dtype).itemsize
    depth, height = _depths(conv)
    rows = conv.batch * conv.groups * conv.output[0] * axis(conv, 0)[1]
    length = rows * columns_read(conv, "forward").width
    steps = -(-item * conv.batch * conv.groups * conv.output[0] * _row(conv) // BLOCK)
    moved = 2.0 * item * (length * (height + depth) + steps * _reach(conv))
    line = conv.batch * conv.output[0] * axis(conv, 0)[1] * columns_read(conv, "forward").width
    efficiency = min(1.0, max(0.25, math.sqrt(height * depth) / 16)) * line / (line + 32)
    workspace = 3 * BLOCK + 3 * item * (_row(conv) + _reach(conv) + conv.out_channels * conv.terms)
    return Estimate(
        2.0 * length * conv.window.taps * height * depth, efficiency, moved, 16 + 16 * steps, int(workspace)
    )


ALGORITHM = Algorithm("correlation", _supports, _estimate, None, None, weight_grad, alone_below=ALONE)
