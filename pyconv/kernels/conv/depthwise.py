"""Depthwise convolutions with the channels innermost: sums of products, channel by channel.

A piece of the image is copied into rows of pixels, each pixel the run of its channels, with zeros around. Targets and
taps are then axes of one strided view of it, and np.einsum adds up view times weight with the channels as its inner
loop: nothing is gathered, a stride costs nothing, and small images have loops as long as large ones. In the gradient
with respect to x the targets are taken phase by phase of the stride; the gradient with respect to w is the same sum
over positions instead of taps.

Measured on one core of a server with AVX-512: 9 to 11 additions and multiplications a nanosecond, whatever the kernel,
where there are some 300 channels, 5 where there are 100; 0.24 to 0.41 of the time of banded products (`toeplitz`) on
7×7 images, 0.9 on 14×14, 0.9 to 1.3 on 56×56 with a stride of 2, 1.7 to 3.5 without. A product by the identity that
turns the images over took three times as long as the strided copy; a multiplication and an addition for each tap,
three times as long as the sums.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from functools import lru_cache, partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.phases import Phase, phases, reach
from pyconv.kernels.conv.row_tiles import channels_innermost, share
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]

BLOCK = 1 << 20
"""Bytes that the images of a piece take, chosen to stay in a core's second-level cache."""
RUN = 256
"""Channels that an inner loop has at least, where there are as many."""
SHORT, LONG = 1 << 21, 1 << 24
"""Multiplications below which the work is one piece where it fits, and from which on it is cut into `PARTS`; between
them it is cut in two. Two threads get into each other's way where their NumPy calls take less than some 0.1 ms."""
PARTS = 8
PHASES = 1.6
"""How many times as long it takes to write pixels phase by phase of a stride: of 3×3/2 kernels the gradient with
respect to x takes twice as long as in `toeplitz`."""

SPACE, TAPS = "xyz", "ijk"
"""The names of the axes in sums: of positions, and of the kernel."""


class Sum(NamedTuple):
    """Targets that meet the same taps.

    Attributes:
        targets: which targets of the piece, an index of (n, *targets, c).
        taps: which taps, an index of (*kernel, c).
        shape: (*targets, *taps); a 0 where they meet none.
        offset: the pixel that the first tap reads for the first target.
        steps: the pixels from one to the next, along each axis of `shape`.
    """

    targets: tuple[slice, ...]
    taps: tuple[slice, ...]
    shape: tuple[int, ...]
    offset: int
    steps: tuple[int, ...]


class Piece(NamedTuple):
    """Some images, channels, and rows of what a pass goes through: x in `input_grad`, y otherwise.

    Attributes:
        images: which images.
        channels: which channels.
        rows: which rows, of those that are written or, for the weight's gradient, of y.
        window: which part of the source is read, an index of its spatial axes.
        place: where that part lies among the pixels, an index of their spatial axes.
        pixels: the spatial size of the pixels.
        padded: whether there are pixels besides that part, all zero.
        sums: what is computed.
    """

    images: slice
    channels: slice
    rows: slice
    window: tuple[slice, ...]
    place: tuple[slice, ...]
    pixels: tuple[int, ...]
    padded: bool
    sums: tuple[Sum, ...]


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    threads.each(partial(_write, x, w, b, out), _pieces(conv, "forward", _item(x.dtype)))


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    threads.each(partial(_write, gy, w, None, out), _pieces(conv, "input_grad", _item(gy.dtype)))


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    pieces = _pieces(conv, "weight_grad", _item(x.dtype))
    totals: list[Array] = [np.empty(0)] * len(pieces)

    def work(i: int) -> None:
        totals[i] = _correlation(x, gy, pieces[i])

    threads.each(work, range(len(pieces)))
    total = np.zeros((*conv.window.kernel, conv.groups), dtypes.accumulation(x.dtype))
    for piece, part in zip(pieces, totals, strict=True):
        total[..., piece.channels] += part
    out[:, 0] = np.moveaxis(total, -1, 0)


def _write(source: Array, w: Array, b: Array | None, out: Array, piece: Piece) -> None:
    """One piece of one of the two maps that write an image."""
    dtype = dtypes.accumulation(source.dtype)
    goal = out[piece.images, piece.channels, piece.rows]
    pixels = _pixels(source, piece, dtype)
    y = scratch("product", (len(goal), *goal.shape[2:], goal.shape[1]), dtype)
    weights = np.ascontiguousarray(np.moveaxis(w[piece.channels, 0], 0, -1), dtype)
    space, taps = SPACE[: goal.ndim - 2], TAPS[: goal.ndim - 2]
    for line in piece.sums:
        chosen = (slice(None), *line.targets)
        target = y[chosen]
        if 0 in line.shape:
            target.fill(0)
        else:
            np.einsum(f"n{space}{taps}c,{taps}c->n{space}c", _view(pixels, line), weights[line.taps], out=target)
    if b is not None:
        y += b[piece.channels]
    channels_innermost(goal)[...] = y


def _correlation(x: Array, gy: Array, piece: Piece) -> Array:
    """(*kernel, c): what one piece of the positions adds to the gradient with respect to w."""
    dtype = dtypes.accumulation(x.dtype)
    view = _view(_pixels(x, piece, dtype), piece.sums[0])
    part = channels_innermost(gy[piece.images, piece.channels, piece.rows])
    cotangent = scratch("cotangent", part.shape, dtype)
    cotangent[...] = part
    space, taps = SPACE[: gy.ndim - 2], TAPS[: gy.ndim - 2]
    return np.einsum(f"n{space}{taps}c,n{space}c->{taps}c", view, cotangent)


def _pixels(source: Array, piece: Piece, dtype: np.dtype[Any]) -> Array:
    """(n, *pixels, c): what a piece reads, in a scratch buffer."""
    window, place = (piece.images, piece.channels, *piece.window), (slice(None), *piece.place)
    part = channels_innermost(source[window])
    pixels = scratch("pixels", (len(part), *piece.pixels, part.shape[-1]), dtype)
    if piece.padded:
        pixels.fill(0)
    pixels[place] = part
    return pixels


def _view(pixels: Array, line: Sum) -> Array:
    """(n, *targets, *taps, c): what each target reads for each tap, without a copy."""
    image, *_, pixel, channel = pixels.strides
    shape = (len(pixels), *line.shape, pixels.shape[-1])
    strides = (image, *(step * pixel for step in line.steps), channel)
    return np.ndarray(shape, pixels.dtype, pixels.data, line.offset * pixel, strides)


@lru_cache(maxsize=1024)
def _pieces(conv: Conv, name: str, item: int) -> list[Piece]:
    """Pieces whose images fit into a block, if need be of one row; whole rows and many channels first."""
    images, channels, rows = _shares(conv, name, item)
    total = (conv.input if name == "input_grad" else conv.output)[0]
    return [
        Piece(
            slice(n, min(conv.batch, n + images)),
            slice(c, min(conv.groups, c + channels)),
            slice(r, min(total, r + rows)),
            *_reading(conv, name, r, min(total, r + rows)),
        )
        for n in range(0, conv.batch, images)
        for c in range(0, conv.groups, channels)
        for r in range(0, total, rows)
    ]


def _shares(conv: Conv, name: str, item: int) -> tuple[int, int, int]:
    """Images, channels and rows of a piece."""
    total = (conv.input if name == "input_grad" else conv.output)[0]
    wanted = 1 if conv.multiplications < SHORT else 2 if conv.multiplications < LONG else PARTS
    images, channels, rows = share(conv.batch, -(-conv.batch // wanted)), conv.groups, total
    least = min(channels, RUN)
    if images * wanted > conv.batch:
        channels = share(channels, max(least, -(-channels * conv.batch // (wanted * images))))
    channels = share(channels, max(least, min(channels, BLOCK // (item * _size(conv, name, rows)))))
    some = -(-wanted * images * channels // (conv.batch * conv.groups))
    rows = share(total, -(-total // max(1, some)))
    while rows > 1 and item * channels * _size(conv, name, rows) > BLOCK:
        rows = share(total, rows - 1)
    return share(conv.batch, min(images, BLOCK // (item * channels * _size(conv, name, rows)))), channels, rows


def _reading(conv: Conv, name: str, low: int, high: int) -> tuple[Any, ...]:
    """What some rows read, and the sums: the last five fields of a piece."""
    found = _phases(conv, name, low, high)
    spans = [reach(along) for along in found]
    size = conv.output if name == "input_grad" else conv.input
    inside = [(min(n, max(0, a)), max(0, min(n, b))) for (a, b), n in zip(spans, size, strict=True)]
    window = tuple(slice(a, max(a, b)) for a, b in inside)
    place = tuple(slice(a - low, max(a, b) - low) for (a, b), (low, _) in zip(inside, spans, strict=True))
    pixels = tuple(b - a for a, b in spans)
    weights = [math.prod(pixels[axis + 1 :]) for axis in range(len(pixels))]
    sums = tuple(_sum(chosen, [a for a, _ in spans], weights) for chosen in product(*found))
    return window, place, pixels, inside != spans, sums


def _sum(chosen: tuple[Phase, ...], lows: list[int], weights: list[int]) -> Sum:
    """The sum for one phase along each axis, of pixels that begin at `lows`."""
    offset = sum((phase.first - low) * step for phase, low, step in zip(chosen, lows, weights, strict=True))
    steps = [phase.step * step for phase, step in zip(chosen, weights, strict=True)]
    steps += [phase.stride * step for phase, step in zip(chosen, weights, strict=True)]
    shape = (*(phase.count for phase in chosen), *(phase.length for phase in chosen))
    return Sum(tuple(p.targets for p in chosen), tuple(p.taps for p in chosen), shape, offset, tuple(steps))


def _phases(conv: Conv, name: str, low: int, high: int) -> list[list[Phase]]:
    """The phases along every axis, along the first only those of some rows."""
    size = conv.input if name == "input_grad" else conv.output
    map_name = "input_grad" if name == "input_grad" else "forward"
    ranges = [(low, high), *((0, n) for n in size[1:])]
    return [phases(conv, axis, map_name, *ends) for axis, ends in enumerate(ranges)]


@lru_cache(maxsize=1024)
def _size(conv: Conv, name: str, rows: int) -> int:
    """Elements of the images of a piece of some rows, of one image and channel."""
    spans = [reach(along) for along in _phases(conv, name, 0, rows)]
    size = conv.input if name == "input_grad" else conv.output
    return math.prod(high - low for low, high in spans) + rows * math.prod(size[1:])


def _item(dtype: np.dtype[Any]) -> int:
    return dtypes.accumulation(dtype).itemsize


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """One channel in and one out a group, up to three dimensions, floating point; no buffer beyond the limit."""
    if not conv.groups == conv.in_channels == conv.out_channels or conv.window.ndim > 3:
        return False
    if dtypes.accumulation(dtype).kind not in "fc" or not conv.multiplications:
        return False
    channels = min(conv.groups, RUN)
    return max(_size(conv, name, 1) for name in ("forward", "input_grad")) * channels * _item(dtype) <= LIMIT


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    item = _item(dtype)
    images, channels, rows = _shares(conv, name, item)
    held = item * images * channels * _size(conv, name, rows)
    pieces = -(-conv.batch // images) * -(-conv.groups // channels)
    pieces *= -(-(conv.input if name == "input_grad" else conv.output)[0] // rows)
    times = PHASES if name == "input_grad" and set(conv.window.stride) != {1} else 1.0
    efficiency = 0.1 * channels / (channels + 64) / times
    return Estimate(2.0 * conv.multiplications, efficiency, times * 3.0 * pieces * held, 4 * pieces, 3 * held)


ALGORITHM = Algorithm("depthwise", _supports, _estimate, forward, input_grad, weight_grad)
