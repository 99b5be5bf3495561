"""A 1×1 kernel at stride 1 without padding is a matrix product on the arrays as they lie, with no copy.

Where the output is much larger than both operands, the bias is one more column of weights, beside a row of ones: to
copy the operands and put it there took 0.6 to 0.9 of the time of a pass over the output that adds it, in expansions of
ResNet-50 and MobileNetV2 on large images.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels.bounds import Bounds, clip
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.tiles import channel_blocks, grouped
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]

WEIGHT_BLOCK = 4 << 20
"""Bytes of a block of the weights' gradient."""
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
    np.matmul(matrix, images, out=y)
    if bias is not None:
        y += bias
    if bounds is not None:
        clip(y, bounds)


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
    np.matmul(_matrix(w, conv).swapaxes(1, 2), _images(gy, conv), out=grouped(out, conv))


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
    workspace = block if name == "weight_grad" else copied
    written = 3.0 * conv.out_channels * conv.terms * dtype.itemsize if name == "weight_grad" else 0.0
    return Estimate(2.0 * conv.multiplications, min(1.0, rows / 16), written, calls, workspace)


ALGORITHM = Algorithm(
    "pointwise", _supports, _estimate, forward, input_grad, weight_grad, blas_below=sys.maxsize, bounds=True
)
