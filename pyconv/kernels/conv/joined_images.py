"""Small images side by side: the columns of some images are one matrix, and each thread has images of its own.

An image of few positions makes a product too narrow for all the weights that it reads. So a thread pads some images,
gathers what their taps read next to one another, as many as stay in its cache, and multiplies it at once. Views are
kept from call to call, as in `in_cache`.

Measured on two threads by turns, as shares of the time of what served the layers before (of the processor's, and of the
least by the clock), eight images forward: 0.81 and 0.65 for 64 channels of 8×8, 0.9 and 0.7 for 128 of 7×7, 0.71 and
0.57 for 5×5 of 64 channels of 9×9, 0.83 and 0.75 for 1×7 of 192 of 8×8; 0.65 and 0.58 for two images of 128 channels of
8×8; the gradient with respect to w 0.8 and 0.74, 0.87 and 0.83, 0.55 and 0.45, 0.86 and 0.87 for the first four. Of 128
channels of 8×8 in a step of ResNet-18 0.68 to 0.72 forward and 0.69 for w, of the stride-2 layer that makes them 0.7
and 0.85; there most of the time left is the products', at 50 GFLOP/s a thread beside cold weights. That step, by turns
with one without it, took 0.94 of the time.

Tried in that step and not kept: output channels as the pieces, each thread with the columns of all images (1.0 to 1.25
of the time for 128 and 256 channels, but 0.9 for 512 of 2×2, which have too few positions for this); the gradient with
respect to x as this convolution of the cotangents (1.0 for 128 channels, 1.6 for 256, 3 for 512, as the weights have to
be turned); `channels_last` in two pieces of images for both (0.9 to 1.5).

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.bands import axis
from pyconv.kernels.conv.gather import as_items
from pyconv.kernels.conv.padded_rows import PaddedRows, padded_height, pitch
from pyconv.kernels.conv.row_tiles import share
from pyconv.kernels.scratch import kept, scratch

Array = np.ndarray[Any, Any]

BLOCK = 3 << 19
"""Bytes of the columns of a piece, three quarters of a core's second-level cache."""
SMALLEST, LARGEST = 48, 95
"""Positions of a piece at the least, and of an image at the most."""
SUMS = 8 << 20
"""Bytes of both sums of a gradient with respect to w."""
WIDE = 64
"""Output channels from which on the products are as fast as they get."""
GATHERED_RUN = 60
"""Bytes that could be moved in the time that it takes to begin a row of columns."""
WEIGHTS = 1.7
"""Bytes that could be moved in the time that a piece takes for a byte of the weights."""
ALONE = 6 * 10**6
"""Multiplications below which another thread takes longer to wake than it saves."""


class Columns:
    """The padded rows of some images, and what the taps read of them, in this thread's buffers.

    Args:
        conv: the geometry.
        images: how many.
        dtype: of the columns.

    Attributes:
        matrix: the columns, (K, images · positions).
    """

    def __init__(self, conv: Conv, images: int, dtype: np.dtype[Any]) -> None:
        self._conv, self._dtype = conv, dtype
        self._padded = PaddedRows(conv, 0, conv.output[0], 0, dtype, (images,))
        shape = (conv.in_channels, *conv.window.kernel, images, *conv.output)
        columns = scratch("columns", shape, dtype)
        self._copies = self._taps(columns)
        self.matrix = columns.reshape(conv.terms, -1)

    def load(self, images: Array) -> None:
        """Pad images (n, C, rows, columns), and gather their columns."""
        self._padded.load(images.swapaxes(0, 1))
        for goal, seen in self._copies:
            np.copyto(goal, seen)

    def _taps(self, columns: Array) -> list[tuple[Array, Array]]:
        """What is filled of the columns, and what is read."""
        (_, stride, apart, *_), (taps, step, dilation, *_) = axis(self._conv, 0), axis(self._conv, 1)
        plane, channel, image, row, place = self._padded.planes.strides
        every, found = step // math.gcd(step, dilation), []
        for tap in range(min(every, taps)):
            ahead, phase = divmod(tap * dilation, step)
            goal = columns[:, :, tap::every]
            strides = (channel, apart * row, every * dilation // step * place, image, stride * row, place)
            seen = np.ndarray(goal.shape, self._dtype, self._padded.planes, phase * plane + ahead * place, strides)
            found.append((as_items(goal), as_items(seen)))
        return found


def _loaded(conv: Conv, images: Array) -> Array:
    """The columns of some images."""
    key = "joined images", conv, len(images), images.dtype
    columns = kept(key, lambda: Columns(*key[1:]))
    columns.load(images)
    return columns.matrix


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    matrix, x = w.reshape(len(w), -1), np.ascontiguousarray(x)

    @np.errstate(all="ignore")
    def work(images: slice) -> None:
        columns = _loaded(conv, x[images])
        y = np.matmul(matrix, columns, out=scratch("product", (len(w), columns.shape[1]), x.dtype))
        if b is not None:
            y += b.reshape(-1, 1)
        goal = out[images].swapaxes(0, 1)
        goal[...] = y.reshape(goal.shape)

    threads.each(work, _pieces(conv, x.dtype))


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    x, pieces = np.ascontiguousarray(x), _pieces(conv, x.dtype)
    sums = np.empty((2, conv.terms, conv.out_channels), x.dtype)

    @np.errstate(all="ignore")
    def work(number: int) -> None:
        for images in pieces[number::2]:
            columns, given = _loaded(conv, x[images]), gy[images].swapaxes(0, 1)
            g = scratch("cotangent", given.shape, x.dtype)
            np.copyto(g, given)
            g = g.reshape(len(g), -1).T
            if images is pieces[number]:
                np.matmul(columns, g, out=sums[number])
            else:
                sums[number] += np.matmul(columns, g, out=scratch("product", sums.shape[1:], x.dtype))

    threads.each(work, range(2))
    sums[0] += sums[1]
    out.reshape(len(out), -1)[...] = sums[0].T


@lru_cache(maxsize=1024)
def _pieces(conv: Conv, dtype: np.dtype[Any]) -> list[slice]:
    """Some images each: as many as fit, and an even number of pieces, so that two threads end together."""
    most = max(1, BLOCK // (conv.terms * conv.positions * dtype.itemsize))
    count = -(-conv.batch // most)
    step = share(conv.batch, -(-conv.batch // (count + count % 2)))
    return [slice(i, min(conv.batch, i + step)) for i in range(0, conv.batch, step)]


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """One group of several small images, sums in the dtype of the operands, and columns that a piece has room for."""
    if conv.window.ndim != 2 or conv.groups > 1 or conv.window.taps == 1 or not conv.multiplications:
        return False
    if dtype.kind not in "fc" or dtypes.accumulation(dtype) != dtype or conv.batch < 2:
        return False
    if conv.positions > LARGEST or conv.terms * conv.positions * dtype.itemsize > BLOCK:
        return False
    some = _pieces(conv, dtype)[0].stop
    rows = some * conv.in_channels * padded_height(conv, conv.output[0]) * pitch(conv) * dtype.itemsize
    weights = conv.out_channels * conv.terms * dtype.itemsize
    return some * conv.positions >= SMALLEST and rows <= 2 * BLOCK and 2 * weights <= SUMS


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    item, pieces = dtype.itemsize, len(_pieces(conv, dtype))
    gathered = conv.batch * conv.positions * conv.terms * item
    padded = conv.batch * conv.in_channels * padded_height(conv, conv.output[0]) * pitch(conv) * item
    weights = conv.out_channels * conv.terms * item
    moved = gathered + gathered / item / conv.output[1] * GATHERED_RUN + 2.0 * padded
    moved += (WEIGHTS * pieces if name == "forward" else 2.0 * (pieces + 4)) * weights
    efficiency = min(1.0, conv.out_channels / WIDE)
    return Estimate(2.0 * conv.multiplications, efficiency, moved, 6 * pieces, 3 * BLOCK + SUMS)


ALGORITHM = Algorithm("joined-images", _supports, _estimate, forward, None, weight_grad, alone_below=ALONE)
