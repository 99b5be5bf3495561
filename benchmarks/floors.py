"""The least that NumPy needs for a convolution: its products, and one reading and one writing of the images.

A convolution that is made of NumPy's products takes at least as long as these would with all operands ready, at once or
in pieces that the cache holds, whichever is faster; what is gathered and written comes on top. Minimal filtering
besides writes every transformed input once and reads every product once, and NumPy's additions write one element and
read two. With one channel a group these are products of a row with a matrix; on 7×7 kernels pyconv's banded matrices
pass them, so that there they are no floor.

May import: NumPy, `pyconv.geometry`, `benchmarks.layers`, `benchmarks.timing`, `pyconv.kernels.threads`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from benchmarks.layers import Array
from benchmarks.timing import Run
from pyconv.geometry import Conv
from pyconv.kernels import threads

TILES = {"highest": (2, 3), "high": (2, 3, 4)}
"""Outputs m in one dimension of the tiles F(m, 3) that minimal filtering may take at a precision."""
FEW = 1 << 22
"""Multiplications, or elements copied or added, below which one thread is faster than two."""
CACHED = 1 << 17
"""Elements of the columns of one piece: OpenBLAS packs them, and a core's second-level cache holds both."""
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
    return _pieces(conv.groups, *_sizes(conv, name))


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


def minimal(conv: Conv, outputs: int, name: str = "forward") -> Run | None:
    """F(outputs, 3) in every dimension that has three taps; None where there is no such filtering.

    Its products in pieces, and an addition in the cache for every transformed input and for every two products.

    Example:
        >>> from benchmarks.layers import Layer
        >>> minimal(Layer(2, (5, 5), 4, 3).conv(8), 2)().shape
        (4, 32)
        >>> minimal(Layer(2, (5, 5), 4, 3, stride=2).conv(8), 2) is None
        True
    """
    window = conv.window
    plain = {*window.stride, *window.dilation} == {1} and 3 in window.kernel and {1, 3} >= set(window.kernel)
    if not plain or conv.groups == conv.in_channels or name == "weight_grad":
        return None
    rows, terms = conv.out_channels // conv.groups, conv.in_channels // conv.groups
    size = conv.output
    if name == "input_grad":
        rows, terms, size = terms, rows, conv.input
    tiles = conv.batch * math.prod(-(-n // outputs) if k == 3 else n for n, k in zip(size, window.kernel))
    stack = (outputs + 2) ** window.kernel.count(3) * conv.groups
    multiply, add = _pieces(stack, rows, terms, tiles), _additions(stack * tiles * (2 * terms + rows) // 2)

    def run() -> Array:
        add()
        return multiply()

    return run


def copy(conv: Conv) -> Run:
    """As many elements copied as read x and write y once: half of both together."""
    source = np.ones((math.prod(conv.x_shape) + math.prod(conv.y_shape)) // 2, np.float32)
    goal = np.empty_like(source)
    halves = [slice(0, source.size // 2), slice(source.size // 2, source.size)]

    def run() -> Array:
        with threads.together(alone=source.size < FEW):
            threads.each(lambda part: np.copyto(goal[part], source[part]), halves)
        return goal

    return run


def _pieces(stack: int, rows: int, terms: int, columns: int) -> Run:
    """`stack` times (rows, terms) by (terms, columns), in an even number of pieces; gives one of them."""
    cuts = -(-columns // max(NARROWEST, CACHED // terms))
    cuts += stack * cuts % 2
    width = columns // cuts
    u, v = np.ones((rows, terms), np.float32), np.ones((2, terms, width), np.float32)
    y = np.empty((2, rows, width), np.float32)
    return _halved(lambda half: np.matmul(u, v[half], out=y[half]), stack * cuts, rows * terms * width, y[1])


def _additions(count: int) -> Run:
    """So many elements added, a run at a time."""
    runs = -(-count // ADDED)
    one, other, y = np.ones((3, 2, count // runs), np.float32)
    return _halved(lambda half: np.add(one[half], other[half], out=y[half]), runs, count // runs, y[1])


def _halved(work: Callable[[int], object], times: int, size: int, made: Array) -> Callable[[], Array]:
    """`work(0)` and `work(1)`, each for half of the times, on two threads where there are `FEW` elements or more."""

    def some(half: int) -> None:
        for _ in range(half, times, 2):
            work(half)

    def run() -> Array:
        with threads.together(alone=times * size < FEW):
            threads.each(some, [1, 0])
        return made

    return run
