"""The least that NumPy needs for a convolution: its products alone, and one reading and one writing of the images.

A convolution that is made of NumPy's products takes at least as long as these would with all operands ready; what is
gathered, transformed and written comes on top. With one channel a group these are products of a row with a matrix; on
7×7 kernels pyconv's banded matrices pass them, so that there they are no floor.

May import: NumPy, `benchmarks.layers`, `benchmarks.timing`, `pyconv.kernels.threads`.
"""

from __future__ import annotations

import math

import numpy as np

from benchmarks.layers import Array, Task
from benchmarks.timing import Run
from pyconv.kernels import threads

POINTS, OUTPUTS = 4, 2
"""Products and outputs of F(2, 3) in one dimension."""
FEW = 1 << 22
"""Multiplications, or elements copied, below which one thread is faster than two."""


def product(task: Task) -> Run:
    """The product of the weights with the columns, (G, O/G, K) by (G, K, N·P).

    Example:
        >>> from benchmarks.layers import Layer
        >>> product(Task(Layer(2, (5, 5), 4, 3), 8))().shape
        (1, 4, 72)
    """
    conv = task.conv
    return _products(conv.groups, conv.out_channels // conv.groups, conv.terms, conv.batch * conv.positions)


def minimal(task: Task) -> Run | None:
    """The products of F(2, 3) in every dimension that has three taps; None where there is no such filtering.

    Example:
        >>> from benchmarks.layers import Layer
        >>> minimal(Task(Layer(2, (5, 5), 4, 3), 8))().shape
        (16, 4, 32)
        >>> minimal(Task(Layer(2, (5, 5), 4, 3, stride=2), 8)) is None
        True
    """
    conv = task.conv
    window = conv.window
    plain = {*window.stride, *window.dilation} == {1} and 3 in window.kernel and {1, 3} >= set(window.kernel)
    if not plain or conv.groups == conv.in_channels:
        return None
    tiles = math.prod(-(-n // OUTPUTS) if k == 3 else n for n, k in zip(conv.output, window.kernel))
    stack = POINTS ** window.kernel.count(3) * conv.groups
    return _products(stack, conv.out_channels // conv.groups, conv.in_channels // conv.groups, conv.batch * tiles)


def copy(task: Task) -> Run:
    """As many elements copied as read x and write y once: half of both together."""
    source = np.ones((math.prod(task.conv.x_shape) + math.prod(task.conv.y_shape)) // 2, np.float32)
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
