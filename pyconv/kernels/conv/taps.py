"""A product for each tap, of the elements that it reads inside the image only: for windows as wide as the image.

A tap that is dilated far reads the padding for many outputs. Each tap is here a product over the box of outputs for
which it reads a real element, and the products are added up: of 3×3 taps dilated by 12 on 28×28 they are half of the
multiplications. What is in the padding is never multiplied, as in torch: an infinite weight gives no NaN there. The
gradient with respect to x is the same from y to x; with respect to w each tap is a product of gy and x over its box.

Measured beside torch 2.13, which leaves the padding out as well, on two threads of a server with AVX-512, 512 channels
of 28×28 to 256, columns (`im2col`) in brackets: on eight images 0.7 to 0.8 (1.3) forward, 1.1 (2.2) for the gradient
with respect to x, 1.4 (3) for that with respect to w; on one 1.3 to 1.9 (2.2), 1.3 to 2.3 (1.7 to 2.8), 1.2 to 1.3
(1.8). On one image the products, at 200 GFLOP/s, take 1.1 times what torch takes for it all, and turning the weights
round 0.15. With a stride of 2 the gradient with respect to x is faster than by columns in images of 28×28 outputs and
more: 0.7 (1.05) for 128 channels on eight images. Narrower products lose.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from functools import lru_cache, partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv, Size
from pyconv.kernels import threads
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.row_tiles import share
from pyconv.kernels.conv.tiles import channel_blocks, parts_wanted
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]
Line = tuple[int, int, int, int]
Piece = tuple[int, slice]

BLOCK = 6 << 20
"""Bytes of each of the four buffers: a tap's elements, its product, their sum, and the weights, which are turned round
so that those of a tap lie together."""
TURNED = 32
"""Output channels whose weights are turned round at once."""
PARTS = 2
"""Pieces into which a single image is cut: narrower products are slower."""


class Box(NamedTuple):
    """What a tap reads for some rows.

    Attributes:
        tap: which of the flattened taps it is.
        read: where that is, after the channels.
        written: for which places of the rows, after the channels.
    """

    tap: int
    read: Any
    written: Any


class Tap(NamedTuple):
    """A tap that reads real elements.

    Attributes:
        number: which of the flattened taps it is.
        lines: along each axis its first output, the element that this reads, the stride, and how many outputs follow.
    """

    number: int
    lines: tuple[Line, ...]

    def within(self, side: int, rows: slice) -> Box | None:
        """What it reads of x for some rows of y (`side` 0), or of gy for some rows of x (1); None where nothing."""
        (first, at, stride, count), step = self.lines[0], self.lines[0][2] if side else 1
        begin = max(0, -((self.lines[0][side] - rows.start) // step))
        count = min(count, -((self.lines[0][side] - rows.stop) // step)) - begin
        if count <= 0:
            return None
        first, at = first + begin, at + begin * stride
        line = (first, at - rows.start, stride, count) if side else (first - rows.start, at, stride, count)
        lines = (line, *self.lines[1:])
        outputs = (..., *(slice(first, first + count) for first, _, _, count in lines))
        inputs = (..., *(slice(at, at + (count - 1) * stride + 1, stride) for _, at, stride, count in lines))
        return Box(self.number, *((outputs, inputs) if side else (inputs, outputs)))


@lru_cache(maxsize=1024)
def taps_of(conv: Conv) -> tuple[Tap, ...]:
    """All taps that read real elements, those of most outputs first.

    Example:
        >>> taps_of(Conv.of((1, 1, 5), (1, 1, 3), None, 1, 4, 4))[1:]
        (Tap(number=0, lines=((4, 0, 1, 1),)), Tap(number=2, lines=((0, 4, 1, 1),)))
    """
    window, axes = conv.window, []
    for i, (taps, size) in enumerate(zip(window.kernel, conv.input, strict=True)):
        offsets = (tap * window.dilation[i] - window.padding[i][0] for tap in range(taps))
        axes.append([_line(offset, window.stride[i], size, conv.output[i]) for offset in offsets])
    found = (Tap(number, lines) for number, lines in enumerate(product(*axes)) if all(line[3] > 0 for line in lines))
    return tuple(sorted(found, key=_size, reverse=True))


def _line(offset: int, stride: int, size: int, outputs: int) -> Line:
    """The outputs for which what lies `offset` from their own place is inside, as in a `Tap`."""
    first = max(0, -(offset // stride))
    return first, first * stride + offset, stride, min(outputs, (size - 1 - offset) // stride + 1) - first


def _size(tap: Tap) -> int:
    return math.prod(line[3] for line in tap.lines)


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    dtype = dtypes.accumulation(x.dtype)
    source, target = _planes(x, conv), _planes(out, conv)
    bias = None if b is None else b.reshape(conv.groups, -1, *(1 for _ in conv.input))

    def work(block: slice, weights: Array, piece: Piece) -> None:
        image, rows = piece
        more = None if bias is None else bias[:, block]
        _write(target[image, :, block, rows], source[image], weights, _within(conv, 0, rows), more)

    for block in _blocks(conv, dtype):
        threads.each(partial(work, block, _turned(w, conv, block, dtype)), _pieces(conv, conv.output, dtype))


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    dtype = dtypes.accumulation(gy.dtype)
    source = _planes(gy, conv)
    total = out if out.dtype == dtype else np.empty(out.shape, dtype)
    target = _planes(total, conv)

    def work(block: slice, weights: Array, piece: Piece) -> None:
        image, rows = piece
        goal = target[image, :, :, rows]
        _write(goal, source[image, :, block], weights, _within(conv, 1, rows), goal if block.start else None)

    for block in _blocks(conv, dtype):
        weights = _turned(w, conv, block, dtype).swapaxes(2, 3)
        threads.each(partial(work, block, weights), _pieces(conv, conv.input, dtype))
    if total is not out:
        out[...] = total


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    dtype = dtypes.accumulation(x.dtype)
    source, cotangent = _planes(x, conv), _planes(gy, conv)
    result = out.reshape(conv.groups, -1, conv.in_channels // conv.groups, conv.window.taps)

    @np.errstate(invalid="ignore", over="ignore")
    def work(item: tuple[slice, int]) -> None:
        block, number = item
        total = np.zeros(result[:, block, :, number].shape, dtype)
        for image, rows in pieces:
            box = taps[number].within(0, rows) if number in taps else None
            if box is not None:
                given = _copied("cotangent", cotangent[image, :, block, rows][box.written], dtype)
                seen = _copied("columns", source[image][box.read], dtype)
                total += np.matmul(given, seen.swapaxes(1, 2), out=scratch("product", total.shape, dtype))
        result[:, block, :, number] = total

    taps = {tap.number: tap for tap in taps_of(conv)}
    pieces = _pieces(conv, conv.output, dtype)
    threads.each(work, product(_blocks(conv, dtype), range(conv.window.taps)))


@np.errstate(invalid="ignore", over="ignore")
def _write(goal: Array, source: Array, weights: Array, taps: list[Box], more: Array | None) -> None:
    """Write the sum over taps of (taps, G, A, B) weights times (G, B, box) elements, and `more`, to (G, A, rows, …)."""
    total = scratch("sum", goal.shape, weights.dtype)
    whole = bool(taps) and total[taps[0].written].shape == total.shape
    if not whole:
        total.fill(0)
    for i, (number, read, written) in enumerate(taps):
        columns, part = _copied("columns", source[read], weights.dtype), total[written]
        if whole and not i:
            np.matmul(weights[number], columns, out=total.reshape(*total.shape[:2], -1))
            continue
        made = scratch("product", (*part.shape[:2], columns.shape[2]), weights.dtype)
        part += np.matmul(weights[number], columns, out=made).reshape(part.shape)
    if more is not None:
        total += more
    goal[...] = total


def _within(conv: Conv, side: int, rows: slice) -> list[Box]:
    """The boxes of all taps for some rows of y (`side` 0) or of x (1)."""
    return [box for tap in taps_of(conv) if (box := tap.within(side, rows)) is not None]


def _copied(name: str, values: Array, dtype: np.dtype[Any]) -> Array:
    """(G, A, …) → (G, A, P), in a buffer."""
    buffer = scratch(name, values.shape, dtype)
    np.copyto(buffer, values)
    return buffer.reshape(*values.shape[:2], -1)


def _turned(w: Array, conv: Conv, block: slice, dtype: np.dtype[Any]) -> Array:
    """(O, C/G, *kernel) → (taps, G, block, C/G), in a buffer."""
    weights = np.moveaxis(w.reshape(conv.groups, -1, conv.in_channels // conv.groups, conv.window.taps), 3, 0)
    weights = weights[:, :, block]
    turned = scratch("weights", weights.shape, dtype)

    def turn(first: int) -> None:
        turned[:, :, first : first + TURNED] = weights[:, :, first : first + TURNED]

    threads.each(turn, range(0, turned.shape[2], TURNED))
    return turned


def _blocks(conv: Conv, dtype: np.dtype[Any]) -> list[slice]:
    """Output channels of each group, whose weights are turned round together."""
    return list(channel_blocks(conv, conv.terms, dtype.itemsize, BLOCK))


def _planes(images: Array, conv: Conv) -> Array:
    """(N, channels, *spatial) → (N, G, channels/G, *spatial)."""
    return images.reshape(len(images), conv.groups, -1, *images.shape[2:])


def _pieces(conv: Conv, size: Size, dtype: np.dtype[Any]) -> list[Piece]:
    """Each image, in as few runs of rows as its buffers allow and the threads want."""
    row = max(conv.in_channels, conv.out_channels) * math.prod(size[1:]) * dtype.itemsize
    wanted = -(-min(PARTS, parts_wanted(conv)) // conv.batch)
    step = min(share(size[0], max(1, BLOCK // row)), -(-size[0] // wanted))
    return [(image, slice(r, min(size[0], r + step))) for image in range(conv.batch) for r in range(0, size[0], step)]


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """Floating point, and no row of a plane or weights of a channel beyond what a buffer may take."""
    wide = dtypes.accumulation(dtype)
    largest = max(math.prod(conv.input[1:]), math.prod(conv.output[1:])) * max(conv.in_channels, conv.out_channels)
    return wide.kind in "fc" and max(largest, conv.groups * conv.terms) * wide.itemsize <= BLOCK


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    item = dtypes.accumulation(dtype).itemsize
    taps = taps_of(conv)
    places = conv.batch * sum(map(_size, taps))
    products = 2.0 * places * conv.out_channels * conv.in_channels / conv.groups
    depth = min(conv.in_channels, conv.out_channels) // conv.groups
    moved = item * (places * (2.0 * conv.in_channels + 3.0 * conv.out_channels) + 4.0 * conv.out_channels * conv.terms)
    size = conv.input if name == "input_grad" else conv.output
    calls = 5 * conv.window.taps * len(_pieces(conv, size, dtypes.accumulation(dtype)))
    width = places / max(1, conv.batch * len(taps))
    return Estimate(products, max(0.01, min(1.0, depth / 128) * min(1.0, width / 400)), moved, calls, 4 * BLOCK)


ALGORITHM = Algorithm("taps", _supports, _estimate, forward, input_grad, weight_grad)
