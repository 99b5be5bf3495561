"""Rows of images, stacked: what each reads, where its copies lie, and what is multiplied.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from pyconv.geometry import Conv
from pyconv.kernels.conv.gather import as_items
from pyconv.kernels.conv.row_tiles import share
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]

ROWS = 8
"""Rows of outputs of a product at most."""
LINE = 16
"""Places to a multiple of which rows are long, if they are longer than half of it: with rows of 64 places in place of
56 products take 0.6 of the time, with 32 in place of 28 0.7."""
WIDE = 64
"""Places of a product's rows up to which images lie side by side."""


class Form(NamedTuple):
    """What a pass reads and writes.

    Attributes:
        images: that lie side by side at most.
        taps: the kernel.
        low: the padding before the first row and column; negative where they are cropped.
        size: the rows and columns that are read.
        length: the rows and columns that are written.
        rows: the rows of outputs of a product.
        blocks: the products of rows of one image.
        reach: the rows that a product reads.
        total: the rows that all products read.
        pitch: the places of a row of the stack.
        width: the places of a padded row.
    """

    images: int
    taps: tuple[int, ...]
    low: tuple[int, ...]
    size: tuple[int, ...]
    length: tuple[int, ...]
    rows: int
    blocks: int
    reach: int
    total: int
    pitch: int
    width: int

    @property
    def terms(self) -> int:
        """The length of a product's sums."""
        return self.reach * self.taps[1]

    @property
    def stack(self) -> int:
        """Elements of the stack of a channel."""
        return self.total * self.taps[1] * self.images * self.pitch

    @property
    def product(self) -> int:
        """Elements of the products of a channel."""
        return self.blocks * self.rows * self.images * self.pitch

    @property
    def padded(self) -> int:
        """Elements of the padded rows of a channel."""
        return self.total * self.images * self.width

    @property
    def matrix(self) -> int:
        """Elements of the matrix of a channel."""
        return self.rows * self.terms


@lru_cache(maxsize=4096)
def form_of(conv: Conv, name: str) -> Form:
    """That of 'forward' or of 'input_grad'."""
    taps, low, size, length = conv.window.kernel, conv.window.low, conv.input, conv.output
    if name == "input_grad":
        low, size, length = conv.window.turned_low, length, size
    rows = share(length[0], ROWS)
    blocks, reach = -(-length[0] // rows), rows + taps[0] - 1
    total = (blocks - 1) * rows + reach
    pitch = -(-length[1] // LINE) * LINE if length[1] > LINE // 2 else LINE // 2
    images = share(conv.batch, WIDE // pitch)
    return Form(images, taps, low, size, length, rows, blocks, reach, total, pitch, length[1] + taps[1] - 1)


class Stack:
    """The stacked rows of some channels of some images; those of the next take their place.

    Args:
        form: what a pass reads and writes.
        images: how many.
        channels: how many.
        dtype: in which sums are formed.

    Attributes:
        read: (c, blocks, K, places), what is multiplied.
        made: (c, blocks, rows, places), where products are put that do not belong into the result as they are.
    """

    def __init__(self, form: Form, images: int, channels: int, dtype: np.dtype[Any]) -> None:
        places, item = images * form.pitch, dtype.itemsize
        size = channels * form.total * images * form.width
        self._flat = scratch("padded", (size + form.pitch + form.taps[1],), dtype)
        padded = self._flat[:size].reshape(channels, form.total, images, form.width)
        down, self._rows = _inside(form.low[0], form.size[0], form.total)
        right, self._columns = _inside(form.low[1], form.size[1], form.width)
        self._inside = padded[:, down, :, right]
        self._lines = as_items(self._inside) if self._inside.size else self._inside
        stack = scratch("stack", (channels, form.total, form.taps[1], images, form.pitch), dtype)
        channel, row, image, _ = padded.strides
        self._stack = as_items(stack)
        self._seen = as_items(np.ndarray(stack.shape, dtype, self._flat, 0, (channel, row, item, image, item)))
        steps = (stack.strides[0], form.rows * stack.strides[1], places * item, item)
        self.read = np.ndarray((channels, form.blocks, form.terms, places), dtype, stack, 0, steps)
        made = scratch("made", (channels, form.blocks, form.rows, images, form.pitch), dtype)
        self.made = made.reshape(channels, form.blocks, form.rows, places)
        self._results = [
            (lines, made[:, blocks, :high, :, : form.length[1]].transpose(3, 0, 1, 2, 4))
            for blocks, lines, high in _cuts(form)
        ]

    def clear(self) -> None:
        """Set what is around the rows to zero."""
        self._flat.fill(0)

    def load(self, source: Array) -> None:
        """Stack the rows of (n, c, rows, columns)."""
        part = source[..., self._rows, self._columns].transpose(1, 2, 0, 3)
        if part.size and part.dtype == self._inside.dtype and part.strides[3] == part.itemsize:
            np.copyto(self._lines, as_items(part))
        else:
            self._inside[...] = part
        np.copyto(self._stack, self._seen)

    def unload(self, target: Array) -> None:
        """Put the products into (n, c, rows, columns)."""
        for lines, some in self._results:
            goal = target[:, :, lines].reshape(some.shape)
            if goal.dtype == some.dtype:
                np.copyto(as_items(goal), as_items(some))
            else:
                goal[...] = some


def _cuts(form: Form) -> list[tuple[slice, slice, int]]:
    """Whole blocks, and the rest of the last: which blocks, their rows, and how many each has."""
    whole, rest = divmod(form.length[0], form.rows)
    cuts = [
        (slice(0, whole), slice(0, whole * form.rows), form.rows),
        (slice(whole, whole + 1), slice(whole * form.rows, form.length[0]), rest),
    ]
    return [cut for cut in cuts if cut[1].start < cut[1].stop]


def _inside(low: int, size: int, length: int) -> tuple[slice, slice]:
    """Where `size` elements stand that begin at `low` of a run of `length`, and which of them there is room for.

    Example:
        >>> _inside(1, 4, 8), _inside(-1, 4, 2)
        ((slice(1, 5, None), slice(0, 4, None)), (slice(0, 2, None), slice(1, 3, None)))
    """
    first = min(length, max(0, low))
    end = max(first, min(length, low + size))
    return slice(first, end), slice(first - low, end - low)
