"""The least that NumPy needs for minimal filtering: its products, and the transforms before and after them.

A transform goes from one dimension to the next. Each element that a step makes takes an addition at least, or its part
of a product with the small matrix of the step, whichever is faster, all of them in the cache.

May import: NumPy, `pyconv.geometry`, `benchmarks.floors`, `benchmarks.layers`, `benchmarks.timing`.
"""

from __future__ import annotations

import math

import numpy as np

from benchmarks.floors import Job, adding, halved, multiplying
from benchmarks.timing import Run
from pyconv.geometry import Conv, Size

TILES = {"highest": (2, 3), "high": (2, 3, 4)}
"""Outputs m in one dimension of the tiles F(m, 3) that minimal filtering may take at a precision."""
TURNED = 1 << 15
"""Elements that one product with a small matrix reads and writes."""


def minimal(conv: Conv, outputs: int, name: str = "forward") -> list[Run]:
    """F(outputs, 3) in every dimension that has three taps, with transforms by additions, and by products.

    Nothing where there is no such filtering.

    Example:
        >>> from benchmarks.layers import Layer
        >>> [run().shape for run in minimal(Layer(2, (5, 5), 4, 3).conv(8), 2)]
        [(4, 32), (4, 32)]
        >>> minimal(Layer(2, (5, 5), 4, 3, stride=2).conv(8), 2)
        []
    """
    window = conv.window
    plain = {*window.stride, *window.dilation} == {1} and 3 in window.kernel and {1, 3} >= set(window.kernel)
    if not plain or conv.groups == conv.in_channels or name == "weight_grad":
        return []
    rows, terms = conv.out_channels // conv.groups, conv.in_channels // conv.groups
    read, written = conv.input, conv.output
    if name == "input_grad":
        rows, terms, read, written = terms, rows, written, read
    tiles = tuple(-(-n // outputs) if k == 3 else n for n, k in zip(written, window.kernel, strict=True))
    stack = (outputs + 2) ** window.kernel.count(3) * conv.groups
    products = multiplying(stack, rows, terms, conv.batch * math.prod(tiles))
    steps = _steps(conv, outputs, tiles, (read, written), (terms, rows))
    added = adding(sum(made for made, *_ in steps))
    turned = [_turning(*step) for step in steps]
    return [halved([added, products]), halved([*turned, products])]


def _steps(
    conv: Conv, outputs: int, tiles: Size, sizes: tuple[Size, Size], channels: tuple[int, int]
) -> list[tuple[int, int, int]]:
    """Elements that each step of a transform makes, and how many it makes of how many: of inputs, weights, outputs."""
    (read, written), (terms, rows), kernel = sizes, channels, conv.window.kernel
    points = outputs + 2
    filtered = [i for i, taps in enumerate(kernel) if taps == 3]
    wide = [points * n if i in filtered else n for i, n in enumerate(tiles)]
    found = []
    for i in filtered:
        done, left = filtered.index(i) + 1, len(filtered) - filtered.index(i) - 1
        inputs = conv.batch * conv.groups * terms * math.prod(wide[: i + 1]) * math.prod(read[i + 1 :])
        results = conv.batch * conv.groups * rows * math.prod(written[: i + 1]) * math.prod(wide[i + 1 :])
        weights = conv.groups * rows * terms * points**done * 3**left
        found += [(inputs, points, points), (weights, points, 3), (results, outputs, points)]
    return found


def _turning(count: int, made: int, read: int) -> Job:
    """So many elements made by products of a small matrix (made, read)."""
    width = max(16, min(TURNED // (made + read), count // (2 * made)) // 16 * 16)
    matrix = np.asfortranarray(np.ones((made, read), np.float32))
    x, y = np.ones((2, read, width), np.float32), np.empty((2, made, width), np.float32)
    times = -(-count // (made * width))
    return Job(lambda half: np.matmul(matrix, x[half], out=y[half]), times, made * width, y[1])
