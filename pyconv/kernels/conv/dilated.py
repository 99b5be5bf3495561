"""Dilated kernels by minimal filtering: taps d apart meet every d-th row and column alone, a phase of the image.

The phases of all images are gathered, convolved as images of their own by `winograd` with an undilated kernel, and
their results interleaved. Where a dimension is no multiple of d, zeros fill the shorter phases up.

On two threads beside what served them before, `im2col`, `in_cache`, `turned`, one image and eight: 512 channels on 28²
dilated by 2 take 0.79 to 0.88 and 0.84 of the time forward and 0.81 and 0.71 back, 256 on 28² 1.0 and 0.77, back 0.77
and 0.76, 256 on 56² dilated by 4 0.81, back 0.79; F(4, 3), where it is allowed, 0.64 to 0.82. 64 channels on 56² take
0.92 to 1.1: there copying the phases is a fifth of it. F(3, 3) takes 0.96 to 1.2 of F(2, 3)'s time in phases so small.
Other algorithms on the phases take longer than on the whole: `in_cache` 1.03 to 1.4, `im2col` 0.9 to 1.5,
`channels_last` 1.05 to 2.4, and for the weights' gradient `im2col` 1.1 and `kernel_rows` 1.4 to 1.7 times as long.

A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from itertools import product
from typing import Any

import numpy as np

from pyconv.geometry import Conv, Size, Window
from pyconv.kernels import threads
from pyconv.kernels.conv import winograd
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.scratch import LIMIT, scratch

Array = np.ndarray[Any, Any]
Unit = tuple[int, Size]

MOVED = 6.0
"""Bytes that could be moved in runs in the time that it takes to gather or interleave one, element by element."""


def _forward(inner: Algorithm, x: Array, w: Array, b: Array | None, conv: Conv, out: Array) -> None:
    """Write conv(x, w) + b into `out`."""
    forward = inner.forward
    assert forward is not None
    _run(conv, "forward", x, out, lambda phases, part, made: forward(phases, w, b, part, made))


def _input_grad(inner: Algorithm, gy: Array, w: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to x into `out`."""
    input_grad = inner.input_grad
    assert input_grad is not None
    _run(conv, "input_grad", gy, out, lambda phases, part, made: input_grad(phases, w, part, made))


def _run(conv: Conv, name: str, source: Array, out: Array, work: Callable[[Array, Conv, Array], None]) -> None:
    """Gather phases, have them convolved and interleave what that gives, as many at a time as the buffers hold."""
    phase, dilation = phase_of(conv, name), conv.window.dilation
    shapes = phase.x_shape[1:], phase.y_shape[1:]
    read, made = shapes if name == "forward" else shapes[::-1]
    skipped = tuple(low % d for low, d in zip(_low(conv, name), dilation, strict=True))
    for units in parts(conv, max(math.prod(read), math.prod(made)) * out.itemsize):
        phases = scratch("dilated", (len(units), *read), source.dtype)
        results = scratch("dilated results", (len(units), *made), out.dtype)
        threads.each(partial(gather, source, dilation, skipped), list(zip(units, phases, strict=True)))
        work(phases, replace(phase, batch=len(units)), results)
        threads.each(partial(_interleave, out, dilation), list(zip(units, results, strict=True)))


def parts(conv: Conv, size: int) -> Iterator[list[Unit]]:
    """All phases of all images, in lists of nearly the same length that fit a buffer where one phase does."""
    units = list(product(range(conv.batch), product(*map(range, conv.window.dilation))))
    count = -(-len(units) // max(1, LIMIT // size))
    step = -(-len(units) // count)
    return (units[start : start + step] for start in range(0, len(units), step))


def gather(source: Array, dilation: Size, skipped: Size, some: tuple[Unit, Array]) -> None:
    """Write one phase, which begins so many elements before the source as are skipped, with zeros around."""
    (image, firsts), goal = some
    taken: list[slice] = []
    places = [slice(None)]
    for first, d, before, size in zip(firsts, dilation, skipped, source.shape[2:], strict=True):
        start, place = (first - before) % d, int(first < before)
        taken.append(slice(start, size, d))
        places.append(slice(place, place + len(range(start, size, d))))
    inside = goal[tuple(places)]
    if inside.shape != goal.shape:
        goal.fill(0)
    part = (slice(None), *taken)
    inside[...] = source[image][part]


def _interleave(out: Array, dilation: Size, some: tuple[Unit, Array]) -> None:
    """Write the results of one phase."""
    (image, firsts), results = some
    part = (slice(None), *(slice(first, None, d) for first, d in zip(firsts, dilation, strict=True)))
    goal = out[image][part]
    goal[...] = results[tuple(map(slice, goal.shape))]


def _low(conv: Conv, name: str) -> Size:
    """The zeros before the source of a pass."""
    return conv.window.low if name == "forward" else conv.window.turned_low


@lru_cache(maxsize=1024)
def phase_of(conv: Conv, name: str) -> Conv:
    """The convolution of one phase of one image.

    Args:
        conv: the geometry, with a stride of 1.
        name: 'forward', or 'input_grad', of whose source and result it is the convolution back.

    Example:
        >>> phase = phase_of(Conv.of((1, 2, 27), (4, 2, 3), None, 1, 2, 2), "forward")
        >>> phase.input, phase.output, phase.window.padding, phase.window.dilation
        ((14,), (14,), ((1, 1),), (1,))
    """
    window, ones = conv.window, (1,) * conv.window.ndim
    is_forward = name == "forward"
    ends = (conv.input, conv.output) if is_forward else (conv.output, conv.input)
    lows, reads, writes = [], [], []
    for kernel, d, low, source, target in zip(window.kernel, window.dilation, _low(conv, name), *ends, strict=True):
        lows.append(low // d if is_forward else kernel - 1 - low // d)
        reads.append(-(-(source + low % d) // d))
        writes.append(-(-target // d))
    x, y = (tuple(reads), tuple(writes)) if is_forward else (tuple(writes), tuple(reads))
    padding = tuple((low, n + k - 1 - m - low) for low, m, n, k in zip(lows, x, y, window.kernel, strict=True))
    return replace(conv, batch=1, input=x, output=y, window=Window(window.kernel, ones, padding, ones))


def all_phases(conv: Conv, name: str) -> Conv:
    """The convolution of all phases of all images."""
    return replace(phase_of(conv, name), batch=conv.batch * math.prod(conv.window.dilation))


def _supports(inner: Algorithm, conv: Conv, dtype: np.dtype[Any]) -> bool:
    """A stride of 1, a dilation, and what is supported without one."""
    window = conv.window
    if set(window.stride) != {1} or set(window.dilation) == {1}:
        return False
    return all(inner.supports(all_phases(conv, name), dtype) for name in ("forward", "input_grad"))


def _estimate(inner: Algorithm, conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    phases = all_phases(conv, name)
    found = inner.estimate(phases, dtype, name)
    moved = (math.prod(phases.x_shape) + math.prod(phases.y_shape)) * dtype.itemsize
    return replace(found, traffic=found.traffic + MOVED * moved, workspace=found.workspace + min(moved, 2 * LIMIT))


def _algorithm(name: str, inner: Algorithm) -> Algorithm:
    return Algorithm(
        name,
        partial(_supports, inner),
        partial(_estimate, inner),
        partial(_forward, inner),
        partial(_input_grad, inner),
        None,
        loose=inner.loose,
    )


ALGORITHM = _algorithm("dilated", winograd.ALGORITHM)
HIGH = _algorithm("dilated-high", winograd.HIGH)
