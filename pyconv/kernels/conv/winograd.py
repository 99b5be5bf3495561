"""Minimal filtering: in every dimension m outputs of an r-tap kernel by m + r − 1 products instead of m·r.

Inputs, weights and outputs are transformed block by block, each by one product with a small matrix; between them
stands one matrix product for each of the points. F(2, 3) needs 16 products for 4 outputs in two dimensions
instead of 36, and its coefficients are 0, ±1 and ±1/2: whole numbers stay exact, and no output sees an input that its
own taps do not read. Infinities that meet in a transform are no sum any more: where a result is not finite, `direct`
computes those images again. What is far larger than all else in a tile rounds into its outputs: with 16, 64 and 256
channels one input of 200, 700 and 4000 times the size of the others takes some output beyond its bound with F(2, 3), of
100, 500 and 3000 times with F(3, 3), of 50, 100 and 1000 times with F(4, 3).

Larger tiles need fewer products, 25/9 for F(3, 3) and 9/4 for F(4, 3) where F(2, 3) needs 4, and round more. What
rounds is mostly the sum over the channels: with sums of at most 96 terms F(3, 3), and of 40 F(2, 5), have 1.9 to 2.4
times torch's RMS error.

Pieces for several threads: boxes of tiles where there are many, which share the transformed weights; where there
are few, or the weights many, the output channels, each piece with transformed weights of its own. In seven pieces two
threads took 1.15 times as long as in four. Where the weights are many, pieces of 64 and 32 output channels, for 128,
take 1.05 and 1.1 to 1.2 times as long with 256 channels on 56², and blocks of tiles that share the weights 1.5 times as
long.

With 512 channels on 14 × 14 all are slower than the columns, and the planner's estimate says so.

The gradient with respect to w has tiles of its own, `winograd_weights`.

Transformed weights kept from call to call, and not even compared with those given: with one image of 64 to 512 channels
F(2, 3) takes 0.6 to 0.9 of its own time, 0.8 to 1.8 of that of what is chosen there, F(4, 3) with 256 channels and more
as long as before. What is left is that they are read, and packed by BLAS.

Filtering along the rows alone, where the kernel's rows are overlapping windows of the transformed lines and need no
copy, was tried on four layers of VGG-16, one thread: 0.95 to 1.2 times the time of both dimensions for F(2, 3), with
products at 110 to 145 GFLOP/s, and 1.15 to 1.35 times for F(4, 3).

Kernels of five taps as the sum of two short filters round less: by F(3, 3) and F(3, 2), 1.1 to 1.9 times torch's RMS
error with sums of 256 terms, where F(2, 5) with 40 has 2.2 to 2.5. But they need transformed weights of 81 or 49 points
instead of 36: on one thread 0.8 to 1.6 and 1.05 to 1.35 times F(2, 5)'s time. So filtered, and with a stride of 2 as
the sum of its phases', 1×7 and 7×1 of 192 channels took 1.6 to 2.3 times `in_cache`'s time on two threads, one image,
and 3×3/2 of 64 to 256 channels 1.1 to 2.1 and more.

A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv import direct, im2col
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.cook_toom import Filtering, filtering
from pyconv.kernels.conv.spoilt import are_whole
from pyconv.kernels.conv.tiles import parts_wanted
from pyconv.kernels.conv.winograd_blocks import finish, multiply, transform_and_multiply, transform_weights
from pyconv.kernels.conv.winograd_program import Turns, outputs, program, read, run, transform
from pyconv.kernels.conv.winograd_tiles import Blocks, Operands, pieces, shares
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]

TILE_BLOCK = 1 << 20
"""Bytes of a block's transformed inputs, and of its products: a core's second-level cache holds both. Twice that took
as long for F(4, 3) and, in one run, 1.08 times as long for F(3, 3)."""
WIDEST_BLOCK = 4 << 20
"""The same at the most where there are many channels. OpenBLAS packs the weights anew for each block: beside blocks of
at least 48 tiles those of 256 take 0.84 to 0.94 of the time for F(2, 3) of 128 to 256 channels on 28² and 56², those of
144 0.8 to 0.92 for F(2, 5) and 0.92 to 0.97 for F(3, 3); for F(4, 3) on 112² 1.05 to 1.1."""
DEEP = 4
"""How many times as much in three dimensions, where blocks so small read much of what their neighbours read: 64
channels of 16×56×56 take 0.6 of the time, 128 of 8×28×28 as long."""
PRODUCTS = 8 << 20
"""Bytes of the products of a piece of output channels."""
SHARED_TILES = 10 << 20
"""Bytes of transformed inputs that all pieces of output channels share."""
WEIGHT_BLOCK = 8 << 20
"""Bytes of transformed weights that a piece of output channels holds."""
SHARED_WEIGHTS = 5 << 20
"""Bytes of transformed weights that all pieces share; where there are more, pieces are output channels."""
FEWEST_TILES = 48
"""Tiles below which a block is too narrow for a product that reads all the weights."""
FEWEST_CHANNELS = 16
"""Channels of a group below which it is not used: every term of a tile rounds, and few terms do not hide it."""
FEWEST_MULTIPLICATIONS = 1 << 26
"""Multiplications below which it is not used: the columns, with BLAS's own threads, are as fast."""
SUMMING = 16
"""Terms that could be summed up in the time that it takes to add one product to another."""
FEWEST_ROWS = 128
"""Output channels below which a piece is too narrow for a product that reads all the inputs."""


LONGEST_SUM = 256
"""Terms that one product sums up, unless fewer are asked for; sums of sums round less."""


@dataclass(frozen=True, eq=False)
class Variant:
    """One size of tiles.

    Attributes:
        outputs: m for each number of taps.
        sums: for a number of points in a dimension the terms that one product sums up, to make up for what the
            transforms lose.
        exact: whether whole numbers stay exact; else `im2col` computes those.
        dimensions: of more than one tap that there are at the most: each multiplies the error.
        narrowest: tiles below which a block's products lose more than its transforms gain in the cache.
    """

    outputs: dict[int, int]
    sums: dict[int, int] = field(default_factory=dict)
    exact: bool = False
    dimensions: int = 3
    narrowest: int = FEWEST_TILES

    def filters(self, conv: Conv) -> tuple[Filtering, ...]:
        """F(m, r) in each dimension."""
        return tuple(filtering(self.outputs[k], k) for k in conv.window.kernel)

    def terms(self, filters: tuple[Filtering, ...]) -> int:
        """The terms of one product."""
        return self.sums.get(max(f.points for f in filters), LONGEST_SUM)


def _forward(variant: Variant, x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    if not variant.exact and are_whole(w, x):
        im2col.forward(x, w, b, conv, out)
        return
    filters, low = variant.filters(conv), conv.window.low
    given = _operands(Operands(filters, x, w, False, conv.groups, b, low, out, variant.terms(filters)))
    for images in _run(given, parts_wanted(conv), variant.narrowest):
        part = replace(conv, batch=images.stop - images.start)
        direct.forward(x[images], w, b, part, out[images])


def _input_grad(variant: Variant, gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`: the convolution of gy with the weights turned round."""
    if not variant.exact and are_whole(w, gy):
        im2col.input_grad(gy, w, conv, out)
        return
    filters, low = variant.filters(conv), conv.window.turned_low
    given = _operands(Operands(filters, gy, w, True, conv.groups, None, low, out, variant.terms(filters)))
    for images in _run(given, parts_wanted(conv), variant.narrowest):
        part = replace(conv, batch=images.stop - images.start)
        direct.input_grad(gy[images], w, part, out[images])


def _operands(given: Operands) -> Operands:
    """The same in two dimensions at least: one of size 1 before a single one."""
    if len(given.filters) > 1:
        return given
    x, w, out = given.x[:, :, None], given.w[:, :, None], given.out[:, :, None]
    return replace(given, filters=(filtering(1, 1), *given.filters), x=x, w=w, low=(0, *given.low), out=out)


def _run(given: Operands, wanted: int, narrowest: int) -> list[slice]:
    """The whole convolution; returns the images whose results are not finite."""
    spoilt: list[slice] = []
    count, item = len(given.x) * math.prod(given.tiles), given.dtype.itemsize
    row, (_, channels), height = given.points * item, given.x.shape[:2], given.out.shape[1]
    if channels * given.rows * row <= SHARED_WEIGHTS and count >= FEWEST_TILES:
        size = row * max(channels, height)
        limit = max(FEWEST_TILES, _block(given) // size, min(narrowest, WIDEST_BLOCK // size))
        parts = max(2, min(wanted // 2, count * 2 // FEWEST_TILES))
        _by_tiles(given, list(pieces(given, limit, parts)), spoilt)
        return _once(spoilt)
    step = max(FEWEST_ROWS, -(-given.rows // wanted))
    parts = -(-given.rows // max(1, min(step, WEIGHT_BLOCK // (row * channels))))
    step = -(-given.rows // (parts + parts % 2) // 4) * 4
    limit = max(1, min(SHARED_TILES // channels, PRODUCTS // (given.groups * step)) // row)
    for piece in pieces(given, limit, 1):
        _by_channels(given, piece, step, spoilt)
    return _once(spoilt)


def _block(given: Operands) -> int:
    """Bytes of a block's transformed inputs, and of its products."""
    return TILE_BLOCK * (DEEP if sum(f.points > 1 for f in given.filters) > 2 else 1)


def _once(images: list[slice]) -> list[slice]:
    """Each slice once."""
    return [slice(*ends) for ends in sorted({(part.start, part.stop) for part in images})]


def _by_tiles(given: Operands, blocks: list[Blocks], spoilt: list[slice]) -> None:
    """Every piece has all channels of some tiles; the transformed weights are made first, and shared."""
    weights = scratch("weights", (given.points, given.groups, given.depth, given.rows), given.dtype)
    step = -(-given.depth // 4)

    def transform(start: int) -> None:
        depth = slice(start, start + step)
        with np.errstate(invalid="ignore", over="ignore"):
            transform_weights(given, slice(0, given.rows), depth, weights[:, :, depth])

    threads.each(transform, range(0, given.depth, step))
    threads.each(partial(_tiles, given, weights, spoilt), blocks)


@np.errstate(invalid="ignore", over="ignore")
def _tiles(given: Operands, weights: Array, spoilt: list[slice], block: Blocks) -> None:
    steps = program(given, block)
    read(given, block, steps.reading)
    run(steps.inputs)
    multiply(given, weights, steps.made, steps.products)
    run(steps.outputs)
    if not finish(given, block, slice(0, given.rows), steps.values):
        spoilt.append(block.images)


def _by_channels(given: Operands, piece: Blocks, step: int, spoilt: list[slice]) -> None:
    """Every piece has some output channels of the same tiles, the transformed inputs of which they share."""
    made = scratch("inputs", given.shape(piece, given.x.shape[1]), given.dtype)

    @np.errstate(invalid="ignore", over="ignore")
    def write(start: int) -> None:
        some = slice(start, min(given.rows, start + step))
        height, turns = some.stop - some.start, Turns(given.dtype)
        products = turns.take(*given.shape(piece, given.groups * height))
        t = (given.points, -1, given.groups)
        transform_and_multiply(given, some, made.reshape(*t, given.depth), products.reshape(*t, height))
        values, calls = outputs(given, piece, products, turns)
        run(calls)
        if not finish(given, piece, some, values):
            spoilt.append(piece.images)

    threads.each(lambda share: transform(given, *share), shares(piece, made))
    threads.each(write, range(0, given.rows, step))


def _supports(variant: Variant, conv: Conv, dtype: np.dtype[Any]) -> bool:
    """Kernels not too long, not all 1, stride and dilation 1, channels, floating point."""
    window = conv.window
    plain = set(window.stride) == {1} and set(window.dilation) == {1} and window.taps > 1
    real = np.issubdtype(dtypes.accumulation(dtype), np.floating)
    channels = min(conv.in_channels, conv.out_channels) // conv.groups
    large = channels >= FEWEST_CHANNELS and conv.multiplications >= FEWEST_MULTIPLICATIONS
    long = [taps for taps in window.kernel if taps > 1]
    able = plain and real and large and max(long) <= max(variant.outputs) and len(long) <= variant.dimensions
    return able and (variant.exact or im2col.ALGORITHM.supports(conv, dtype))


def _estimate(variant: Variant, conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    item = dtypes.accumulation(dtype).itemsize
    filters = variant.filters(conv)
    points = math.prod(f.points for f in filters)
    size = conv.output if name == "forward" else conv.input
    tiles = conv.batch * math.prod(-(-n // f.outputs) for n, f in zip(size, filters, strict=True))
    channels = conv.in_channels + conv.out_channels
    weights = conv.out_channels * conv.in_channels // conv.groups * points * item
    moved = 1.5 * points * tiles * channels * item + 1.5 * conv.batch * math.prod(size) * channels * item
    products = 2.0 * points * tiles * conv.out_channels * conv.in_channels / conv.groups
    workspace = SHARED_TILES + PRODUCTS + PRODUCTS // 2 + WEIGHT_BLOCK
    depth, terms = conv.in_channels // conv.groups, variant.terms(filters)
    speed = min(1.0, depth / 64) * (1.0 if depth <= terms else terms / (terms + SUMMING))
    return Estimate(products, speed * tiles / (1.6 * (tiles + 40)), moved + 0.6 * weights, 250, workspace)


def _algorithm(name: str, variant: Variant, loose: bool) -> Algorithm:
    return Algorithm(
        name,
        partial(_supports, variant),
        partial(_estimate, variant),
        partial(_forward, variant),
        partial(_input_grad, variant),
        None,
        loose=loose,
    )


ALGORITHM = _algorithm("winograd", Variant({1: 1, 2: 2, 3: 2}, exact=True, narrowest=256), False)
WIDE = _algorithm(
    "winograd-wide", Variant({1: 1, 2: 3, 3: 3, 4: 2, 5: 2}, {5: 96, 6: 40}, dimensions=2, narrowest=144), False
)
"""F(3, 3), F(2, 4) and F(2, 5): 1.6 to 2.5 times torch's RMS error, where sums of 256 terms would make it 2 to 4."""
HIGH = _algorithm("winograd-high", Variant({1: 1, 2: 3, 3: 4, 4: 3, 5: 2}), True)
"""Tiles of six products in a dimension, F(4, 3) and F(2, 5): with 64 to 512 channels 3.4 to 6.3 times torch's RMS
error. (Where BLAS multiplies matrices of at most 1200 results, it may take a kernel that rounds less: 2.3 there.)"""
