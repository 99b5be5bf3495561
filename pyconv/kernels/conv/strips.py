"""Large kernels of few channels a group: four outputs of a row at a time, as products of strips of the image.

Four outputs beside one another read a strip that is three columns wider than the kernel. The strips are copied side by
side, so that what the outputs of one row read of a strip is one run of it, and what those of the next row read begins a
row further on and is not copied again. Each row of outputs is then one product of the (strips, K) runs and of a
(K, 4) matrix, which has the kernel four times, each time a column further right. BLAS multiplies matrices as small as
these without packing them. Rows that lie in the padding are left out of the products where a whole eighth of the
outputs finds none there.

The gradient with respect to x is the same map with the kernel turned round and channels exchanged.

Measured beside torch 2.13 on one core of a server with AVX-512, depthwise, forward, as ratios of times: 0.04 on 31×31
and 29×29, 0.05 on 21×21, 0.08 on 27×27 over 14×14 images, 1.05 on 11×11, 2.6 on 7×7 over 56×56 images; on two threads
1.7 to 3.4 on 11×11, the rest alike. Products of bands for each column of the kernel, which were added up afterwards,
took 1.1 to 1.6 times as long. Of the time on 11×11 three quarters are the products, at 60 to 80 operations a
nanosecond, a fifth of them with zeros beside the kernel. Tried and no faster: patches of several rows, whose outputs
have to be put in place (2×14, 8×2, 4×4); patches copied out whole, so that fewer and larger products are left (1.1 to
1.6 times as long); the smaller products of matrices that are not turned round (1.3 to 2).

A zero beside the kernel times an infinity is no zero. Where a result is not finite, `direct` computes those images and
groups again.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.image_piles import placed
from pyconv.kernels.conv.row_tiles import filters, planes, share
from pyconv.kernels.conv.spoilt import Piece, forward_again, input_grad_again, is_finite
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]

BLOCK = 1 << 20
"""Bytes of one buffer, chosen to stay in a core's second-level cache beside the others."""
PARTS = 2
"""Pieces into which the groups are cut, where there are as many: four took 1.2 to 1.7 times as long for one image of
28²."""
OUTPUTS = 4
"""Outputs of a row that a strip serves: as many as BLAS sums up at once."""
SPANS = 8
"""Parts into which the rows of outputs are cut."""


@dataclass(frozen=True)
class Operands:
    """One of the two maps that write an image.

    Attributes:
        source: (N, G, B, rows, columns) that are read.
        weights: (G, A, B, kernel rows, kernel columns).
        bias: (G, A, 1, 1) or None.
        target: (N, G, A, rows, columns) that are written.
        low: the padding before the first row and column; negative where they are cropped.
        dtype: in which sums are formed.
    """

    source: Array
    weights: Array
    bias: Array | None
    target: Array
    low: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def wide(self) -> int:
        """The columns of a strip."""
        return self.weights.shape[4] + OUTPUTS - 1

    @property
    def strips(self) -> int:
        """The strips of an image."""
        return -(-self.target.shape[4] // OUTPUTS)


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    bias = None if b is None else b.reshape(conv.groups, -1, 1, 1)
    low, dtype = conv.window.low, dtypes.accumulation(x.dtype)
    spoilt = _run(Operands(planes(x, conv), filters(w, conv), bias, planes(out, conv), low, dtype))
    forward_again(x, w, b, conv, out, spoilt)


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    low = conv.window.turned_low
    turned, dtype = filters(w, conv)[..., ::-1, ::-1].swapaxes(1, 2), dtypes.accumulation(gy.dtype)
    spoilt = _run(Operands(planes(gy, conv), turned, None, planes(out, conv), low, dtype))
    input_grad_again(gy, w, conv, out, spoilt)


def _run(given: Operands) -> list[Piece]:
    """All pieces; returns the images and groups whose results are not finite."""
    images, groups = given.target.shape[:2]
    needs = _needs(given.weights.shape[1:], given.target.shape[3:]) * given.dtype.itemsize
    step = share(groups, min(BLOCK // needs, -(-groups // PARTS)))
    each = images if groups >= PARTS * step else 1
    pieces = [
        (slice(image, min(images, image + each)), slice(group, min(groups, group + step)))
        for group in range(0, groups, step)
        for image in range(0, images, each)
    ]
    spoilt: list[Piece] = []
    threads.each(partial(_work, given, spoilt), pieces)
    return spoilt


@np.errstate(invalid="ignore", over="ignore")
def _work(given: Operands, spoilt: list[Piece], piece: Piece) -> None:
    """Some images of some groups; adds those that are not finite to `spoilt`."""
    images, groups = piece
    matrices = _matrices(given, groups)
    found = [i for i in range(images.start, images.stop) if not _finite(given, matrices, i, groups)]
    spoilt += [(slice(i, i + 1), groups) for i in found]


def _matrices(given: Operands, groups: slice) -> Array:
    """(g, A, 1, outputs, kernel rows, B·columns): the kernel for each output of a strip, a column further right."""
    weights, spare = given.weights[groups].swapaxes(2, 3), OUTPUTS - 1
    group, height, rows, depth, taps = weights.shape
    padded = scratch("kernels", (group, height, rows, depth, taps + 2 * spare), given.dtype)
    padded[..., :spare] = 0
    padded[..., spare : spare + taps] = weights
    padded[..., spare + taps :] = 0
    *lead, place = padded.strides
    shape = (group, height, OUTPUTS, rows, depth, given.wide)
    made, steps = scratch("matrices", shape, given.dtype), (*lead[:2], -place, *lead[2:], place)
    np.copyto(made, np.ndarray(shape, given.dtype, padded.data, spare * place, steps))
    return made.reshape(group, height, 1, OUTPUTS, rows, -1)


def _finite(given: Operands, matrices: Array, image: int, groups: slice) -> bool:
    """Write some groups of one image; returns whether the result is finite."""
    target, strips = given.target[image, groups], _strips(given, image, groups)
    group, height, rows, width = target.shape
    fits = target.dtype == given.dtype and width % OUTPUTS == 0
    y = target if fits else scratch("sums", (group, height, rows, OUTPUTS * given.strips), given.dtype)
    goal = y.reshape(group, height, rows, given.strips, OUTPUTS)
    outer, strip, row, place = strips.strides
    for span, low, high in _spans(rows, given.low[0], given.source.shape[3], matrices.shape[4]):
        shape = (group, 1, span.stop - span.start, given.strips, (high - low) * strips.shape[3])
        read = np.ndarray(shape, given.dtype, strips.data, (span.start + low) * row, (outer, 0, row, strip, place))
        chosen = matrices[..., low:high, :].reshape(*matrices.shape[:4], -1)
        np.matmul(read, chosen.swapaxes(3, 4), out=goal[:, :, span])
    if given.bias is not None:
        y += given.bias[groups]
    if y is not target:
        target[...] = y[..., :width]
    return is_finite(y)


def _strips(given: Operands, image: int, groups: slice) -> Array:
    """(g, strips, rows, B·columns): what the outputs of each strip read, zeros around the image."""
    source = given.source[image, groups].swapaxes(1, 2)
    group, _, depth, _ = source.shape
    rows = given.target.shape[3] + given.weights.shape[3] - 1
    columns = (given.strips - 1) * OUTPUTS + given.wide
    padded = placed("padded", source[..., None], (given.low[0], rows), (given.low[1], columns), given.dtype)
    outer, row, inner, place, _ = padded.strides
    shape = (group, given.strips, rows, depth, given.wide)
    made, steps = scratch("strips", shape, given.dtype), (outer, place * OUTPUTS, row, inner, place)
    np.copyto(made, np.ndarray(shape, given.dtype, padded.data, 0, steps))
    return made.reshape(group, given.strips, rows, -1)


def _spans(rows: int, low: int, total: int, taps: int) -> list[tuple[slice, int, int]]:
    """Some rows of outputs, and the bounds of the kernel rows that read any of the image's `total` rows for them."""
    step = -(-rows // SPANS)
    spans: list[tuple[slice, int, int]] = []
    for first in range(0, rows, step):
        last = min(rows, first + step)
        begin = min(taps - 1, max(0, low - last + 1))
        end = max(begin + 1, min(taps, total + low - first))
        if spans and spans[-1][1:] == (begin, end):
            spans[-1] = (slice(spans[-1][0].start, last), begin, end)
        else:
            spans.append((slice(first, last), begin, end))
    return spans


def _needs(weights: tuple[int, ...], target: tuple[int, ...]) -> int:
    """Elements of the largest buffer of one group, for weights of (A, B, *kernel) and images of (rows, columns)."""
    height, depth, down, across = weights
    strips, wide = -(-target[1] // OUTPUTS), across + OUTPUTS - 1
    read = strips * (target[0] + down - 1) * depth * wide
    return max(read, OUTPUTS * height * max(down * depth * wide, strips * target[0]))


def _sizes(conv: Conv, name: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(A, B, *kernel), and the rows and columns that are written."""
    x, y = conv.in_channels // conv.groups, conv.out_channels // conv.groups
    if name == "input_grad":
        return (x, y, *conv.window.kernel), conv.input
    return (y, x, *conv.window.kernel), conv.output


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """Two dimensions, stride and dilation 1, floating point, and no buffer larger than one that is kept."""
    window, wide = conv.window, dtypes.accumulation(dtype)
    plain = window.ndim == 2 and set(window.stride) == {1} and set(window.dilation) == {1}
    if not (plain and wide.kind in "fc" and conv.multiplications):
        return False
    return wide.itemsize * max(_needs(*_sizes(conv, name)) for name in ("forward", "input_grad")) <= LIMIT // 2


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    item = dtypes.accumulation(dtype).itemsize
    (height, depth, down, across), size = _sizes(conv, name)
    needs = _needs((height, depth, down, across), size)
    strips, wide = -(-size[1] // OUTPUTS), across + OUTPUTS - 1
    terms = depth * wide * min(down, (conv.output if name == "input_grad" else conv.input)[0])
    products = conv.batch * conv.groups * height * size[0]
    matrices = conv.groups * OUTPUTS * height * depth * down * wide
    copied = conv.batch * conv.groups * strips * (size[0] + down - 1) * depth * wide
    steps = max(PARTS, -(-item * conv.groups * needs // BLOCK))
    efficiency = min(1.0, terms / (terms + 150))
    calls = steps * (10 + conv.batch) + products * strips / 400
    moved = 4.0 * item * (matrices + copied)
    return Estimate(2.0 * products * strips * OUTPUTS * terms, efficiency, moved, calls, 4 * max(BLOCK, item * needs))


ALGORITHM = Algorithm("strips", _supports, _estimate, forward, input_grad, None)
