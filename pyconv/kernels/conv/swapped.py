"""Depthwise kernels larger than their images: the image slides over the kernel, with the channels innermost.

Of a kernel larger than the image most taps read the padding alone. In ⟨x, w⟩ the two can change parts: each output is
the sum over all elements of the image of that element times one of the kernel, and where the outputs move to the right
the place in the kernel moves to the left. So the kernel is what is padded, if any of it is missing, and np.einsum
adds up the elements of the image times views of it, all channels of one product in one run.

The gradient with respect to x is the same map with the kernel turned round.

Measured beside torch 2.13 on a server with AVX-512, forward, as ratios of times on one and on two threads: 0.07 and 0.1
on 27×27 over 14×14 images, as `strips` has, 2.4 and 3 to 4 on 13×13 over 7×7 images, where `depthwise` and `strips`
take 2 to 3 times as long. There np.einsum takes six tenths of the time on one thread, some 7 multiplications and
additions a nanosecond; without this algorithm the family of large kernels would take 1.07 times as long.

A zero of the padding times an infinity is no zero. Where a result is not finite, `direct` computes those images and
channels again.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.spoilt import Piece, forward_again, input_grad_again, is_finite
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]

SHORTEST = 1 << 22
"""Multiplications from which on several threads help: in less time they mostly wait for each other."""
CHANNELS = 256
"""Channels of a piece: fewer make short runs, more leave the second-level cache."""


class Operands(NamedTuple):
    """One of the two maps that write an image.

    Attributes:
        x: (N, C, *input).
        w: (C, *kernel).
        b: (C,) or None.
        out: (N, C, *output).
        low: the padding before the first row and column; negative where they are cropped.
        dtype: in which sums are formed.
    """

    x: Array
    w: Array
    b: Array | None
    out: Array
    low: tuple[int, ...]
    dtype: np.dtype[Any]


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    low = conv.window.low
    spoilt = _run(Operands(x, w[:, 0], b, out, low, dtypes.accumulation(x.dtype)))
    forward_again(x, w, b, conv, out, spoilt)


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    low = conv.window.turned_low
    spoilt = _run(Operands(gy, w[:, 0, ::-1, ::-1], None, out, low, dtypes.accumulation(gy.dtype)))
    input_grad_again(gy, w, conv, out, spoilt)


def _run(given: Operands) -> list[Piece]:
    """All pieces; returns the images and channels whose results are not finite."""
    images, channels = given.x.shape[:2]
    step = -(-channels // -(-channels // CHANNELS))
    each = images if channels > 2 * CHANNELS else 1
    pieces = [
        (slice(image, min(images, image + each)), slice(channel, min(channels, channel + step)))
        for channel in range(0, channels, step)
        for image in range(0, images, each)
    ]
    spoilt: list[Piece] = []
    if given.x.size * math.prod(given.out.shape[2:]) >= SHORTEST:
        threads.each(partial(_work, given, spoilt), pieces)
    else:
        for piece in pieces:
            _work(given, spoilt, piece)
    return spoilt


@np.errstate(invalid="ignore", over="ignore")
def _work(given: Operands, spoilt: list[Piece], piece: Piece) -> None:
    """Some images and channels; adds those that are not finite to `spoilt`."""
    images, channels = piece
    reach = _kernels(given, channels)
    shape = (*given.x.shape[2:], channels.stop - channels.start)
    x, sums = scratch("image", shape, given.dtype), scratch("sums", (*given.out.shape[2:], shape[2]), given.dtype)
    for image in range(images.start, images.stop):
        np.copyto(x, given.x[image, channels].transpose(1, 2, 0), casting="same_kind")
        sums.fill(0)
        np.einsum("ijc,ijrsc->rsc", x, reach, out=sums)
        if given.b is not None:
            sums += given.b[channels]
        given.out[image, channels] = sums.transpose(2, 0, 1)
        if not is_finite(sums):
            spoilt.append((slice(image, image + 1), channels))


def _kernels(given: Operands, channels: slice) -> Array:
    """(*input, *output, C): by what an element of the image is multiplied in an output, a view of padded kernels."""
    source, image, output = given.w[channels], given.x.shape[2:], given.out.shape[2:]
    size = tuple(a + b - 1 for a, b in zip(image, output, strict=True))
    padded = scratch("kernels", (*size, len(source)), given.dtype)
    padded.fill(0)
    taken, places = [], []
    for taps, low, count, length in zip(source.shape[1:], given.low, output, size, strict=True):
        first = low - count + 1
        begin, end = max(0, first), max(0, first, min(taps, first + length))
        taken.append(slice(begin, end))
        places.append(slice(begin - first, end - first))
    padded[places[0], places[1]] = source[:, taken[0], taken[1]].transpose(1, 2, 0)
    row, column, channel = padded.strides
    start = (output[0] - 1) * row + (output[1] - 1) * column
    steps = (row, column, -row, -column, channel)
    return np.ndarray((*image, *output, len(source)), given.dtype, padded.data, start, steps)


def _needs(conv: Conv, dtype: np.dtype[Any]) -> int:
    """Bytes of the largest buffer."""
    reach = math.prod(a + b - 1 for a, b in zip(conv.input, conv.output, strict=True))
    return min(CHANNELS, conv.in_channels) * dtypes.accumulation(dtype).itemsize * reach


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """Two dimensions, depthwise, stride and dilation 1, floating point, images smaller than the kernel."""
    window = conv.window
    plain = window.ndim == 2 and set(window.stride) == {1} and set(window.dilation) == {1}
    depthwise = conv.groups == conv.in_channels == conv.out_channels
    if not (plain and depthwise and dtypes.accumulation(dtype).kind in "fc" and conv.multiplications):
        return False
    return max(map(math.prod, (conv.input, conv.output))) < window.taps and _needs(conv, dtype) <= LIMIT


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:  # noqa: ARG001
    item, pieces = dtypes.accumulation(dtype).itemsize, -(-conv.in_channels // CHANNELS)
    run = conv.in_channels / pieces
    x, y = math.prod(conv.input), math.prod(conv.output)
    moved = 2.0 * item * conv.in_channels * (conv.batch * (x + y) + conv.window.taps)
    calls = 4 * pieces * (1 + conv.batch)
    # a run has a start of some 25 ns
    efficiency = 0.02 * run / (25 + 0.14 * run)
    return Estimate(2.0 * conv.batch * conv.in_channels * x * y, efficiency, moved, calls, 4 * _needs(conv, dtype))


ALGORITHM = Algorithm("swapped", _supports, _estimate, forward, input_grad, None)
