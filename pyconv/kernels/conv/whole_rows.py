"""Depthwise convolutions of narrow images: a row at a time, as a product with one banded matrix for each channel.

A row of y is the sum, over the rows of the kernel, of a row of x times a banded matrix. Those rows of x side by side
are one run of the image, with rows of zeros above and below it. The bands one under the other are one matrix, in which
a row of the kernel stands on a diagonal; what would read beyond the ends of a row is left out, so that no column needs
zeros beside it. One product for each channel, over the rows of all its images, gives rows as they lie in y. In the
gradient with respect to x the rows are taken phase by phase of the stride.

Measured on one and on two threads of a server with AVX-512, as the share of the time of sums with the channels
innermost (`depthwise`): with eight images 0.7 and 0.75 to 0.8 at 3×3 and 7×7 in images of 14², 0.75 to 1 and 1 at 5×5
and 7×7 in images of 7²; with one image 0.8 and 0.65 at 7×7 in images of 14², and 1.1 to 2.5 elsewhere, where to make
the matrices is more work than to use them. Images of 28² take as long as in `toeplitz`: of each product three quarters
are zeros beside the bands. The products run at 70 to 90 operations a nanosecond in images of 14² and at 15 to 35 in
images of 7², and are half of the time at most; the rest is copies.

Tried and no faster, in images from 28² to 112²: products of the patches that tiles of 4×8 outputs read (up to 145
operations a nanosecond, but two thirds of the time are copies of 32 to 64 bytes each); np.einsum over runs of whole
planes, scaled by each tap (12 to 16 operations a nanosecond).

A zero beside the band times an infinity is no zero. Where a result is not finite, `direct` computes those images and
groups again.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.gather import copy_rows
from pyconv.kernels.conv.lines import Line, Target, line
from pyconv.kernels.conv.row_tiles import share
from pyconv.kernels.conv.spoilt import Piece, forward_again, input_grad_again, is_finite
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]

BLOCK = 1 << 22
"""Bytes of a piece's matrices and of its rows side by side. What stays in a core's second-level cache is 5 % faster on
one thread, and a fifth slower on two, which then wait for the interpreter's lock as often as they work."""
PARTS = 4
"""Pieces into which the work is cut at least, where there are as many channels."""


class Slope(NamedTuple):
    """Where the columns of a kernel's row stand in its band: tap first − back · p + step · q reads p for target q.

    Attributes:
        first: the tap that reads the first source column for the first target column.
        back: how many taps less for the next source column.
        step: how many taps more for the next target column.
        turned: whether the taps are counted from the last.
    """

    first: int
    back: int
    step: int
    turned: bool


@dataclass(frozen=True)
class Operands:
    """One of the two maps that write an image.

    Attributes:
        source: (N, C, rows, columns) that are read.
        weights: (C, kernel rows, kernel columns).
        bias: (C, 1, 1) or None.
        target: (N, C, rows, columns) that are written.
        rows: which source rows a target row reads.
        slope: which tap reads a source column for a target column.
        dtype: in which sums are formed.
    """

    source: Array
    weights: Array
    bias: Array | None
    target: Array
    rows: Line
    slope: Slope
    dtype: np.dtype[Any]


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    bias = None if b is None else b.reshape(-1, 1, 1)
    rows, slope, dtype = line(conv, 0, "forward"), _slope(conv, "forward"), dtypes.accumulation(x.dtype)
    given = Operands(x, w[:, 0], bias, out, rows, slope, dtype)
    forward_again(x, w, b, conv, out, _run(given, _pieces(conv, "forward", dtype.itemsize)))


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    rows, slope, dtype = line(conv, 0, "input_grad"), _slope(conv, "input_grad"), dtypes.accumulation(gy.dtype)
    given = Operands(gy, w[:, 0], None, out, rows, slope, dtype)
    input_grad_again(gy, w, conv, out, _run(given, _pieces(conv, "input_grad", dtype.itemsize)))


def _slope(conv: Conv, name: str) -> Slope:
    kernel, stride, low = conv.window.kernel[1], conv.window.stride[1], conv.window.padding[1][0]
    return Slope(low, stride, 1, False) if name == "input_grad" else Slope(kernel - 1 - low, 1, stride, True)


def _run(given: Operands, pieces: list[Piece]) -> list[Piece]:
    """All pieces; returns those whose results are not finite."""
    spoilt: list[Piece] = []
    threads.each(partial(_work, given, spoilt), pieces)
    return spoilt


def _work(given: Operands, spoilt: list[Piece], piece: Piece) -> None:
    """Write some images of some channels, and add them to `spoilt` where they are not finite."""
    padded, finite = _padded(given, piece), True
    for rows in given.rows.targets:
        goal = given.target[piece][:, :, rows.first :: rows.step]
        if rows.number:
            finite &= _finite(given, padded, rows, piece[1], goal)
        else:
            goal[...] = 0 if given.bias is None else given.bias[piece[1]]
    if not finite:
        spoilt.append(piece)


def _finite(given: Operands, padded: Array, rows: Target, channels: slice, goal: Array) -> bool:
    """Write the rows of a phase; returns whether they are finite."""
    columns, matrices = _columns(given, padded, rows), _matrices(given, rows, channels)
    n, c, height, width = goal.shape
    plain = goal.dtype == given.dtype
    at_once = n == 1 and plain and goal[0].flags.c_contiguous
    y = goal.reshape(c, height, width) if at_once else scratch("product", (c, n * height, width), given.dtype)
    with np.errstate(invalid="ignore", over="ignore"):
        np.matmul(columns, matrices, out=y)
        if given.bias is not None:
            y += given.bias[channels]
        finite = is_finite(y)
    if not at_once:
        made = y.reshape(c, n, height, width).swapaxes(0, 1)
        if plain and goal.strides[3] == goal.itemsize:
            copy_rows(made, goal)
        else:
            goal[...] = made
    return finite


def _padded(given: Operands, piece: Piece) -> Array:
    """(c, n, rows, columns): the images of a piece, with rows of zeros above and below."""
    part, rows = given.source[piece].swapaxes(0, 1), given.rows
    *lead, _, width = part.shape
    height = (rows.length - 1) * rows.step + rows.high - rows.low + 1
    padded = scratch("padded", (*lead, height, width), given.dtype)
    start = max(0, rows.low)
    stop = max(start, min(rows.size, rows.low + height))
    inside = slice(start - rows.low, stop - rows.low)
    padded[:, :, : inside.start] = 0
    padded[:, :, inside.stop :] = 0
    padded[:, :, inside] = part[:, :, start:stop]
    return padded


def _columns(given: Operands, padded: Array, rows: Target) -> Array:
    """(c, n · target rows, taps · source columns): the rows that each target row reads, side by side."""
    c, n, _, width = padded.shape
    columns = scratch("columns", (c, n, rows.length, rows.number * width), given.dtype)
    channel, image, row, place = padded.strides
    first = rows.offset + min(0, rows.move * (rows.number - 1)) - given.rows.low
    strides = (channel, image, given.rows.step * row, place)
    copy_rows(np.ndarray(columns.shape, given.dtype, padded.data, first * row, strides), columns)
    return columns.reshape(c, n * rows.length, -1)


def _matrices(given: Operands, rows: Target, channels: slice) -> Array:
    """(c, taps · source columns, target columns): each row a run of a kernel's row, with zeros around it."""
    (first, back, step, turned), inner, outer = given.slope, given.source.shape[3], given.target.shape[3]
    weights = given.weights[channels, rows.taps]
    weights = weights[:, :: -1 if rows.move < 0 else 1, :: -1 if turned else 1]
    *lead, taps = weights.shape
    before = max(0, back * (inner - 1) - first)
    start = before + first
    runs = scratch("runs", (*lead, max(before + taps, start + step * (outer - 1) + 1)), given.dtype)
    runs.fill(0)
    runs[..., before : before + taps] = weights
    matrices = scratch("matrices", (*lead, inner, outer), given.dtype)
    for phase in range(min(step, inner)):
        goal = matrices[:, :, phase::step]
        ahead, left = divmod(start - phase, step)
        seen = np.ascontiguousarray(runs[..., left::step])
        place = seen.itemsize
        strides = (*seen.strides[:2], -back * place, place)
        copy_rows(np.ndarray(goal.shape, given.dtype, seen.data, ahead * place, strides), goal)
    return matrices.reshape(len(weights), -1, outer)


@lru_cache(maxsize=1024)
def _pieces(conv: Conv, name: str, item: int) -> list[Piece]:
    """Some images of some channels: all the images where they fit, for which the matrices are made once."""
    image, matrix = _sizes(conv, name, item)
    images = share(conv.batch, (BLOCK - matrix) // image)
    channels = share(conv.groups, min(BLOCK // (images * image + matrix), -(-conv.groups // PARTS)))
    return [
        (slice(n, min(conv.batch, n + images)), slice(c, min(conv.groups, c + channels)))
        for c in range(0, conv.groups, channels)
        for n in range(0, conv.batch, images)
    ]


def _sizes(conv: Conv, name: str, item: int) -> tuple[int, int]:
    """Bytes of the largest buffer for one image of a channel, and of the largest matrix."""
    rows, inner, outer = line(conv, 0, name), conv.input[1], conv.output[1]
    if name == "input_grad":
        inner, outer = outer, inner
    taps = max(target.number for target in rows.targets)
    height = (rows.length - 1) * rows.step + rows.high - rows.low + 1
    return item * max(rows.length * max(taps * inner, outer), height * inner), item * taps * inner * outer


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """One channel in and one out a group, two dimensions without dilation, floating point; no buffer too large."""
    window, wide = conv.window, dtypes.accumulation(dtype)
    if not conv.groups == conv.in_channels == conv.out_channels or window.ndim != 2 or set(window.dilation) != {1}:
        return False
    if wide.kind not in "fc" or not conv.multiplications:
        return False
    return max(size for name in ("forward", "input_grad") for size in _sizes(conv, name, wide.itemsize)) <= LIMIT // 2


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    item = dtypes.accumulation(dtype).itemsize
    image, matrix = _sizes(conv, name, item)
    outer = (conv.input if name == "input_grad" else conv.output)[1]
    pieces, targets = _pieces(conv, name, item), line(conv, 0, name).targets
    made = len(pieces) * (pieces[0][1].stop - pieces[0][1].start)
    rows = sum(target.length for target in targets) * conv.batch * conv.groups
    flops = 2.0 * rows * matrix / item
    moved = len(targets) * (1.5 * conv.batch * conv.groups * image + 2.0 * made * matrix)
    items = rows + len(targets) * made * matrix / (item * outer)
    calls = 12 * len(targets) * len(pieces) + len(targets) * made / 40
    return Estimate(flops, min(0.8, outer / 20), moved + 60 * items, calls, 2 * LIMIT)


ALGORITHM = Algorithm("whole-rows", _supports, _estimate, forward, input_grad, None, alone_below=1 << 22)
