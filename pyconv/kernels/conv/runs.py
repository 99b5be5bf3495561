"""A column matrix for each group, copied in long runs, and one small product.

Groups of few channels have small products: OpenBLAS does those of up to a million multiplications without packing its
operands, and at three to four hundred positions is as fast as in large ones with four rows already. What is slow in
columns of small images is their copying row by row, and what `gather` does is to make it a few copies of long runs.
The gradient with respect to x is the same product once for each phase of what is written; with respect to w it is
the product of what was read and gy, summed over images.

The rows of several groups and images are loaded in one copy and written out in one, and only their columns are formed
a part at a time, which stays in a core's second-level cache: what two threads lose is lost between calls, where the
one waits for the interpreter's lock that the other holds.

Measured beside torch 2.13 on two threads of a server with AVX-512, ResNeXt's and RegNet's layers of 4 to 32 channels a
group, as the geometric mean of the ratios of times: with eight images 1.7 forward and 1.6 for the gradient with respect
to x, with one image 2.0 for both. The products are four tenths of the time on one thread, the columns three, and copies
in and out a quarter. One image takes 0.4 to 2 ms on one thread, and to begin on a second one 0.1 to 0.2 ms: two take
0.6 of that time at 8 million multiplications with 3 channels a group, 0.7 to 0.9 at 14 million with 4 to 32, and 1.1 at
12 million with 24, where less is copied. With one image, what Python does between the calls is a fifth of one thread's
time and holds up the other thread: with views over the buffers that are kept from call to call, and lines of columns
that begin cache lines, all layers take 0.85 of the time, and with two pieces in place of three to eight 0.86 to 0.98 of
that. With rows loaded and written a part at a time, and columns twice as large, two threads took 1.1 to 1.2 times as
long with eight images. The gradient with respect to w is slower than `correlation`'s at a stride of 1, and takes two
thirds of its time at a stride of 2.

Tried and no faster: BLAS's own threads, which do not share out products of so few rows; rows without zeros between
them, the ends of which are set to zero in the columns: straight from the image, and by way of its phases where there is
a stride, 0.94 of the time on one thread, but 0.96 to 1.03 on two, and 1.3 to 1.4 with eight images; columns of one row
of the kernel, and products with the weights of all its rows, which are added up (1.1 to 1.2 with one image); parts
larger than a core's second-level cache; weights turned round to (terms, outputs), with which products of seven rows
alone are 1.7 times as fast (1.0 to 1.05 of the whole time with eight images, 1.3 with one). Phases of a stride of 2 put
between one another in a buffer, from which the gradient with respect to x is written row by row: 0.93 of the time with
eight images, 1.2 with one.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.column_products import multiply
from pyconv.kernels.conv.frames import BLOCK, CHANNELS_FIRST, IMAGES_LAST, TAPS_FIRST
from pyconv.kernels.conv.gather import Reader, Tile
from pyconv.kernels.conv.lines import Line, Target, line
from pyconv.kernels.conv.row_tiles import filters, planes, share
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]
Pair = tuple[Target, Target]

ROOM = 1 << 21
"""Bytes of a tile's rows, and of its product. In a quarter of it they stay in a core's second-level cache beside the
columns of a part, but one image becomes three to eight pieces instead of two, which takes two threads 1.02 to 1.16
times as long, and 0.95 to 1.25 times for its gradient; with eight images 0.9 to 1.1 times."""
ALONE = 15 * 10**6
"""Multiplications, with `COPIED` for each element of the columns, below which the work is one piece: another thread
takes longer to wake than it saves."""
COPIED = 4
"""Multiplications in the time that it takes to copy an element."""
MANY = 1 << 25
"""Multiplications from which on the work is cut into at least ..."""
PIECES, FEW = 8, 2
"""... the first of these numbers of pieces, and below it into the second: each has its own start, and in four the
gradient of one image with respect to x took 1.1 times as long."""
FEWEST_ROWS = 16
"""Output channels of a group from which columns times gy are faster than gy times columns, for ..."""
FEWEST_POSITIONS = 128
"""... so many positions, which are worth turning the result round."""


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    dtype = dtypes.accumulation(x.dtype)
    matrix = w.reshape(conv.groups, -1, conv.terms).astype(dtype, copy=False)
    bias = None if b is None else b.reshape(conv.groups, -1, 1)
    reader = Reader(planes(x, conv), conv, "forward", CHANNELS_FIRST, dtype)
    target = planes(out, conv)

    @np.errstate(invalid="ignore", over="ignore")
    def work(tiles: list[Tile]) -> None:
        for tile in tiles:
            padded = reader.load(tile)
            goal = target[tile.images, tile.groups, :, tile.rows]
            multiply(matrix[tile.groups], padded, 0, None if bias is None else bias[tile.groups], goal)

    threads.each(work, _pieces(conv, "forward", dtype.itemsize))


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    dtype = dtypes.accumulation(gy.dtype)
    rows, columns = _lines(conv, "input_grad")
    pairs = [(down, across) for down in rows.targets for across in columns.targets]
    reader = Reader(planes(gy, conv), conv, "input_grad", TAPS_FIRST, dtype)
    target, weights = planes(out, conv), filters(w, conv)

    @np.errstate(invalid="ignore", over="ignore")
    def work(tiles: list[Tile]) -> None:
        groups, matrices = None, []
        for tile in tiles:
            padded = reader.load(tile)
            if groups != tile.groups:
                groups, matrices = tile.groups, [_turned(weights[tile.groups], pair, dtype) for pair in pairs]
            goal = target[tile.images, tile.groups]
            for number, (pair, matrix) in enumerate(zip(pairs, matrices, strict=True)):
                multiply(matrix, padded, number, None, goal[_phase(pair, tile)])

    threads.each(work, _pieces(conv, "input_grad", dtype.itemsize))


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    dtype = dtypes.accumulation(x.dtype)
    reader = Reader(planes(x, conv), conv, "forward", IMAGES_LAST, dtype)
    cotangent = planes(gy, conv)
    result = out.reshape(conv.groups, -1, conv.terms)
    turned = result.shape[1] >= FEWEST_ROWS and conv.batch * conv.positions >= FEWEST_POSITIONS
    goal = result.swapaxes(1, 2) if turned else result

    @np.errstate(invalid="ignore", over="ignore")
    def work(tiles: list[Tile]) -> None:
        groups, total = slice(0, 0), np.empty((0, *goal.shape[1:]), dtype)
        for tile in tiles:
            (parts,) = reader.load(tile).parts
            if groups != tile.groups:
                goal[groups] = total
                groups = tile.groups
                total = scratch("total", goal[groups].shape, dtype)
                total.fill(0)
            values = cotangent[tile.images, tile.groups, :, tile.rows]
            for part in parts:
                part.fill()
                some = total[part.groups]
                given = values[part.images, part.groups]
                some += _correlate(given, part.matrix, turned, scratch("product", some.shape, dtype))
        goal[groups] = total

    threads.each(work, _pieces(conv, "weight_grad", dtype.itemsize))


def _correlate(values: Array, seen: Array, turned: bool, product: Array) -> Array:
    """(n, g, O/G, rows, columns) cotangents times what was read → (g, O/G, K), or (g, K, O/G) if turned."""
    n, g, height, *size = values.shape
    if n == 1 and values.dtype == product.dtype and values.strides[3] == size[1] * values.strides[4]:
        given = values[0]
    else:
        given = scratch("cotangent", (g, height, n, *size), product.dtype)
        np.copyto(given, np.moveaxis(values, 0, 2))
    given = given.reshape(g, height, -1)
    first, second = (seen, given) if turned else (given, seen)
    return np.matmul(first, second.swapaxes(1, 2), out=product)


def _turned(weights: Array, pair: Pair, dtype: np.dtype[Any]) -> Array:
    """(g, O/G, C/G, *kernel) → (g, C/G, K), of the taps that read for a pair of phases, taps before channels."""
    rows, columns = pair
    some = weights[..., rows.taps, columns.taps].transpose(0, 3, 4, 1, 2)
    g, down, across, o, c = some.shape
    return np.ascontiguousarray(some, dtype).reshape(g, down * across * o, c).swapaxes(1, 2)


def _phase(pair: Pair, tile: Tile) -> Any:
    """The index of the elements of a pair of phases in the rows of a tile."""
    rows, columns = pair
    start = rows.first + tile.rows.start * rows.step
    down = slice(start, start + tile.height(rows) * rows.step, rows.step)
    return (..., down, slice(columns.first, None, columns.step))


def _lines(conv: Conv, name: str) -> tuple[Line, Line]:
    return line(conv, 0, name), line(conv, 1, name)


@lru_cache(maxsize=1024)
def _pieces(conv: Conv, name: str, itemsize: int) -> list[list[Tile]]:
    """All tiles, those of a group together, in pieces for several threads."""
    row, whole = _sizes(conv, name, itemsize)
    total = line(conv, 0, name).length
    rows = share(total, ROOM // max(row, _columns(conv, name, itemsize) * ROOM // BLOCK))
    wanted = _wanted(conv)
    count = max(wanted, -(-conv.groups // max(1, ROOM // max(row * total, whole))))
    groups = -(-conv.groups // (count + count % 2 if count > 1 else 1))  # of an even number, two threads end together
    images = share(conv.batch, ROOM // (row * total * groups))
    places = [
        (slice(i, min(conv.batch, i + images)), slice(r, min(total, r + rows)))
        for i in range(0, conv.batch, images)
        for r in range(0, total, rows)
    ]
    tiles = [
        [Tile(slice(g, min(conv.groups, g + groups)), *place) for place in places]
        for g in range(0, conv.groups, groups)
    ]
    if name == "weight_grad":
        return tiles
    step = -(-len(places) // -(-wanted // len(tiles)))
    return [some[i : i + step] for some in tiles for i in range(0, len(some), step)]


def _wanted(conv: Conv) -> int:
    """The number of pieces."""
    if conv.multiplications >= MANY:
        return PIECES
    elements = conv.batch * conv.positions * conv.in_channels * conv.window.taps
    return FEW if conv.multiplications + COPIED * elements >= ALONE else 1


def _depths(conv: Conv, name: str) -> tuple[int, int]:
    """Channels of a group that are written, and that are read."""
    x, y = conv.in_channels // conv.groups, conv.out_channels // conv.groups
    return (x, y) if name == "input_grad" else (y, x)


def _sizes(conv: Conv, name: str, itemsize: int) -> tuple[int, int]:
    """Bytes of the rows of a tile or of its product for one row and one group, and of the weights of a group."""
    height, depth = _depths(conv, name)
    rows, columns = _lines(conv, name)
    row = max(depth * rows.step * columns.pitch, height * max(columns.length, columns.pitch // columns.step))
    return row * itemsize, height * depth * conv.window.taps * itemsize


def _columns(conv: Conv, name: str, itemsize: int) -> int:
    """Bytes of the columns for one row and one group."""
    columns = line(conv, 1, name)
    return _depths(conv, name)[1] * conv.window.taps * max(columns.length, columns.pitch // columns.step) * itemsize


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """Groups of channels, one or two dimensions, floating point, and no buffer larger than one that is kept."""
    wide = dtypes.accumulation(dtype)
    if conv.groups == 1 or min(_depths(conv, "forward")) == 1 or not conv.multiplications:
        return False
    if conv.window.ndim > 2 or wide.kind not in "fc":
        return False
    return max(_needs(conv, name, wide.itemsize) for name in ("forward", "input_grad")) <= LIMIT // 4


def _needs(conv: Conv, name: str, itemsize: int) -> int:
    """Bytes of the largest buffer that cannot be cut up further."""
    rows, columns = _lines(conv, name)
    reach = _depths(conv, name)[1] * (rows.high - rows.low + 1) * columns.pitch * itemsize
    return max(*_sizes(conv, name, itemsize), _columns(conv, name, itemsize), reach)


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    item = dtypes.accumulation(dtype).itemsize
    height, depth = _depths(conv, name)
    rows, columns = _lines(conv, name)
    some = conv.batch * conv.groups * item
    by_rows = name == "weight_grad" or rows.step > 1 or columns.step > 1
    gathered = some * depth * conv.window.taps * conv.positions * (1.35 if by_rows else 0.6)
    padded = some * depth * rows.size * columns.pitch * min(2, columns.step)
    written = some * height * rows.length * columns.length * len(rows.targets) * len(columns.targets)
    tiles = sum(map(len, _pieces(conv, name, item)))
    parts = some * depth * conv.window.taps * conv.positions / BLOCK
    calls = 10 + 0.5 * tiles + parts * (1 + len(rows.targets) * len(columns.targets))
    needs = max(_needs(conv, name, item), BLOCK)
    return Estimate(
        2.0 * conv.multiplications,
        min(1.0, height / 5) * (0.65 if name == "weight_grad" else 1.0),
        gathered + 0.5 * padded + (0 if name == "weight_grad" else written),
        calls,
        5 * needs,
    )


ALGORITHM = Algorithm("runs", _supports, _estimate, forward, input_grad, weight_grad)
