"""The gradient with respect to w by minimal filtering: that of r taps from m cotangents by m + r − 1 products.

In every dimension F(r, m), with the cotangents for its taps: F(3, 4) needs 36 products for 4 × 4 cotangents and a 3 × 3
kernel instead of 144. Inputs and cotangents are transformed tile by tile as `winograd` does it, channels innermost;
each point has one product (O, T) · (T, C), which sums over the tiles, and the sums are transformed back once, at the
end.

Pieces for several threads: runs of blocks of tiles, each with sums of its own, where these are short; else output
channels, each piece with all the tiles of the inputs, which they share. On two threads, as a share of what served
before: VGG-16's layers 0.4 to 0.65, 0.66 to 0.79 of torch's time, but 512 channels on 14² 1.0 to 1.15, which the
estimate leaves to `channels_last`; 64 channels on 56² 0.7 to 0.75, 128 on 28² 0.75 to 0.85, eight images of 64 to 256
channels on 56² to 14² 0.6 to 0.7, of 64 on 16² 0.75 to 0.85, of 512 on 7² 0.65 to 0.9; in three dimensions 0.95, 0.65
to 0.8 and 0.5 for 64, 128 and 256 channels of R3D-18. With few tiles there is little to sum up and as much to transform
back: eight images of 8² of 128 channels take 1.1 to 1.2 times as long as `joined_images`, of 4² of 256 two times as
long as `channels_last`. In runs of tiles F(3, 2) took 1.15 to 1.85 times as long as F(3, 4), F(3, 3) 1.2 to 1.35 times.
F(5, 2) with 64 channels on 27² takes 1.05 to 1.2 times as long as `im2col`. One thread spent, with 64 channels on 56²,
0.4 of the time on products, 0.5 on the tiles.

Its RMS error beside torch's, of normal values: 0.9 on 112² and 56², 1.1 to 1.4 on 28², 1.7 for eight images of 7²; the
worst error stays under an eighth of the bound. Where nine cotangents in ten and half of the inputs are zeros, 2.4 to
4.7, and up to a third of the bound, for eight images of 7² up to 0.8. What is far larger than all else in a tile rounds
into the gradients of all taps: one input a hundred times the size of the others stays under the bound, 300 times leave
it on 28², 2000 times on 56², and one input and one cotangent of a hundred times on 56².

A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv import direct, im2col
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.cook_toom import cotangents, filtering
from pyconv.kernels.conv.spoilt import are_whole, is_finite
from pyconv.kernels.conv.tiles import parts_wanted
from pyconv.kernels.conv.winograd_program import matrix_of, transform, transformed
from pyconv.kernels.conv.winograd_tiles import Blocks, Operands, pieces, shares
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]

OUTPUTS = {1: 1, 2: 4, 3: 4, 4: 3}
"""m for each number of taps: up to six points."""
DEEP_OUTPUTS = 2
"""m at the most in three dimensions, each of which multiplies the error."""
BLOCK = 4 << 20
"""Bytes of a block's transformed inputs and cotangents."""
SUMS_OF_BLOCK = 4
"""How many times as long as the sums a block is at least, so that adding to them takes little of its time."""
LARGEST_BLOCK = 9 << 20
"""Bytes of a block at the most, for that."""
DEEP = 36
"""Points of tiles in two dimensions; in three blocks are as large as they may be."""
SUMS = 8 << 20
"""Bytes of the sums of all runs."""
SHARED = 8 << 20
"""Bytes of transformed inputs that all pieces of output channels share."""
PRODUCTS = 5 << 19
"""Bytes of the products of a piece of output channels, and of its transformed cotangents."""
NARROWEST = 32
"""Output channels of a piece at the least."""
FEWEST_SHARED = 64
"""Input channels, the transformed inputs of which are to be shared at the least."""
APART = 16
"""Elements between the products of two points, so that they do not all fall on the same places of the cache."""
SHORT = 8
"""Tiles of a block with which its products reach half of their speed."""
FEWEST_CHANNELS = 16
"""Channels below which it is not used."""
FEWEST_POSITIONS = 384
"""Output positions of all images below which it is not used: few of them do not hide what each tile rounds."""
FEWEST_MULTIPLICATIONS = 1 << 26
"""Multiplications below which it is not used."""


@dataclass(frozen=True, eq=False)
class Pair:
    """What is multiplied.

    Attributes:
        x: the convolution, its x read in tiles.
        gy: the cotangents, read in tiles as if they were its x.
        inverse: the matrix (points, taps) that transforms the products back.
        out: the gradient (O, C, taps), to be written.
    """

    x: Operands
    gy: Operands
    inverse: Array
    out: Array

    def space(self, name: str, height: int, depth: int) -> Array:
        """Space for products, (points, height, depth)."""
        size = height * depth
        space = scratch(name, (self.x.points, size + APART), self.x.dtype)
        return space[:, :size].reshape(-1, height, depth)

    def write(self, products: Array, rows: slice, depth: slice) -> None:
        """Transform products (points, rows, depth) back."""
        np.matmul(products.transpose(1, 2, 0), self.inverse, out=self.out[rows, depth])


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    if are_whole(gy, x):
        im2col.weight_grad(x, gy, conv, out)
        return
    dtype = dtypes.accumulation(x.dtype)
    goal = out if out.dtype == dtype else np.empty(out.shape, dtype)
    pair, runs = _pair(x, gy, conv, goal), _runs(conv, dtype)
    if runs:
        _by_tiles(pair, runs)
    else:
        _by_channels(pair)
    if goal is not out:
        out[...] = goal
    if not is_finite(goal):
        direct.weight_grad(x, gy, conv, out)


def _pair(x: Array, gy: Array, conv: Conv, out: Array) -> Pair:
    sizes = list(zip(_outputs(conv), conv.window.kernel, strict=True))
    inputs = Operands(tuple(filtering(m, r) for m, r in sizes), x, out, False, 1, None, conv.window.low, gy)
    others = tuple(cotangents(m, r) for m, r in sizes)
    outputs = Operands(others, gy, out, False, 1, None, (0,) * len(sizes), gy)
    inverse = np.ascontiguousarray(matrix_of(others, "inverse", inputs.dtype).T)
    return Pair(inputs, outputs, inverse, out.reshape(*out.shape[:2], -1))


def _by_tiles(pair: Pair, count: int) -> None:
    """Runs of blocks of tiles are the pieces, each with sums of its own."""
    height, channels = pair.out.shape[:2]
    blocks = list(pieces(pair.x, _tiles_at_once(pair, height, channels), count))
    lists = [blocks[i::count] for i in range(count) if blocks[i::count]]
    sums = [pair.space(f"sums {i}", height, channels) for i in range(len(lists))]

    @np.errstate(all="ignore")
    def work(i: int) -> None:
        for number, block in enumerate(lists[i]):
            x, gy = transformed(pair.x, block, "inputs"), transformed(pair.gy, block, "cotangents")
            if number:
                sums[i] += np.matmul(gy.swapaxes(1, 2), x, out=pair.space("products", height, channels))
            else:
                np.matmul(gy.swapaxes(1, 2), x, out=sums[i])

    @np.errstate(all="ignore")
    def finish(start: int) -> None:
        rows = slice(start, start + step)
        total = sums[0][:, rows]
        for part in sums[1:]:
            total += part[:, rows]
        pair.write(total, rows, slice(None))

    threads.each(work, range(len(lists)))
    step = -(-height // 4)
    threads.each(finish, range(0, height, step))


def _tiles_at_once(pair: Pair, height: int, channels: int) -> int:
    """Tiles of a block: one line of them at the least, since those that fill a group up must lie outside of gy."""
    point = pair.x.points * pair.x.dtype.itemsize
    size = _block(pair.x.points, point * height * channels)
    return max(pair.x.tiles[-1], size // (point * (height + channels)))


def _block(points: int, sums: int) -> int:
    """Bytes of a block: long enough that to add to so many bytes of sums takes little of its time."""
    return LARGEST_BLOCK if points > DEEP else max(BLOCK, min(SUMS_OF_BLOCK * sums, LARGEST_BLOCK))


def _by_channels(pair: Pair) -> None:
    """Every piece has some output channels, with all the tiles of some input channels, which the pieces share."""
    (piece,) = pieces(pair.x, len(pair.x.x) * math.prod(pair.x.tiles), 1)
    height, channels = pair.out.shape[:2]
    row, point = (math.prod(shape) * pair.x.dtype.itemsize for shape in (pair.x.shape(piece, 1), (pair.x.points,)))
    depth = -(-channels // -(-channels * row // SHARED))
    step = max(NARROWEST, PRODUCTS // max(row, point * depth))
    parts = -(-height // step)
    step = -(-height // (parts + parts % 2))
    for start in range(0, channels, depth):
        some = slice(start, min(channels, start + depth))
        made = _shared(_channels(pair.x, some), piece)
        threads.each(partial(_rows, pair, piece, made, some, step), range(0, height, step))


def _shared(given: Operands, piece: Blocks) -> Array:
    """Transformed inputs (points, T, C), made by all threads."""
    made = scratch("shared", given.shape(piece, given.x.shape[1]), given.dtype)
    threads.each(lambda share: transform(given, *share), shares(piece, made))
    return made.reshape(given.points, -1, made.shape[-1])


@np.errstate(all="ignore")
def _rows(pair: Pair, piece: Blocks, x: Array, depth: slice, step: int, start: int) -> None:
    rows = slice(start, min(len(pair.out), start + step))
    gy = transformed(_channels(pair.gy, rows), piece, "cotangents")
    products = pair.space("products", gy.shape[-1], x.shape[-1])
    pair.write(np.matmul(gy.swapaxes(1, 2), x, out=products), rows, depth)


def _channels(given: Operands, some: slice) -> Operands:
    """Some channels of what is read."""
    return Operands(given.filters, given.x[:, some], given.w, False, 1, None, given.low, given.out)


def _outputs(conv: Conv) -> tuple[int, ...]:
    """The cotangents of a tile, m in each dimension."""
    kernel = conv.window.kernel
    most = DEEP_OUTPUTS if sum(taps > 1 for taps in kernel) > 2 else max(OUTPUTS.values())
    return tuple(min(most, OUTPUTS[taps]) for taps in kernel)


def _sizes(conv: Conv) -> tuple[int, int, int]:
    """The points, the tiles of all images and those of a line."""
    outputs = _outputs(conv)
    lines = [-(-size // m) for size, m in zip(conv.output, outputs, strict=True)]
    points = math.prod(m + taps - 1 for m, taps in zip(outputs, conv.window.kernel, strict=True))
    return points, conv.batch * math.prod(lines), lines[-1]


def _runs(conv: Conv, dtype: np.dtype[Any]) -> int:
    """The sums, each of some blocks: an even number, so that two threads end together; 0 where they are too long."""
    most = SUMS // (_sizes(conv)[0] * conv.in_channels * conv.out_channels * dtype.itemsize)
    return min(max(2, parts_wanted(conv) // 2), most - most % 2)


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """One group, kernels of several taps, not too long, stride and dilation 1, channels, floating point."""
    window, wide = conv.window, dtypes.accumulation(dtype)
    plain = set(window.stride) == {1} and set(window.dilation) == {1} and conv.groups == 1 and window.ndim > 1
    if not plain or wide.kind != "f" or window.taps == 1 or max(window.kernel) > max(OUTPUTS):
        return False
    few = conv.batch * conv.positions < FEWEST_POSITIONS or conv.multiplications < FEWEST_MULTIPLICATIONS
    if few or min(conv.in_channels, conv.out_channels) < FEWEST_CHANNELS:
        return False
    points, tiles, line = _sizes(conv)
    if _runs(conv, wide):
        return line * points * max(conv.in_channels, conv.out_channels) * wide.itemsize <= LIMIT
    return tiles * points * min(FEWEST_SHARED, conv.in_channels) * wide.itemsize <= SHARED


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:  # noqa: ARG001
    wide = dtypes.accumulation(dtype)
    (points, tiles, _), runs = _sizes(conv), _runs(conv, wide)
    item, inputs, outputs = points * wide.itemsize, conv.in_channels, conv.out_channels
    sums = item * inputs * outputs
    if runs:
        size = _block(points, sums)
        blocks = max(runs, -(-tiles * item * (inputs + outputs) // size))
        times, again, workspace = 1, 2.0 * blocks, 2 * size + (runs + 1) * sums
    else:
        times, again, workspace = -(-tiles * item * inputs // SHARED), 0.0, SHARED + 3 * PRODUCTS
        blocks = 8 * times
    efficiency = 0.9 * tiles / (tiles + SHORT * blocks) if runs else 0.9
    moved = 2.6 * item * tiles * (inputs + times * outputs) + (0.27 * conv.window.taps + again) * sums
    return Estimate(2.0 * points * tiles * inputs * outputs, efficiency, moved, 20 + 8 * blocks, workspace)


ALGORITHM = Algorithm("winograd-weights", _supports, _estimate, None, None, weight_grad)
