"""Depthwise: each row of the image once for every column of the kernel, stacked, and products of runs of the stack.

The copies of a row, shifted by the columns of the kernel, lie one under the other, and those of the next row below
them. What some rows of outputs read is then one run of the stack, whichever rows they are: it is multiplied where it
lies, by a matrix in which the kernel's rows stand on a diagonal. Rows are as long as makes products fast, with places
between them that are multiplied in vain, and those of several narrow images lie side by side.

The gradient with respect to x is the same map with the kernel turned round.

Measured on a server with AVX-512 by turns with what served the layers before, the forward pass on one thread: 0.65 of
the time of `strips` with 7×7 kernels in images of 56² and 0.7 in 28², 0.7 of that of `depthwise` with 5×5 in 28², 0.8
to 0.86 of that of `toeplitz` with 3×3 in 56² and 112²; with eight images 0.65 to 0.95. Two threads gain less, as their
copies at once took 1.9 times as long as one thread's: 0.8 to 0.9 with 7×7, 5×5, and 3×3 in 112², 1.0 with 3×3 in 56²,
and with eight images 0.6 to 0.9. With 16 places to a row products are half as fast: what is narrower, 14² and 7², is
left to the others.

Tried and not kept, as shares of the time of the algorithms named above: strides, with the phases of the padded rows as
`gather` splits them (0.7 to 0.9 on one thread, 1.0 to 1.2 on two); groups of 4 to 24 channels (1.0 to 1.4 of the time
of `runs` with one image, 0.9 to 1.07 with eight); squares of 4×4 outputs, each a row of a product with what it reads,
copied out in strips of 40 bytes (0.8 to 1.2 on one thread, 1.0 to 1.4 on two).

A zero beside the diagonal times an infinity is no zero. Where a result is not finite, `direct` computes those images
and channels again.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.gather import as_items
from pyconv.kernels.conv.row_stacks import Form, Stack, form_of
from pyconv.kernels.conv.row_tiles import share
from pyconv.kernels.conv.spoilt import Piece, forward_again, input_grad_again, is_finite
from pyconv.kernels.scratch import LIMIT, kept, scratch

Array = np.ndarray[Any, Any]

BLOCK = 3 << 19
"""Bytes of the stack of a piece. In half of it one thread takes 0.9 of the time, and two, with twice as many calls to
wait for each other between, 0.9 to 1.8 on a busy machine."""
PARTS = 2
"""Pieces into which the channels are cut at least, where there are as many."""
LISTS = 8
"""Lists of pieces into which several images are cut at least."""
ALONE = 1 << 21
"""Multiplications below which one thread works: 1.4 million take it 0.7 ms, as long as two."""
COLUMNS = 9
"""Columns of a kernel at most: with 11, in images of 56², it takes 1.0 to 1.1 times as long as `strips`."""
ITEM = 100.0
"""Bytes that could be copied in the time that it takes to begin on a row."""


class Pass:
    """One of the two maps that write an image.

    Args:
        form: what it reads and writes.
        source: (N, C, rows, columns) that are read.
        weights: (C, kernel rows, kernel columns).
        bias: (C, 1, 1) or None.
        target: (N, C, rows, columns) that are written.
        dtype: in which sums are formed.
    """

    def __init__(
        self, form: Form, source: Array, weights: Array, bias: Array | None, target: Array, dtype: np.dtype[Any]
    ) -> None:
        self._form, self._source, self._weights, self._bias, self._target = form, source, weights, bias, target
        self._dtype, self._last, self._spoilt = dtype, dict[int, Stack](), list[Piece]()

    def run(self) -> list[Piece]:
        """All pieces; returns those whose results are not finite."""
        threads.each(self._work, _lists(*self._target.shape[:2], self._form, self._dtype.itemsize, BLOCK))
        return self._spoilt

    @np.errstate(invalid="ignore", over="ignore")
    def _work(self, pieces: list[Piece]) -> None:
        """The pieces of a list, which have the same matrices."""
        matrices = _matrices(self._form, self._weights[pieces[0][1]], self._dtype)
        self._spoilt += [piece for piece in pieces if not self._is_finite(matrices, piece)]

    def _is_finite(self, matrices: Array, piece: Piece) -> bool:
        """Write some channels of some images; returns whether the result is finite."""
        target = self._target[piece]
        stack = self._stack(*target.shape[:2])
        stack.load(self._source[piece])
        fits = target.dtype == self._dtype and target[0].size == stack.made.size
        made = target.reshape(stack.made.shape) if fits else stack.made
        np.matmul(matrices, stack.read, out=made)
        if not fits:
            stack.unload(target)
        if self._bias is not None:
            target += self._bias[piece[1]]
        return is_finite(made)

    def _stack(self, images: int, channels: int) -> Stack:
        """This thread's stack for so many images and channels, with zeros around its rows."""
        key, here = (self._form, images, channels, self._dtype), threading.get_ident()
        stack = kept(key, lambda: Stack(*key))
        if self._last.get(here) is not stack:
            stack.clear()
            self._last[here] = stack
        return stack


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    bias = None if b is None else b.reshape(-1, 1, 1)
    spoilt = Pass(form_of(conv, "forward"), x, w[:, 0], bias, out, dtypes.accumulation(x.dtype)).run()
    forward_again(x, w, b, conv, out, spoilt)


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    form, turned = form_of(conv, "input_grad"), w[:, 0, ::-1, ::-1]
    spoilt = Pass(form, gy, turned, None, out, dtypes.accumulation(gy.dtype)).run()
    input_grad_again(gy, w, conv, out, spoilt)


@lru_cache(maxsize=1024)
def _lists(images: int, channels: int, form: Form, item: int, block: int) -> list[list[Piece]]:
    """Some channels of some images, those in a list of the same channels."""
    fit = min(block // (form.stack * item), LIMIT // (form.matrix * item))
    step = share(channels, min(fit, -(-channels // PARTS)))
    piles = [slice(i, min(images, i + form.images)) for i in range(0, images, form.images)]
    lists = -(-LISTS // -(-channels // step))
    length = -(-len(piles) // lists)
    return [
        [(pile, slice(c, min(channels, c + step))) for pile in piles[i : i + length]]
        for c in range(0, channels, step)
        for i in range(0, len(piles), length)
    ]


def _matrices(form: Form, weights: Array, dtype: np.dtype[Any]) -> Array:
    """(c, kernel rows, kernel columns) → (c, 1, rows, K): the rows of the kernel on a diagonal."""
    given = np.ascontiguousarray(weights, dtype)
    channels, down, across = given.shape
    matrices = scratch("matrices", (channels, form.rows, form.reach, across), dtype)
    matrices.fill(0)
    channel, output, row, place = matrices.strides
    steps = (channel, output + row, row, place)
    goal = np.ndarray((channels, form.rows, down, across), dtype, matrices, 0, steps)
    np.copyto(as_items(goal), as_items(given)[:, None])
    return matrices.reshape(channels, 1, form.rows, form.terms)


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """Depthwise, two dimensions, stride and dilation 1, few kernel columns, floating point; no buffer too large."""
    window, wide = conv.window, dtypes.accumulation(dtype)
    plain = window.ndim == 2 and set(window.stride) == set(window.dilation) == {1}
    depthwise = conv.groups == conv.in_channels == conv.out_channels
    if not (plain and depthwise and window.kernel[1] <= COLUMNS and wide.kind in "fc" and conv.multiplications):
        return False
    return max(_needs(form_of(conv, name)) for name in ("forward", "input_grad")) * wide.itemsize <= LIMIT // 2


def _needs(form: Form) -> int:
    """Elements of the largest buffer of a channel."""
    return max(form.stack, form.product, form.matrix, form.padded)


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    item, form = dtypes.accumulation(dtype).itemsize, form_of(conv, name)
    lists, piles = _lists(conv.batch, conv.groups, form, item, BLOCK), -(-conv.batch // form.images)
    places = form.images * form.pitch
    lines = form.images * (form.total * (1 + form.taps[1]) + form.length[0])
    moved = piles * (item * (2.0 * (form.padded + form.stack) + form.product) + ITEM * lines)
    moved += len(lists) * (2.0 * item * form.matrix + ITEM * form.rows * form.taps[0]) / conv.groups
    flops = 2.0 * piles * conv.groups * form.blocks * form.matrix * places
    calls = 3 * len(lists) + 4 * sum(map(len, lists))
    workspace = 5 * max(BLOCK, item * _needs(form))
    return Estimate(flops, min(0.7, places / 56), conv.groups * moved, calls, workspace)


ALGORITHM = Algorithm("stacked-rows", _supports, _estimate, forward, input_grad, None, alone_below=ALONE)
