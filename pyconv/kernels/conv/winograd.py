"""Minimal filtering: in every dimension m outputs of an r-tap kernel by m + r − 1 products instead of m·r.

Inputs, weights and outputs are transformed block by block, each by one product with a small matrix; between them
stands one matrix product for each of the points. F(2, 3) needs 16 products for 4 outputs in two dimensions
instead of 36, and its coefficients are 0, ±1 and ±1/2: whole numbers stay exact. No output of it sees an input that
its own taps do not read. Infinities that meet in a transform are no sum any more: where a result is not finite,
`direct` computes those images again.

Pieces for several threads: blocks of tiles where there are many, which share the transformed weights; where there
are few, or the weights many, the output channels, each piece with transformed weights of its own.

The gradient with respect to w could be had from the same products, Gᵀ (Aᵀ gy ∘ B d) summed over the tiles; it was
measured beside the columns' and was slower on seven layers of eight, for want of long sums.

A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import accumulate, product
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv import direct
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.cook_toom import Filtering, filtering
from pyconv.kernels.conv.tiles import SHORTEST_PIECES, parts_wanted
from pyconv.kernels.conv.winograd_blocks import (
    Blocks,
    Operands,
    multiply,
    transform_inputs,
    transform_outputs,
    transform_weights,
)
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]

TILE_BLOCK = 8 << 20
"""Bytes of a piece's transformed inputs and products."""
WEIGHT_BLOCK = 4 << 20
"""Bytes of transformed weights that are held at once."""
FEWEST_TILES = 128
"""Tiles below which a piece is too narrow for a product that reads all the weights."""
FEWEST_CHANNELS = 16
"""Channels of a group below which it is not used: every term of a tile rounds, and few terms do not hide it."""
FEWEST_MULTIPLICATIONS = SHORTEST_PIECES
"""Multiplications below which it is not used: in one piece the columns, with BLAS's own threads, are as fast."""
FEWEST_ROWS = 32
"""Output channels below which a piece is too narrow for a product that reads all the inputs."""


Outputs = Callable[[int], int]


def _forward(outputs: Outputs, x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    low = tuple(low for low, _ in conv.window.padding)
    given = Operands(_filters(outputs, conv), x, w, False, conv.groups, b, low, out)
    for images in _run(given, parts_wanted(conv)):
        part = replace(conv, batch=images.stop - images.start)
        direct.forward(x[images], w, b, part, out[images])


def _input_grad(outputs: Outputs, gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`: the convolution of gy with the weights turned round."""
    low = tuple(k - 1 - low for k, (low, _) in zip(conv.window.kernel, conv.window.padding, strict=True))
    given = Operands(_filters(outputs, conv), gy, w, True, conv.groups, None, low, out)
    for images in _run(given, parts_wanted(conv)):
        part = replace(conv, batch=images.stop - images.start)
        direct.input_grad(gy[images], w, part, out[images])


def _filters(outputs: Outputs, conv: Conv) -> tuple[Filtering, ...]:
    return tuple(filtering(outputs(k), k) for k in conv.window.kernel)


def _run(given: Operands, wanted: int) -> list[slice]:
    """The whole convolution; returns the images whose results are not finite."""
    spoilt: list[slice] = []
    count, row = len(given.x) * math.prod(given.tiles), given.points * given.dtype.itemsize
    channels, depth = given.x.shape[1], given.depth
    if channels * given.rows * row <= WEIGHT_BLOCK and count >= 2 * FEWEST_TILES:
        limit = TILE_BLOCK // (row * (channels + given.out.shape[1]))
        _by_tiles(given, list(_blocks(given, limit, min(wanted, count // FEWEST_TILES))), spoilt)
        return _once(spoilt)
    step = max(1, min(max(FEWEST_ROWS, -(-given.rows // wanted)), WEIGHT_BLOCK // (row * given.groups * depth)))
    parts = list(_blocks(given, max(FEWEST_TILES // 4, TILE_BLOCK // (row * channels * 4)), 1))
    for some in _together(parts, max(FEWEST_TILES, TILE_BLOCK // (row * channels))):
        _by_channels(given, some, step, spoilt)
    return _once(spoilt)


def _once(images: list[slice]) -> list[slice]:
    """Each slice once."""
    return [slice(*ends) for ends in sorted({(part.start, part.stop) for part in images})]


def _blocks(given: Operands, limit: int, wanted: int) -> Iterator[Blocks]:
    """Blocks of about `limit` tiles, a multiple of `wanted` of them where that is possible."""
    batch, tiles = len(given.x), given.tiles
    parts = -(-batch * math.prod(tiles) // max(1, limit))
    parts = -(-parts // wanted) * wanted
    images = max(1, batch // parts)
    run = tiles[0] if parts <= batch else max(1, -(-tiles[0] * batch // parts))
    for image, first in product(range(0, batch, images), range(0, tiles[0], run)):
        yield Blocks(slice(image, min(batch, image + images)), first, (min(run, tiles[0] - first), *tiles[1:]))


def _together(parts: list[Blocks], limit: int) -> Iterator[list[Blocks]]:
    """Runs of blocks of at most `limit` tiles altogether, and at least one block."""
    some: list[Blocks] = []
    for blocks in parts:
        if some and sum(math.prod(b.lead) for b in (*some, blocks)) > limit:
            yield some
            some = []
        some.append(blocks)
    yield some


def _weights(given: Operands, height: int) -> Array:
    """A buffer (points, G, O/G, C/G) for the transformed weights of some rows, or (points, G, C/G, O/G) if turned."""
    shape = (given.depth, height) if given.turned else (height, given.depth)
    return scratch("weights", (given.points, given.groups, *shape), given.dtype)


def _by_tiles(given: Operands, parts: list[Blocks], spoilt: list[slice]) -> None:
    """Every piece has all channels of some tiles; the transformed weights are made first, and shared."""
    weights = _weights(given, given.rows)
    with np.errstate(invalid="ignore", over="ignore"):
        transform_weights(given, slice(0, given.rows), weights)
    threads.each(partial(_tiles, given, weights, spoilt), parts)


def _tiles(given: Operands, weights: Array, spoilt: list[slice], blocks: Blocks) -> None:
    count = math.prod(blocks.lead)
    made = scratch("inputs", (given.points, count * given.x.shape[1]), given.dtype)
    products = scratch("products", (given.points, count, given.groups, given.rows), given.dtype)
    with np.errstate(invalid="ignore", over="ignore"):
        transform_inputs(given, blocks, made)
        multiply(given, weights, made, products)
        if not transform_outputs(given, blocks, slice(0, given.rows), products):
            spoilt.append(blocks.images)


def _by_channels(given: Operands, parts: list[Blocks], step: int, spoilt: list[slice]) -> None:
    """Every piece has some output channels of all tiles, the transformed inputs of which they share."""
    ends = list(accumulate(math.prod(blocks.lead) for blocks in parts))
    runs = [slice(end - math.prod(blocks.lead), end) for end, blocks in zip(ends, parts, strict=True)]
    count = ends[-1]
    made = scratch("inputs", (given.points, count, given.x.shape[1]), given.dtype)

    def transform(part: tuple[Blocks, slice]) -> None:
        blocks, run = part
        with np.errstate(invalid="ignore", over="ignore"):
            transform_inputs(given, blocks, made[:, run].reshape(given.points, -1))

    def finish(start: int) -> None:
        rows = slice(start, min(given.rows, start + step))
        height = rows.stop - rows.start
        weights = _weights(given, height)
        products = scratch("products", (given.points, count, given.groups, height), given.dtype)
        with np.errstate(invalid="ignore", over="ignore"):
            transform_weights(given, rows, weights)
            multiply(given, weights, made, products)
            finite = [
                transform_outputs(given, blocks, rows, products[:, run])
                for blocks, run in zip(parts, runs, strict=True)
            ]
        spoilt.extend(blocks.images for blocks, good in zip(parts, finite, strict=True) if not good)

    threads.each(transform, zip(parts, runs, strict=True))
    threads.each(finish, range(0, given.rows, step))


def _supports(longest: int, conv: Conv, dtype: np.dtype[Any]) -> bool:
    """Kernels of up to `longest` in each dimension, not all 1, stride and dilation 1, channels, floating point."""
    window = conv.window
    plain = set(window.stride) == {1} and set(window.dilation) == {1} and window.taps > 1
    real = np.issubdtype(dtypes.accumulation(dtype), np.floating)
    channels = min(conv.in_channels, conv.out_channels) // conv.groups
    large = channels >= FEWEST_CHANNELS and conv.multiplications >= FEWEST_MULTIPLICATIONS
    return plain and real and max(window.kernel) <= longest and large


def _estimate(outputs: Outputs, conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    item = dtypes.accumulation(dtype).itemsize
    filters = _filters(outputs, conv)
    points = math.prod(f.points for f in filters)
    size = conv.output if name == "forward" else conv.input
    tiles = conv.batch * math.prod(-(-n // f.outputs) for n, f in zip(size, filters, strict=True))
    weights = conv.out_channels * conv.in_channels // conv.groups * points * item
    moved = points * tiles * (conv.in_channels + conv.out_channels) * item
    products = 2.0 * points * tiles * conv.out_channels * conv.in_channels / conv.groups
    transforms = 2.0 * points * (moved / item + weights / item / 2)
    narrow = min(conv.in_channels, conv.out_channels) / conv.groups
    efficiency = min(1.0, narrow / 32) * min(1.0, (tiles + 64) / 192)
    calls = 12.0 * max(1, moved // TILE_BLOCK + weights // WEIGHT_BLOCK)
    return Estimate(
        products + transforms, efficiency, 2.0 * weights + 2.0 * moved, calls, 2 * TILE_BLOCK + 2 * WEIGHT_BLOCK
    )


def _algorithm(name: str, outputs: Outputs, longest: int, loose: bool) -> Algorithm:
    return Algorithm(
        name,
        partial(_supports, longest),
        partial(_estimate, outputs),
        partial(_forward, outputs),
        partial(_input_grad, outputs),
        None,
        loose=loose,
    )


ALGORITHM = _algorithm("winograd", lambda taps: 2 if taps > 1 else 1, 3, False)
HIGH = _algorithm("winograd-high", lambda taps: max(1, min(2 * taps - 1, 7 - taps)), 5, True)
"""Tiles of six products in a dimension, F(4, 3) and F(2, 5): four to seven times torch's error, and an output sees its
whole tile's inputs: beside an input that is 10⁵ times as large, little of a small output is left."""
