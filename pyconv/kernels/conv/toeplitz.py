"""A banded matrix for each group: several rows at once, as one product over the rows that they read.

A block of b output rows of one channel reads q input rows. For each column of the kernel those q rows are copied
once, shifted, in one run; the b output rows are then the product of a (b, taps·q) matrix, which has the kernel's
column in every row a step further right, and of the (taps·q, W) copies. The zeros beside the band waste
multiplications, but leave products large enough for BLAS where a group has few channels, a depthwise convolution
above all. The gradient with respect to x has bands that run the other way.

One dimension is the case of images one element wide; there the blocks are the rows of the product.

Measured beside torch 2.13 on one core of a server with AVX-512, as the ratio of CPU times of the forward pass: 1.8 to
2 on depthwise 3×3 (3 to 4 on 7×7 images), 2.9 on 5×5, 3.3 to 5 on 7×7, 4.5 on 11×11, 0.1 at 21×21 and 31×31; 1 to 2.5
on 3×3 with 4 to 16 channels a group. Tried and slower: a multiplication and an addition for each tap in blocks that
stay in cache (twice as slow on 3×3, four times on 7×7), bands along the columns (1.3 times), products for each kernel
column without copies, added up afterwards (1.4 times), np.einsum (five times), copies of single rows instead of runs.

A zero beside the band times an infinity is no zero. Where a result is not finite, `direct` computes those images and
groups again.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.bands import Band, Shift, band_matrices, columns_read, rows_read
from pyconv.kernels.conv.copies import shifted_copies
from pyconv.kernels.conv.row_tiles import Tile, filters, planes, row_tiles
from pyconv.kernels.conv.spoilt import Piece, forward_again, input_grad_again, is_finite
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]

BLOCK = 1 << 21
"""Bytes of one buffer of shifted copies. In half of that, which stays in a core's second-level cache beside the result,
one thread takes 0.9 to 1 of the time, and two, with twice as many calls to wait for each other between, 1.1."""


@dataclass(frozen=True)
class Operands:
    """One of the two maps that write an image, said in the same words.

    Attributes:
        source: (N, G, B, rows, columns) that are read.
        weights: (G, A, B, kernel rows, kernel columns).
        bias: (G, A, 1, 1) or None.
        target: (N, G, A, rows, columns) that are written.
        band: which source rows a block of target rows reads.
        shift: which source columns a target column reads.
        dtype: in which sums are formed.
    """

    source: Array
    weights: Array
    bias: Array | None
    target: Array
    band: Band
    shift: Shift
    dtype: np.dtype[Any]

    @property
    def blocks(self) -> int:
        """The blocks of rows of one image."""
        return -(-self.target.shape[3] // self.band.rows)

    @property
    def size(self) -> int:
        """Bytes of the copies for one block in one image and group, or of its share of the matrix if that is more."""
        height, depth = self.weights.shape[1:3]
        share = -(-height * self.band.rows // self.blocks)
        return depth * self.shift.taps * self.band.depth * max(self.shift.pitch, share) * self.dtype.itemsize


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    bias = None if b is None else b.reshape(conv.groups, -1, 1, 1)
    band, shift = rows_read(conv, "forward"), columns_read(conv, "forward")
    dtype = dtypes.accumulation(x.dtype)
    given = Operands(planes(x, conv), filters(w, conv), bias, planes(out, conv), band, shift, dtype)
    forward_again(x, w, b, conv, out, _run(given))


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    band, shift = rows_read(conv, "input_grad"), columns_read(conv, "input_grad")
    dtype = dtypes.accumulation(gy.dtype)
    given = Operands(planes(gy, conv), filters(w, conv).swapaxes(1, 2), None, planes(out, conv), band, shift, dtype)
    input_grad_again(gy, w, conv, out, _run(given))


def _run(given: Operands) -> list[Piece]:
    """All tiles; returns the images and groups whose results are not finite."""
    images, groups = given.target.shape[:2]
    lists = row_tiles(images, groups, given.blocks, given.size, BLOCK)
    spoilt: list[Tile] = []
    threads.each(partial(_work, given, spoilt), lists)
    unique = {(t.images.start, t.groups.start): (t.images, t.groups) for t in spoilt}
    return list(unique.values())


def _work(given: Operands, spoilt: list[Tile], tiles: list[Tile]) -> None:
    """The tiles of a list, which have the same matrices; adds those that are not finite to `spoilt`."""
    matrices = band_matrices(given.weights[tiles[0].groups], given.band, given.dtype)
    with np.errstate(invalid="ignore", over="ignore"):
        spoilt += [tile for tile in tiles if not _finite(given, matrices, tile)]


def _finite(given: Operands, matrices: Array, tile: Tile) -> bool:
    """Write one tile; returns whether the result is finite."""
    rows, total = given.band.rows, given.target.shape[3]
    span = slice(tile.blocks.start * rows, min(total, tile.blocks.stop * rows))
    target = given.target[tile.images, tile.groups, :, span]
    y = target if target.dtype == given.dtype else scratch("product", target.shape, given.dtype)
    copies = shifted_copies(given.source, tile, given.band, given.shift, given.dtype)
    whole, rest = divmod(y.shape[3], rows)
    if whole:
        _product(matrices, copies[:, :, :whole], y[:, :, :, : whole * rows])
    if rest:
        _product(matrices[:, :, :rest], copies[:, :, whole:], y[:, :, :, whole * rows :])
    if given.bias is not None:
        y += given.bias[tile.groups]
    if y is not target:
        target[...] = y
    return is_finite(y)


def _product(matrices: Array, copies: Array, y: Array) -> None:
    """(g, A, b, K) times (n, g, blocks, K, columns) into (n, g, A, blocks·b, columns)."""
    n, groups, blocks, terms, columns = copies.shape
    height, rows = matrices.shape[1:3]
    width = y.shape[-1]
    if width == 1 and columns == 1:
        # (n, g, 1, blocks, K) times (g, A, K, b)
        goal = y.reshape(n, groups, height, blocks, rows)
        np.matmul(copies.reshape(n, groups, 1, blocks, terms), matrices.swapaxes(2, 3), out=goal)
    elif blocks == 1 and (height == 1 or y.strides[2] == rows * y.strides[3]):
        goal = y.reshape(n, groups, height * rows, width)
        np.matmul(matrices.reshape(groups, height * rows, terms), copies[:, :, 0, :, :width], out=goal)
    elif height > 1:
        made = scratch("blocks", (n, groups, blocks, height, rows, width), y.dtype)
        tall = matrices.reshape(groups, 1, height * rows, terms)
        np.matmul(tall, copies[..., :width], out=made.reshape(n, groups, blocks, height * rows, width))
        y.reshape(n, groups, height, blocks, rows, width)[...] = made.swapaxes(2, 3)
    else:
        np.matmul(matrices, copies[..., :width], out=y.reshape(n, groups, blocks, rows, width))


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """One or two dimensions, floating point, and no buffer larger than one that is kept."""
    if conv.window.ndim > 2 or dtypes.accumulation(dtype).kind not in "fc" or not conv.multiplications:
        return False
    return max(_needs(conv, dtype, name) for name in ("forward", "input_grad")) <= LIMIT // 2


def _depths(conv: Conv, name: str) -> tuple[int, int]:
    """Channels of a group that are written, and that are read."""
    x, y = conv.in_channels // conv.groups, conv.out_channels // conv.groups
    return (x, y) if name == "input_grad" else (y, x)


def _needs(conv: Conv, dtype: np.dtype[Any], name: str) -> int:
    """Bytes of the largest buffer that cannot be cut up further."""
    height, depth = _depths(conv, name)
    band, shift = rows_read(conv, name), columns_read(conv, name)
    widest = max(shift.pitch, height * band.rows)
    return dtypes.accumulation(dtype).itemsize * depth * shift.taps * band.depth * widest


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    item = dtypes.accumulation(dtype).itemsize
    height, depth = _depths(conv, name)
    needs = _needs(conv, dtype, name)
    band, shift = rows_read(conv, name), columns_read(conv, name)
    rows, width = ((*conv.input, 1) if name == "input_grad" else (*conv.output, 1))[:2]
    terms = depth * shift.taps * band.depth
    blocks = conv.batch * conv.groups * -(-rows // band.rows)
    copied = item * blocks * terms * shift.pitch
    result = item * blocks * band.rows * height * width if height > 1 else 0
    matrices = 3 * item * conv.groups * height * band.rows * terms
    flops = 2.0 * blocks * band.rows * height * terms * width
    efficiency = min(1.0, 0.4 + height * band.rows / 64)
    calls = 16 + 32 * copied / BLOCK
    return Estimate(flops, efficiency, copied + 2 * result + matrices, calls, 3 * BLOCK + 3 * needs)


ALGORITHM = Algorithm("toeplitz", _supports, _estimate, forward, input_grad, None, alone_below=1 << 20)
