"""Large dense kernels by the discrete Fourier transform of overlapping tiles (overlap-save).

The transforms of 20 to 100 points are products with matrices: they leave the frequencies first, where they have to be
for one product of (O, C) and (C, tiles) at each of them, and from NumPy they are faster than butterflies.

All is done in float64: in float32 the error, which spreads over a tile, would not stay under a bound that looks at
each output's own terms. What is left of it is rounded away beside the largest output of a channel, so that sums that
are exactly 0 come out as 0. An infinity spreads over a tile as well: a result that is not finite is computed again by
`direct`.

Measured beside torch 2.13 on one core of a server with AVX-512, as the ratio of CPU times: 0.2 to 0.3 at 21×21 and
31×31 (0.7 with 64 channels, where the transforms of the kernels take most of it), 0.6 at 15×15, 1.1 to 1.8 at 11×11,
where columns take 2.5 to 5, and 2 to 3 from 7×7 down, where columns are as fast. The error is a tenth of torch's.

The gradient with respect to x is the same map with the kernel turned round and channels exchanged.

A. V. Oppenheim, R. W. Schafer, "Discrete-Time Signal Processing", 8.7.3, describes overlap-save.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

from functools import lru_cache, partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv import direct
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.fourier import (
    Axis,
    Grid,
    column_frequencies,
    column_places,
    row_frequencies,
    row_places,
)
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]

FLOAT64 = np.dtype(np.float64)
BLOCK = 2 << 20
"""Bytes of the largest buffer that one thread fills."""
SHARED = 8 << 20
"""Bytes of the transformed tiles that all threads read."""
PARTS = 8
"""Pieces into which the channels are cut, where there are as many."""
FEWEST = 16
"""Output channels of a piece, at least: fewer make products that are hardly more than their calls."""
SMALLEST = 16
"""Taps of a kernel for which there may be something to gain."""
LONGEST = 128
"""Points of a transform."""


class Operands(NamedTuple):
    """One of the two maps that write an image.

    Attributes:
        x: (N, C, *input).
        w: (O, C, *kernel).
        b: (O,) or None.
        out: (N, O, *output).
        low: the padding before the first row and column; negative where they are cropped.
        grid: the tiles.
    """

    x: Array
    w: Array
    b: Array | None
    out: Array
    low: tuple[int, ...]
    grid: Grid


class Part(NamedTuple):
    """Some images, and some rows of tiles."""

    images: slice
    rows: slice


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    if not _run(Operands(x, w, b, out, tuple(low for low, _ in conv.window.padding), _grid(conv, "forward"))):
        direct.forward(x, w, b, conv, out)


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    turned = w[:, :, ::-1, ::-1].swapaxes(0, 1)
    low = tuple(taps - 1 - low for taps, (low, _) in zip(conv.window.kernel, conv.window.padding, strict=True))
    if not _run(Operands(gy, turned, None, out, low, _grid(conv, "input_grad"))):
        direct.input_grad(gy, w, conv, out)


def _run(given: Operands) -> bool:
    """Write `out`; returns whether all of it is finite."""
    grid, (outputs, channels) = given.grid, given.w.shape[:2]
    finite: list[bool] = []
    for part in _parts(len(given.x), channels, grid):
        tiles = (part.images.stop - part.images.start) * (part.rows.stop - part.rows.start) * grid.columns.tiles
        spectra = scratch("spectra", (grid.half, grid.rows.points, 2, channels, tiles), FLOAT64)
        threads.each(partial(_read, given, part, spectra), _pieces(channels, 1, grid.reals * tiles))
        step = max(grid.taps * channels, 2 * grid.half * grid.rows.outputs * tiles)
        threads.each(partial(_write, given, part, spectra, finite), _pieces(outputs, FEWEST, step))
    return all(finite)


def _parts(images: int, channels: int, grid: Grid) -> list[Part]:
    """Parts whose transformed tiles take at most SHARED bytes, or one row of tiles."""
    rows = max(1, SHARED // (8 * grid.reals * channels * grid.columns.tiles))
    run, pile = min(rows, grid.rows.tiles), max(1, rows // grid.rows.tiles)
    return [
        Part(slice(image, min(images, image + pile)), slice(row, min(grid.rows.tiles, row + run)))
        for image in range(0, images, pile)
        for row in range(0, grid.rows.tiles, run)
    ]


def _pieces(count: int, fewest: int, reals: int) -> list[slice]:
    """Slices of at least `fewest` channels, or of those whose `reals` real numbers each fit a buffer."""
    step = max(1, min(max(fewest, -(-count // PARTS)), BLOCK // (8 * reals)))
    step = -(-count // -(-count // step))
    return [slice(start, min(count, start + step)) for start in range(0, count, step)]


def _transform(values: Array, grid: Grid, some: slice, out: Array) -> None:
    """(columns, rows, M) → (some frequencies of the columns, F, 2, M)."""
    columns, rows, count = values.shape
    matrix = column_frequencies(grid.columns.points, columns)[2 * some.start : 2 * some.stop]
    half = scratch("half", (len(matrix) // 2, 2 * rows, count), FLOAT64)
    np.matmul(matrix, values.reshape(columns, -1), out=half.reshape(len(matrix), -1))
    shape, steps = (len(half), 2 * grid.rows.points, count), (out.strides[0], *out.strides[2:])
    goal = np.lib.stride_tricks.as_strided(out, shape, steps)
    np.matmul(row_frequencies(grid.rows.points, rows), half, out=goal)


@np.errstate(invalid="ignore", over="ignore")
def _read(given: Operands, part: Part, spectra: Array, channels: slice) -> None:
    """Transform the tiles of some channels."""
    grid, x = given.grid, given.x[part.images, channels]
    rows, columns = grid.rows, grid.columns
    down = part.rows.stop - part.rows.start
    height = (down - 1) * rows.outputs + rows.points
    width = (columns.tiles - 1) * columns.outputs + columns.points
    padded = scratch("padded", (*x.shape[:2], height, width), FLOAT64)
    padded.fill(0)
    starts = part.rows.start * rows.outputs - given.low[0], -given.low[1]
    goal, source = [], []
    for first, length, size in zip(starts, (height, width), x.shape[2:], strict=True):
        begin, end = max(0, first), max(0, first, min(size, first + length))
        source.append(slice(begin, end))
        goal.append(slice(begin - first, end - first))
    padded[:, :, goal[0], goal[1]] = x[:, :, source[0], source[1]]
    image, channel, row, column = padded.strides
    shape = (columns.points, rows.points, x.shape[1], len(x), down, columns.tiles)
    steps = (column, row, channel, image, row * rows.outputs, column * columns.outputs)
    values = scratch("values", shape, FLOAT64)
    np.copyto(values, np.ndarray(shape, FLOAT64, padded.data, 0, steps))
    goal_of = spectra[..., channels, :]
    _transform(values.reshape(*shape[:2], -1), grid, slice(0, grid.half), goal_of.reshape(*goal_of.shape[:3], -1))


@np.errstate(invalid="ignore", over="ignore")
def _write(given: Operands, part: Part, spectra: Array, finite: list[bool], outputs: slice) -> None:
    """The outputs of some channels."""
    grid, count, (channels, tiles) = given.grid, outputs.stop - outputs.start, spectra.shape[3:]
    values = scratch("values", (*given.w.shape[:1:-1], count, channels), FLOAT64)
    np.copyto(values, given.w[outputs].transpose(3, 2, 0, 1))
    values = values.reshape(*values.shape[:2], -1)
    back = scratch("back", (grid.half, 2, grid.rows.outputs, count * tiles), FLOAT64)
    step = max(1, BLOCK // (16 * grid.rows.points * count * max(channels, 2 * tiles)))
    for start in range(0, grid.half, step):
        some = slice(start, min(grid.half, start + step))
        _multiply(values, spectra[some], grid, some, back[some])
    matrix = column_places(grid.columns.points, grid.columns.outputs)
    y = scratch("values", (grid.columns.outputs, grid.rows.outputs, count, tiles), FLOAT64)
    np.matmul(matrix, back.reshape(2 * grid.half, -1), out=y.reshape(len(matrix), -1))
    finite.append(_without_noise(y.reshape(-1, count, tiles)))
    _place(given, part, outputs, y)


def _multiply(values: Array, spectra: Array, grid: Grid, some: slice, back: Array) -> None:
    """Tiles times the conjugates of kernels, at some frequencies of the columns, and the rows transformed back.

    Args:
        values: (kernel columns, kernel rows, o·C).
        spectra: (some, F, 2, C, tiles).
        grid: the tiles.
        some: the frequencies of the columns.
        back: (some, 2, rows of a tile's outputs, o·tiles), which is written.
    """
    channels, tiles = spectra.shape[3:]
    count = values.shape[2] // channels
    weights = scratch("weights", (*spectra.shape[:3], count, channels), FLOAT64)
    _transform(values, grid, some, weights.reshape(*spectra.shape[:3], -1))
    # (some, F, 1, 2·o, C) times (some, F, 2, C, tiles): the parts of the kernels times the parts of the tiles
    parts = scratch("products", (*spectra.shape[:3], 2, count, tiles), FLOAT64)
    tall = weights.reshape(*spectra.shape[:2], 1, 2 * count, channels)
    np.matmul(tall, spectra, out=parts.reshape(*spectra.shape[:3], 2 * count, tiles))
    sums = scratch("sums", (*spectra.shape[:3], count, tiles), FLOAT64)
    np.add(parts[:, :, 0, 0], parts[:, :, 1, 1], out=sums[:, :, 0])
    np.subtract(parts[:, :, 1, 0], parts[:, :, 0, 1], out=sums[:, :, 1])
    matrix = row_places(grid.rows.points, grid.rows.outputs)
    np.matmul(matrix, sums.reshape(len(sums), matrix.shape[1], -1), out=back.reshape(len(sums), len(matrix), -1))


def _without_noise(y: Array) -> bool:
    """Round (positions, o, tiles) to 2**-47 of the largest of each channel, in place; returns whether all is finite."""
    large = np.maximum(y.max(0), -y.min(0)).max(1)
    if not np.isfinite(large).all():
        return False
    # beside 24 to 48 times as much, that is what the last bit is worth
    much = np.repeat(24 * large, y.shape[2]).reshape(y.shape[1:])
    y += much
    y -= much
    return True


def _place(given: Operands, part: Part, outputs: slice, y: Array) -> None:
    """Put (columns, rows, o, tiles) in place, and add the bias."""
    grid = given.grid
    goal = given.out[part.images, outputs, part.rows.start * grid.rows.outputs : part.rows.stop * grid.rows.outputs]
    down = part.rows.stop - part.rows.start
    tiled = y.reshape(*y.shape[:3], len(goal), down, grid.columns.tiles).transpose(3, 2, 4, 1, 5, 0)
    shape = (*goal.shape[:2], down * grid.rows.outputs, grid.columns.tiles * grid.columns.outputs)
    made = scratch("sums", shape, goal.dtype)
    made.reshape(tiled.shape)[...] = tiled
    goal[...] = made[:, :, : goal.shape[2], : goal.shape[3]]
    if given.b is not None:
        goal += given.b[outputs, None, None]


@lru_cache(maxsize=1024)
def _grid(conv: Conv, name: str) -> Grid:
    """The tiles for which the least is computed, among those whose buffers fit."""
    channels, outputs = (conv.in_channels, conv.out_channels)[:: -1 if name == "input_grad" else 1]
    sizes = conv.input if name == "input_grad" else conv.output
    axes = [
        [Axis(taps, -(-size // n), -(-size // -(-size // n))) for n in range(1, min(size, 16) + 1)]
        for taps, size in zip(conv.window.kernel, sizes, strict=True)
    ]

    def work(grid: Grid) -> tuple[bool, float]:
        kernels = _count(conv.batch, channels, grid) * outputs * channels
        return not _fits(channels, grid), grid.work(kernels, channels, outputs, conv.batch)

    return min((Grid(*pair) for pair in product(*axes)), key=work)


def _count(images: int, channels: int, grid: Grid) -> int:
    """How many parts there are."""
    rows = max(1, SHARED // (8 * grid.reals * channels * grid.columns.tiles))
    return -(-images // max(1, rows // grid.rows.tiles)) * -(-grid.rows.tiles // min(rows, grid.rows.tiles))


def _fits(channels: int, grid: Grid) -> bool:
    """Whether the least that the buffers hold fits."""
    tiles = grid.columns.tiles
    shared = 8 * grid.reals * channels * tiles
    one = 8 * max(grid.taps * channels, 2 * grid.half * grid.rows.outputs * tiles, 2 * grid.rows.points * channels)
    reading = 8 * grid.reals * tiles
    return max(grid.rows.points, grid.columns.points) <= LONGEST and shared <= SHARED and max(one, reading) <= BLOCK


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """Two dimensions, one group, stride and dilation 1, float32, a kernel that is not small, buffers that fit."""
    window = conv.window
    plain = window.ndim == 2 and conv.groups == 1 and set(window.stride) == {1} and set(window.dilation) == {1}
    if not (plain and window.taps >= SMALLEST and dtype == np.float32 and conv.multiplications):
        return False
    forward = _fits(conv.in_channels, _grid(conv, "forward"))
    return forward and _fits(conv.out_channels, _grid(conv, "input_grad"))


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:  # noqa: ARG001
    grid = _grid(conv, name)
    channels, outputs = (conv.in_channels, conv.out_channels)[:: -1 if name == "input_grad" else 1]
    tiles, parts = conv.batch * grid.tiles, _count(conv.batch, channels, grid)
    flops = grid.work(parts * outputs * channels, channels, outputs, conv.batch)
    moved = 8.0 * (grid.reals * outputs * tiles + grid.rows.points * grid.columns.points * channels * tiles)
    moved += 16.0 * parts * outputs * channels * grid.taps
    pieces = parts * (min(PARTS, channels) + min(PARTS, -(-outputs // FEWEST)))
    # float64 takes twice as long, and the products are small
    return Estimate(flops, 0.4, moved, 25 * pieces, SHARED + 6 * BLOCK)


ALGORITHM = Algorithm("fft", _supports, _estimate, forward, input_grad, None)
