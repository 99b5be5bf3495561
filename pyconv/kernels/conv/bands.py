"""Which rows and columns the outputs of a block read, and the banded matrices that say it.

The two maps that write an image, the forward one and the gradient with respect to x, are here one: rows and columns
of a source go to rows and columns of a target.

May import: NumPy, `pyconv.geometry`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from pyconv.geometry import Conv

Array = np.ndarray[Any, Any]

ROWS = 8
"""Target rows of a block of one channel: more waste more multiplications, fewer copy each source row more often."""
MANY_ROWS = 16
"""The same for kernels of at least as many rows, and the rows of all channels of a block otherwise."""
LINE = 16
"""Target elements of a block in one dimension."""


@dataclass(frozen=True)
class Diagonals:
    """Where some kernel rows stand in a banded matrix: tap `first + i·taps`, for the target rows that it adds to.

    Attributes:
        first: the first of the kernel rows.
        taps: the step from one of them to the next.
        target: the first target row of each.
        target_step: the target rows from one entry to the next.
        source: the source row that the first of the kernel rows reads for the first target row.
        source_step: the source rows from one entry to the next.
        tap_step: the source rows from one of the kernel rows to the next.
    """

    first: int
    taps: int
    target: int
    target_step: int
    source: int
    source_step: int
    tap_step: int


@dataclass(frozen=True)
class Band:
    """What a block of target rows reads.

    Attributes:
        rows: the target rows of a block.
        depth: the source rows that it reads.
        step: the source rows from one block to the next.
        first: the first source row that the first block reads; negative where it begins in the padding.
        diagonals: its entries, every kernel row once.
    """

    rows: int
    depth: int
    step: int
    first: int
    diagonals: tuple[Diagonals, ...]


@dataclass(frozen=True)
class Shift:
    """What a target column reads.

    Attributes:
        taps: the columns of the kernel.
        first: the place of the first source column in a padded row; negative where it is cropped.
        spread: the places from one source column to the next; those between hold zeros.
        step: the places from one target column to the next.
        base: the place that the first tap reads for the first target column.
        stride: the places from one tap to the next.
        width: the places of a padded row.
        pitch: the columns of a shifted copy: those of a padded row, or of one phase of its step.
    """

    taps: int
    first: int
    spread: int
    step: int
    base: int
    stride: int
    width: int
    pitch: int


def axis(conv: Conv, i: int) -> tuple[int, int, int, int, int, int]:
    """(kernel, stride, dilation, low padding, input, output) of one dimension; of a trivial one past the last."""
    window = conv.window
    if i == window.ndim:
        return 1, 1, 1, 0, 1, 1
    return window.kernel[i], window.stride[i], window.dilation[i], window.padding[i][0], conv.input[i], conv.output[i]


def _height(rows: int, taps: int, width: int, channels: int) -> int:
    """The rows of a block, near to an even share of all."""
    if taps == 1:
        most = 1
    elif width == 1:
        most = LINE
    elif taps >= MANY_ROWS:
        most = MANY_ROWS
    else:
        most = max(2, min(ROWS, MANY_ROWS // channels))
    return -(-rows // -(-rows // most))


@lru_cache(maxsize=1024)
def rows_read(conv: Conv, name: str) -> Band:
    """The band of 'forward' or 'input_grad'."""
    taps, stride, dilation, low, size, output = axis(conv, 0)
    reach = (taps - 1) * dilation
    if name == "forward":
        rows = _height(output, taps, axis(conv, 1)[5], conv.out_channels // conv.groups)
        diagonals = Diagonals(0, 1, 0, 1, 0, stride, dilation)
        return Band(rows, (rows - 1) * stride + reach + 1, rows * stride, -low, (diagonals,))
    height = _height(size, taps, axis(conv, 1)[4], conv.in_channels // conv.groups)
    rows = -(-height // stride) * stride
    first = -((reach - low) // stride)
    period = stride // math.gcd(stride, dilation)
    found = []
    for tap in range(min(taps, period)):
        target = (tap * dilation - low) % stride
        source = (low + target - tap * dilation) // stride - first
        found.append(Diagonals(tap, period, target, stride, source, 1, -period * dilation // stride))
    return Band(rows, (low + rows - 1) // stride - first + 1, rows // stride, first, tuple(found))


@lru_cache(maxsize=1024)
def columns_read(conv: Conv, name: str) -> Shift:
    """The shift of 'forward' or 'input_grad'; the latter reads every stride-th place, from right to left."""
    taps, stride, dilation, low, size, output = axis(conv, 1)
    reach = (taps - 1) * dilation
    if name == "forward":
        width = (output - 1) * stride + reach + 1
        return Shift(taps, low, 1, stride, 0, dilation, width, -(-width // stride))
    return Shift(taps, reach - low, stride, 1, reach, -dilation, size + reach, size + reach)


def band_matrices(weights: Array, band: Band, dtype: np.dtype[Any]) -> Array:
    """(G, A, B, kernel rows, kernel columns) → (G, A, rows, B·columns·depth): each kernel row on its diagonal."""
    groups, height, depth, _, columns = weights.shape
    matrices = np.zeros((groups, height, band.rows, depth, columns, band.depth), dtype)
    *lead, row, inner, column, place = matrices.strides
    for line in band.diagonals:
        count = -(-(band.rows - line.target) // line.target_step)
        if count > 0:
            chosen = weights[:, :, None, :, line.first :: line.taps]
            shape = (groups, height, count, depth, chosen.shape[4], columns)
            along = row * line.target_step + place * line.source_step
            strides = (*lead, along, inner, place * line.tap_step, column)
            start = row * line.target + place * line.source
            np.ndarray(shape, dtype, matrices.data, start, strides)[...] = chosen
    return matrices.reshape(groups, height, band.rows, -1)
