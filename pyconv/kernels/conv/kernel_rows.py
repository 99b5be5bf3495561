"""The gradient with respect to w from columns of one kernel row: the other rows read the same columns further on.

What the taps of one row of the kernel read is gathered for all rows of the image, a channel's rows of all images of a
tile one after the other. What the next row of the kernel reads is then the same matrix from its second row of pixels
on: it is not copied, and the columns of a 3×3 kernel are a third of those of `im2col`. The gradient for each row of the
kernel is the product of these columns and the cotangents, which are turned over once. In three dimensions the rows are
the planes of the kernel.

Runs of tiles are the pieces for several threads, each with a sum of its own, where these sums are small and the
positions many. Measured on two threads beside torch 2.13, the best of the others in brackets: 1.9 (2.4) for eight
images of 64 channels of 16×16, 1.8 (2.1) for one of 56×56, 1.2 (1.45) of 224×224, 1.6 (2.1) for 5×5 and 1.6 (2.0) for
7×7; with 128 and 256 channels 0.85 to 0.9 of the time of `im2col`. Of four channels a group twice as long as runs
(`correlation`). With the channels innermost in the columns 1.05 to 1.15 times as long. In a step of ResNet-18, while
BLAS's own threads still spun after the product before, it gained nothing on `channels-last`, whose product they share.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.gather import copy_rows
from pyconv.kernels.conv.tiles import Tile, parts_wanted, read, tiles
from pyconv.kernels.scratch import scratch
from pyconv.kernels.window import last

Array = np.ndarray[Any, Any]

BLOCK = 2 << 20
"""Bytes of a tile of columns, chosen to stay near a core."""
SUMS = 8 << 20
"""Bytes of the sums of all runs."""
SHORTEST_SUM = 1024
"""Output positions of a run at the least."""
WIDE = 32
"""Output channels from which on the products are as fast as they get."""
GATHERED_RUN = 180
"""Bytes that could be moved in the time that it takes to begin a row of columns."""


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    dtype = dtypes.accumulation(x.dtype)
    parts, count = list(tiles(conv, _limit(conv, dtype))), _runs(conv, dtype)
    lists = [parts[i::count] for i in range(count) if parts[i::count]]
    height, depth, rows, *inner = conv.w_shape
    sums = np.empty((len(lists), rows, depth * math.prod(inner), height), dtype)

    def work(i: int) -> None:
        with np.errstate(all="ignore"):
            for number, tile in enumerate(lists[i]):
                columns, g = _columns(x, conv, tile, dtype), _turned(gy, tile, dtype)
                if number:
                    sums[i] += np.matmul(columns, g, out=scratch("product", sums.shape[1:], dtype))
                else:
                    np.matmul(columns, g, out=sums[i])

    threads.each(work, range(len(lists)))
    for part in sums[1:]:
        sums[0] += part
    total = sums[0].reshape(rows, depth, *inner, height)
    out[...] = total.transpose(-1, 1, 0, *range(2, total.ndim - 1))


def _columns(x: Array, conv: Conv, tile: Tile, dtype: np.dtype[Any]) -> Array:
    """For each row of the kernel what its taps read: the overlapping views (rows, C·taps of a row, positions)."""
    rows, *inner = conv.window.kernel
    one, dilation = replace(conv, window=replace(conv.window, kernel=(1, *inner))), conv.window.dilation[0]
    height, *box = tile.shape
    reach = height + (rows - 1) * dilation
    view = read(x, one, replace(tile, shape=(reach, *box)))[:, :, 0]
    # (n, C, *inner, reach, *box) → (C, *inner, reach, n, *box)
    (n, depth), rest = view.shape[:2], 3 + len(inner)
    view = view.transpose(*range(1, rest), 0, *range(rest, view.ndim))
    columns = scratch("columns", view.shape, dtype)
    if view.dtype == dtype and view.strides[-1] == view.itemsize and view.shape[-1] > 1:
        copy_rows(view, columns)
    else:
        np.copyto(columns, view)
    row, width = n * math.prod(box), depth * math.prod(inner)
    strides = (dilation * row, reach * row, 1)
    steps = tuple(step * dtype.itemsize for step in strides)
    return np.ndarray((rows, width, height * row), dtype, columns.data, 0, steps)


def _turned(gy: Array, tile: Tile, dtype: np.dtype[Any]) -> Array:
    """(N, O, *output) → (positions, O) of a tile, in the order of the columns."""
    box = (slice(o, o + n) for o, n in zip(tile.origin, tile.shape, strict=True))
    g = gy[tile.images][last(*box)]
    turned = g.transpose(2, 0, *range(3, g.ndim), 1)
    copy = scratch("cotangent", turned.shape, dtype)
    np.copyto(copy, turned)
    return copy.reshape(-1, turned.shape[-1])


def _halo(conv: Conv) -> int:
    """The rows of pixels that a tile reads besides one for each of its rows."""
    return (conv.window.kernel[0] - 1) * conv.window.dilation[0]


def _row(conv: Conv, dtype: np.dtype[Any]) -> int:
    """Bytes of the columns, or of the cotangents, of one row of pixels of an image."""
    width = max(conv.in_channels * math.prod(conv.window.kernel[1:]), conv.out_channels)
    return width * math.prod(conv.output[1:]) * dtype.itemsize


def _limit(conv: Conv, dtype: np.dtype[Any]) -> int:
    """Output positions of a tile at the most: of whole images where one fits, else rows of one."""
    height, halo, row, runs = conv.output[0], _halo(conv), _row(conv, dtype), _runs(conv, dtype)
    images = BLOCK // ((height + halo) * row)
    unit = conv.positions if images and conv.batch >= runs else conv.positions // height
    most = images * conv.positions if images else (BLOCK // row - halo) * unit
    return min(most, -(-conv.batch * conv.positions // (runs * unit)) * unit)


def _runs(conv: Conv, dtype: np.dtype[Any]) -> int:
    """The sums, each of some tiles: an even number, so that two threads end together; 0 where they are too long."""
    most = min(SUMS // (conv.out_channels * conv.terms * dtype.itemsize), conv.batch * conv.positions // SHORTEST_SUM)
    return min(max(2, parts_wanted(conv)), most - most % 2)


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """One group, a kernel of several rows without a stride, floating point, and several rows of pixels in a tile."""
    window, wide = conv.window, dtypes.accumulation(dtype)
    if conv.groups > 1 or window.ndim < 2 or window.kernel[0] < 2 or window.stride[0] > 1 or wide.kind not in "fc":
        return False
    if not conv.multiplications or _runs(conv, wide) < 2:
        return False
    return (_halo(conv) + 2) * _row(conv, wide) <= BLOCK


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:  # noqa: ARG001
    wide = dtypes.accumulation(dtype)
    positions, halo, item = conv.batch * conv.positions, _halo(conv), wide.itemsize
    count = max(_runs(conv, wide), -(-positions // max(1, _limit(conv, wide))))
    height = min(conv.output[0], max(1, positions // count // math.prod(conv.output[1:])))
    read_once = positions * conv.in_channels * math.prod(conv.window.kernel[1:]) * item
    gathered = read_once * (height + halo) / height
    begun = gathered / item / conv.output[-1] * GATHERED_RUN
    moved = (2.0 if conv.window.stride[-1] == 1 else 3.2) * gathered + begun
    moved += 3.0 * item * conv.out_channels * (positions + (count + 1) * conv.terms)
    efficiency = min(1.0, conv.out_channels / WIDE)
    return Estimate(2.0 * conv.multiplications, efficiency, moved, 12 * count + 12, 3 * BLOCK + 2 * SUMS)


ALGORITHM = Algorithm("kernel-rows", _supports, _estimate, None, None, weight_grad)
