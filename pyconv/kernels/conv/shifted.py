"""A banded matrix for each column of the kernel times the image shifted by that column, and the sum of the products.

A block of b output rows of one channel reads q input rows. For each column of the kernel they are the product of a
(b, q) matrix, which has that column in every row a step further right, and of the (q, W) rows seen from that column
on, which are not copied. The products are small enough for BLAS's kernels that pack nothing; they are added up
afterwards. Rows that lie in the padding are left out of the products.

The gradient with respect to x is the same map with the kernel turned round and channels exchanged.

Measured beside torch 2.13 on a server with AVX-512, forward, as ratios of times on one and on two threads: 0.05 and
0.08 on depthwise 31×31 and 29×29, 0.06 and 0.1 at 21×21, 2.9 and 2.5 to 3.4 at 11×11. Torch's gradient with respect
to x is faster than its forward pass: beside it the ratios are 1.3 to 3.4. It takes 0.3 to 0.8 of the time of copies
for every column (`toeplitz`). The products reach 50 to 65 operations a nanosecond, of which the zeros beside the
bands waste a quarter to a half. Tried and slower: bands along the columns with copied runs (by a tenth to a half),
blocks of 14 to 56 rows, a buffer of products that stays in the second-level cache beside everything else, whose many
short calls leave one of two threads waiting for the other.

A zero beside the band times an infinity is no zero. Where a result is not finite, `direct` computes those images and
groups again.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv import direct
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.row_tiles import channels_of, filters, part_of, planes
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]

BLOCK = 1 << 20
"""Bytes of one buffer of products, chosen to stay in a core's second-level cache beside the matrices."""
PARTS = 4
"""Pieces into which the groups are cut, where there are as many."""
ROWS = 8
"""Output rows of a block: more waste more multiplications, fewer make smaller products."""


@dataclass(frozen=True)
class Operands:
    """One of the two maps that write an image.

    Attributes:
        source: (N, G, B, rows, columns) that are read.
        weights: (G, B, A, kernel rows, kernel columns).
        bias: (G, A, 1, 1) or None.
        target: (N, G, A, rows, columns) that are written.
        low: the padding before the first row and column; negative where they are cropped.
        rows: the target rows of a block.
        dtype: in which sums are formed.
    """

    source: Array
    weights: Array
    bias: Array | None
    target: Array
    low: tuple[int, ...]
    rows: int
    dtype: np.dtype[Any]


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    bias = None if b is None else b.reshape(conv.groups, -1, 1, 1)
    low = tuple(low for low, _ in conv.window.padding)
    weights, y, dtype = filters(w, conv).swapaxes(1, 2), planes(out, conv), dtypes.accumulation(x.dtype)
    for images, groups in _run(Operands(planes(x, conv), weights, bias, y, low, _rows(conv.output[0]), dtype)):
        part = part_of(conv, images, groups)
        again = np.empty(part.y_shape, out.dtype)
        inputs, outputs = (channels_of(groups, n, conv) for n in (conv.in_channels, conv.out_channels))
        direct.forward(x[images, inputs], w[outputs], None if b is None else b[outputs], part, again)
        out[images, outputs] = again


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    low = tuple(taps - 1 - low for taps, (low, _) in zip(conv.window.kernel, conv.window.padding, strict=True))
    turned, gx, dtype = filters(w, conv)[..., ::-1, ::-1], planes(out, conv), dtypes.accumulation(gy.dtype)
    for images, groups in _run(Operands(planes(gy, conv), turned, None, gx, low, _rows(conv.input[0]), dtype)):
        part = part_of(conv, images, groups)
        again = np.empty(part.x_shape, out.dtype)
        inputs, outputs = (channels_of(groups, n, conv) for n in (conv.in_channels, conv.out_channels))
        direct.input_grad(gy[images, outputs], w[outputs], part, again)
        out[images, inputs] = again


def _rows(rows: int) -> int:
    """The rows of a block, near to an even share of all."""
    return -(-rows // -(-rows // ROWS))


def _run(given: Operands) -> list[tuple[slice, slice]]:
    """All pieces; returns the images and groups whose results are not finite."""
    images, groups, height, _, width = given.target.shape
    depth, taps = given.weights.shape[1], given.weights.shape[4]
    products, padded = height * taps * given.rows * width, given.source.shape[3] * (width + taps - 1)
    size = given.dtype.itemsize * depth * max(products, padded)
    step = max(1, min(BLOCK // size, -(-groups // PARTS)))
    each = images if groups >= PARTS * step else 1
    pieces = [
        (slice(image, min(images, image + each)), slice(group, min(groups, group + step)))
        for group in range(0, groups, step)
        for image in range(0, images, each)
    ]
    spoilt: list[tuple[slice, slice]] = []
    threads.each(partial(_work, given, spoilt), pieces)
    return spoilt


def _work(given: Operands, spoilt: list[tuple[slice, slice]], piece: tuple[slice, slice]) -> None:
    """Some images of some groups; adds those that are not finite to `spoilt`."""
    images, groups = piece
    matrices = _matrices(given, groups)
    with np.errstate(invalid="ignore", over="ignore"):
        found = [i for i in range(images.start, images.stop) if not _finite(given, matrices, i, groups)]
    spoilt += [(slice(i, i + 1), groups) for i in found]


def _matrices(given: Operands, groups: slice) -> Array:
    """(g, B, kernel columns, A·b, q): each column of the kernel on the diagonals of b rows.

    Behind each column lie b − 1 zeros, so that the next row of all its matrices is one run that begins a step earlier.
    """
    turned = given.weights[groups].swapaxes(3, 4)
    group, depth, height, columns, taps = turned.shape
    reach = taps + given.rows - 1
    runs = scratch("runs", (group, depth, height, given.rows - 1 + columns * reach), given.dtype)
    runs.fill(0)
    *lead, place = runs.strides
    start = (given.rows - 1) * place
    spread = (*lead, reach * place, place)
    np.ndarray(turned.shape, given.dtype, runs.data, start, spread)[...] = turned
    shape = (group, depth, height, given.rows, columns * reach)
    made = scratch("matrices", shape, given.dtype)
    np.copyto(made, np.ndarray(shape, given.dtype, runs.data, start, (*lead, -place, place)))
    return made.reshape(group, depth, height * given.rows, columns, reach).swapaxes(2, 3)


def _finite(given: Operands, matrices: Array, image: int, groups: slice) -> bool:
    """Write some groups of one image; returns whether the result is finite."""
    target, shifted = given.target[image, groups], _shifted(given, image, groups)
    y = target if target.dtype == given.dtype else scratch("sums", target.shape, given.dtype)
    total, taps = given.source.shape[3], given.weights.shape[3]
    for row in range(0, y.shape[2], given.rows):
        goal = y[:, :, row : row + given.rows]
        start = row - given.low[0]
        first, last = max(0, start), min(total, start + goal.shape[2] + taps - 1)
        if first < last:
            _product(given, matrices[..., first - start : last - start], shifted[..., first:last, :], goal)
        else:
            goal.fill(0)
    if given.bias is not None:
        y += given.bias[groups]
    if y is not target:
        target[...] = y
    flat = y.reshape(-1)
    return math.isfinite(np.dot(flat, flat).real)


def _shifted(given: Operands, image: int, groups: slice) -> Array:
    """(g, B, kernel columns, rows, W): what each column of the kernel sees, a view of one padded copy."""
    source = given.source[image, groups]
    left, width, taps = given.low[1], given.target.shape[4], given.weights.shape[4]
    padded = scratch("padded", (*source.shape[:3], width + taps - 1), given.dtype)
    padded.fill(0)
    begin, end = max(0, -left), min(source.shape[3], width + taps - 1 - left)
    if begin < end:
        padded[..., left + begin : left + end] = source[..., begin:end]
    group, depth, row, place = padded.strides
    shape = (*source.shape[:2], taps, source.shape[2], width)
    return np.ndarray(shape, given.dtype, padded.data, 0, (group, depth, place, row, place))


def _product(given: Operands, matrices: Array, shifted: Array, goal: Array) -> None:
    """(g, B, columns, A·b, q) times (g, B, columns, q, W), summed, into (g, A, rows, W)."""
    groups, height, rows, width = goal.shape
    shape = (*shifted.shape[:3], matrices.shape[3], width)
    products = scratch("products", shape, given.dtype)
    np.matmul(matrices, shifted, out=products)
    parts = products.reshape(groups, -1, height, given.rows, width)
    np.add.reduce(parts[:, :, :, :rows], axis=1, out=goal)


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """Two dimensions, stride and dilation 1, floating point, and no buffer larger than one that is kept."""
    window, wide = conv.window, dtypes.accumulation(dtype)
    plain = window.ndim == 2 and set(window.stride) == {1} and set(window.dilation) == {1}
    if not (plain and wide.kind in "fc" and conv.multiplications):
        return False
    return max(_needs(conv, dtype, name) for name in ("forward", "input_grad")) <= LIMIT


def _needs(conv: Conv, dtype: np.dtype[Any], name: str) -> int:
    """Bytes of the largest buffer that cannot be cut up further."""
    depth, height, size, other = _sides(conv, name)
    (down, across), rows = conv.window.kernel, _rows(size[0])
    products = depth * across * height * rows * size[1]
    matrices = depth * height * rows * across * (rows + down - 1)
    padded = depth * other[0] * (size[1] + across - 1)
    return dtypes.accumulation(dtype).itemsize * max(products, matrices, padded)


def _sides(conv: Conv, name: str) -> tuple[int, int, tuple[int, ...], tuple[int, ...]]:
    """The channels of a group that are read, and written, and the sizes of the images written, and read."""
    x, y = conv.in_channels // conv.groups, conv.out_channels // conv.groups
    return (y, x, conv.input, conv.output) if name == "input_grad" else (x, y, conv.output, conv.input)


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    item = dtypes.accumulation(dtype).itemsize
    depth, height, size, other = _sides(conv, name)
    (down, across), rows = conv.window.kernel, _rows(size[0])
    blocks = conv.batch * conv.groups * -(-size[0] // rows)
    reach = min(rows + down - 1, other[0])
    products = blocks * depth * across
    flops = 2.0 * products * height * rows * reach * size[1]
    moved = 2.0 * item * products * height * rows * size[1]
    moved += 2.0 * item * conv.groups * depth * height * rows * across * (rows + down - 1)
    moved += 2.0 * item * conv.batch * conv.groups * depth * other[0] * (size[1] + across - 1)
    calls = 16 + 4 * -(-products * height * rows * size[1] * item // BLOCK) + products / 30
    needs = _needs(conv, dtype, name)
    return Estimate(flops, min(1.0, 0.4 + height * rows / 64), moved, calls, BLOCK + 4 * needs)


ALGORITHM = Algorithm("shifted", _supports, _estimate, forward, input_grad, None)
