"""Tiles transformed, forth and back: a list of calls on views that are laid out once and used again.

Every dimension but the last is transformed over windows of whole lines, which are read where they lie in x. The last
is transformed by products that turn the lines round: (points, lines) = B (points, inputs) · (inputs, lines), with a
line for each channel of each row. So channels come to lie innermost without a copy, and each point has one product
(tiles, C) · (C, O). Back it goes in the same way, from (points, tiles, O) to lines (rows, O, W), and those are copied
into y. What NumPy copies element by element, as for every m-th input or output of a line, takes as long as a small
product: lines cut up and sewn together so, with tiles innermost, made F(4, 3) take 1.2 to 1.4 times as long on
VGG-16's layers of 64 and 128 channels, two threads, and F(3, 3) 1.15 to 1.4 times.

Of 64 channels on 224² on two threads, F(4, 3) takes 0.3 of its time for products, 0.14 for the first dimension, 0.18
for the last, 0.15 back, and 0.13 to write. Every stage is one or two calls on a whole block: two threads that work on
blocks side by side need the interpreter between calls. Lines that begin an odd number of cache lines apart made no
difference.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache, reduce
from typing import Any, NamedTuple

import numpy as np

from pyconv.geometry import Size
from pyconv.kernels.conv.cook_toom import Filtering
from pyconv.kernels.conv.winograd_axis import Run, group, ordered, reads, spread, writes
from pyconv.kernels.conv.winograd_tiles import Blocks, Operands
from pyconv.kernels.scratch import LIMIT, kept, scratch

Array = np.ndarray[Any, Any]
Call = tuple[Callable[..., Any], tuple[Any, ...]]

LONGEST_RUN = 1 << 15
"""Elements that one product with a small matrix reads or writes: more of them leave the cache."""
MOST = 1_000_000
"""Multiplications from which on BLAS takes another kernel, which is slower for matrices so narrow."""


class Turns:
    """Two buffers that are written by turns: each stage reads the one and writes the other."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._dtype = dtype
        self._odd = False

    def take(self, *shape: int) -> Array:
        """The buffer that was not taken last."""
        self._odd = not self._odd
        return scratch("odd" if self._odd else "even", shape, self._dtype)


class Box(NamedTuple):
    """What a block of tiles reads of x.

    Attributes:
        runs: of each dimension but the last.
        start: the first column that is read.
        stop: where they end.
        before: the columns of zeros before them.
        width: the columns with the zeros on both sides.
        key: the same for blocks that read alike, wherever in the first dimension and from whichever column on.
    """

    runs: tuple[tuple[Run, ...], ...]
    start: int
    stop: int
    before: int
    width: int
    key: tuple[Any, ...]


def box_of(given: Operands, block: Blocks) -> Box:
    """What a block reads."""
    firsts = tuple(f * m - low for f, m, low in zip(block.first, given.steps, given.low, strict=True))
    return _box(given.filters, given.x.shape[2:], firsts, block.tiles, given.dtype)


@lru_cache(maxsize=1024)
def _box(filters: tuple[Filtering, ...], sizes: Size, firsts: Size, tiles: Size, dtype: np.dtype[Any]) -> Box:
    places = zip(filters[:-1], sizes, firsts, tiles, strict=False)
    runs = [reads(f, size, first, count, dtype) for f, size, first, count in places]
    f, size, first = filters[-1], sizes[-1], firsts[-1]
    together = group(f, tiles[-1])
    across = -(-tiles[-1] // together) * together
    start = min(size, max(0, first))
    width = f.outputs * (across - 1) + f.span
    stop = max(start, min(size, first + width))
    before = min(width, max(0, -first)) if stop > start else 0
    alike = tuple((r.first, r.number, r.length) for r in runs[0])
    others = tuple((r.first, r.number, r.length, r.start) for some in runs[1:] for r in some)
    return Box(tuple(runs), start, stop, before, width, (alike, others, stop - start, before, width))


class Reading:
    """Inputs transformed.

    Attributes:
        firsts: where the windows of each run of the first dimension go, (n, C, tiles, …, points, W).
        calls: what is done when they are there.
        lines: what that leaves, (points of all dimensions but the last, lines, W).
    """

    def __init__(self, given: Operands, block: Blocks, turns: Turns) -> None:
        box = box_of(given, block)
        channels, images, sizes = given.x.shape[1], block.lead[0], given.x.shape[3:-1]
        done, lines = given.spans[0], block.tiles[0] * images * channels
        current = turns.take(done, block.tiles[0], images, channels, *sizes, box.width)
        after = box.before + box.stop - box.start
        self.calls: list[Call] = []
        for outside in (current[..., : box.before], current[..., after:]):
            if outside.size:
                self.calls.append((outside.fill, (0,)))
        inside = current[..., box.before : after]
        places = (2, 3, 1, *range(4, current.ndim - 1), 0, current.ndim - 1)
        self.firsts = [inside[:, r.first : r.first + r.number].transpose(places) for r in box.runs[0]]
        for i, f in enumerate(given.filters[1:-1]):
            source = current.reshape(done, lines, *sizes[i:], box.width)
            current = turns.take(done, f.points, block.tiles[i + 1], lines, *sizes[i + 1 :], box.width)
            self.calls += _windows(f, source, current, box.runs[i + 1])
            done, lines = done * f.points, lines * block.tiles[i + 1]
        self.lines = current.reshape(done, lines, box.width)
        self._filter, self._together = given.filters[-1], group(given.filters[-1], block.tiles[-1])

    def finish(self, goal: Array) -> list[Call]:
        """The calls that turn the lines round, into (points of the others, points, tiles, outer, inner lines)."""
        done, points, across, outer, inner = goal.shape
        together, item = self._together, goal.itemsize
        if goal.strides[3] == inner * item:
            outer, inner = 1, outer * inner
        goal = goal.reshape(done, points * together, across // together, outer, inner).transpose(0, 2, 3, 1, 4)
        plane, row, _ = self.lines.strides
        matrix = spread(self._filter, together, goal.dtype)
        shape = (done, across // together, outer, matrix.shape[1], inner)
        strides = (plane, together * self._filter.outputs * item, inner * row, item, row)
        windows = np.ndarray(shape, goal.dtype, self.lines, 0, strides)
        matrix = ordered(matrix, inner)
        return [(np.matmul, (matrix, windows[..., s], goal[..., s])) for s in _runs(inner, matrix.size)]


class Program:
    """All that is done with a block of tiles, but to read, multiply and write it.

    Attributes:
        reading: where the first dimension goes, transformed.
        inputs: the calls that do the rest.
        made: (points, T, G, C/G), which they write.
        products: (points, T, G, O/G), to be written.
        outputs: the calls that transform them back.
        values: what they write, (*steps, *tiles backwards, n, O, W), without the last dimension's steps and tiles.
    """

    def __init__(self, given: Operands, block: Blocks) -> None:
        turns = Turns(given.dtype)
        self.reading = Reading(given, block, turns)
        made = turns.take(*given.shape(block, given.x.shape[1]))
        self.inputs = self.reading.calls + self.reading.finish(made)
        self.made = made.reshape(given.points, -1, given.groups, given.depth)
        products = turns.take(*given.shape(block, given.groups * given.rows))
        self.products = products.reshape(given.points, -1, given.groups, given.rows)
        self.values, self.outputs = outputs(given, block, products, turns)


def program(given: Operands, block: Blocks) -> Program:
    """That of a block; the same again for the next one that reads alike, where its buffers are kept."""
    widest = max(given.x.shape[1], given.groups * given.rows)
    if math.prod(given.shape(block, widest)) * given.dtype.itemsize > LIMIT:
        return Program(given, block)
    sizes = (given.x.shape[1], given.groups, given.rows, *given.x.shape[3:-1], *block.lead, given.width(block))
    key = ("winograd", given.filters, given.dtype, sizes, box_of(given, block).key)
    return kept(key, lambda: Program(given, block))


def read(given: Operands, block: Blocks, reading: Reading) -> None:
    """Transform the first dimension of what a block reads of x."""
    box, f, x = box_of(given, block), given.filters[0], given.x
    first = block.images.start * x.strides[0] + box.start * x.itemsize
    if x.dtype != given.dtype or not x.flags.c_contiguous:
        part = x[block.images, ..., box.start : box.stop]
        x, first = scratch("image", part.shape, given.dtype), 0
        x[...] = part
    image, channel, row, *rest = x.strides
    for run, goal in zip(box.runs[0], reading.firsts, strict=True):
        shape = (*goal.shape[:-2], run.length, goal.shape[-1])
        strides = (image, channel, f.outputs * row, *rest[:-1], row, rest[-1])
        np.matmul(run.matrix, np.ndarray(shape, given.dtype, x, first + run.start * row, strides), out=goal)


def transformed(given: Operands, block: Blocks, name: str) -> Array:
    """The transformed inputs (points, T, C) of a block, in a buffer of that name."""
    channels = given.x.shape[1]
    shape = given.shape(block, channels)

    def lay_out() -> tuple[Reading, list[Call], Array]:
        reading, made = Reading(given, block, Turns(given.dtype)), scratch(name, shape, given.dtype)
        return reading, reading.calls + reading.finish(made), made.reshape(given.points, -1, channels)

    if math.prod(shape) * given.dtype.itemsize > LIMIT:
        reading, calls, made = lay_out()
    else:
        sizes = (channels, *given.x.shape[3:-1], *block.lead)
        reading, calls, made = kept((name, given.filters, given.dtype, sizes, box_of(given, block).key), lay_out)
    read(given, block, reading)
    run(calls)
    return made


@np.errstate(invalid="ignore", over="ignore")
def transform(given: Operands, block: Blocks, goal: Array) -> None:
    """Write the transformed inputs of a block into (points of the others, points, tiles, outer, inner lines)."""
    reading = Reading(given, block, Turns(given.dtype))
    read(given, block, reading)
    run(reading.calls)
    run(reading.finish(goal))


def outputs(given: Operands, block: Blocks, products: Array, turns: Turns) -> tuple[Array, list[Call]]:
    """What products (points, points of the last, its tiles, others · n, O) become, and the calls that do it."""
    done, current = 1, products
    calls: list[Call] = []
    for f in given.filters[:-1]:
        if f.points > 1:
            current = current.reshape(done, f.points, -1)
            goal = turns.take(done, f.outputs, current.shape[-1])
            calls += _product(np.asfortranarray(matrix_of((f,), "inverse", given.dtype)), current, goal)
            current = goal
        done *= f.outputs
    f, width = given.filters[-1], given.width(block)
    together = group(f, block.tiles[-1])
    current = current.reshape(done, f.points * together, given.across(block) // together, -1)
    plane, row, step, item = current.strides
    lines = current.shape[-1]
    goal = turns.take(done, lines, width)
    for run in writes(f, width, together, given.dtype):
        shape = (done, run.number, lines)
        some = np.ndarray((*shape, len(run.matrix)), given.dtype, current, run.first * step, (plane, step, item, row))
        strides = (goal.strides[0], run.length * item, goal.strides[1], item)
        out = np.ndarray((*shape, run.length), given.dtype, goal, run.start * item, strides)
        for cut in _runs(lines, run.matrix.size):
            calls.append((np.matmul, (some[:, :, cut], run.matrix, out[:, :, cut])))
    values = goal.reshape(*given.steps[:-1], *block.tiles[-2::-1], block.lead[0], -1, width)
    return values, calls


def run(calls: list[Call]) -> None:
    """Do the calls."""
    for function, arguments in calls:
        function(*arguments)


@lru_cache(maxsize=64)
def matrix_of(filters: tuple[Filtering, ...], which: str, dtype: np.dtype[Any]) -> Array:
    """The Kronecker product of one of the matrices of some dimensions."""
    return reduce(np.kron, (np.array(getattr(f, which)) for f in filters)).astype(dtype)


def _windows(f: Filtering, x: Array, goal: Array, runs: tuple[Run, ...]) -> list[Call]:
    """Transform (done, lines, inputs, …, W) into (done, points, tiles, lines, …, W), over windows of the inputs."""
    places = (0, 3, 2, *range(4, goal.ndim - 1), 1, goal.ndim - 1)
    plane, line, row, *rest = x.strides
    calls: list[Call] = []
    for r in runs:
        shape = (*x.shape[:2], r.number, *x.shape[3:-1], r.length, x.shape[-1])
        strides = (plane, line, f.outputs * row, *rest[:-1], row, rest[-1])
        windows = np.ndarray(shape, x.dtype, x, r.start * row, strides)
        part = goal[:, :, r.first : r.first + r.number].transpose(places)
        calls.append((np.matmul, (r.matrix, windows, part)))
    return calls


def _runs(lines: int, coefficients: int) -> list[slice]:
    """Runs of lines that are multiplied at once."""
    cut = max(1, MOST // max(1, coefficients) // 16) * 16
    return [slice(start, start + cut) for start in range(0, lines, cut)]


def _product(matrix: Array, x: Array, out: Array) -> list[Call]:
    """The product matrix @ x for x (…, k, N), in runs of N."""
    *_, k, size = x.shape
    run = LONGEST_RUN // max(len(matrix), k) // 64 * 64
    least = -(-size // run)
    run = next((size // cuts for cuts in range(least, 2 * least) if size % (cuts * 16) == 0), run)
    whole = size // run * run
    calls: list[Call] = []
    if whole:
        calls.append((np.matmul, (matrix, _cut(x[..., :whole], run), _cut(out[..., :whole], run))))
    if whole < size:
        calls.append((np.matmul, (matrix, x[..., whole:], out[..., whole:])))
    return calls


def _cut(x: Array, run: int) -> Array:
    """The view (…, N/run, k, run) of (…, k, N)."""
    return x.reshape(*x.shape[:-1], -1, run).swapaxes(-3, -2)
