"""The gradient with respect to x of a strided convolution: a product for each phase of x, over gathered cotangents.

The elements of x whose places leave the same remainders by the stride meet the same taps: a phase of x is a convolution
of stride 1 of the cotangents with these taps alone. No product is wasted, nothing is added up in memory, and each
element of x is written once, every stride-th at a time. The columns lie (taps, channels), those for the phases of one
column of x together, of which the phases of the rows read one run of taps each. They are gathered and multiplied a
piece at a time in the cache, as `in_cache` does it.

Measured beside torch 2.13 on two threads, by turns, channels innermost (`channels_last`) in brackets, one image: 0.99
to 1.1 (1.4) for 3×3/2 of 128 channels of 56×56, 1.2 to 1.7 (1.6 to 1.7) of 64, 1.8 to 1.9 (2.6) for 5×5/2 of 32;
0.95 to 0.99 (columns in rows 1.1) for a transposed 3×3/2 from 256 channels of 64×64. Eight images: 1.2 to 1.3 (1.15 to
1.35) for these of 3×3/2, 2.1 (2.1) for 5×5/2, 1.45 (1.8) for a transposed 4×4/2 from 128 channels of 16×16, on one 1.8
(1.6). 256 channels of 28×28 with 3×3/2 take 1.5 (1.3) and 1.25 (1.2): there the weights are many, and turned over.
Pieces of a quarter to two thirds of the size take 0.95 to 1.2 of the time.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from pyconv.geometry import Conv, Window
from pyconv.kernels import threads
from pyconv.kernels.conv import direct, in_cache
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.gather import as_items
from pyconv.kernels.conv.padded_rows import PaddedRows, pitch
from pyconv.kernels.conv.phases import Phase, phases
from pyconv.kernels.conv.row_tiles import share
from pyconv.kernels.conv.spoilt import is_finite
from pyconv.kernels.scratch import LIMIT, kept, scratch

Array = np.ndarray[Any, Any]

TURNED = 20.0
"""How many times the bytes of the weights could be moved in runs in the time that it takes to turn them."""
BLOCK = 1 << 16
"""Elements of the weights that are turned at once."""
WRITTEN = 1.5
"""The same for the bytes of the result, whose phases are written one after the other."""


class Product(NamedTuple):
    """A product of one phase, for some of its rows.

    Attributes:
        number: which phase.
        columns: (K, positions).
        made: (C, positions), where it is put.
        rows: the same as (C, rows, columns).
        place: where that belongs in an image.
    """

    number: int
    columns: Array
    made: Array
    rows: Array
    place: tuple[slice, ...]


class Piece(NamedTuple):
    """The columns of the phases of one column of x, for some rows: what to fill, what is read, the products."""

    goal: Array
    seen: Array
    products: list[Product]


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    turned = _turned(w, conv)
    if turned is None:  # times the zeros around gy they would be no zeros
        direct.input_grad(gy, w, conv, out)
        return
    if not all(p.length for found in _phases(conv) for p in found):
        out[...] = 0
    gy = np.ascontiguousarray(gy)

    def work(some: list[in_cache.Rows]) -> None:
        for image, first, stop in some:
            _columns_of(conv, first, stop, gy.dtype).multiply(gy[image], turned, out[image])

    threads.each(work, in_cache.lists_of(reading(conv), gy.dtype))


def _turned(w: Array, conv: Conv) -> list[Array] | None:
    """(O, C, *kernel) → (C, K) for each phase, K = taps × taps × O; None where weights are not finite."""
    spoilt: list[slice] = []
    phases = kept(("phases of weights", conv, w.dtype), lambda: _matrices(conv, w.dtype))

    def turn(block: slice) -> None:
        some = w[block]
        if not is_finite(some):
            spoilt.append(block)
        some = some.transpose(2, 3, 0, 1)
        for taps, matrix in phases:
            matrix[:, :, block] = some[taps]

    step = share(len(w), max(1, BLOCK // conv.terms))
    threads.each(turn, [slice(o, o + step) for o in range(0, len(w), step)])
    return None if spoilt else [matrix.reshape(-1, conv.in_channels).T for _, matrix in phases]


def _matrices(conv: Conv, dtype: np.dtype[Any]) -> list[tuple[tuple[slice, slice], Array]]:
    """For each phase its taps, and where their weights (taps, taps, O, C) are put, one behind the other."""
    weights, begin, found = scratch("weights", (conv.out_channels * conv.terms,), dtype), 0, []
    for p, q in product(*_phases(conv)):
        shape = p.length, q.length, conv.out_channels, conv.in_channels
        end = begin + math.prod(shape)
        found.append(((p.taps, q.taps), weights[begin:end].reshape(shape)))
        begin = end
    return found


class Columns:
    """The cotangents that some rows of each phase read, padded, and their columns, in this thread's buffers.

    Args:
        conv: the geometry.
        first: the first of the rows of each phase.
        stop: the row after the last.
        dtype: of the columns.
    """

    def __init__(self, conv: Conv, first: int, stop: int, dtype: np.dtype[Any]) -> None:
        self._conv, self._dtype, self._first = conv, dtype, first
        read = reading(conv)
        self._padded = PaddedRows(read, first, stop, 0, dtype)
        rows, (height, width) = share(stop - first, _height(conv, dtype)), read.window.kernel
        size = height * width * conv.out_channels * rows * read.output[1]
        self._buffer = scratch("columns", (size,), dtype)
        self._made = scratch("product", (conv.in_channels * rows * read.output[1],), dtype)
        starts = range(first, stop, rows)
        count = len(_phases(conv)[1])
        self._pieces = [self._piece(r, min(stop, r + rows), i) for r in starts for i in range(count)]

    def multiply(self, image: Array, matrices: list[Array], result: Array) -> None:
        """Write the gradient of some rows of an image's phases from its cotangents (O, rows, columns)."""
        self._padded.load(image)
        for goal, seen, products in self._pieces:
            np.copyto(goal, seen)
            for number, columns, made, rows, place in products:
                np.matmul(matrices[number], columns, out=made)
                result[place] = rows

    def _piece(self, start: int, stop: int, number: int) -> Piece:
        """The piece of some rows of the phases of one column of x."""
        conv, (along, across) = self._conv, _phases(self._conv)
        read, q = reading(conv), across[number]
        (top, left), (taps, _) = read.window.low, read.window.kernel
        shape = taps, q.length, conv.out_channels, stop - start, q.count
        columns = np.ndarray(shape, self._dtype, self._buffer)
        _, channel, row, place = self._padded.planes.strides
        begin = (start - self._first) * row + (left + q.first) * place
        seen = np.ndarray(shape, self._dtype, self._padded.planes, begin, (row, place, channel, row, place))
        products = []
        for i, p in enumerate(along):
            count, first = min(stop, p.count) - start, top + p.first
            if p.length and q.length and count > 0:
                matrix = columns[first : first + p.length].reshape(-1, (stop - start) * q.count)[:, : count * q.count]
                rows = np.ndarray((conv.in_channels, count, q.count), self._dtype, self._made)
                begin, step = p.targets.start + start * p.targets.step, p.targets.step
                goal = slice(None), slice(begin, begin + (count - 1) * step + 1, step), q.targets
                made = rows.reshape(conv.in_channels, -1)
                products.append(Product(i * len(across) + number, matrix, made, rows, goal))
        return Piece(as_items(columns), as_items(seen), products)


def _columns_of(conv: Conv, first: int, stop: int, dtype: np.dtype[Any]) -> Columns:
    """This thread's, the same again from call to call."""
    key = "phases", conv, first, stop, dtype
    return kept(key, lambda: Columns(*key[1:]))


@lru_cache(maxsize=1024)
def _phases(conv: Conv) -> tuple[list[Phase], list[Phase]]:
    """Those of the rows and those of the columns of x."""
    along, across = (phases(conv, i, "input_grad", 0, conv.input[i]) for i in range(2))
    return along, across


@lru_cache(maxsize=1024)
def reading(conv: Conv) -> Conv:
    """What all phases together read of y, as a convolution of stride 1.

    Example:
        >>> read = reading(Conv.of((1, 3, 8, 8), (5, 3, 3, 3), None, 2, 1))
        >>> read.window.kernel, read.window.padding, read.output
        ((2, 2), ((0, 1), (0, 1)), (4, 4))
    """
    kernel, padding, output = [], [], []
    for found, given in zip(_phases(conv), conv.output, strict=True):
        count = max(p.count for p in found)
        first = min(p.first for p in found if p.length)
        taps = max(p.first + p.length for p in found if p.length) - first
        kernel.append(taps)
        padding.append((-first, first + count + taps - 1 - given))
        output.append(count)
    ones = (1,) * len(kernel)
    return replace(
        conv,
        in_channels=conv.out_channels,
        out_channels=conv.in_channels,
        input=conv.output,
        output=tuple(output),
        window=Window(tuple(kernel), ones, tuple(padding), ones),
    )


def _height(conv: Conv, dtype: np.dtype[Any]) -> int:
    """The rows of a piece, as many as `in_cache` takes."""
    read = reading(conv)
    width = read.output[1]
    return max(1, in_cache.BLOCK // (read.terms * width * dtype.itemsize), -(-in_cache.NARROWEST // width))


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """Strides of two dimensions, one group, no dilation, taps that reach x, sums in the dtype of the operands."""
    if conv.window.ndim != 2 or conv.groups > 1 or set(conv.window.stride) == {1} or set(conv.window.dilation) != {1}:
        return False
    if not conv.multiplications or conv.out_channels * conv.terms * dtype.itemsize > LIMIT:
        return False
    if not all(any(p.length for p in found) for found in _phases(conv)):
        return False
    return in_cache.ALGORITHM.supports(reading(conv), dtype)


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:  # noqa: ARG001
    item, read, (along, across) = dtype.itemsize, reading(conv), _phases(conv)
    lists = in_cache.lists_of(read, dtype)
    loads, rows = sum(map(len, lists)), sum(s.stop - s.first for some in lists for s in some)
    taps, _ = read.window.kernel
    gathered = rows * taps * conv.out_channels * sum(q.length * q.count for q in across) * item
    begun = gathered / item / read.output[1] * in_cache.GATHERED_RUN
    padded = (rows + loads * (taps - 1)) * conv.out_channels * pitch(read) * item
    weights, pieces = conv.out_channels * conv.terms * item, max(loads, rows / _height(conv, dtype))
    moved = gathered + begun + 2.0 * padded + WRITTEN * conv.batch * conv.in_channels * math.prod(conv.input) * item
    moved += (TURNED + in_cache.WEIGHTS * pieces) * weights
    calls = 2 + 4 * loads + pieces * len(across) * (1 + len(along))
    efficiency = min(1.0, conv.in_channels / 16)
    return Estimate(2.0 * conv.multiplications, efficiency, moved, calls, in_cache.WIDEST + in_cache.ROOM + weights)


ALGORITHM = Algorithm("phases", _supports, _estimate, None, input_grad, None, alone_below=in_cache.ALONE)
