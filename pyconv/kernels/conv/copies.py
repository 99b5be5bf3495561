"""The rows that blocks of target rows read, copied once for every column of the kernel, shifted by it.

In the copies a block's rows lie one after the other, so that each copy is one long run wherever those of the padded
rows that it is taken from do. A stride splits the padded rows into its phases: every stride-th column in a plane of
its own, in which neighbours are neighbours again.

Measured: 0.72 to 1 of the time that copies of every stride-th element take. Tried and slower, by a tenth: runs of the
image itself where target and source are equally wide, with what they take from beyond the edges set to zero. No faster:
rows taken as single items, and phases split from padded rows as `gather` does.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.kernels.conv.bands import Band, Shift
from pyconv.kernels.conv.row_tiles import Tile, padded_rows
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]


def shifted_copies(source: Array, tile: Tile, band: Band, shift: Shift, dtype: np.dtype[Any]) -> Array:
    """The copies for the blocks of a tile.

    Args:
        source: (N, G, B, rows, columns).
        tile: some groups, images and blocks.
        band: the rows of a block.
        shift: the columns.
        dtype: the dtype of the copies.

    Returns:
        (n, g, blocks, B·taps·depth, pitch) in the scratch buffer "columns"; pitch may exceed the target's columns.
    """
    if shift.spread == 1 and shift.step > 1:
        return _from_phases(source, tile, band, shift, dtype)
    return _from_rows(source, tile, band, shift, dtype)


def _buffer(source: Array, tile: Tile, band: Band, shift: Shift, dtype: np.dtype[Any]) -> Array:
    """(n, g, blocks, B, taps, depth, pitch)."""
    images, groups, blocks = (part.stop - part.start for part in (tile.images, tile.groups, tile.blocks))
    return scratch("columns", (images, groups, blocks, source.shape[2], shift.taps, band.depth, shift.pitch), dtype)


def _joined(copies: Array) -> Array:
    return copies.reshape(*copies.shape[:3], -1, copies.shape[-1])


def _from_phases(source: Array, tile: Tile, band: Band, shift: Shift, dtype: np.dtype[Any]) -> Array:
    """Runs of padded rows of which every column of a phase of the step lies in one plane."""
    step, pitch, chosen = shift.step, shift.pitch, source[tile.images, tile.groups]
    copies = _buffer(source, tile, band, shift, dtype)
    blocks = copies.shape[2]
    rows = (blocks - 1) * band.step + band.depth
    first = band.first + tile.blocks.start * band.step
    size = math.prod(chosen.shape[:3]) * rows * pitch
    memory = scratch("padded", (step * size + pitch,), dtype)
    memory.fill(0)
    planes = memory[: step * size].reshape(step, *chosen.shape[:3], rows, pitch)
    low, high = max(0, first), min(source.shape[3], first + rows)
    for phase in range(step):
        left = max(0, -(-(shift.first - phase) // step))
        begin = left * step + phase - shift.first
        count = min(pitch - left, -(-(source.shape[4] - begin) // step))
        if low < high and count > 0:
            part = chosen[..., low:high, begin : begin + (count - 1) * step + 1 : step]
            planes[phase, ..., low - first : high - first, left : left + count] = part
    plane, image, group, channel, row, place = planes.strides
    runs = copies.reshape(*copies.shape[:5], -1)
    every = step // math.gcd(step, shift.stride)
    for tap in range(min(every, shift.taps)):
        jump, phase = divmod(tap * shift.stride, step)
        goal = runs[:, :, :, :, tap::every]
        strides = (image, group, band.step * row, channel, every * shift.stride // step * place, place)
        np.copyto(goal, np.ndarray(goal.shape, dtype, memory.data, phase * plane + jump * place, strides))
    return _joined(copies)


def _from_rows(source: Array, tile: Tile, band: Band, shift: Shift, dtype: np.dtype[Any]) -> Array:
    """Runs of padded rows, their elements spread as the shift says."""
    copies = _buffer(source, tile, band, shift, dtype)
    rows = (copies.shape[2] - 1) * band.step + band.depth
    first = band.first + tile.blocks.start * band.step
    padded, (image, group, channel, row, place) = padded_rows(
        source[tile.images, tile.groups], shift, first, rows, dtype
    )
    strides = (image, group, band.step * row, channel, shift.stride * place, row, shift.step * place)
    np.copyto(copies, np.ndarray(copies.shape, dtype, padded.data, shift.base * place, strides))
    return _joined(copies)
