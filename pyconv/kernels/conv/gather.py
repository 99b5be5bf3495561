"""Columns copied in long runs, from rows that lie in a buffer with zeros between them.

A zero between two rows serves the end of the one and the start of the other. Where the stride is 1, what a tap reads is
then one run of all the rows of a channel: a few places too many for each row, which are left out of the result later.
Elsewhere, and where those places would be many, a tap is copied row by row, with a row as one item of its size, which
NumPy copies three times as fast as a row of numbers. A stride along the rows is taken out first, by a split of the
padded rows into phases.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
import sys
import threading
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from pyconv.kernels.conv.lines import Line, Target
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]
Lines = tuple[Line, Line]
Pair = tuple[Target, Target]
Order = tuple[int, int, int, int, int]

WASTE = 1.35
"""Places from one row to the next for each element of a row, up to which a run of them all is copied and multiplied."""

CHANNELS_FIRST: Order = (0, 1, 2, 3, 4)
"""Columns (n, g, depth, kernel rows, kernel columns, ·), as the weights lie."""
TAPS_FIRST: Order = (0, 1, 3, 4, 2)
"""Columns (n, g, kernel rows, kernel columns, depth, ·)."""
IMAGES_LAST: Order = (1, 2, 3, 4, 0)
"""Columns (g, depth, kernel rows, kernel columns, n, ·), with nothing between the rows."""


class Tile(NamedTuple):
    """Some groups, some images, and some rows of each phase that is written."""

    groups: slice
    images: slice
    rows: slice

    def height(self, pair: Pair) -> int:
        """How many of its rows a phase has."""
        return max(0, min(self.rows.stop, pair[0].length) - self.rows.start)


class Columns(NamedTuple):
    """A column matrix.

    Attributes:
        copies: pairs of views: what to fill, and what is read.
        buffer: the columns, in the order that was asked for, rows and places in the last dimension.
        width: the places of one row.
    """

    copies: list[tuple[Array, Array]]
    buffer: Array
    width: int

    def fill(self) -> None:
        """Copy what is in the padded rows now."""
        for goal, seen in self.copies:
            np.copyto(goal, seen)


class Padded:
    """The rows that tiles of one shape read, zeros around them; each tile's take the place of the one's before.

    Args:
        lead: images, groups, and channels of a group.
        tile: any of the tiles.
        lines: the two dimensions.
        dtype: of the columns.
    """

    def __init__(self, lead: tuple[int, ...], tile: Tile, lines: Lines, dtype: np.dtype[Any]) -> None:
        rows, columns = lines
        self._lead, self._lines, self._dtype = lead, lines, dtype
        base = tile.rows.start * rows.step + rows.low
        height = (tile.rows.stop - tile.rows.start - 1) * rows.step + 1 + rows.high - rows.low
        start, stop = max(0, base), min(rows.size, base + height)
        self._rows = slice(start, max(start, stop))
        size = math.prod(lead) * height * columns.pitch
        self._flat = scratch("padded", (columns.margin + size + columns.pitch * (1 + columns.step),), dtype)
        self._flat.fill(0)
        inner = self._flat[columns.margin : columns.margin + size].reshape(*lead, height, columns.pitch)
        self._goal = inner[..., start - base : max(start, stop) - base, : columns.size]
        phases = (columns.step, len(self._flat) // columns.step)
        self._phases = self._flat.reshape(1, -1) if columns.step == 1 else scratch("phases", phases, dtype)
        self._first = columns.margin // columns.step * dtype.itemsize
        down = columns.pitch // columns.step * dtype.itemsize
        self._strides = (lead[1] * lead[2] * height * down, lead[2] * height * down, height * down, down)

    def load(self, source: Array) -> None:
        """Take the rows of a tile from its images and groups (n, g, depth, rows, columns)."""
        values = source[..., self._rows, :]
        if values.size and values.dtype == self._dtype and values.strides[-1] == values.itemsize:
            copy_rows(values, self._goal)
        else:
            self._goal[...] = values
        if len(self._phases) > 1:
            _split(self._flat, self._phases)

    def columns(self, pair: Pair, height: int, order: Order) -> Columns:
        """What the taps of a pair of phases read for their first `height` rows."""
        rows, columns = pair
        down, across = self._lines[0].step, self._lines[1].step
        pitch = self._lines[1].pitch
        runs = down == across == 1 and columns.length <= pitch <= WASTE * columns.length and order != IMAGES_LAST
        width = pitch if runs else columns.length
        shape = (*self._lead, rows.number, columns.number)
        buffer = scratch("columns", (*(shape[i] for i in order), height * width), self._dtype)
        if not buffer.size:
            return Columns([], buffer, width)
        item = self._dtype.itemsize
        goal = (buffer if runs else buffer.view(_item(width * item))).transpose(*(order.index(i) for i in range(5)), 5)
        apart = across // math.gcd(across, columns.move)
        *lead, row = self._strides
        strides = (*lead, rows.move * row, columns.move * apart // across * item, item if runs else down * row)
        first = self._first + (rows.offset - self._lines[0].low) * row
        copies = []
        for tap in range(min(apart, columns.number)):
            ahead, phase = divmod(columns.offset + tap * columns.move, across)
            place = first + phase * self._phases.strides[0] + ahead * item
            part = goal[..., tap::apart, :]
            copies.append((part, np.ndarray(part.shape, goal.dtype, self._phases.data, place, strides)))
        return Columns(copies, buffer, width)


class Reader:
    """Tiles with their rows loaded; a thread's tiles of one shape share their buffers, as long as nothing else runs.

    Args:
        source: (N, G, depth, rows, columns).
        lines: the two dimensions.
        order: that of the columns.
        dtype: that of the columns.
    """

    def __init__(self, source: Array, lines: Lines, order: Order, dtype: np.dtype[Any]) -> None:
        self._source, self._lines, self._order, self._dtype = source, lines, order, dtype
        self.pairs = [(rows, columns) for rows in lines[0].targets for columns in lines[1].targets]
        self._made: dict[int, tuple[Any, Padded, list[Columns]]] = {}

    def load(self, tile: Tile) -> list[Columns]:
        """The columns of a tile for each pair of phases, still to be filled."""
        part = self._source[tile.images, tile.groups]
        thread, key = threading.get_ident(), (part.shape, tile.rows)
        made = self._made.get(thread)
        if made is None or made[0] != key:
            padded = Padded(part.shape[:3], tile, self._lines, self._dtype)
            made = key, padded, [padded.columns(pair, tile.height(pair), self._order) for pair in self.pairs]
            self._made[thread] = made
        made[1].load(part)
        return made[2]


def copy_rows(source: Array, goal: Array) -> None:
    """Copy rows of one dtype, whose elements lie side by side, as items of their size.

    Example:
        >>> goal = np.zeros((2, 3))
        >>> copy_rows(np.ones((2, 2)), goal[:, 1:])
        >>> goal
        array([[0., 1., 1.],
               [0., 1., 1.]])
    """
    row = _item(source.shape[-1] * source.itemsize)
    np.copyto(goal.view(row), source.view(row))


@lru_cache(maxsize=256)
def _item(size: int) -> np.dtype[Any]:
    """`size` bytes as one item."""
    return np.dtype((np.void, size))


def _split(flat: Array, phases: Array) -> None:
    """(step · L) elements → (step, L): those of each phase together."""
    step, length = phases.shape
    if step == 2 and flat.itemsize == 4 and sys.byteorder == "little":
        for i in range(2):  # the low half of every pair, in less than half the time that a copy with a step takes
            pairs = np.ndarray((length - i,), np.uint64, flat.data, i * flat.itemsize)
            np.copyto(phases[i, : length - i].view(np.uint32), pairs, casting="unsafe")
        phases[1, -1] = flat[2 * length - 1]
    else:
        np.copyto(phases, flat[: step * length].reshape(length, step).T)
