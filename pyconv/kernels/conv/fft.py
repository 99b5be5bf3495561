"""Large dense kernels by the discrete Fourier transform along rows, in overlapping tiles (overlap-save).

Along a row, the transforms are products with matrices (see `fourier`); over the rows of the kernel and the channels
the sum is an ordinary one. So each point of the transform has one product of (O, C·rows of the kernel) and of
(C·rows of the kernel, positions), which is large, and hardly any data is moved: the columns of that product are runs
of the transformed image.

Rounding in a transform spreads over a row of a tile, while the bound of an output looks at its own terms alone. So
float32 is tried first where an output has many terms; what is known of images and kernels (see `margin`) tells
whether the result is exact enough, and where it is not, all is done again in float64. There, what is left of the error
is rounded away beside the largest output of a channel, so that sums that are exactly 0 come out as 0. An infinity
spreads as well: a result that is not finite is computed again by `direct`.

The gradient with respect to x is the same map with the kernel turned round and channels exchanged.

Measured beside torch 2.13 on a server with AVX-512, as ratios of times on one and on two threads: 0.2 at 31×31 with
64 channels, 0.2 and 0.3 at 15×15, 0.3 and 0.5 at 21×21 with 16 channels, 0.8 and 1.0 at 11×11 with 32 channels, where
columns take 4 times as long; with 64 channels at 5×5 and 7×7 0.4 to 0.8 of the time of columns. All in float64 takes
1.6 to 2.9 times as long; in an odd number of pieces two threads take up to 1.17 times. The errors are 0.5 to 1.5 of
torch's on ordinary data. At 31×31 the products run at 110 operations a nanosecond, and the transforms of the 4096
kernels, whose sums are short, take as long at 15 to 50.
Tried and no faster: three real products for a complex one (with errors up to 2.9 of torch's), transforms in both
dimensions, with small products at each frequency, and kernels transformed in blocks of channels that stay in cache.

A. V. Oppenheim, R. W. Schafer, "Discrete-Time Signal Processing", 8.7.3, describes overlap-save.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np

from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv import direct
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.fourier import Tiles, matrices, multiply, pairs
from pyconv.kernels.conv.margin import Margin
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
WEIGHTS, SHARED = 8 << 20, 8 << 20
"""Bytes of the transformed kernels that a thread holds; of the transformed images, or the products, that all read."""
LINES = 16
"""Points whose kernels are transformed at once: as many as fill BLAS's registers."""
PARTS = 4
"""Pieces into which channels are cut."""
FEW = 1 << 18
"""Elements, in all, below which channels are not cut: one thread has done with them before another has begun."""
SMALLEST = 16
"""Taps of a kernel for which there may be something to gain."""
FEWEST_TERMS = 1024
"""Terms of an output from which on float32 is tried."""
COPIED, SHORT = 30.0, 2.5
"""Operations that take as long as one element of the columns takes to be copied; how much longer an operation takes in
the transforms of kernels, whose sums are short."""
LONGEST = 128
"""Elements of a tile."""


class Operands(NamedTuple):
    """One of the two maps that write an image.

    Attributes:
        x: (N, C, *input).
        w: (O, C, *kernel).
        b: (O,) or None.
        out: (N, O, *output).
        low: the padding before the first row and column; negative where they are cropped.
        tiles: those of a row.
        dtype: of the transforms.
        margin: how much rounding is allowed; None where nothing is asked.
    """

    x: Array
    w: Array
    b: Array | None
    out: Array
    low: tuple[int, ...]
    tiles: Tiles
    dtype: np.dtype[Any]
    margin: Margin | None


class Part(NamedTuple):
    """Some images, and some rows of outputs."""

    images: slice
    rows: slice

    @property
    def shape(self) -> tuple[int, int]:
        """The images and the rows."""
        return self.images.stop - self.images.start, self.rows.stop - self.rows.start


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    if not _tries(x, w, b, conv.window.low, conv, "forward", out):
        direct.forward(x, w, b, conv, out)


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    turned = np.ascontiguousarray(w[:, :, ::-1, ::-1].swapaxes(0, 1))
    low = conv.window.turned_low
    if not _tries(gy, turned, None, low, conv, "input_grad", out):
        direct.input_grad(gy, w, conv, out)


def _tries(x: Array, w: Array, b: Array | None, low: tuple[int, ...], conv: Conv, name: str, out: Array) -> bool:
    """Write `out`, in float32 where that is exact enough, else in float64; returns whether all of it is finite."""
    w = np.ascontiguousarray(w)
    if _dtype(conv, name) == FLOAT32:
        tiles = choose_tiles(conv, name, FLOAT32)
        margin = Margin.of(x, w, low, out.shape[2:], tiles.length)
        if margin.is_wide() and _run(Operands(x, w, b, out, low, tiles, FLOAT32, margin)):
            return True
    return _run(Operands(x, w, b, out, low, choose_tiles(conv, name, FLOAT64), FLOAT64, None))


def _run(given: Operands) -> bool:
    """Write `out`; returns whether all of it is finite, and as exact as is asked."""
    tiles, (outputs, channels, taps, _) = given.tiles, given.w.shape
    item = given.dtype.itemsize
    good: list[bool] = []
    for part in cut_rows(given.out.shape, channels, taps, tiles, item):
        images, rows = part.shape
        positions = images * rows * tiles.count
        spectra = scratch("spectra", (tiles.points, images, channels, rows + taps - 1, tiles.count), given.dtype)
        threads.each(partial(read_rows, given, part, spectra), pieces(images * channels, spectra.size))
        products = scratch("products", (tiles.points, outputs, positions), given.dtype)
        most = min(LINES // 2, max(1, WEIGHTS // (2 * item * outputs * channels * taps)))
        threads.each(partial(_multiply, given, spectra, products), pairs(tiles.points, most))
        threads.each(partial(_write, given, part, products, good), pieces(outputs, outputs * positions * tiles.outputs))
    return all(good)


def cut_rows(shape: tuple[int, ...], channels: int, taps: int, tiles: Tiles, item: int) -> list[Part]:
    """Parts whose transformed images and products take at most SHARED bytes each, or one row."""
    images, outputs, rows, _ = shape
    row = _row(channels, outputs, taps, tiles, item)
    most = max(1, SHARED // row - (taps - 1))
    run, pile = min(rows, most), max(1, SHARED // (row * (rows + taps - 1)))
    return [
        Part(slice(image, min(images, image + pile)), slice(first, min(rows, first + run)))
        for image in range(0, images, pile)
        for first in range(0, rows, run)
    ]


def _row(channels: int, outputs: int, taps: int, tiles: Tiles, item: int) -> int:
    """Bytes that one row takes of the transformed images or of the products, or twice what it takes of the columns."""
    return item * tiles.count * max(tiles.points * max(channels, outputs), 4 * channels * taps)


def pieces(count: int, elements: int) -> list[slice]:
    """At most PARTS slices of nearly the same size; one where there are few elements in all."""
    step = -(-count // PARTS) if elements >= FEW else count
    return [slice(start, min(count, start + step)) for start in range(0, count, step)]


@np.errstate(invalid="ignore", over="ignore")
def read_rows(given: Operands, part: Part, spectra: Array, piece: slice) -> None:
    """Transform the rows of some channels: (points, n·C, rows, tiles)."""
    tiles = given.tiles
    x = given.x[part.images].reshape(-1, *given.x.shape[2:])[piece]
    width = (tiles.count - 1) * tiles.outputs + tiles.length
    goal = spectra.reshape(tiles.points, -1, *spectra.shape[3:])[:, piece]
    first = part.rows.start - given.low[0]
    low, high = max(0, first), max(0, first, min(x.shape[1], first + goal.shape[2]))
    padded = scratch("padded", (len(x), high - low, width), given.dtype)
    padded.fill(0)
    left, right = max(0, -given.low[1]), min(x.shape[2], width - given.low[1])
    if left < right:
        padded[:, :, given.low[1] + left : given.low[1] + right] = x[:, low:high, left:right]
    channel, row, place = padded.strides
    shape = (*padded.shape[:2], tiles.count, tiles.length)
    values = scratch("values", shape, given.dtype)
    np.copyto(values, np.ndarray(shape, given.dtype, padded.data, 0, (channel, row, place * tiles.outputs, place)))
    made = scratch("made", (tiles.points, *shape[:3]), given.dtype)
    np.matmul(matrices(tiles, given.dtype).tile, values.reshape(-1, tiles.length).T, out=made.reshape(tiles.points, -1))
    goal[:, :, : low - first] = 0
    goal[:, :, low - first : high - first] = made
    goal[:, :, high - first :] = 0


@np.errstate(invalid="ignore", over="ignore")
def _multiply(given: Operands, spectra: Array, products: Array, points: slice) -> None:
    """The products of some points: (O, C·taps) and (C·taps, n·rows·tiles)."""
    outputs, channels, taps, across = given.w.shape
    images, rows, count = spectra.shape[1], spectra.shape[3] - taps + 1, spectra.shape[4]
    matrix = matrices(given.tiles, given.dtype).kernel[points]
    kernels = scratch("kernels", (len(matrix), outputs, channels * taps), given.dtype)
    w = given.w.reshape(-1, across).astype(given.dtype, copy=False)
    np.matmul(matrix, w.T, out=kernels.reshape(len(matrix), -1))
    columns = scratch("columns", (channels, taps, 2, images, rows * count), given.dtype)
    parts = scratch("parts", (2, outputs, 2, images * rows * count), given.dtype)
    part, image, channel, row, place = spectra.strides
    for first in range(0, len(kernels), 2):
        pair, point = kernels[first : first + 2], points.start + first
        runs = (channel, row, part, image, place)
        np.copyto(columns, np.ndarray(columns.shape, given.dtype, spectra.data, point * part, runs))
        goal = parts.reshape(2 * outputs, -1)
        np.matmul(pair.reshape(2 * outputs, -1), columns.reshape(channels * taps, -1), out=goal)
        multiply(parts, products[point : point + 2])


@np.errstate(invalid="ignore", over="ignore")
def _write(given: Operands, part: Part, products: Array, good: list[bool], outputs: slice) -> None:
    """The outputs of some channels."""
    tiles, (images, rows), count = given.tiles, part.shape, outputs.stop - outputs.start
    y = scratch("values", (count, images, rows, tiles.count * tiles.outputs), given.dtype)
    chosen = products[:, outputs].reshape(tiles.points, -1)
    np.matmul(chosen.T, matrices(tiles, given.dtype).output, out=y.reshape(-1, tiles.outputs))
    margin = given.margin
    good.append(_without_noise(y) if margin is None else margin.holds(y, part.images, outputs))
    goal = given.out[part.images, outputs, part.rows]
    goal[...] = y[..., : goal.shape[3]].swapaxes(0, 1)
    if given.b is not None:
        goal += given.b[outputs, None, None]


def _without_noise(y: Array) -> bool:
    """Round (o, n, rows, columns) to 2**-47 of the largest of each channel, in place; returns whether all is finite."""
    rows = y.reshape(len(y), -1)
    large = np.maximum(rows.max(1), -rows.min(1))
    if not np.isfinite(large).all():
        return False
    # beside 24 to 48 times as much, that is what the last bit is worth
    rows += 24 * large[:, None]
    rows -= 24 * large[:, None]
    return True


@lru_cache(maxsize=1024)
def choose_tiles(conv: Conv, name: str, dtype: np.dtype[Any]) -> Tiles:
    """The tiles for which the least is computed."""
    taps = conv.window.kernel[1]
    width = (conv.input if name == "input_grad" else conv.output)[1]
    found = [Tiles(taps, -(-width // n), -(-width // -(-width // n))) for n in range(1, width + 1)]
    short = [tiles for tiles in found if tiles.length <= LONGEST] or found[-1:]
    return min(short, key=lambda tiles: work(conv, name, tiles, dtype.itemsize))


def _sides(conv: Conv, name: str) -> tuple[int, int, tuple[int, ...]]:
    """The channels that are read, those that are written, and the rows and columns of these."""
    if name == "input_grad":
        return conv.out_channels, conv.in_channels, conv.input
    return conv.in_channels, conv.out_channels, conv.output


def work(conv: Conv, name: str, tiles: Tiles, item: int) -> float:
    """Additions and multiplications, a copied element as COPIED of them."""
    channels, outputs, size = _sides(conv, name)
    taps = conv.window.kernel[0]
    parts = len(cut_rows((conv.batch, outputs, *size), channels, taps, tiles, item))
    positions = conv.batch * size[0] * tiles.count
    kernels = 2.0 * SHORT * parts * outputs * channels * taps * tiles.taps
    others = 2.0 * positions * (channels * tiles.length + outputs * tiles.outputs)
    return tiles.points * (kernels + others + (4.0 * outputs + COPIED) * channels * taps * positions)


def _dtype(conv: Conv, name: str) -> np.dtype[Any]:
    """In which the transforms are done at first: few terms leave float32 no margin."""
    return FLOAT32 if _sides(conv, name)[0] * conv.window.taps >= FEWEST_TERMS else FLOAT64


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """Two dimensions, one group, stride and dilation 1, float32, a kernel that is not small, buffers that fit."""
    window = conv.window
    plain = window.ndim == 2 and conv.groups == 1 and set(window.stride) == {1} and set(window.dilation) == {1}
    if not (plain and window.taps >= SMALLEST and dtype == np.float32 and conv.multiplications):
        return False
    return all(fits(conv, name, FLOAT64) for name in ("forward", "input_grad"))


def fits(conv: Conv, name: str, dtype: np.dtype[Any]) -> bool:
    """Whether one row and one point fit the buffers."""
    tiles, (channels, outputs, _), taps = choose_tiles(conv, name, dtype), _sides(conv, name), conv.window.kernel[0]
    row = _row(channels, outputs, taps, tiles, dtype.itemsize)
    return tiles.length <= LONGEST and max(taps * row, 2 * dtype.itemsize * outputs * channels * taps) <= SHARED


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:  # noqa: ARG001
    wide = _dtype(conv, name)
    tiles, item = choose_tiles(conv, name, wide), wide.itemsize
    flops = work(conv, name, tiles, item)
    channels, outputs, size = _sides(conv, name)
    moved = item * tiles.points * conv.batch * size[0] * tiles.count * (channels + 2.0 * outputs)
    return Estimate(flops, 2.4 / item, moved, 20 * PARTS + 4 * tiles.points, 2 * SHARED + WEIGHTS + SHARED // 2)


ALGORITHM = Algorithm("fft", _supports, _estimate, forward, input_grad, None)
