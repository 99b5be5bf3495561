"""Columns of one kernel row, of which each product reads a window: for few channels and wide images.

What the taps of one row of the kernel read of a padded row is gathered once, for one padded row after the other. What
all taps read for a row of the result is then a run of these, and for the next row of the result the run begins a row
further on: a matrix (K, columns) that nobody writes. So the columns of a 3×3 kernel are a third of those of `in_cache`,
and a product writes a row of the result where it belongs. Where rows are short, some of them lie side by side, as far
apart in the image as there are rows between them, and the products are put in place afterwards. With a dilation, every
so many-th row follows another. The gradient with respect to x is the same with the weights turned round, where there is
no stride.

Measured beside torch 2.13 on two threads of a server with AVX-512, settled and by turns, what served them before in
brackets: 0.8 (1.2) for 3 channels of 224² to 64, 1.1 (2.25) for 16 of 224², 1.1 (1.65) for 16 of 112² to 32, 0.95 (1.4)
for 24 of 56², 1.2 (2.9) for 16 of 32², 1.95 (3.35) with 128 images, 0.8 (2.4) for 5×5 from 32 of 128² to 3; the
gradient with respect to x takes 0.45 to 0.9 of the time for 16 and 32 channels. With 64 channels and more, and with
strides, what is saved in the columns is lost in products of few columns: 1 to 1.25 times `in_cache`'s time. Products of
112, 224 and 448 columns, short rows side by side, take 1.04, 1.2 and 1.4 times as long as of 64. With groups, in a
form that was not tuned, it took as long as `runs` with rows of 56, 1.1 to 1.7 times with shorter ones.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv import direct
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.bands import axis
from pyconv.kernels.conv.gather import as_items
from pyconv.kernels.conv.in_cache import ALONE, ROOM, Rows, lists_of
from pyconv.kernels.conv.padded_rows import PaddedRows, padded_height, pitch
from pyconv.kernels.conv.row_tiles import share
from pyconv.kernels.conv.turned import turned
from pyconv.kernels.scratch import LIMIT, kept, scratch

Array = np.ndarray[Any, Any]

BLOCK = 5 << 18
"""Bytes of the columns of a piece, chosen to stay in a core's second-level cache."""
WIDTH = 64
"""Columns of a product, about, where the rows of the result are shorter."""
WEIGHTS = 3 << 18
"""Bytes of weights that stay there beside the columns; of more, a product takes as long as to move three times their
bytes, and 256 channels of 14² 1.6 times as long as by `channels_last`."""
GATHERED_RUN = 60
"""Bytes that could be moved in the time that it takes to begin a row of columns."""
NARROW = 15
"""Columns that could be multiplied in the time that it takes to begin a product."""


class Form(NamedTuple):
    """How the rows of a result are taken together.

    Attributes:
        phases: from one row to the next in the same product's place, for a dilation.
        ahead: by how many rows of columns the next product reads ahead.
        bands: the rows of one phase that lie side by side.
        rows: those of a piece.
    """

    phases: int
    ahead: int
    bands: int
    rows: int

    def places(self, conv: Conv) -> int:
        """The columns of a product."""
        return self.phases * self.bands * conv.output[1]


class Piece(NamedTuple):
    """What is gathered at once.

    Attributes:
        copies: pairs of views: what to fill, and what is read.
        windows: (n, K, columns), what n products read.
        products: (n, O, columns); None where they are rows of the result.
        parts: of the products (rows, O, width), and which rows of the result these are.
        rows: those of the result, in all.
    """

    copies: list[tuple[Array, Array]]
    windows: Array
    products: Array | None
    parts: list[tuple[Array, slice]]
    rows: slice


class Windows:
    """The padded rows that some rows of a result read, and the windows of their columns, in this thread's buffers.

    Args:
        conv: the geometry.
        first: the first of the rows of the result.
        stop: the row after the last.
        dtype: of the columns.
    """

    def __init__(self, conv: Conv, first: int, stop: int, dtype: np.dtype[Any]) -> None:
        self._conv, self._dtype = conv, dtype
        self._form = form(conv, stop - first, dtype.itemsize)
        more = self._form.phases * self._form.bands * conv.window.stride[0]
        self._padded = PaddedRows(conv, first, stop, more, dtype)
        rows = self._form.rows
        self._pieces = [self._piece(r - first, r, min(stop, r + rows)) for r in range(first, stop, rows)]

    def load(self, image: Array) -> None:
        """Take the rows of an image (C, rows, columns)."""
        self._padded.load(image)

    def multiply(self, matrix: Array, bias: Array | None, result: Array) -> None:
        """(O, K) times the columns, plus a bias (O, 1), into those rows of (O, rows, columns) that are loaded."""
        goals = result.swapaxes(0, 1)
        for piece in self._pieces:
            for goal, seen in piece.copies:
                np.copyto(goal, seen)
            products = goals[piece.rows] if piece.products is None else piece.products
            np.matmul(matrix, piece.windows, out=products)
            if bias is not None:
                products += bias
            for values, rows in piece.parts:
                goals[rows] = values

    def _piece(self, offset: int, start: int, stop: int) -> Piece:
        """The piece of some rows of the result, so many behind the first."""
        conv, (phases, ahead, bands, _) = self._conv, self._form
        count, width = -(-(stop - start) // (phases * bands)), conv.output[1]
        reach = (count - 1) * ahead + conv.window.kernel[0]
        shape = (reach, conv.window.kernel[1], conv.in_channels, bands, phases, width)
        columns = scratch("columns", shape, self._dtype)
        places, item = bands * phases * width, columns.itemsize
        steps = (ahead * columns.strides[0], places * item, item)
        windows = np.ndarray((count, conv.terms, places), self._dtype, columns, 0, steps)
        copies = self._copies(columns, offset, count)
        if phases * bands == 1:
            return Piece(copies, windows, None, [], slice(start, stop))
        products = scratch("product", (count, conv.out_channels, places), self._dtype)
        parts = self._parts(products.reshape(*products.shape[:2], bands, phases, width), start, stop)
        return Piece(copies, windows, products, parts, slice(start, stop))

    def _copies(self, columns: Array, offset: int, count: int) -> list[tuple[Array, Array]]:
        """What fills columns (rows, taps, C, bands, phases, width) for so many products."""
        (_, stride, apart, *_), (taps, step, dilation, *_) = axis(self._conv, 0), axis(self._conv, 1)
        plane, channel, row, place = self._padded.planes.strides
        every, found = step // math.gcd(step, dilation), []
        for tap in range(min(every, taps)):
            move, phase = divmod(tap * dilation, step)
            goal = columns[:, tap::every]
            begin = phase * plane + offset * stride * row + move * place
            band = count * self._form.phases * stride * row
            strides = (apart * row, every * dilation // step * place, channel, band, stride * row, place)
            seen = np.ndarray(goal.shape, self._dtype, self._padded.planes, begin, strides)
            found.append((as_items(goal), as_items(seen)))
        return found

    def _parts(self, products: Array, start: int, stop: int) -> list[tuple[Array, slice]]:
        """Of products (n, O, bands, phases, width) those for each run of rows of the result, if there are any."""
        phases, found = self._form.phases, []
        band = len(products) * phases
        for i, phase in np.ndindex(products.shape[2:4]):
            rows = range(start + i * band + phase, min(stop, start + (i + 1) * band), phases)
            if rows:
                found.append((products[: len(rows), :, i, phase], slice(rows.start, rows.stop, phases)))
        return found


def form(conv: Conv, rows: int, item: int) -> Form:
    """How so many rows of a result are taken together.

    Example:
        >>> form(Conv.of((1, 16, 32, 32), (16, 16, 3, 3), None, 1, 1), 16, 4)
        Form(phases=1, ahead=1, bands=2, rows=16)
    """
    (taps, stride, dilation, *_), width = axis(conv, 0), conv.output[1]
    common = math.gcd(stride, dilation)
    phases, ahead = dilation // common, stride // common
    bands = max(1, min(round(WIDTH / (phases * width)), rows // phases))
    size = phases * bands * width * item
    most = (BLOCK // (conv.in_channels * conv.window.kernel[1] * size) - taps) // ahead + 1
    if phases * bands > 1:
        most = min(most, BLOCK // (conv.out_channels * size))
    most = max(1, most) * phases * bands
    return Form(phases, ahead, bands, share(rows, most))


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    _run(x, w.transpose(0, 2, 3, 1), None if b is None else b.reshape(-1, 1), conv, out)


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    if not np.isfinite(w).all():  # times the zeros around gy they would be no zeros
        direct.input_grad(gy, w, conv, out)
        return
    _run(gy, w[:, :, ::-1, ::-1].transpose(1, 2, 3, 0), None, turned(conv), out)


def _run(x: Array, weights: Array, bias: Array | None, conv: Conv, out: Array) -> None:
    """All rows, for weights (O, kernel rows, kernel columns, C)."""
    matrix = scratch("weights", weights.shape, weights.dtype)
    matrix[...] = weights
    matrix, x = matrix.reshape(len(matrix), -1), np.ascontiguousarray(x)

    def work(some: list[Rows]) -> None:
        for image, first, stop in some:
            windows = _windows(conv, first, stop, x.dtype)
            windows.load(x[image])
            windows.multiply(matrix, bias, out[image])

    threads.each(work, lists_of(conv, x.dtype))


def _windows(conv: Conv, first: int, stop: int, dtype: np.dtype[Any]) -> Windows:
    """This thread's, the same again from call to call."""
    key = "row-windows", conv, first, stop, dtype
    return kept(key, lambda: Windows(*key[1:]))


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """One group of images, several rows of the kernel, sums in the dtype of the operands, and what fits its buffers."""
    if conv.window.ndim != 2 or conv.groups > 1 or conv.window.kernel[0] == 1 or not conv.multiplications:
        return False
    if dtype.kind not in "fc" or dtypes.accumulation(dtype) != dtype:
        return False
    item, (taps, across) = dtype.itemsize, conv.window.kernel
    padded, columns = padded_height(conv, 1) * pitch(conv), taps * across * form(conv, 1, item).places(conv)
    held = conv.in_channels * max(padded, columns) * item
    return held <= ROOM and conv.out_channels * conv.terms * item <= LIMIT


def _supports_turned(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """A stride of 1 besides."""
    return set(conv.window.stride) == {1} and _supports(turned(conv), dtype)


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:  # noqa: ARG001
    (taps, stride, dilation, *_), item = axis(conv, 0), dtype.itemsize
    runs = [some.stop - some.first for part in lists_of(conv, dtype) for some in part]
    length = max(runs)
    taken = form(conv, length, item)
    pieces, places = len(runs) * -(-length // taken.rows), taken.places(conv)
    count = taken.rows // (taken.phases * taken.bands)
    lines = pieces * (count * taken.ahead + taps) * conv.in_channels * conv.window.kernel[1]
    gathered = lines * (places * item + places // conv.output[1] * GATHERED_RUN)
    padded = (sum(runs) * stride + len(runs) * taps * dilation) * conv.in_channels * pitch(conv) * item
    put = 0 if places == conv.output[1] else conv.batch * conv.positions * conv.out_channels * item
    weights = conv.out_channels * conv.terms * item
    read = weights * (3.0 * pieces * count if weights > WEIGHTS else 1.0)
    efficiency = min(1.0, conv.out_channels / 3) * places / (places + NARROW)
    moved = gathered + 2.0 * (padded + put) + read
    return Estimate(2.0 * conv.multiplications, efficiency, moved, 3 * len(runs) + 2 * pieces, 2 * BLOCK + ROOM)


def _estimate_turned(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    return _estimate(turned(conv), dtype, name)


ALGORITHM = Algorithm("row-windows", _supports, _estimate, forward, None, None, alone_below=ALONE)
TURNED = Algorithm("turned-windows", _supports_turned, _estimate_turned, None, input_grad, None, alone_below=ALONE)
