"""Convolutions so short that what they take is the number of NumPy calls: all columns at once, and one product.

Everything that follows from the geometry is computed once and kept. The gradient with respect to x is the convolution
of gy, its elements as far apart as the stride says, with the kernel turned round.

Measured beside torch 2.13 on a server with AVX-512, by the functional interface on one image: 5×5 images 1.5 to 2.2,
with their gradients 1.5 to 2.0 (in tiles 6, and 1.5 to 4.9); LeNet's layers 0.4, with their gradients 0.6 and 0.7. A
pass takes a quarter of what it takes in tiles; the way to it from the functional interface takes as long.

What lies between and around the elements of gy times an infinite weight is no zero: with weights that are not finite
the gradient with respect to x is `direct`'s.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv, Size
from pyconv.kernels.conv import direct, im2col
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.window import last

Array = np.ndarray[Any, Any]

LONGEST = 1 << 19
"""Multiplications of the longest pass."""
SPREAD = 1 << 18
"""Multiplications of the longest product of the gradient with respect to x, whose elements are far apart; a longer one
is `im2col`'s."""

TURNED = 8.0
"""How many times the bytes of the weights could be moved in runs in the time that it takes to turn them."""


class Layout(NamedTuple):
    """How the columns of an array are gathered.

    Attributes:
        padded: the shape with zeros around and between the elements; empty where there are none.
        inner: the place of the elements in it.
        view: (N, channels, *kernel, *positions), what the taps read.
        strides: of the view.
        columns: (N, G, K, P).
    """

    padded: Size
    inner: tuple[Any, ...]
    view: Size
    strides: Size
    columns: Size


@lru_cache(maxsize=1024)
def _read_of_x(conv: Conv, item: int) -> Layout:
    """What the forward pass and the gradient with respect to w read of x."""
    window = conv.window
    lead, size = conv.x_shape[:2], window.padded(conv.input)
    inner = last(*(slice(low, low + n) for n, (low, _) in zip(conv.input, window.padding, strict=True)))
    columns = conv.batch, conv.groups, conv.terms, conv.positions
    padded = (*lead, *size) if window.is_padded else ()
    return _layout((*lead, *size), padded, inner, conv, window.stride, conv.output, columns, item)


@lru_cache(maxsize=1024)
def _read_of_gy(conv: Conv, item: int) -> Layout:
    """What the gradient with respect to x reads of gy."""
    window = conv.window
    lead = conv.y_shape[:2]
    size = tuple(n + extent - 1 for n, extent in zip(conv.input, window.extent, strict=True))
    axes = zip(window.extent, window.padding, window.stride, conv.output, strict=True)
    firsts = ((extent - 1 - low, stride, n) for extent, (low, _), stride, n in axes)
    inner = last(*(slice(first, first + (n - 1) * stride + 1, stride) for first, stride, n in firsts))
    terms = conv.out_channels // conv.groups * window.taps
    columns = conv.batch, conv.groups, terms, math.prod(conv.input)
    ones = (1,) * window.ndim
    return _layout((*lead, *size), (*lead, *size), inner, conv, ones, conv.input, columns, item)


def _layout(
    size: Size, padded: Size, inner: Any, conv: Conv, stride: Size, positions: Size, columns: Size, item: int
) -> Layout:
    steps = tuple(item * math.prod(size[i + 1 :]) for i in range(len(size)))
    taps = (step * n for step, n in zip(steps[2:], conv.window.dilation, strict=True))
    moves = (step * n for step, n in zip(steps[2:], stride, strict=True))
    view = (*size[:2], *conv.window.kernel, *positions)
    return Layout(padded, inner, view, (*steps[:2], *taps, *moves), columns)


def _columns(array: Array, layout: Layout) -> Array:
    """(N, G, K, P)."""
    if layout.padded:
        padded = np.zeros(layout.padded, array.dtype)
        padded[layout.inner] = array
    else:
        padded = np.ascontiguousarray(array)
    return np.ndarray(layout.view, array.dtype, padded, 0, layout.strides).reshape(layout.columns)


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    columns = _columns(x, _read_of_x(conv, x.itemsize))
    y = out.reshape(conv.batch, conv.groups, -1, conv.positions)
    np.matmul(w.reshape(conv.groups, -1, conv.terms), columns, out=y)
    if b is not None:
        y += b.reshape(conv.groups, -1, 1)


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    if conv.multiplications // conv.positions * math.prod(conv.input) > SPREAD:
        im2col.input_grad(gy, w, conv, out)
        return
    if not np.isfinite(w).all():
        direct.input_grad(gy, w, conv, out)
        return
    layout = _read_of_gy(conv, gy.itemsize)
    terms, size = layout.columns[2:]
    # (O, C/G, *kernel) → (G, C/G, O/G, taps), the taps from the last to the first
    turned = w.reshape(conv.groups, -1, w.shape[1], conv.window.taps)[..., ::-1].swapaxes(1, 2)
    gx = out.reshape(conv.batch, conv.groups, -1, size)
    np.matmul(turned.reshape(conv.groups, -1, terms), _columns(gy, layout), out=gx)


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    columns = _columns(x, _read_of_x(conv, x.itemsize))
    cotangent = gy.reshape(conv.batch, conv.groups, -1, conv.positions)
    # (N, G, O/G, P) times (N, G, P, K)
    product = np.matmul(cotangent, columns.swapaxes(2, 3))
    np.add.reduce(product, 0, out=out.reshape(product.shape[1:]))


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """No more multiplications than `LONGEST`; no dtype that is summed in another; no padding that crops or is wide."""
    axes = zip(conv.window.padding, conv.window.extent, strict=True)
    usual = all(min(pair) >= 0 and max(pair) < extent for pair, extent in axes)
    return usual and 0 < conv.multiplications <= LONGEST and dtypes.accumulation(dtype) == dtype


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    positions = math.prod(conv.input) if name == "input_grad" else conv.positions
    channels = conv.out_channels if name == "input_grad" else conv.in_channels
    gathered = conv.batch * channels * conv.window.taps * positions * dtype.itemsize
    products = conv.batch * conv.out_channels * conv.terms
    calls = 1.5 + conv.batch * conv.groups / 8
    times = conv.multiplications // conv.positions * positions
    turned = TURNED * conv.out_channels * conv.terms * dtype.itemsize if name == "input_grad" else 0.0
    moved = 3.0 * gathered + turned
    return Estimate(2.0 * times, 0.5, moved, calls, 2 * gathered + products * dtype.itemsize)


ALGORITHM = Algorithm("short", _supports, _estimate, forward, input_grad, weight_grad, alone_below=2 * LONGEST)
