"""The gradient with respect to x as a forward pass: of the cotangents, with the kernels turned round.

With a stride of 1 the input's gradient is the convolution of the cotangents with the weights' channels exchanged and
their taps in reverse. `in_cache` computes it: nothing is scattered, and there are no sums in memory.

Measured on two threads, settled and by turns, as shares of the time of `row_sums`: 0.56 to 0.65 for eight images of 64
channels of 16×16, 0.9 for four of 32×32, 0.8 to 0.9 for one of 56×56, 0.83 to 0.89 for 32 channels of 32×32; 1.05 for
128 of 28×28.

Tried for small images and not kept: all images of a batch side by side in one line, so that the columns of a tap are
one long run and 128 channels of 8×8 are one product. By itself it took 0.8 to 1 of the time forward and of both
gradients; in a step of ResNet-18, by turns with one without it, no less.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

from pyconv.geometry import Conv, Window
from pyconv.kernels import threads
from pyconv.kernels.conv import direct, in_cache
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.row_tiles import share
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]

TURNED = 8.0
"""How many times the bytes of the weights could be moved in runs in the time that it takes to turn them."""
BLOCK = 1 << 16
"""Elements of the weights that are turned at once."""


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    if not np.isfinite(w).all():  # times the zeros around gy they would be no zeros
        direct.input_grad(gy, w, conv, out)
        return
    depth, taps = conv.in_channels, conv.window.taps
    weights = scratch("weights", (depth, conv.out_channels, taps), w.dtype)
    reverse = w.reshape(conv.out_channels, depth, taps).swapaxes(0, 1)[..., ::-1]
    step = share(depth, BLOCK // (conv.out_channels * taps))
    blocks = [slice(c, c + step) for c in range(0, depth, step)]
    threads.each(partial(_copy, reverse, weights), blocks)
    in_cache.forward(gy, weights.reshape(depth, conv.out_channels, *conv.window.kernel), None, turned(conv), out)


def _copy(source: Array, goal: Array, part: slice) -> None:
    goal[part] = source[part]


@lru_cache(maxsize=1024)
def turned(conv: Conv) -> Conv:
    """The convolution that leads from y to x.

    Example:
        >>> turned(Conv.of((1, 2, 9), (4, 2, 3), None)).window.padding
        ((2, 2),)
    """
    window, size = conv.window, zip(conv.window.turned_low, conv.input, conv.output, conv.window.extent, strict=True)
    padding = tuple((low, n + extent - 1 - low - given) for low, n, given, extent in size)
    return replace(
        conv,
        in_channels=conv.out_channels,
        out_channels=conv.in_channels,
        input=conv.output,
        output=conv.input,
        window=Window(window.kernel, window.stride, padding, window.dilation),
    )


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """A stride of 1, what `in_cache` supports, and weights that fit a buffer."""
    if set(conv.window.stride) != {1} or conv.out_channels * conv.terms * dtype.itemsize > LIMIT:
        return False
    return in_cache.ALGORITHM.supports(turned(conv), dtype)


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:  # noqa: ARG001
    found = in_cache.ALGORITHM.estimate(turned(conv), dtype, "forward")
    weights = conv.out_channels * conv.terms * dtype.itemsize
    return replace(found, traffic=found.traffic + TURNED * weights, workspace=found.workspace + weights)


ALGORITHM = Algorithm("turned", _supports, _estimate, None, input_grad, None, alone_below=in_cache.ALONE)
