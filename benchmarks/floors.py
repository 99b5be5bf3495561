"""The least that NumPy needs for a convolution: its products alone, and one reading and one writing of the images.

A convolution that is made of NumPy's products takes at least as long as these would with all operands ready; what is
gathered, transformed and written comes on top. With one channel a group these are products of a row with a matrix; on
7×7 kernels pyconv's banded matrices pass them, so that there they are no floor.

May import: NumPy, `pyconv.geometry`, `benchmarks.layers`, `benchmarks.timing`, `pyconv.kernels.threads`.
"""

from __future__ import annotations

import math

import numpy as np

from benchmarks.layers import Array
from benchmarks.timing import Run
from pyconv.geometry import Conv
from pyconv.kernels import threads

TILES = {"highest": (2, 3), "high": (2, 3, 4)}
"""Outputs m in one dimension of the tiles F(m, 3) that minimal filtering may take at a precision."""
FEW = 1 << 22
"""Multiplications, or elements copied, below which one thread is faster than two."""


def product(conv: Conv, name: str = "forward") -> Run:
    """The matrix product of a pass; of 'forward' that of the weights with the columns, (G, O/G, K) by (G, K, N·P).

    Example:
        >>> from benchmarks.layers import Layer
        >>> conv = Layer(2, (5, 5), 4, 3).conv(8)
        >>> product(conv)().shape, product(conv, "weight_grad")().shape
        ((1, 4, 72), (1, 4, 18))
    """
    return _products(conv.groups, *_sizes(conv, name))


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
    """The products of F(outputs, 3) in every dimension that has three taps; None where there is no such filtering.

    Example:
        >>> from benchmarks.layers import Layer
        >>> minimal(Layer(2, (5, 5), 4, 3).conv(8), 2)().shape
        (16, 4, 32)
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
    tiles = math.prod(-(-n // outputs) if k == 3 else n for n, k in zip(size, window.kernel))
    stack = (outputs + 2) ** window.kernel.count(3) * conv.groups
    return _products(stack, rows, terms, conv.batch * tiles)


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


def _products(stack: int, rows: int, terms: int, columns: int) -> Run:
    """(stack, rows, terms) by (stack, terms, columns): a single product on BLAS's threads, several on the pool's."""
    u, v = np.ones((stack, rows, terms), np.float32), np.ones((stack, terms, columns), np.float32)
    y = np.empty((stack, rows, columns), np.float32)
    halves = [slice(0, stack // 2), slice(stack // 2, stack)]

    def run() -> Array:
        if stack == 1:
            return np.matmul(u, v, out=y)
        with threads.together(alone=stack * rows * terms * columns < FEW):
            threads.each(lambda part: np.matmul(u[part], v[part], out=y[part]), halves)
        return y

    return run
