"""The least that NumPy needs for a convolution: its products, its columns, and one reading and writing of the images.

A convolution that is made of NumPy's products takes at least as long as these would with all operands ready, at once or
in pieces that the cache holds, whichever is faster. Before a product its columns are gathered, unless they lie in the
image: every element is copied once, in the cache, in runs of a row of the result, or a little longer where a piece ends
within a row. What is gathered for a piece is multiplied next. With one channel a group these are products of a row with
a matrix; on 7×7 kernels pyconv's banded matrices pass them, so that there they are no floor. `filtering_floors` is the
same for minimal filtering.

May import: NumPy, `pyconv.geometry`, `benchmarks.layers`, `benchmarks.timing`, `pyconv.kernels.threads`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.layers import Array
from benchmarks.timing import Run
from pyconv.geometry import Conv
from pyconv.kernels import threads

FEW = 1 << 22
"""Multiplications, or elements copied or added, below which one thread is faster than two."""
CACHED = 1 << 17
"""Elements of the columns of one piece: OpenBLAS packs them, and a core's second-level cache holds both."""
FEW_CHANNELS = 64
"""Channels up to which products may be short, so that all rows of a kernel read the columns of one."""
NARROWEST = 96
"""Columns of a piece at the least."""
ADDED = 1 << 16
"""Elements added at once: the cache holds three times as many."""


def product(conv: Conv, name: str = "forward") -> Run:
    """The matrix product of a pass; of 'forward' that of the weights with the columns, (G, O/G, K) by (G, K, N·P).

    Example:
        >>> from benchmarks.layers import Layer
        >>> conv = Layer(2, (5, 5), 4, 3).conv(8)
        >>> product(conv)().shape, product(conv, "weight_grad")().shape
        ((1, 4, 72), (1, 4, 18))
    """
    groups, (rows, terms, columns) = conv.groups, _sizes(conv, name)
    u, v = np.ones((groups, rows, terms), np.float32), np.ones((groups, terms, columns), np.float32)
    y = np.empty((groups, rows, columns), np.float32)
    halves = [slice(0, groups // 2), slice(groups // 2, groups)]

    def run() -> Array:
        if groups == 1:
            return np.matmul(u, v, out=y)
        with threads.together(alone=groups * rows * terms * columns < FEW):
            threads.each(lambda part: np.matmul(u[part], v[part], out=y[part]), halves)
        return y

    return run


def in_pieces(conv: Conv, name: str = "forward") -> Run:
    """The same product in pieces, each thread with its own operands, which its cache holds.

    Example:
        >>> from benchmarks.layers import Layer
        >>> in_pieces(Layer(2, (5, 5), 4, 3).conv(8))().shape
        (4, 36)
    """
    return halved([multiplying(conv.groups, *_sizes(conv, name))])


def _sizes(conv: Conv, name: str) -> tuple[int, int, int]:
    """Rows, terms and columns of the product for one group."""
    window, outputs, places = conv.window, conv.out_channels // conv.groups, conv.batch * conv.positions
    if name == "forward":
        return outputs, conv.terms, places
    if name == "weight_grad":
        return outputs, places, conv.terms
    if set(window.stride) == {1}:  # the convolution of gy with the weights turned round
        return conv.in_channels // conv.groups, outputs * window.taps, conv.batch * math.prod(conv.input)
    return conv.terms, outputs, places


def columns(conv: Conv, name: str = "forward") -> list[Run]:
    """The product in pieces of which each is gathered first, and the product at once after all that is gathered.

    None of them where the columns lie in the image: those of a 1×1 kernel without a stride.

    Example:
        >>> from benchmarks.layers import Layer
        >>> [run().shape for run in columns(Layer(2, (5, 5), 4, 3).conv(8))]
        [(4, 36), (1, 4, 72)]
    """
    gather = _gather(conv, name)
    if gather is None:
        return []
    first, whole = halved([gather]), product(conv, name)
    pieces = multiplying(conv.groups, *_sizes(conv, name))

    def one_after_the_other() -> object:
        first()
        return whole()

    return [halved([gather, pieces]), one_after_the_other]


def copy(conv: Conv) -> Callable[[], Array]:
    """As many elements copied as read x and write y once: half of both together."""
    return copied((math.prod(conv.x_shape) + math.prod(conv.y_shape)) // 2)


def copied(count: int) -> Callable[[], Array]:
    """So many elements copied from one array into another."""
    source = np.ones(count, np.float32)
    goal = np.empty_like(source)
    halves = [slice(0, source.size // 2), slice(source.size // 2, source.size)]

    def run() -> Array:
        with threads.together(alone=source.size < FEW):
            threads.each(lambda part: np.copyto(goal[part], source[part]), halves)
        return goal

    return run


class Job(NamedTuple):
    """Work that is done again and again.

    Attributes:
        work: on operands of its own for the thread 0 or 1.
        times: how often.
        size: multiplications, or elements written, each time.
        made: what the second thread writes.
    """

    work: Callable[[int], object]
    times: int
    size: int
    made: Array


def multiplying(stack: int, rows: int, terms: int, places: int) -> Job:
    """`stack` times (rows, terms) by (terms, places), in an even number of pieces."""
    cuts, width = _cut(stack, terms, places)
    u, v = np.ones((rows, terms), np.float32), np.ones((2, terms, width), np.float32)
    y = np.empty((2, rows, width), np.float32)
    return Job(lambda half: np.matmul(u, v[half], out=y[half]), stack * cuts, rows * terms * width, y[1])


def adding(count: int) -> Job:
    """So many elements added, a run at a time."""
    runs = -(-count // ADDED)
    one, other, y = np.ones((3, 2, count // runs), np.float32)
    return Job(lambda half: np.add(one[half], other[half], out=y[half]), runs, count // runs, y[1])


def _gather(conv: Conv, name: str) -> Job | None:
    """The columns of a piece, (K, places), from rows of the image; of a strided input gradient what is added there.

    In whole rows pieces had up to twice as many, which is more than any algorithm copies.
    """
    window = conv.window
    strided = set(window.stride) != {1}
    if window.taps == 1 and not strided:
        return None
    if name == "input_grad" and strided:
        return adding(conv.groups * conv.terms * conv.batch * conv.positions)
    size, channels = conv.output, conv.in_channels // conv.groups
    if name == "input_grad":
        size, channels = conv.input, conv.out_channels // conv.groups
    cuts, width = _cut(conv.groups, channels * window.taps, conv.batch * math.prod(size))
    across, rows = window.kernel[-1], max(1, width // size[-1])
    down, line = window.taps // across, width // rows
    if channels <= FEW_CHANNELS and conv.groups == 1:  # of one kernel row, the others read it further on
        down = 1
    source = np.ones((2, channels, rows + down - 1, line + across - 1), np.float32)
    half, channel, row, place = source.strides
    shape, item = (2, channels, down, across, rows), np.dtype((np.void, line * place))
    seen = np.ndarray(shape, item, source, 0, (half, channel, row, place, row))
    goal = np.empty(shape, item)
    return Job(lambda i: np.copyto(goal[i], seen[i]), conv.groups * cuts, goal[0].size * line, goal[1])


def _cut(stack: int, terms: int, places: int) -> tuple[int, int]:
    """Into how many pieces each of `stack` products is cut, and how many columns one has."""
    cuts = -(-places // max(NARROWEST, CACHED // terms))
    cuts += stack * cuts % 2
    return cuts, places // cuts


def halved(jobs: Sequence[Job]) -> Callable[[], Array]:
    """A call of all jobs, those that are done as often by turns; two threads share them if they are not `FEW`.

    It gives what the last job's second thread writes.
    """
    alike = len({job.times for job in jobs}) == 1
    rounds = [(jobs, jobs[0].times)] if alike else [([job], job.times) for job in jobs]

    def some(half: int) -> None:
        for together, times in rounds:
            for _ in range(half, times, 2):
                for job in together:
                    job.work(half)

    def run() -> Array:
        with threads.together(alone=sum(job.times * job.size for job in jobs) < FEW):
            threads.each(some, [1, 0])
        return jobs[-1].made

    return run
