"""Small images of many channels: columns with the channels innermost, so that runs are long where rows are short.

The image is copied into rows of pixels, each pixel the run of its channels. A tap's share of the columns is then a copy
whose inner loop goes over the channels, and in the gradient with respect to x an addition of that kind. Where the
columns are few beside the weights, they lie as the weights do, (channels, taps), so that the weights and their gradient
are never turned over. Else they lie (taps, channels), so that the copies are of runs, and the weights are turned over
once. Where there are work and positions enough, some images each are the pieces for several threads; else BLAS's own
threads share the products, as they do in the gradient with respect to w.

Measured beside torch 2.13 on two threads of a server with AVX-512, eight images, against rows of columns (`im2col`) in
brackets: the gradient with respect to x 1.7 (4.2) for 256 channels of 4×4, 1.2 (4.1) for 512 of 2×2; that with respect
to w 0.75 (1.4), 0.4 (1.1); forward 1.3 (1.4), 1.3 (1.1). With the weights turned, as the share of the time of rows of
columns: 0.85 forward, 0.55 and 0.9 for 128 channels of 8×8, 1.05, 0.75 and 1 for 64 of 16×16; with the weights as they
are 1.2, 0.75 and 1.25, 1.9, 1.15 and 1.85. On one image of 14×14 to 56×56 rows win forward, with 0.7 to 0.9 of the
time, and on eight where the channels are few and their runs short (0.7 for 5×5/2 of 32 channels). In pieces the
gradient with respect to x of eight images takes 0.8 to 2.0 times what torch takes for 1×7, 3×3/2, 3×3 and 5×5, 1.4 in
the geometric mean; with the copies on one thread, and BLAS's threads in the products, it was 1.9.

With a stride the taps side by side that fit in it read pixels side by side: they are copied, and added, in one run, and
where there is one image the cotangents are multiplied as they lie. By turns with the taps one by one and the cotangents
copied, the gradient with respect to x takes, of that time, 0.06 for 256 taps with a stride of 128, 0.79 and 0.86 for
3×3/2 of 128 channels of 56×56 and 512 of 14×14, 0.87 for 5×5/2 of 32, 0.86 for 5×5 of 64.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.row_tiles import channels_innermost, share
from pyconv.kernels.conv.tiles import parts_wanted
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]
Index = tuple[slice, ...]

MOVED = {"forward": 7.0, "input_grad": 8.0, "weight_grad": 3.5}
"""How many times the bytes of the columns could be moved in runs in the time that they take element by element."""
COPIED = 2.5
"""The same where they lie (taps, channels), and are copied in runs of channels."""
BEGUN = 180
"""Bytes that could be moved in the time that it takes to begin a run that is copied or added."""
TURNED = 3.0
"""The same for images and weights that are turned over."""
FEWEST_POSITIONS = 192
"""Output positions of a piece for one of several threads, at the least: all the weights are read for each."""
FEW = 8
"""Positions with which a product runs at half of its speed."""


def forward(x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    dtype = dtypes.accumulation(x.dtype)
    weights = _weights(w, conv, dtype).T

    def work(images: slice) -> None:
        columns = _gathered(x[images], conv, dtype)
        y = scratch("product", (*columns.shape[:-1], len(w)), dtype)
        np.matmul(_matrix(columns), weights, out=_matrix(y))
        if b is not None:
            y += b
        channels_innermost(out[images])[...] = y

    _each(work, list(_tiles(conv, dtype, _most(conv))))


def input_grad(gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    dtype = dtypes.accumulation(gy.dtype)
    weights = _weights(w, conv, dtype)

    def work(images: slice) -> None:
        count = images.stop - images.start
        columns = scratch("columns", (count, *conv.output, conv.terms), dtype)
        np.matmul(_rows(gy[images], dtype), weights, out=_matrix(columns))
        pixels, lines = _pixels(count, conv, dtype)
        pixels.fill(0)
        columns = _by_taps(columns, conv, dtype)
        for taps, place in _places(conv):
            lines[place] += columns[..., taps, :]
        goal = channels_innermost(out[images])
        part, inside = _overlap(conv)
        if goal[part].shape != goal.shape:
            goal[...] = 0
        goal[part] = pixels[inside]

    _each(work, list(_tiles(conv, dtype, _most(conv))))


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    dtype = dtypes.accumulation(x.dtype)
    direct = out.dtype == dtype and not _turns(conv, dtype)
    total = out.reshape(len(out), -1) if direct else scratch("weights", (len(out), conv.terms), dtype)
    for images in _tiles(conv, dtype, conv.batch):
        columns = _matrix(_gathered(x[images], conv, dtype))
        given = _rows(gy[images], dtype).T
        if images.start:
            total += given @ columns
        else:
            np.matmul(given, columns, out=total)
    if not direct:
        out.reshape(*conv.w_shape[:2], -1)[...] = _by_taps(total, conv, dtype).swapaxes(1, 2)


def _turns(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """Whether the weights are turned over to (taps, channels), and the columns lie so."""
    small = conv.out_channels * conv.terms * dtype.itemsize <= LIMIT // 2
    return small and conv.window.taps > 1 and conv.batch * conv.positions >= 2 * conv.out_channels


def _by_taps(rows: Array, conv: Conv, dtype: np.dtype[Any]) -> Array:
    """(…, K), as the columns lie → the view (…, taps, C)."""
    lead, channels, taps = rows.shape[:-1], conv.in_channels, conv.window.taps
    if _turns(conv, dtype):
        return rows.reshape(*lead, taps, channels)
    return rows.reshape(*lead, channels, taps).swapaxes(-1, -2)


def _weights(w: Array, conv: Conv, dtype: np.dtype[Any]) -> Array:
    """(O, C, *kernel) → (O, K), as the columns lie."""
    if not _turns(conv, dtype):
        return w.reshape(len(w), -1).astype(dtype, copy=False)
    weights = scratch("weights", (len(w), conv.terms), dtype)
    _by_taps(weights, conv, dtype)[...] = w.reshape(*w.shape[:2], -1).swapaxes(1, 2)
    return weights


def _gathered(x: Array, conv: Conv, dtype: np.dtype[Any]) -> Array:
    """(n, *output, K): the columns, in a scratch buffer."""
    pixels, lines = _pixels(len(x), conv, dtype)
    part, inside = _overlap(conv)
    if pixels[inside].shape != pixels.shape:
        pixels.fill(0)
    pixels[inside] = channels_innermost(x)[part]
    columns = scratch("columns", (len(x), *conv.output, conv.terms), dtype)
    seen = _by_taps(columns, conv, dtype)
    for taps, place in _places(conv):
        seen[..., taps, :] = lines[place]
    return columns


def _rows(gy: Array, dtype: np.dtype[Any]) -> Array:
    """(n, O, *output) → (positions, O): a view of one image, in a scratch buffer of several."""
    if len(gy) == 1 and gy.dtype == dtype:
        return gy.reshape(gy.shape[1], -1).T
    turned = channels_innermost(gy)
    copy = scratch("cotangent", turned.shape, dtype)
    copy[...] = turned
    return _matrix(copy)


def _matrix(rows: Array) -> Array:
    """(n, *output, K) → (positions, K)."""
    return rows.reshape(-1, rows.shape[-1])


def _pixels(count: int, conv: Conv, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """(n, *spatial, C) in a scratch buffer, and the same with the last axis in runs: (n, …, W/run, run, C)."""
    *outer, width = _reach(conv)
    run = _run(conv)
    pixels = scratch("pixels", (count, *outer, -(-width // run) * run, conv.in_channels), dtype)
    return pixels, pixels.reshape(count, *outer, -1, run, conv.in_channels)


def _run(conv: Conv) -> int:
    """Taps side by side that read pixels side by side, and in each of several places others."""
    return conv.window.stride[-1] if conv.window.dilation[-1] == 1 else 1


def _places(conv: Conv) -> Iterator[tuple[slice, tuple[slice, ...]]]:
    """For each run of taps which they are, and which of the pixels, in runs, they read."""
    window, run = conv.window, _run(conv)
    *outer, last = window.kernel
    apart, positions = window.stride[-1] // run, conv.output[-1]
    for number, taps in enumerate(product(*(range(n) for n in outer))):
        along = zip(taps, window.dilation, window.stride, conv.output, strict=False)
        rows = [slice(k * d, k * d + (n - 1) * s + 1, s) for k, d, s, n in along]
        for tap in range(0, last, run):
            first, some = tap * window.dilation[-1] // run, min(run, last - tap)
            columns = slice(first, first + (positions - 1) * apart + 1, apart)
            taken = slice(number * last + tap, number * last + tap + some)
            yield taken, (slice(None), *rows, columns, slice(0, some))


def _reach(conv: Conv) -> tuple[int, ...]:
    """The pixels that the outputs of an image read, along each axis."""
    window = conv.window
    return tuple((n - 1) * s + e for n, s, e in zip(conv.output, window.stride, window.extent, strict=True))


def _overlap(conv: Conv) -> tuple[Index, Index]:
    """Which part of images (n, *input, c) is read, and where it lies among their pixels."""
    part, inside = [slice(None)], [slice(None)]
    for n, (low, _), reach in zip(conv.input, conv.window.padding, _reach(conv), strict=True):
        begin = min(n, max(0, -low))
        end = max(begin, min(n, reach - low))
        part.append(slice(begin, end))
        inside.append(slice(begin + low, end + low))
    return tuple(part), tuple(inside)


def _size(conv: Conv) -> int:
    """Elements of the columns of one image."""
    return conv.positions * conv.terms


def _largest(conv: Conv) -> int:
    """Elements of the largest buffer of one image."""
    return max(_size(conv), math.prod(_reach(conv)) * conv.in_channels, conv.positions * conv.out_channels)


def _most(conv: Conv) -> int:
    """Images of a piece at the most: fewer than all where each of several pieces has work and positions enough."""
    some = -(-conv.batch // parts_wanted(conv))
    return some if some * conv.positions >= FEWEST_POSITIONS else conv.batch


def _each(work: Callable[[slice], None], tiles: list[slice]) -> None:
    """`work` on each tile: on several threads where there are several, else with BLAS's own threads in its product."""
    if len(tiles) == 1:
        work(tiles[0])
        return
    with threads.together():
        threads.each(work, tiles)


def _tiles(conv: Conv, dtype: np.dtype[Any], most: int) -> Iterator[slice]:
    """At most `most` images, whose buffers keep to the limit."""
    step = share(conv.batch, min(most, LIMIT // (_largest(conv) * dtype.itemsize)))
    for image in range(0, conv.batch, step):
        yield slice(image, min(conv.batch, image + step))


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """One group, floating point, and no image with columns beyond the limit of a buffer."""
    wide = dtypes.accumulation(dtype)
    if conv.groups > 1 or wide.kind not in "fc" or not conv.multiplications:
        return False
    return _largest(conv) * wide.itemsize <= LIMIT


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    step = share(conv.batch, LIMIT // (_largest(conv) * dtypes.accumulation(dtype).itemsize))
    last = conv.window.kernel[-1]
    runs = conv.window.taps // last * -(-last // _run(conv))
    calls = -(-conv.batch // step) * (1.5 * runs + 8)
    efficiency = 1 / (1 + FEW / max(1, conv.positions * step))
    turns, item = _turns(conv, dtypes.accumulation(dtype)), dtypes.accumulation(dtype).itemsize
    copied = (1.0 if conv.window.taps == 1 else COPIED if turns else MOVED[name]) * _size(conv)
    turned = TURNED * (math.prod(_reach(conv)) * conv.in_channels + conv.positions * conv.out_channels)
    weights = conv.out_channels * conv.terms if turns else 0
    begun = BEGUN * conv.batch * conv.positions * runs if turns and name != "weight_grad" else 0
    moved = item * (conv.batch * (copied + turned) + TURNED * weights) + begun
    return Estimate(2.0 * conv.multiplications, efficiency, moved, calls, 3 * LIMIT + weights * item)


ALGORITHM = Algorithm("channels-last", _supports, _estimate, forward, input_grad, weight_grad, blas_below=sys.maxsize)
