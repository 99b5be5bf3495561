"""Columns a cacheful at a time: each thread has rows of its own, pads them once, and multiplies them piece by piece.

What the taps read for a few rows of the result is gathered into a buffer that stays in a core's second-level cache
until the product has read it. A whole image's columns, of 2 to 4 MB, are written to the third level and read again from
there, at 10 GB/s a thread. Each row of a result is one item of its size; a stride along the rows is taken out when they
are padded, every stride-th element in a plane of its own. Views are kept from call to call, so that between two copies
or products there is next to no Python: where two threads' short calls wait for the interpreter's lock, each waits
for the other to be woken, some 50 µs, and a tile that is padded anew takes several such calls.

Measured beside torch 2.13 on two threads of a server with AVX-512, one image, `im2col` with BLAS's own threads in
brackets: 1.7 to 2.2 (2.5 to 3) for 11×11/4, 1.2 (1.85) for 7×7/2, 1.4 to 1.8 (1.8 to 2.2) for 5×5/2, 1.3 to 1.8 (1.7 to
2.2) for 3×3/2 of 3 channels and 1.2 to 1.3 (1.3 to 1.5) of 64, 1.4 to 2.0 (2.0 to 2.4) for 64 channels dilated by 2;
with eight images 0.85 to 1 of `im2col`'s time. Of 1.5 ms of 3×3/2 the products are 0.85, at 68 GFLOP/s a thread, what
is padded and gathered 0.3, and 0.2 to wake the other thread and to end together. Blocks of 1 and 2 MiB take 1 to 1.05
of the time, where they hold few positions beside many weights up to 1.3: there `im2col` is chosen. Blocks of ¾ MiB take
0.9 to 1 of it on one thread and as long on two. `runs` for one group takes 1.3 times `im2col`'s.

Products of 64 output channels run at three quarters of the speed of those of 192, for want of rows beside which the
columns are packed. Those of up to 10⁶ multiplications, which OpenBLAS does not pack, are faster where they are long, as
with few channels: 3×3/2 of 3 channels to 32 takes 0.8 to 0.86 of the time, the products 0.6 to 0.7; for 3×3 of 3 to 64,
578 positions each, 0.8 to 1.2. On one thread with the operands in the cache (64, K) weights multiply columns that lie
the other way round, with the result turned as well, 1.1 to 1.3 times as fast, and turned weights alone as fast. Such
products of 12, 18 or 24 positions, which OpenBLAS takes six at a time, unpacked, with the columns gathered as they are:
for 3×3 of 64 channels to 64 they take 0.86 to 0.92 of the whole time on one thread and 0.92 to 1 on two, at 1.4 times
the RMS error; for 5×5/2 of 32 0.8, which turning the weights takes again; for 128 and more channels 0.97 to 1.6.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.bands import axis
from pyconv.kernels.conv.column_pieces import Piece, stacked
from pyconv.kernels.conv.column_products import UNPACKED
from pyconv.kernels.conv.gather import as_items
from pyconv.kernels.conv.padded_rows import PaddedRows, pitch
from pyconv.kernels.conv.row_tiles import share
from pyconv.kernels.conv.tiles import parts_wanted
from pyconv.kernels.scratch import kept, scratch

Array = np.ndarray[Any, Any]

BLOCK = 3 << 19
"""Bytes of the columns of a piece, three quarters of a core's second-level cache, or more where ..."""
NARROWEST = 96
"""... it would have fewer positions than these: each product reads all the weights."""
WIDEST = 2 << 20
"""Bytes of so many positions at the most."""
ROOM = 2 << 20
"""Bytes of the padded rows of some pieces at the most."""
GATHERED_RUN = 60
"""Bytes that could be moved in the time that it takes to begin a row of columns."""
WEIGHTS = 1.7
"""Bytes that could be moved in the time that a piece takes for a byte of the weights."""
SHORTEST = 640
"""Positions from which products that OpenBLAS does not pack are the faster ones."""
ALONE = 6 * 10**6
"""Multiplications below which another thread takes longer to wake than it saves."""


class Rows(NamedTuple):
    """Some rows of one image's result.

    Attributes:
        image: which image.
        first: the first of them.
        stop: the row after the last.
    """

    image: int
    first: int
    stop: int


class Columns:
    """The padded rows that some rows of a result read, and their columns, piece by piece, in this thread's buffers.

    Args:
        conv: the geometry.
        first: the first of the rows of the result.
        stop: the row after the last.
        dtype: of the columns.
    """

    def __init__(self, conv: Conv, first: int, stop: int, dtype: np.dtype[Any]) -> None:
        self._conv, self._dtype, width = conv, dtype, conv.output[1]
        self._padded = PaddedRows(conv, first, stop, 0, dtype)
        rows = share(stop - first, _height(conv, dtype))
        self._buffer = scratch("columns", (conv.terms * rows * width,), dtype)
        self._pieces = [self._piece(first, r, min(stop, r + rows)) for r in range(first, stop, rows)]

    def load(self, image: Array) -> None:
        """Take the rows of an image (C, rows, columns)."""
        self._padded.load(image)

    def multiply(self, matrix: Array, bias: Array | None, result: Array) -> None:
        """(O, K) times the columns, plus a bias (O, 1), into the positions of (O, P) whose rows are loaded."""
        for piece in self._pieces:
            piece.gather()
            for columns, some in piece.stacks:
                np.matmul(matrix, columns, out=result[:, some].reshape(len(matrix), len(columns), -1).swapaxes(0, 1))
            if bias is not None:
                np.add(result[:, piece.run], bias, out=result[:, piece.run])

    def each(self) -> Iterator[tuple[Array, slice]]:
        """The columns (K, positions) piece by piece, and which positions of the result they are."""
        for piece in self._pieces:
            piece.gather()
            yield piece.columns, piece.run

    def _piece(self, first: int, start: int, stop: int) -> Piece:
        """The piece of some rows of the result."""
        (high, stride, apart, *_), (taps, step, dilation, _, _, width) = axis(self._conv, 0), axis(self._conv, 1)
        shape = (self._conv.in_channels, high, taps, stop - start, width)
        columns = np.ndarray(shape, self._dtype, self._buffer)
        plane, channel, row, place = self._padded.planes.strides
        every = step // math.gcd(step, dilation)
        copies = []
        for tap in range(min(every, taps)):
            ahead, phase = divmod(tap * dilation, step)
            goal = columns[:, :, tap::every]
            begin = phase * plane + (start - first) * stride * row + ahead * place
            strides = (channel, apart * row, every * dilation // step * place, stride * row, place)
            seen = np.ndarray(goal.shape, self._dtype, self._padded.planes, begin, strides)
            run = stride * row == width * place
            copies.append((goal, seen) if run else (as_items(goal), as_items(seen)))
        matrix, size = columns.reshape(self._conv.terms, -1), width * _together(self._conv, stop - start)
        return Piece(copies, matrix, stacked(matrix, start * width, size), slice(start * width, stop * width))


def _together(conv: Conv, rows: int) -> int:
    """How many of some rows are multiplied by one product: few where BLAS then does not pack them."""
    width = conv.output[1]
    most = UNPACKED // (conv.out_channels * conv.terms * width)
    return share(rows, most) if most * width >= SHORTEST else rows


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    matrix, bias = w.reshape(len(w), -1), None if b is None else b.reshape(-1, 1)
    result = out.reshape(*out.shape[:2], -1)
    x = np.ascontiguousarray(x)

    def work(some: list[Rows]) -> None:
        for image, first, stop in some:
            columns = columns_of(conv, first, stop, x.dtype)
            columns.load(x[image])
            columns.multiply(matrix, bias, result[image])

    threads.each(work, lists_of(conv, x.dtype))


def columns_of(conv: Conv, first: int, stop: int, dtype: np.dtype[Any]) -> Columns:
    """This thread's, the same again from call to call."""
    key = "in-cache", conv, first, stop, dtype
    return kept(key, lambda: Columns(*key[1:]))


@lru_cache(maxsize=1024)
def lists_of(conv: Conv, dtype: np.dtype[Any]) -> list[list[Rows]]:
    """All rows of the results, in lists of nearly the same length for several threads."""
    height, (taps, stride, dilation, *_) = conv.output[0], axis(conv, 0)
    room = ROOM // (conv.in_channels * pitch(conv) * dtype.itemsize)
    most = max(1, (room - (taps - 1) * dilation - 1) // stride + 1)
    total, count, lists = conv.batch * height, _count(conv), []
    for number in range(count):
        start, end, some = total * number // count, total * (number + 1) // count, []
        while start < end:
            image, first = divmod(start, height)
            stop = min(height, first + end - start)
            step = share(stop - first, most)
            some += [Rows(image, r, min(stop, r + step)) for r in range(first, stop, step)]
            start += stop - first
        lists.append(some)
    return [some for some in lists if some]


def _height(conv: Conv, dtype: np.dtype[Any]) -> int:
    """The rows of a piece."""
    width = conv.output[1]
    return max(1, BLOCK // (conv.terms * width * dtype.itemsize), -(-NARROWEST // width))


def _count(conv: Conv) -> int:
    """The number of lists: an even one, so that two threads end together."""
    most = conv.batch * conv.positions // NARROWEST
    return max(2, min(parts_wanted(conv), most - most % 2))


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """One group of images, sums in the dtype of the operands, and pieces that are neither narrow nor large."""
    if conv.window.ndim != 2 or conv.groups > 1 or conv.window.taps == 1 or not conv.multiplications:
        return False
    if dtype.kind not in "fc" or dtypes.accumulation(dtype) != dtype:
        return False
    if conv.positions < NARROWEST or conv.batch * conv.positions < 2 * NARROWEST:
        return False
    taps, _, dilation, *_ = axis(conv, 0)
    row = ((taps - 1) * dilation + 1) * conv.in_channels * pitch(conv) * dtype.itemsize
    piece = _height(conv, dtype) * conv.output[1] * conv.terms * dtype.itemsize
    return row <= ROOM and piece <= WIDEST


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:  # noqa: ARG001
    item, (taps, stride, dilation, *_), lists = dtype.itemsize, axis(conv, 0), lists_of(conv, dtype)
    gathered = conv.batch * conv.positions * conv.terms * item
    loads, rows = sum(map(len, lists)), sum(s.stop - s.first for some in lists for s in some)
    padded = (rows * stride + loads * (taps - 1) * dilation) * conv.in_channels * pitch(conv) * item
    begun = gathered / item / conv.output[1] * GATHERED_RUN
    pieces = max(loads, rows / _height(conv, dtype))
    moved = gathered + begun + 2.0 * padded + WEIGHTS * pieces * conv.out_channels * conv.terms * item
    efficiency = min(1.0, conv.out_channels / 16)
    return Estimate(2.0 * conv.multiplications, efficiency, moved, 4 * loads + 3 * pieces, WIDEST + ROOM)


ALGORITHM = Algorithm("in-cache", _supports, _estimate, forward, None, None, alone_below=ALONE)
