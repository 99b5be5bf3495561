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

from pyconv.geometry import Conv
from pyconv.kernels.conv.frames import IMAGES_LAST, Form, Order, Reading, forms, frame
from pyconv.kernels.conv.lines import Target
from pyconv.kernels.scratch import kept, scratch

Array = np.ndarray[Any, Any]


class Tile(NamedTuple):
    """Some groups, some images, and some rows of each phase that is written."""

    groups: slice
    images: slice
    rows: slice

    def height(self, rows: Target) -> int:
        """How many of its rows a phase has."""
        return max(0, min(self.rows.stop, rows.length) - self.rows.start)


class Part(NamedTuple):
    """Some images and groups of a tile, of which the columns are formed at once.

    Attributes:
        images: which images of the tile.
        groups: which groups of the tile.
        copies: pairs of views: what to fill, and what is read.
        matrix: the columns, (n, g, K, places), or (g, K, n · places) with the images last; all parts share a buffer.
        width: the places of one row.
    """

    images: slice
    groups: slice
    copies: list[tuple[Array, Array]]
    matrix: Array
    width: int

    def fill(self) -> None:
        """Copy what is in the padded rows now."""
        for goal, seen in self.copies:
            np.copyto(goal, seen)


class Padded:
    """The rows that tiles of one shape read, zeros around them; each tile's take the place of the one's before.

    Args:
        reading: what they read.
        order: that of the columns.
        dtype: of the columns.

    Attributes:
        parts: the parts of a tile for each pair of phases, their columns still to be filled.
        key: what it was made of.
    """

    def __init__(self, reading: Reading, order: Order, dtype: np.dtype[Any]) -> None:
        found = frame(reading)
        self.key = reading, order, dtype
        self._rows, self._dtype = found.rows, dtype
        self._flat = scratch("padded", (found.size,), dtype)
        self._goal = np.ndarray(found.shape, dtype, self._flat, *found.place)
        split = found.phases[0] > 1
        self._phases = scratch("phases", found.phases, dtype) if split else self._flat.reshape(1, -1)
        self.parts = [[self._part(form, order) for form in some] for some in forms(reading, order)]

    def clear(self) -> None:
        """Set what is around the rows to zero."""
        self._flat.fill(0)

    def load(self, source: Array) -> None:
        """Take the rows of a tile from its images and groups (n, g, depth, rows, columns)."""
        values = source[..., self._rows, :]
        if values.size and values.dtype == self._dtype and values.strides[-1] == values.itemsize:
            copy_rows(values, self._goal)
        else:
            self._goal[...] = values
        if len(self._phases) > 1:
            _split(self._flat, self._phases)

    def _part(self, form: Form, order: Order) -> Part:
        """What the taps read for some images and groups."""
        buffer = scratch("columns", form.shape, self._dtype)
        dtype = self._dtype if form.run == 1 else _item(form.run * self._dtype.itemsize)
        copies = [
            (np.ndarray(copy.shape, dtype, buffer, *copy.goal), np.ndarray(copy.shape, dtype, self._phases, *copy.seen))
            for copy in form.copies
        ]
        lead, last = (1, math.prod(form.shape[4:])) if order == IMAGES_LAST else (2, form.shape[5])
        matrix = buffer.reshape(*form.shape[:lead], math.prod(form.shape[lead : lead + 3]), last)
        places = last if order == IMAGES_LAST else form.places
        return Part(form.images, form.groups, copies, matrix[..., :places], form.width)


class Reader:
    """Tiles with their rows loaded; a thread's tiles of one shape share their buffers, as long as nothing else runs.

    Args:
        source: (N, G, depth, rows, columns).
        conv: the geometry.
        name: 'input_grad', or a pass that reads x for each element of y.
        order: that of the columns.
        dtype: that of the columns.
    """

    def __init__(self, source: Array, conv: Conv, name: str, order: Order, dtype: np.dtype[Any]) -> None:
        self._source, self._conv, self._name, self._order, self._dtype = source, conv, name, order, dtype
        self._last: dict[int, Padded] = {}

    def load(self, tile: Tile) -> Padded:
        """The rows of a tile, padded."""
        source = self._source[tile.images, tile.groups]
        rows, thread = tile.rows, threading.get_ident()
        reading = Reading(self._conv, self._name, source.shape[:3], rows.start, rows.stop, self._dtype.itemsize)
        key = reading, self._order, self._dtype
        padded = kept(key, lambda: Padded(*key))
        if self._last.get(thread) is not padded:
            padded.clear()
            self._last[thread] = padded
        padded.load(source)
        return padded


def copy_rows(source: Array, goal: Array) -> None:
    """Copy rows of one dtype, whose elements lie side by side, as items of their size.

    Example:
        >>> goal = np.zeros((2, 3))
        >>> copy_rows(np.ones((2, 2)), goal[:, 1:])
        >>> goal
        array([[0., 1., 1.],
               [0., 1., 1.]])
    """
    np.copyto(as_items(goal), as_items(source))


def as_items(rows: Array) -> Array:
    """(…, n) elements that lie side by side → (…, 1): the n as one item of their size."""
    return rows.view(_item(rows.shape[-1] * rows.itemsize))


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
