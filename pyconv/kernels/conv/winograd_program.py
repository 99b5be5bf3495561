"""Tiles transformed, forth and back: a list of calls on views that are laid out once and used again.

Every stage is one or two calls on a whole block: two threads that work on blocks side by side need the interpreter
between calls, and wait for one another there. With blocks of 300 to 900 tiles they wait for no longer than a
tenth of the time.

What is read is copied line by line first, with zeros around it. One dimension after the other is transformed over
windows of the lines, by products with its small matrix: for F(4, 3) of 64 channels in half the time of one product with
the Kronecker product of all matrices. The last dimension is cut up into every m-th input before that, so that what all
tiles need there is a run; F(2, 3) takes sums and differences of lines and runs. Cut up in all dimensions while it was
read, by m × m copies of x, it took 1.03 times as long for F(3, 3), 1.1 times for F(4, 3), and as long for F(2, 3).

Back it goes by one product for all dimensions, in runs that the cache holds and that begin cache lines: runs of 1310
columns took 1.2 to 1.4 times as long as runs of 1280, and beyond 10⁶ multiplications BLAS takes another kernel, 1.5 to
2.3 times as slow for matrices so narrow.

Of 64 channels on 224² on one thread, F(3, 3) takes 0.38 of its time for products, 0.09 to read, 0.12 for copies to and
fro, 0.25 for transforms and 0.11 to write. Tried on two threads and no faster: the last dimension transformed,
multiplied and transformed back for one point of the others after another, in buffers that the cache holds (1.0 to 1.05
of the time); huge pages (0.95 to 1.1). Cut up by a small product that reads x turned round, it takes 2.5 times as long
as by copies.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache, reduce
from typing import Any

import numpy as np

from pyconv.geometry import Size
from pyconv.kernels.conv.cook_toom import Filtering
from pyconv.kernels.conv.winograd_tiles import Operands
from pyconv.kernels.scratch import LIMIT, kept, scratch

Array = np.ndarray[Any, Any]
Call = tuple[Callable[..., Any], tuple[Any, ...]]
Sum = tuple[Any, int, int]

LONGEST_RUN = 1 << 15
"""Elements that one product with a small matrix reads or writes: more of them leave the cache."""
MOST_POINTS = 36
"""Points that are transformed back at once, by the Kronecker product of the matrices of all dimensions."""


class Turns:
    """Two buffers that are written by turns: each stage reads the one and writes the other."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._dtype = dtype
        self._odd = False

    def take(self, *shape: int) -> Array:
        """The buffer that was not taken last."""
        self._odd = not self._odd
        return scratch("odd" if self._odd else "even", shape, self._dtype)


class Reading:
    """Inputs transformed.

    Attributes:
        image: (C, n, *reach), to be filled.
        calls: what is done then.
        runs: what it leaves to the last dimension, (points of the others, slots, C·n·tiles).
    """

    def __init__(self, given: Operands, channels: int, images: int, tiles: Size, turns: Turns) -> None:
        self._given = given
        *firsts, last = given.filters
        *heights, across = given.reach(tiles)
        self.image = scratch("image", (channels, images, *heights, across), given.dtype)
        self.calls: list[Call] = []
        current, lines = self.image[None], channels * images
        for i, (f, count) in enumerate(zip(firsts, tiles, strict=False)):
            current = current.reshape(len(current), lines, heights[i], math.prod(heights[i + 1 :]) * across)
            if f.points > 1:
                goal = turns.take(len(current), f.points, lines, count, current.shape[-1])
                self.calls += _transform(f, current, goal, given.dtype)
                current = goal.reshape(-1, *goal.shape[2:])
            lines *= count
        phases = current.reshape(len(current), -1, last.outputs).swapaxes(1, 2)
        slots = last.outputs if sums(last) else last.points
        self.runs = turns.take(len(current), slots, phases.shape[-1])
        self.calls.append((np.copyto, (self.runs[:, : last.outputs], phases)))
        self.goal = (len(current), last.points, self.runs.shape[-1])

    def finish(self, goal: Array) -> list[Call]:
        """The calls that transform the last dimension, into (points, C·T)."""
        last, extra = self._given.filters[-1], self._given.extra
        return _transform_last(last, self.runs, extra, goal.reshape(self.goal), self._given.dtype)


class Program:
    """All that is done with a block of tiles, but to read, multiply and write it.

    Attributes:
        image: (C, n, *reach), to be filled.
        inputs: the calls that transform it.
        made: (points, C·T), which they write.
        products: (points, G, rows, T), to be written.
        outputs: the calls that transform them back.
        values: what they write, (∏ steps, G, rows, T).
    """

    def __init__(self, given: Operands, images: int, tiles: Size) -> None:
        turns = Turns(given.dtype)
        channels, columns = given.x.shape[1], images * math.prod(tiles[:-1]) * (tiles[-1] + given.extra)
        reading = Reading(given, channels, images, tiles, turns)
        self.image = reading.image
        self.made = turns.take(given.points, channels * columns)
        self.inputs = reading.calls + reading.finish(self.made)
        self.products = turns.take(given.points, given.groups, given.rows, columns)
        self.values, self.outputs = outputs(given, self.products, turns)


def program(given: Operands, images: int, tiles: Size) -> Program:
    """That of blocks of so many images and tiles; the same again for the next one, where its buffers are kept."""
    widest = max(given.x.shape[1], given.groups * given.rows)
    positions = images * math.prod(given.reach(tiles))
    if positions * widest * given.points * given.dtype.itemsize > LIMIT * math.prod(given.steps):
        return Program(given, images, tiles)
    sizes = (given.x.shape[1], given.groups, given.rows, images, tiles)
    return kept(("winograd", given.filters, given.dtype, *sizes), lambda: Program(given, images, tiles))


def outputs(given: Operands, products: Array, turns: Turns) -> tuple[Array, list[Call]]:
    """What products (points, G, rows, T) are transformed back to, (∏ steps, G, rows, T), and the calls that do it."""
    done, size, current, calls = 1, products[0].size, products, []
    for matrix, left in _inverses(given.filters, given.dtype):
        goal = turns.take(done, len(matrix), left * size)
        calls += _product(matrix, current.reshape(done, -1, left * size), goal)
        current, done = goal, done * len(matrix)
    return current.reshape(done, *products.shape[1:]), calls


def run(calls: list[Call]) -> None:
    """Do the calls."""
    for function, arguments in calls:
        function(*arguments)


@lru_cache(maxsize=64)
def matrix_of(filters: tuple[Filtering, ...], which: str, dtype: np.dtype[Any]) -> Array:
    """The Kronecker product of one of the matrices of some dimensions."""
    return reduce(np.kron, (np.array(getattr(f, which)) for f in filters)).astype(dtype)


@lru_cache(maxsize=64)
def _inverses(filters: tuple[Filtering, ...], dtype: np.dtype[Any]) -> list[tuple[Array, int]]:
    """The matrices that transform back, one after another, and the number of points that are left after each."""
    together = [(f,) for f in filters] if math.prod(f.points for f in filters) > MOST_POINTS else [filters]
    left = [math.prod(f.points for some in together[i + 1 :] for f in some) for i in range(len(together))]
    return [(matrix_of(some, "inverse", dtype), n) for some, n in zip(together, left, strict=True)]


@lru_cache(maxsize=64)
def sums(f: Filtering) -> list[Sum]:
    """The rows of B as sums or differences of two inputs (ufunc, one, the other); none where they are more than that.

    Example:
        >>> from pyconv.kernels.conv.cook_toom import filtering
        >>> [(operation.__name__, i, j) for operation, i, j in sums(filtering(2, 3))]
        [('subtract', 2, 0), ('add', 1, 2), ('subtract', 2, 1), ('subtract', 3, 1)]
    """
    made = []
    for row in f.inputs:
        places = sorted((i for i, c in enumerate(row) if c), key=lambda i: (-row[i], i))
        if [abs(row[i]) for i in places] != [1, 1] or row[places[0]] < 0:
            return []
        made.append((np.add if row[places[1]] > 0 else np.subtract, places[0], places[1]))
    return made


def _transform(f: Filtering, x: Array, goal: Array, dtype: np.dtype[Any]) -> list[Call]:
    """Transform (done, lines, inputs, N) into (done, points, lines, tiles, N), over windows of the inputs."""
    done, _, lines, count, size = goal.shape
    pairs = sums(f)
    if pairs:
        ends = f.outputs * (count - 1) + 1
        seen = [x[:, :, k : k + ends : f.outputs] for k in range(f.points)]
        return [(operation, (seen[i], seen[j], goal[:, p])) for p, (operation, i, j) in enumerate(pairs)]
    outer, line, row, item = x.strides
    shape, strides = (done, lines, count, f.points, size), (outer, line, f.outputs * row, row, item)
    windows = np.ndarray(shape, dtype, x, 0, strides)
    return [(np.matmul, (matrix_of((f,), "inputs", dtype), windows, np.moveaxis(goal, 1, -2)))]


def _transform_last(f: Filtering, x: Array, extra: int, goal: Array, dtype: np.dtype[Any]) -> list[Call]:
    """Transform (done, slots, N) into (done, points, N), where the next tile is the next in the run."""
    m, size = f.outputs, x.shape[-1]
    pairs = sums(f)
    if pairs:
        length = size - extra

        def seen(k: int) -> Array:
            return x[:, k % m, k // m : k // m + length]

        calls: list[Call] = [
            (operation, (seen(i), seen(j), goal[:, p, :length])) for p, (operation, i, j) in enumerate(pairs)
        ]
        calls.append((goal[..., length:].fill, (0,)))
        return calls
    calls = []
    for k in range(m, f.points):
        end = size - k // m
        calls.append((np.copyto, (x[:, k, :end], x[:, k % m, k // m :])))
        calls.append((x[:, k, end:].fill, (0,)))
    return calls + _product(matrix_of((f,), "inputs", dtype), x, goal)


def _product(matrix: Array, x: Array, out: Array) -> list[Call]:
    """The product matrix @ x for x (…, k, N), in runs of N."""
    *_, k, size = x.shape
    run = LONGEST_RUN // max(len(matrix), k) // 64 * 64
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
