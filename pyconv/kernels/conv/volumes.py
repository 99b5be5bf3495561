"""Three dimensions by `in_cache`: the planes of the image that a plane of the result reads are an image's channels.

They are copied side by side for each plane of the result, zeros where there are none, and the weights lie as they have
to: (O, C · planes, rows, columns).

Measured by turns with `im2col` on two threads of a server with AVX-512, one image, the processor's time: 0.88 of it for
3×7×7/(1, 2, 2) of 3 channels to 64, 0.47 for 3×3×3 of one channel to 16, 0.9 of 16 to 32, 0.86 of 8 to 16 with four
images; 0.94 of 128, which `winograd` serves in 0.56, and with a stride of 2 1.03 to 1.09 for 64 and 128 channels. For
the first of these, columns position by position from rows with the channels innermost, times weights turned round in
products that OpenBLAS does not pack, and the results turned, took 0.81 of `im2col`'s time, but for 11×11/4 0.94 of
`in_cache`'s, for 7×7/2 1.2, and 1.0 with 48 outputs or images of 128²: to turn the results takes what the products
gain.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from pyconv.geometry import Conv, Window
from pyconv.kernels import threads
from pyconv.kernels.conv import in_cache
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.bands import axis
from pyconv.kernels.conv.in_cache import Rows
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]

COPIED = 2.0
"""Bytes that could be moved in the time that it takes to copy one of the planes."""


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    flat, matrix, bias = images_of(conv), w.reshape(len(w), -1), None if b is None else b.reshape(-1, 1)
    result = out.reshape(*out.shape[:3], -1)

    def work(some: list[Rows]) -> None:
        for number, first, stop in some:
            image, plane = divmod(number, conv.output[0])
            columns = in_cache.columns_of(flat, first, stop, x.dtype)
            columns.load(_planes(x[image], plane, conv))
            columns.multiply(matrix, bias, result[image, :, plane])

    threads.each(work, in_cache.lists_of(flat, x.dtype))


def _planes(image: Array, plane: int, conv: Conv) -> Array:
    """What a plane of the result reads of an image (C, planes, rows, columns): (C · planes, rows, columns)."""
    taps, stride, dilation, low, size, _ = axis(conv, 0)
    found = scratch("planes", (len(image), taps, *image.shape[2:]), image.dtype)
    for tap in range(taps):
        place = plane * stride - low + tap * dilation
        found[:, tap] = image[:, place] if 0 <= place < size else 0
    return found.reshape(-1, *image.shape[2:])


@lru_cache(maxsize=1024)
def images_of(conv: Conv) -> Conv:
    """The convolution in two dimensions that has every plane of the result as an image.

    Example:
        >>> flat = images_of(Conv.of((2, 3, 8, 20, 20), (16, 3, 3, 5, 5), None, (1, 2, 2), (1, 2, 2)))
        >>> flat.x_shape, flat.w_shape, flat.y_shape
        ((16, 9, 20, 20), (16, 9, 5, 5), (16, 16, 10, 10))
    """
    window, channels = conv.window, conv.in_channels * conv.window.kernel[0]
    parts = (window.kernel[1:], window.stride[1:], window.padding[1:], window.dilation[1:])
    batch, read, made = conv.batch * conv.output[0], conv.input[1:], conv.output[1:]
    return replace(conv, batch=batch, in_channels=channels, input=read, output=made, window=Window(*parts))


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """Three dimensions, planes that a buffer holds, and what `in_cache` supports in two."""
    if conv.window.ndim != 3 or conv.groups > 1 or _held(conv, dtype) > LIMIT:
        return False
    return in_cache.ALGORITHM.supports(images_of(conv), dtype)


def _held(conv: Conv, dtype: np.dtype[Any]) -> int:
    """Bytes of the planes that one of the result reads."""
    return conv.in_channels * conv.window.kernel[0] * conv.input[1] * conv.input[2] * dtype.itemsize


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    flat, held = images_of(conv), _held(conv, dtype)
    found, loads = in_cache.ALGORITHM.estimate(flat, dtype, name), sum(map(len, in_cache.lists_of(flat, dtype)))
    moved, calls = found.traffic + COPIED * loads * held, found.calls + loads * conv.window.kernel[0]
    return replace(found, traffic=moved, calls=calls, workspace=found.workspace + held)


ALGORITHM = Algorithm("volumes", _supports, _estimate, forward, None, None, alone_below=in_cache.ALONE)
