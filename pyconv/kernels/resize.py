"""Resizing: along each dimension, every element of the result is a weighted sum of a few elements of the input.

Which ones, and with which weights, is a `Taps`; the transposed map is one too. May import: NumPy, `pyconv.dtypes`,
`pyconv.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.kernels.pieces import each_piece

Array = np.ndarray[Any, Any]
Where = slice | Array

_BLOCK = 1 << 17
"""Elements of the result that are made at a time, so that what lies between two dimensions stays in the cache."""

_PHASES = 16
"""The longest period of the pattern in which the taps repeat that is looked for."""


@dataclass(frozen=True, eq=False)
class Strip:
    """A part of a Taps whose elements lie at equal distances, or anywhere, in the input and in the result.

    Attributes:
        to: positions in the result.
        source: as many positions in the input.
        weight: one for each, or None for ones.
        first: whether it is the first to reach these positions of the result.
    """

    to: Where
    source: Where
    weight: Array | None
    first: bool


@dataclass(frozen=True, eq=False)
class Taps:
    """A linear map along one dimension.

    Attributes:
        size: the size of the input.
        index: (T, n), for each of the n elements of the result the T elements of the input that it is made of.
        weight: (T, n), their weights, in the dtype of the computation; None for ones.
        count: (n,), how many of the T there are; the rest is not looked at. None if it is all of them.
    """

    size: int
    index: Array
    weight: Array | None
    count: Array | None = field(default=None)

    @property
    def length(self) -> int:
        """The size of the result."""
        return int(self.index.shape[1])

    @cached_property
    def transposed(self) -> Taps:
        """The transposed map, without weights that are zero."""
        taps, n = self.index.shape
        there = np.ones((taps, n), np.bool_) if self.count is None else np.arange(taps)[:, None] < self.count
        weight = np.ones((taps, n), np.float32) if self.weight is None else self.weight
        there &= weight != 0
        keys, place = np.unique((self.index * n + np.arange(n))[there], return_inverse=True)
        sums = np.bincount(place, weight[there], len(keys)).astype(weight.dtype)
        to, source = keys // n, keys % n
        count = np.bincount(to, minlength=self.size)
        nth = np.arange(len(keys)) - (np.cumsum(count) - count)[to]
        index = np.zeros((int(count.max(initial=0)), self.size), np.intp)
        index[nth, to] = source
        if self.weight is None:
            return Taps(n, index, None, count)
        weights = np.zeros(index.shape, weight.dtype)
        weights[nth, to] = sums
        return Taps(n, index, weights, count)

    @cached_property
    def repeats(self) -> int:
        """How often every element of the input is repeated, if that is all that the map does; else 0."""
        times = self.length // self.size
        plain = self.weight is None and self.count is None and times * self.size == self.length
        return times if plain and np.array_equal(self.index[0], np.arange(self.size).repeat(times)) else 0

    @cached_property
    def strips(self) -> tuple[Strip, ...]:
        """The map in parts that slices reach, and what is left."""
        common = math.gcd(self.length, self.size)
        period = self.length // common if self.length // common <= _PHASES else 1
        return tuple(strip for tap in range(len(self.index)) for strip in self._strips(tap, period))

    def _strips(self, tap: int, period: int) -> Iterator[Strip]:
        at = np.arange(self.length) if self.count is None else np.flatnonzero(self.count > tap)
        rest = []
        for phase in range(period):
            to = at[at % period == phase]
            run = _longest_run(to, self.index[tap, to])
            if run.stop - run.start < 4:
                rest.append(to)
                continue
            rest += [to[: run.start], to[run.stop :]]
            yield self._strip(tap, _as_slice(to[run]), _as_slice(self.index[tap, to[run]]))
        left = np.concatenate(rest)
        if len(left):
            yield self._strip(tap, left, self.index[tap, left])

    def _strip(self, tap: int, to: Where, source: Where) -> Strip:
        return Strip(to, source, None if self.weight is None else self.weight[tap, to].copy(), tap == 0)


def _longest_run(to: Array, source: Array) -> slice:
    """The longest stretch in which both sequences go up in equal steps."""
    steps = np.diff(to) * (len(source) + int(source.max(initial=0)) + 1) + np.diff(source)
    good = (np.diff(source) > 0) if len(source) > 1 else np.zeros(0, np.bool_)
    breaks = np.flatnonzero((steps[1:] != steps[:-1]) | ~good[1:]) + 1
    edges = np.concatenate(([0], breaks, [len(steps)]))
    if len(edges) < 2 or not len(steps):
        return slice(0, 0)
    longest = int(np.argmax(np.diff(edges)))
    start = int(edges[longest])
    return slice(start, int(edges[longest + 1]) + 1) if good[start] else slice(0, 0)


def _as_slice(positions: Array) -> slice:
    step = int(positions[1] - positions[0])
    return slice(int(positions[0]), int(positions[-1]) + 1, step)


def resize(x: Array, taps: Sequence[Taps | None]) -> Array:
    """`x` mapped along its last dimensions, the last of them first.

    Args:
        x: any shape, floating point, or any dtype where no Taps has weights.
        taps: one for each of the last dimensions; None for one that stays as it is.

    Returns:
        An array of the dtype of `x`; half types are rounded once.

    Example:
        >>> half = np.full((2, 2), 0.5, np.float32)
        >>> resize(np.array([1.0, 3.0, 5.0]), [Taps(3, np.array([[0, 1], [1, 2]]), half)])
        array([2., 4.])
    """
    ndim = len(taps)
    shape = x.shape[: x.ndim - ndim]
    ends = tuple(n if t is None else t.length for n, t in zip(x.shape[x.ndim - ndim :], taps, strict=True))
    lead = math.prod(shape)
    rows = x.reshape(lead, *x.shape[x.ndim - ndim :])
    out = np.empty((lead, *ends), x.dtype)
    if not out.size:
        return out.reshape(*shape, *ends)
    if all(t is None or t.repeats for t in taps):
        _repeat(rows, out, [1 if t is None else t.repeats for t in taps])
        return out.reshape(*shape, *ends)
    wide = dtypes.accumulation(x.dtype)
    step = max(1, _BLOCK // max(math.prod(ends), math.prod(rows.shape[1:])))
    moved = [(axis, along) for axis, along in reversed(list(enumerate(taps, start=1))) if along is not None]

    def fill(made: Array, block: Array) -> None:
        block = block.astype(wide, copy=False)
        for axis, along in moved[:-1]:
            block = _along(block, along, axis)
        axis, along = moved[-1]
        if out.dtype == wide:
            _along(block, along, axis, made)
        else:
            made[...] = _along(block, along, axis)

    each_piece(fill, step, out, rows)
    return out.reshape(*shape, *ends)


def _repeat(x: Array, out: Array, times: list[int]) -> None:
    """Fill `out` with every element of `x` repeated along each dimension but the first.

    Within rows the copies are written one after the other, each with a stride: where NumPy repeats single elements
    itself, in loops as long as they are repeated, it takes twice as long.
    """
    outer = x.shape[1:-1]
    split = [part for n, k in zip(outer, times[:-1], strict=True) for part in (n, k)]
    spread = [part for n in outer for part in (n, 1)]

    def fill(made: Array, source: Array) -> None:
        rows = np.empty((*source.shape, times[-1]), x.dtype)
        for nth in range(times[-1]):
            rows[..., nth] = source
        made.reshape(len(made), *split, -1)[...] = rows.reshape(len(made), *spread, out.shape[-1])

    each_piece(fill, max(1, _BLOCK // math.prod(out.shape[1:])), out, x)


def _along(x: Array, taps: Taps, axis: int, made: Array | None = None) -> Array:
    """`x` mapped along one dimension, in `made` if there is one, which is contiguous."""
    lead, inner = math.prod(x.shape[:axis]), math.prod(x.shape[axis + 1 :])
    if made is None:
        made = np.empty((*x.shape[:axis], taps.length, *x.shape[axis + 1 :]), x.dtype)
    if taps.weight is None and taps.count is None:
        return np.take(x, taps.index[0], axis=axis, out=made, mode="clip")
    rows = x.reshape(lead, taps.size, inner) if inner != 1 else x.reshape(lead, taps.size)
    out = made.reshape(lead, taps.length, *rows.shape[2:])
    if not len(taps.index) or (taps.count is not None and not taps.count.all()):
        out[...] = 0
    for strip in taps.strips:
        part = rows[:, strip.source] if isinstance(strip.source, slice) else rows.take(strip.source, axis=1)
        weight = strip.weight if strip.weight is None or inner == 1 else strip.weight[:, None]
        if strip.first and weight is not None and isinstance(strip.to, slice):
            np.multiply(part, weight, out=out[:, strip.to])
        elif strip.first:
            out[:, strip.to] = part if weight is None else part * weight
        else:
            out[:, strip.to] += part if weight is None else part * weight
    return made
