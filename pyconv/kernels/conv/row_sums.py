"""Columns of one kernel row times the weights of all rows, and then the sum of the products, each some rows further on.

What the taps of one row of the kernel read is gathered for all rows of the image, so that the columns of a 3×3 kernel
are a third of those of `im2col`; one product with the weights of every row of the kernel over each other gives what
each of these adds to y, and they are added up. The product is as tall as the kernel's rows, which is what BLAS wants
where the channels are few. In three dimensions the rows are the planes of the kernel. The gradient with respect to x
is the same with the weights turned round.

Measured on two threads for one image of 64 channels of 56×56, 3×3: 0.7 of the time of `im2col`, and within ResNet-50,
while BLAS's own threads spun between its products, 0.8 of that and 0.65 of the time of minimal filtering, whose pieces
are the pool's; dilated 0.8 to 0.9 of `im2col`'s time, the gradient with respect to x 0.6 to 0.8. With 128 channels of
28×28 it takes as long as `im2col`, 0.8 of that for the gradient; with 256 of 14×14 1.2 to 1.3 times, for what it takes
to turn the weights over. In pieces of 2 MiB in place of 4, which stay in a core's second-level cache, it takes 1.2
times as long, as its products are shorter; with the bias as one more column of the weights, and K odd, up to 1.2
times; with a product for each row of the kernel, added up one after the other, 1 to 1.15 times.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv, Size
from pyconv.kernels import threads
from pyconv.kernels.bounds import Bounds, clip
from pyconv.kernels.conv import direct
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.gather import copy_rows
from pyconv.kernels.conv.tiles import SHORTEST_PIECES, parts_wanted
from pyconv.kernels.scratch import LIMIT, scratch
from pyconv.kernels.window import last

Array = np.ndarray[Any, Any]

BLOCK = 4 << 20
"""Bytes of a piece's columns, and of its products."""
GATHERED_RUN = 180
"""Bytes that could be moved in the time that it takes to begin a row of columns."""
ADDED = 3.0
"""How many times as long as a copy it takes to add a product to the sum."""
TURNED = {"forward": 5.0, "input_grad": 9.0}
"""The same for turning the weights over."""


@dataclass(frozen=True, eq=False)
class _Pass:
    """A convolution with stride 1 along the rows, whichever of the maps it is.

    Attributes:
        source: (N, depth, *input).
        matrix: (rows · height, K) weights, K = inner taps × depth.
        bias: (height, 1), if there is one.
        result: (N, height, *output).
        low: the zeros before each dimension.
        conv: the geometry, of which only the window's kernel, stride and dilation are read.
        bounds: of the result, if there are any.
    """

    source: Array
    matrix: Array
    bias: tuple[Array, ...]
    result: Array
    low: Size
    conv: Conv
    bounds: Bounds | None = None

    def run(self) -> None:
        """All pieces."""
        batch, rows = len(self.result), self.result.shape[2]
        count = _count(self.conv, rows, math.prod(self.result.shape[3:]), self.matrix)
        height = -(-rows // count)
        starts = range(0, rows, height)
        threads.each(self._piece, [(n, slice(i, min(rows, i + height))) for n in range(batch) for i in starts])

    def _piece(self, piece: tuple[int, slice]) -> None:
        """Some rows of one image."""
        image, rows = piece
        goal = self.result[image, :, rows]
        height, size, *box = goal.shape
        goal = goal.reshape(height, -1)
        kernel, dilation = self.conv.window.kernel[0], self.conv.window.dilation[0]
        row, places = math.prod(box), goal.shape[-1]
        columns = self._columns(image, rows.start, size + (kernel - 1) * dilation, tuple(box))
        products = scratch("product", (kernel, height, columns.shape[-1]), columns.dtype)
        with np.errstate(all="ignore"):
            np.matmul(self.matrix, columns, out=products.reshape(kernel * height, -1))
            first, second, *others = (
                products[i, :, i * dilation * row : i * dilation * row + places] for i in range(kernel)
            )
            total = goal if goal.dtype == columns.dtype else first
            np.add(first, second, out=total)
            for other in (*others, *self.bias):
                total += other
        if self.bounds is not None:
            clip(total, self.bounds)
        if total is not goal:
            goal[...] = total

    def _columns(self, image: int, start: int, reach: int, box: Size) -> Array:
        """(K, reach · box): what one row of the kernel reads for some rows."""
        window, source = self.conv.window, self.source[image]
        columns = scratch("columns", (self.matrix.shape[1], reach * math.prod(box)), self.matrix.dtype)
        inner, depth = window.kernel[1:], len(source)
        goals = columns.reshape(*inner, depth, reach, *box)
        steps, spans = (1, *window.stride[1:]), (reach, *box)
        for taps in product(*map(range, inner)):
            offsets = (start, *(tap * d for tap, d in zip(taps, window.dilation[1:], strict=True)))
            firsts = (offset - low for offset, low in zip(offsets, self.low, strict=True))
            along = [_inside(*sizes) for sizes in zip(firsts, steps, spans, source.shape[1:], strict=True)]
            _fill(goals[taps], source, along)
        return columns


def _inside(first: int, step: int, count: int, size: int) -> tuple[slice, slice]:
    """Which of `count` places `first + i·step` lie inside of `size`, and these.

    Example:
        >>> _inside(-1, 2, 4, 6)
        (slice(1, 4, None), slice(1, 6, 2))
    """
    start = min(count, max(0, -(first // step)))
    stop = max(start, min(count, (size - 1 - first) // step + 1))
    if start == stop:
        return slice(0, 0), slice(0, 0)
    return slice(start, stop), slice(first + start * step, first + (stop - 1) * step + 1, step)


def _fill(goal: Array, source: Array, along: list[tuple[slice, slice]]) -> None:
    """Copy what lies inside of the source along each of the last dimensions, and zeros around it."""
    for axis, (inside, _) in enumerate(along, goal.ndim - len(along)):
        lines = np.moveaxis(goal, axis, 0)
        lines[: inside.start] = 0
        lines[inside.stop :] = 0
    target, values = goal[last(*(inside for inside, _ in along))], source[last(*(places for _, places in along))]
    if values.size and values.dtype == target.dtype and values.strides[-1] == values.itemsize:
        copy_rows(values, target)
    else:
        target[...] = values


def _count(conv: Conv, rows: int, row: int, matrix: Array) -> int:
    """The pieces of an image, by the room that they take and by how many threads may share."""
    fitting = max(1, BLOCK // (max(matrix.shape) * row * matrix.itemsize) - _halo(conv))
    wanted = parts_wanted(conv)
    count = max(-(-rows // fitting), -(-wanted // conv.batch))
    return min(rows, count + (count * conv.batch % 2 if wanted > 1 else 0))


def _halo(conv: Conv) -> int:
    """The rows that a piece reads besides one for each of its own."""
    return (conv.window.kernel[0] - 1) * conv.window.dilation[0]


def _matrix(weights: Array, dtype: np.dtype[Any]) -> Array:
    """(height, depth, rows, *inner) → (rows · height, inner · depth)."""
    height, depth, rows, *inner = weights.shape
    turned = weights.transpose(2, 0, *range(3, weights.ndim), 1)
    matrix = scratch("weights", turned.shape, dtype)
    matrix[...] = turned
    return matrix.reshape(rows * height, math.prod(inner) * depth)


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array, bounds: Bounds | None = None) -> None:
    """Write conv(x, w) + b into `out`, cut off at bounds if there are any."""
    bias = () if b is None else (b.reshape(-1, 1),)
    _Pass(x, _matrix(w, dtypes.accumulation(x.dtype)), bias, out, conv.window.low, conv, bounds).run()


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`: the convolution of gy with the weights turned round."""
    if not np.isfinite(w).all():  # times the zeros around gy they would be no zeros
        direct.input_grad(gy, w, conv, out)
        return
    turned = np.flip(w, tuple(range(2, w.ndim))).swapaxes(0, 1)
    _Pass(gy, _matrix(turned, dtypes.accumulation(gy.dtype)), (), out, conv.window.turned_low, conv).run()


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """One group, several rows of the kernel, no stride, floating point, few weights, several rows in a piece."""
    wide = dtypes.accumulation(dtype)
    window = conv.window
    rows = window.ndim > 1 and window.kernel[0] > 1 and set(window.stride) == {1}
    plain = conv.groups == 1 and rows and wide.kind in "fc"
    if not plain or not conv.multiplications or conv.out_channels * conv.terms * wide.itemsize > LIMIT:
        return False
    return 2 * _halo(conv) * _row(conv) * wide.itemsize <= BLOCK


def _row(conv: Conv) -> int:
    """The elements of columns, or of products, for one row of the larger of the image and the result."""
    inner, channels = conv.window.kernel[1:], max(conv.in_channels, conv.out_channels)
    box = max(math.prod(conv.output[1:]), math.prod(conv.input[1:]))
    return box * max(channels * math.prod(inner), channels * conv.window.kernel[0])


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    item = dtypes.accumulation(dtype).itemsize
    kernel, *inner = conv.window.kernel
    into, (rows, *box) = (conv.in_channels, conv.input) if name == "input_grad" else (conv.out_channels, conv.output)
    depth = (conv.out_channels if name == "input_grad" else conv.in_channels) * math.prod(inner)
    width, row = max(depth, kernel * into), math.prod(box)
    height = min(rows, max(1, BLOCK // (width * row * item) - _halo(conv)))
    more, pieces = (height + _halo(conv)) / height, conv.batch * -(-rows // height)
    gathered = conv.batch * rows * more * depth * item * (2.0 * row + GATHERED_RUN / item * row / (box or [rows])[-1])
    added = ADDED * item * (kernel - 1) * conv.batch * into * rows * row
    turned = TURNED[name] * item * conv.out_channels * conv.terms
    flops = 2.0 * conv.batch * rows * row * more * kernel * into * depth
    efficiency = min(1.0, kernel * into / 16)
    calls = (5 * math.prod(inner) + kernel + 6) * pieces / 3
    return Estimate(flops, efficiency, gathered + added + turned, calls, 2 * BLOCK + LIMIT)


ALGORITHM = Algorithm(
    "row-sums", _supports, _estimate, forward, input_grad, None, blas_below=SHORTEST_PIECES, bounds=True
)
