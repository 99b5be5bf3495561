"""Images and groups whose results are not finite, computed again by `direct`.

A zero that an algorithm multiplies besides, beside a band or in the padding, times an infinity is no zero.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from pyconv.geometry import Conv
from pyconv.kernels.conv import direct
from pyconv.kernels.conv.row_tiles import channels_of, part_of

Array = np.ndarray[Any, Any]
Piece = tuple[slice, slice]


def is_finite(values: Array) -> bool:
    """Whether all values are finite, as the sum of their squares tells in one reading; it says no where that overflows.

    Example:
        >>> is_finite(np.ones(3)), is_finite(np.array([1, np.inf])), is_finite(np.array([1j, np.nan]))
        (True, False, False)
    """
    if not values.flags.c_contiguous:
        return bool(np.isfinite(values).all())
    flat = values.reshape(-1)
    return math.isfinite(np.dot(flat, flat).real)


def are_whole(*operands: Array) -> bool:
    """Whether all values of some arrays of one dimension at least are whole numbers; of others the first few say no.

    Example:
        >>> are_whole(np.ones((2, 3)), np.arange(4.0)), are_whole(np.ones(3), np.array([1, 0.5]))
        (True, False)
    """
    firsts = (values[(0,) * (values.ndim - 1)] for values in operands)
    return all(map(_is_whole, firsts)) and all(_is_whole(part) for values in operands for part in values)


def _is_whole(values: Array) -> bool:
    return bool(np.array_equal(values, np.rint(values)))


def forward_again(x: Array, w: Array, b: Array | None, conv: Conv, out: Array, spoilt: Iterable[Piece]) -> None:
    """Write conv(x, w) + b of some images and groups into `out`."""
    for images, groups in spoilt:
        part = part_of(conv, images, groups)
        inputs, outputs = (channels_of(groups, n, conv) for n in (conv.in_channels, conv.out_channels))
        y = np.empty(part.y_shape, out.dtype)
        direct.forward(x[images, inputs], w[outputs], None if b is None else b[outputs], part, y)
        out[images, outputs] = y


def input_grad_again(gy: Array, w: Array, conv: Conv, out: Array, spoilt: Iterable[Piece]) -> None:
    """Write the gradient with respect to x of some images and groups into `out`."""
    for images, groups in spoilt:
        part = part_of(conv, images, groups)
        inputs, outputs = (channels_of(groups, n, conv) for n in (conv.in_channels, conv.out_channels))
        gx = np.empty(part.x_shape, out.dtype)
        direct.input_grad(gy[images, outputs], w[outputs], part, gx)
        out[images, inputs] = gx
