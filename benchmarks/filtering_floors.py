"""The least that NumPy needs for minimal filtering: its products, and the transforms before and after them.

A transform goes from one dimension to the next. Each element that a step makes takes an addition at least, or its part
of a product with the small matrix of the step, whichever is faster, all of them in the cache. Where a product would sum
up more terms than the accuracy allows with those tiles, there are several, added up.

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
SUMS = {2: 256, 3: 96, 4: 256}
"""Terms of one sum at the most, for outputs m: with F(3, 3) longer ones have over 2.5 times torch's RMS error."""
TURNED = 1 << 15
"""Elements that one product with a small matrix reads and writes."""


def tiles_of(name: str, precision: str) -> tuple[int, ...]:
    """The outputs m in one dimension of the tiles that a pass may take: weights' gradients are F(3, 4)."""
    return (4,) if name == "weight_grad" else TILES[precision]


def minimal(conv: Conv, outputs: int, name: str = "forward") -> list[Run]:
    """F(outputs, 3) in every dimension that has three taps, with transforms by additions, and by products.

    Of weights' gradients F(3, outputs). Nothing where there is no such filtering.

    Example:
        >>> from benchmarks.layers import Layer
        >>> [run().shape for run in minimal(Layer(2, (5, 5), 4, 3).conv(8), 2)]
        [(4, 32), (4, 32)]
        >>> minimal(Layer(2, (5, 5), 4, 3, stride=2).conv(8), 2)
        []
    """
    window = conv.window
    plain = {*window.stride, *window.dilation} == {1} and 3 in window.kernel and {1, 3} >= set(window.kernel)
    if not plain or conv.groups == conv.in_channels:
        return []
    rows, terms = conv.out_channels // conv.groups, conv.in_channels // conv.groups
    written = conv.output
    if name == "input_grad":
        rows, terms, written = terms, rows, conv.input
    tiles = tuple(-(-n // outputs) if k == 3 else n for n, k in zip(written, window.kernel, strict=True))
    stack = (outputs + 2) ** window.kernel.count(3) * conv.groups
    places = conv.batch * math.prod(tiles)
    if name == "weight_grad":
        products = [multiplying(stack, rows, places, terms)]
    else:
        products = _products(stack, rows, terms, places, SUMS[outputs])
    steps = _steps(conv, outputs, name, tiles)
    added = adding(sum(made for made, *_ in steps))
    turned = [_turning(*step) for step in steps]
    return [halved([added, *products]), halved([*turned, *products])]


def _products(stack: int, rows: int, terms: int, places: int, longest: int) -> list[Job]:
    """`stack` times (rows, terms) by (terms, places) in sums of at most `longest` terms, which are added up."""
    sums = -(-terms // longest)
    products = multiplying(stack * sums, rows, terms // sums, places)
    return [products] if sums == 1 else [adding((sums - 1) * stack * rows * places), products]


def _steps(conv: Conv, outputs: int, name: str, tiles: Size) -> list[tuple[int, int, int]]:
    """Elements that each step of the transforms makes, and how many it makes of how many."""
    points, kernel, batch = outputs + 2, conv.window.kernel, conv.batch
    wide = tuple(points * n if k == 3 else n for n, k in zip(tiles, kernel, strict=True))
    x, y = (batch * conv.in_channels, conv.input), (batch * conv.out_channels, conv.output)
    if name == "input_grad":
        x, y = y, x
    weights = conv.out_channels * conv.in_channels // conv.groups
    found = []
    for i in (i for i, k in enumerate(kernel) if k == 3):
        done, left = kernel[: i + 1].count(3), kernel[i + 1 :].count(3)
        found.append((x[0] * math.prod(wide[: i + 1]) * math.prod(x[1][i + 1 :]), points, points))
        if name == "weight_grad":
            found.append((y[0] * math.prod(wide[: i + 1]) * math.prod(y[1][i + 1 :]), points, outputs))
            found.append((weights * 3**done * points**left, 3, points))
        else:
            found.append((y[0] * math.prod(y[1][: i + 1]) * math.prod(wide[i + 1 :]), outputs, points))
            found.append((weights * points**done * 3**left, points, 3))
    return found


def _turning(count: int, made: int, read: int) -> Job:
    """So many elements made by products of a small matrix (made, read)."""
    width = max(16, min(TURNED // (made + read), count // (2 * made)) // 16 * 16)
    matrix = np.asfortranarray(np.ones((made, read), np.float32))
    x, y = np.ones((2, read, width), np.float32), np.empty((2, made, width), np.float32)
    times = -(-count // (made * width))
    return Job(lambda half: np.matmul(matrix, x[half], out=y[half]), times, made * width, y[1])
