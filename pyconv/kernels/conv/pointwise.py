"""A 1×1 kernel at stride 1 without padding is a matrix product on the arrays as they lie, with no copy.

Where the output is much larger than both operands, the bias is one more column of weights, beside a row of ones: to
copy the operands and put it there took 0.6 to 0.9 of the time of a pass over the output that adds it, in expansions of
ResNet-50 and MobileNetV2 on large images.

Several images are shared by the pool's threads, each with products of its own, where these are large: on eight images
of ten of ResNet-50's layers, two threads, 0.84 to 1.02 of the time that BLAS's own threads take for one after another.
Of few positions and many weights they are laid side by side first: 0.8 to 0.85 of the time for 512 and 2048 channels of
7×7; with 160 and 960 channels it takes 1.05 to 1.1 times as long, for 14×14 1.05 to 1.3 times. One image is BLAS's: in
pieces of 10⁶ multiplications, which it does not pack, the pool took 0.95 to 1.3 times as long on six layers.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.bounds import Bounds, clip
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.tiles import channel_blocks, grouped, parts_wanted
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]

WEIGHT_BLOCK = 4 << 20
"""Bytes of a block of the weights' gradient."""
NARROW, SHORTEST = 96, 192
"""Positions of an image below which several are laid side by side, and those of so many together at the least ..."""
MANY = 1 << 19
"""... where there are as many weights, in float32 as much as a core's second-level cache holds."""
FEWEST_RESULTS = 1 << 16
"""Elements of the output below which a pass over it costs little."""


def _images(x: Array, conv: Conv) -> Array:
    """(N, C, *spatial) → (N, G, C/G, P)."""
    return grouped(np.ascontiguousarray(x), conv)


def _matrix(w: Array, conv: Conv) -> Array:
    """(O, C/G, 1, …) → (G, O/G, C/G)."""
    return w.reshape(conv.groups, -1, conv.terms)


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array, bounds: Bounds | None = None) -> None:
    """Write conv(x, w) + b into `out`, cut off at bounds if there are any."""
    matrix, images, y = _matrix(w, conv), _images(x, conv), grouped(out, conv)
    bias = None if b is None else b.reshape(conv.groups, -1, 1)
    if bias is not None and _widens(conv, x.itemsize):
        matrix, images, bias = np.concatenate([matrix, bias], axis=2), _with_ones(images), None

    step, joined = _piles(conv, x.itemsize)

    def work(some: slice) -> None:
        goal = y[some]
        _multiply(matrix, images[some], goal, joined)
        if bias is not None:
            np.add(goal, bias, out=goal)
        if bounds is not None:
            clip(goal, bounds)

    _each_pile(work, conv.batch, step)


@lru_cache(maxsize=1024)
def _piles(conv: Conv, itemsize: int) -> tuple[int, bool]:
    """How many images are multiplied at a time, all or so many for several threads, and whether as one product."""
    joined = conv.groups == 1 < conv.batch and conv.positions < NARROW and math.prod(conv.w_shape) >= MANY
    least = -(-SHORTEST // conv.positions) if joined else 1
    most = LIMIT // (max(conv.in_channels, conv.out_channels) * conv.positions * itemsize) if joined else conv.batch
    step = max(least, -(-conv.batch // parts_wanted(conv)))
    return min(conv.batch, step, max(1, most)), joined


def _each_pile(work: Callable[[slice], None], batch: int, step: int) -> None:
    """The work on so many images at a time: on all, or on several threads."""
    if step >= batch:
        work(slice(0, batch))
        return
    with threads.together():
        threads.each(work, [slice(start, min(batch, start + step)) for start in range(0, batch, step)])


def _multiply(matrix: Array, images: Array, y: Array, joined: bool) -> None:
    """(G, M, K) times (n, G, K, P) into (n, G, M, P), of one group as a single product if they are to be joined."""
    if not joined:
        np.matmul(matrix, images, out=y)
        return
    n, _, depth, positions = images.shape
    columns = scratch("columns", (depth, n, positions), y.dtype)
    product = scratch("product", (y.shape[2], n, positions), y.dtype)
    np.copyto(columns, images[:, 0].swapaxes(0, 1))
    np.matmul(matrix[0], columns.reshape(depth, -1), out=product.reshape(len(product), -1))
    np.copyto(y[:, 0].swapaxes(0, 1), product)


def _copied(conv: Conv) -> int:
    """The elements of both operands."""
    return math.prod(conv.x_shape) + math.prod(conv.w_shape)


def _widens(conv: Conv, itemsize: int) -> bool:
    """Whether the operands are few beside the results, and small enough to copy."""
    results, copied = math.prod(conv.y_shape), _copied(conv)
    return results >= FEWEST_RESULTS and 2 * copied <= results and copied * itemsize <= LIMIT


def _with_ones(images: Array) -> Array:
    """(N, G, C/G, P) → (N, G, C/G + 1, P): a row of ones below."""
    n, groups, depth, positions = images.shape
    found = scratch("images", (n, groups, depth + 1, positions), images.dtype)
    found[:, :, :depth], found[:, :, depth] = images, 1
    return found


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    matrix, images, goal = _matrix(w, conv).swapaxes(1, 2), _images(gy, conv), grouped(out, conv)
    step, joined = _piles(conv, gy.itemsize)
    _each_pile(lambda some: _multiply(matrix, images[some], goal[some], joined), conv.batch, step)


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    images, cotangents, result = _images(x, conv), _images(gy, conv), _matrix(out, conv)
    result[...] = 0
    for block in channel_blocks(conv, conv.terms, x.dtype.itemsize, WEIGHT_BLOCK):
        product = scratch("product", (conv.groups, block.stop - block.start, conv.terms), x.dtype)
        for image, cotangent in zip(images, cotangents, strict=True):
            # cotangent (G, O/G, P) times image (G, P, C/G)
            result[:, block] += np.matmul(cotangent[:, block], image.swapaxes(1, 2), out=product)


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    window = conv.window
    plain = window.taps == 1 and not window.is_padded and set(window.stride) == {1} and conv.input == conv.output
    small = conv.groups * conv.terms * dtype.itemsize <= WEIGHT_BLOCK
    return plain and small and dtypes.accumulation(dtype) == dtype


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    rows = conv.out_channels // conv.groups
    block = min(WEIGHT_BLOCK, conv.out_channels * conv.terms * dtype.itemsize)
    calls = conv.batch * conv.groups / 4 + (conv.batch if name == "weight_grad" else 1)
    copied = _copied(conv) * dtype.itemsize if name == "forward" and _widens(conv, dtype.itemsize) else 0
    step, joined = _piles(conv, dtype.itemsize)
    piled = step * conv.positions * (conv.in_channels + conv.out_channels) * dtype.itemsize if joined else 0
    workspace = block if name == "weight_grad" else copied + piled
    written = 3.0 * conv.out_channels * conv.terms * dtype.itemsize if name == "weight_grad" else 0.0
    return Estimate(2.0 * conv.multiplications, min(1.0, rows / 16), written, calls, workspace)


ALGORITHM = Algorithm(
    "pointwise", _supports, _estimate, forward, input_grad, weight_grad, blas_below=sys.maxsize, bounds=True
)
