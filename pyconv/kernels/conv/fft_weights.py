"""The gradient with respect to large dense kernels by the discrete Fourier transform along rows of tiles.

Here a tile of gy is what slides over the tile of x that it reads, and the kernel's columns are the places it slides to:
the matrices of `fourier` with the taps and the outputs exchanged. Each point has one product of the (O, positions)
cotangents and of the transpose of the (C·rows of the kernel, positions) columns that `fft` has as well. It is done in
float32; where that is not exact enough (see `margin`), or where anything is not finite, `im2col` does it.

Measured beside torch 2.13 on two threads of a server with AVX-512, as the ratio of times: 0.2 at 31×31 with 64
channels, 0.4 at 15×15, 0.5 at 21×21 with 16 channels, 2.6 at 11×11 with 32 channels, where `correlation` takes 1 to 5
times torch's. The errors are 0.3 to 0.6 of torch's.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv import fft, im2col
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.fourier import Tiles, matrices, multiply
from pyconv.kernels.conv.margin import Margin
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]


class Pair(NamedTuple):
    """What is correlated.

    Attributes:
        rows: x and the tiles of its rows.
        gy: (N, O, *output).
        turned: the tiles with taps and outputs exchanged.
        out: (O, C, *kernel), which is written.
    """

    rows: fft.Operands
    gy: Array
    turned: Tiles
    out: Array


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    tiles, low = fft.choose_tiles(conv, "forward", fft.FLOAT32), conv.window.low
    margin = Margin.of(x.swapaxes(0, 1), gy.swapaxes(0, 1), low, conv.window.kernel, tiles.length)
    rows = fft.Operands(x, out, None, gy, low, tiles, fft.FLOAT32, None)
    good: list[bool] = []
    if margin.is_wide():
        _run(Pair(rows, gy, Tiles(tiles.outputs, tiles.taps, tiles.count), out))

        def check(channels: slice) -> None:
            good.append(margin.holds(out[:, channels], channels, slice(None)))

        threads.each(check, fft.pieces(conv.in_channels, out.size))
    if not (good and all(good)):
        im2col.weight_grad(x, gy, conv, out)


def _run(pair: Pair) -> None:
    """Write `out`, part by part of the positions."""
    tiles, (outputs, channels, taps, _) = pair.rows.tiles, pair.out.shape
    step = max(1, min(-(-channels // fft.PARTS), fft.WEIGHTS // _size(tiles, outputs, taps)))
    chosen = [slice(i, min(channels, i + step)) for i in range(0, channels, step)]
    for part in fft.cut_rows(pair.gy.shape, channels, taps, tiles, 4):
        images, rows = part.shape
        shape = (tiles.points, images, channels, rows + taps - 1, tiles.count)
        spectra = scratch("spectra", shape, fft.FLOAT32)
        threads.each(partial(fft.read_rows, pair.rows, part, spectra), fft.pieces(images * channels, spectra.size))
        cotangents = scratch("cotangents", (tiles.points, outputs, images * rows * tiles.count), fft.FLOAT32)
        threads.each(partial(_transform, pair, part, cotangents), fft.pieces(outputs, cotangents.size))
        is_first = part.images.start == 0 and part.rows.start == 0
        threads.each(partial(_correlate, pair, spectra, cotangents, is_first), chosen)


@np.errstate(invalid="ignore", over="ignore")
def _transform(pair: Pair, part: fft.Part, cotangents: Array, outputs: slice) -> None:
    """Transform the tiles of some channels of gy: (points, o·n·rows·tiles)."""
    gy = pair.gy[part.images, outputs, part.rows].swapaxes(0, 1)
    length = pair.turned.taps
    padded = scratch("padded", (*gy.shape[:3], pair.turned.count * length), fft.FLOAT32)
    padded[..., : gy.shape[3]] = gy
    padded[..., gy.shape[3] :] = 0
    goal = cotangents[:, outputs].reshape(len(cotangents), -1)
    np.matmul(matrices(pair.turned, fft.FLOAT32).kernel, padded.reshape(-1, length).T, out=goal)


@np.errstate(invalid="ignore", over="ignore")
def _correlate(pair: Pair, spectra: Array, cotangents: Array, is_first: bool, channels: slice) -> None:
    """Add what some positions give to the gradients of some channels' kernels, or write it."""
    outputs, _, taps, across = pair.out.shape
    count, images = channels.stop - channels.start, spectra.shape[1]
    positions = (spectra.shape[3] - taps + 1) * spectra.shape[4]
    products = scratch("products", (len(spectra), outputs, count * taps), fft.FLOAT32)
    columns = scratch("columns", (2, count, taps, images, positions), fft.FLOAT32)
    parts = scratch("parts", (2, outputs, 2, count * taps), fft.FLOAT32)
    part, image, channel, row, place = spectra.strides
    for point in range(0, len(spectra), 2):
        start, runs = point * part + channels.start * channel, (part, channel, row, image, place)
        np.copyto(columns, np.ndarray(columns.shape, fft.FLOAT32, spectra.data, start, runs))
        both = cotangents[point : point + 2].reshape(2 * outputs, -1)
        np.matmul(both, columns.reshape(2 * count * taps, -1).T, out=parts.reshape(2 * outputs, -1))
        multiply(parts, products[point : point + 2])
    made = scratch("made", (outputs, count, taps, across), fft.FLOAT32)
    matrix = matrices(pair.turned, fft.FLOAT32).output
    np.matmul(products.reshape(len(products), -1).T, matrix, out=made.reshape(-1, across))
    if is_first:
        pair.out[:, channels] = made
    else:
        pair.out[:, channels] += made


def _size(tiles: Tiles, outputs: int, taps: int) -> int:
    """Bytes of the products of one channel at all points."""
    return 4 * tiles.points * outputs * taps


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """What `fft` serves, with enough terms for float32."""
    if not fft.ALGORITHM.supports(conv, dtype) or conv.batch * conv.positions < fft.FEWEST_TERMS:
        return False
    tiles, taps = fft.choose_tiles(conv, "forward", fft.FLOAT32), conv.window.kernel[0]
    return fft.fits(conv, "forward", fft.FLOAT32) and _size(tiles, conv.out_channels, taps) <= fft.WEIGHTS


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:  # noqa: ARG001
    tiles = fft.choose_tiles(conv, "forward", fft.FLOAT32)
    flops = fft.work(conv, "forward", tiles, 4)
    positions = conv.batch * conv.output[0] * tiles.count
    moved = 4.0 * tiles.points * positions * (conv.in_channels + conv.out_channels)
    moved += 4.0 * math.prod(conv.w_shape) * (2 + tiles.points / conv.window.kernel[1])
    return Estimate(flops, 0.5, moved, 20 * fft.PARTS * (1 + tiles.points / 16), 2 * fft.SHARED + fft.WEIGHTS * 3 // 2)


ALGORITHM = Algorithm("fft_weights", _supports, _estimate, None, None, weight_grad)
