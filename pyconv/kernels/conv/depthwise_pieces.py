"""Pieces of a depthwise convolution with the channels innermost, and the sums that each consists of.

Where the channels are few, an inner loop of np.einsum goes over some neighbours of a row with them: a call of it costs
30 nanoseconds, as much as 200 channels.

Measured on one core, as the share of the time of sums without such runs: 0.55 with 96 and 144 channels, 0.8 with 192
and 240, 0.85 with 384, 0.2 with 32. Of a stride the neighbours read no neighbours: columns that lie by turns in as many
planes, whose sums are added up, took 0.95 to 1.3 times as long, as twice the copies eat up what the runs save; pairs of
columns with twice the channels, whose halves are added up, 1 to 1.9 times.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from pyconv.geometry import Conv
from pyconv.kernels.conv.phases import Phase, phases, reach
from pyconv.kernels.conv.row_tiles import share

BLOCK = 3 << 19
"""Bytes that the images of a piece take, chosen to stay in a core's second-level cache. In two thirds of it 144
channels of 56² with a stride of 2 are three pieces instead of two, which takes two threads 1.15 times as long."""
RUN = 256
"""Channels that an inner loop has at least, where there are as many."""
SHORT, LONG = 1 << 21, 1 << 24
"""Multiplications below which the work is one piece where it fits, and from which on it is cut into `PARTS`; between
them it is cut in two. Two threads get into each other's way where their NumPy calls take less than some 0.1 ms."""
PARTS = 8
LOOP = 1 << 12
"""Bytes that an inner loop goes over at most, where it goes over several neighbours."""


class Sum(NamedTuple):
    """Targets, and taps that all of them meet.

    Attributes:
        targets: which targets of the piece, an index of (n, *targets, c).
        taps: which taps, an index of (*kernel, c).
        shape: (*runs of targets, *taps); a 0 where they meet none.
        offset: the pixel that the first tap reads for the first target.
        steps: the pixels from one to the next, along each axis of `shape`.
        run: how many neighbours along the last axis an inner loop goes over.
    """

    targets: tuple[slice, ...]
    taps: tuple[slice, ...]
    shape: tuple[int, ...]
    offset: int
    steps: tuple[int, ...]
    run: int


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


@lru_cache(maxsize=1024)
def pieces_of(conv: Conv, name: str, item: int) -> list[Piece]:
    """Pieces whose images fit into a block, if need be of one row; whole rows and many channels first."""
    images, channels, rows = shares(conv, name, item)
    total = (conv.input if name == "input_grad" else conv.output)[0]
    return [
        Piece(
            slice(n, min(conv.batch, n + images)),
            slice(c, min(conv.groups, c + channels)),
            slice(r, min(total, r + rows)),
            *_reading(conv, name, r, min(total, r + rows), item * channels),
        )
        for n in range(0, conv.batch, images)
        for c in range(0, conv.groups, channels)
        for r in range(0, total, rows)
    ]


def shares(conv: Conv, name: str, item: int) -> tuple[int, int, int]:
    """Images, channels and rows of a piece."""
    total = (conv.input if name == "input_grad" else conv.output)[0]
    wanted = 1 if conv.multiplications < SHORT else 2 if conv.multiplications < LONG else PARTS
    images, channels, rows = share(conv.batch, -(-conv.batch // wanted)), conv.groups, total
    least = min(channels, RUN)
    if images * wanted > conv.batch:
        channels = share(channels, max(least, -(-channels * conv.batch // (wanted * images))))
    channels = share(channels, max(least, min(channels, BLOCK // (item * size_of(conv, name, rows)))))
    some = -(-wanted * images * channels // (conv.batch * conv.groups))
    rows = share(total, -(-total // max(1, some)))
    while rows > 1 and item * channels * size_of(conv, name, rows) > BLOCK:
        rows = share(total, rows - 1)
    return share(conv.batch, min(images, BLOCK // (item * channels * size_of(conv, name, rows)))), channels, rows


def _reading(conv: Conv, name: str, low: int, high: int, pixel: int) -> tuple[Any, ...]:
    """What some rows read, and the sums: the last five fields of a piece, for pixels of so many bytes."""
    found = _phases(conv, name, low, high)
    spans = [reach(along) for along in found]
    size = conv.output if name == "input_grad" else conv.input
    inside = [(min(n, max(0, a)), max(0, min(n, b))) for (a, b), n in zip(spans, size, strict=True)]
    window = tuple(slice(a, max(a, b)) for a, b in inside)
    place = tuple(slice(a - low, max(a, b) - low) for (a, b), (low, _) in zip(inside, spans, strict=True))
    pixels = tuple(b - a for a, b in spans)
    run = _run(conv, sum(phase.count for phase in found[-1]), pixel)
    weights = [math.prod(pixels[axis + 1 :]) for axis in range(len(pixels))]
    sums = tuple(_sum(chosen, [a for a, _ in spans], weights, run) for chosen in product(*found))
    return window, place, pixels, inside != spans, sums


def _run(conv: Conv, count: int, pixel: int) -> int:
    """How many of a row's targets an inner loop goes over, which cut it evenly."""
    if conv.window.stride[-1] > 1:
        return 1
    return max((n for n in range(2, count + 1) if count % n == 0 and n * pixel <= LOOP), default=1)


def _sum(chosen: tuple[Phase, ...], lows: list[int], weights: list[int], run: int) -> Sum:
    """The sum for one phase along each axis, of pixels that begin at `lows`."""
    offset = sum((phase.first - low) * step for phase, low, step in zip(chosen, lows, weights, strict=True))
    steps = [phase.step * step for phase, step in zip(chosen, weights, strict=True)]
    steps[-1] *= run
    steps += [phase.stride * step for phase, step in zip(chosen, weights, strict=True)]
    counts = [phase.count for phase in chosen]
    counts[-1] //= run
    shape = (*counts, *(phase.length for phase in chosen))
    return Sum(tuple(p.targets for p in chosen), tuple(p.taps for p in chosen), shape, offset, tuple(steps), run)


def _phases(conv: Conv, name: str, low: int, high: int) -> list[list[Phase]]:
    """The phases along every axis, along the first only those of some rows."""
    size = conv.input if name == "input_grad" else conv.output
    map_name = "input_grad" if name == "input_grad" else "forward"
    ranges = [(low, high), *((0, n) for n in size[1:])]
    return [phases(conv, axis, map_name, *ends) for axis, ends in enumerate(ranges)]


@lru_cache(maxsize=1024)
def size_of(conv: Conv, name: str, rows: int) -> int:
    """Elements of the images of a piece of some rows, of one image and channel."""
    spans = [reach(along) for along in _phases(conv, name, 0, rows)]
    size = conv.input if name == "input_grad" else conv.output
    return math.prod(high - low for low, high in spans) + rows * math.prod(size[1:])
