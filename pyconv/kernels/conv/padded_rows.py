"""Rows of images among zeros, a stride along them taken out: every stride-th element in a plane of its own.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

import threading
from typing import Any, NamedTuple

import numpy as np

from pyconv.geometry import Conv
from pyconv.kernels.conv.bands import axis
from pyconv.kernels.conv.gather import as_items
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]


class _Local(threading.local):
    last: PaddedRows | None = None
    """Whose rows the buffer "frame" holds, which nothing else uses: around them are zeros."""


_local = _Local()


class _Load(NamedTuple):
    """What is put among the zeros: for one phase of the columns.

    Attributes:
        goal: (C, …, rows, columns) in the padded rows.
        rows: the rows of the source.
        columns: its columns.
    """

    goal: Array
    rows: slice
    columns: slice


class PaddedRows:
    """The padded rows that some rows of a result read, in this thread's buffer "frame".

    Args:
        conv: the geometry.
        first: the first of the rows of the result.
        stop: the row after the last.
        more: further padded rows, behind those that are read.
        dtype: of the rows.
        images: (n,) where there are several; nothing for a single one.

    Attributes:
        planes: (stride, C, *images, rows, columns).
    """

    def __init__(
        self, conv: Conv, first: int, stop: int, more: int, dtype: np.dtype[Any], images: tuple[int, ...] = ()
    ) -> None:
        shape = (conv.in_channels, *images, padded_height(conv, stop - first) + more)
        step = axis(conv, 1)[1]
        self.planes = scratch("frame", (step, *shape, pitch(conv) // step), dtype)
        _, stride, _, low, *_ = axis(conv, 0)
        self._loads = self._found(conv, first * stride - low)

    def load(self, image: Array) -> None:
        """Take the rows of an image (C, rows, columns), or of several (C, n, rows, columns)."""
        if _local.last is not self:
            self.planes.fill(0)
            _local.last = self
        for goal, rows, columns in self._loads:
            values = image[..., rows, columns]
            if goal.dtype != values.dtype:
                values = as_items(values)
            np.copyto(goal, values)

    def _found(self, conv: Conv, base: int) -> list[_Load]:
        """The loads of all phases, where the padded rows begin with row `base` of the source."""
        _, step, _, low, size, _ = axis(conv, 1)
        height, width = self.planes.shape[-2:]
        rows = slice(max(0, base), min(axis(conv, 0)[4], base + height))
        found = []
        for phase, plane in enumerate(self.planes):
            left = max(0, -((phase - low) // step))
            start = phase + left * step - low
            count = len(range(start, min(size, width * step - low), step))
            if rows.start < rows.stop and count > 0:
                goal = plane[..., rows.start - base : rows.stop - base, left : left + count]
                columns = slice(start, start + (count - 1) * step + 1, step)
                found.append(_Load(as_items(goal) if step == 1 else goal, rows, columns))
        return found


def padded_height(conv: Conv, count: int) -> int:
    """The padded rows that so many rows of a result read."""
    taps, stride, dilation, *_ = axis(conv, 0)
    return (count - 1) * stride + (taps - 1) * dilation + 1


def pitch(conv: Conv) -> int:
    """Elements of a padded row, all phases."""
    taps, stride, dilation, *_, width = axis(conv, 1)
    return -(-((width - 1) * stride + (taps - 1) * dilation + 1) // stride) * stride
