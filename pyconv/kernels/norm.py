"""Statistics over some axes of an array, and what normalization makes of them: forward and backward.

Everything runs block by block, a block small enough for the cache, and is added up in double precision: beside the
result there is never a temporary of the input's size. May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`.

Legend: μ mean, r one over the standard deviation, x̂ = (x - μ)·r, w and b the affine parameters, g the cotangent of
y = x̂·w + b. The statistics and the parameters have the rank of the array, with 1 along what they do not depend on.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from pyconv import dtypes

Array = np.ndarray[Any, Any]
Axes = tuple[int, ...]
Block = tuple[slice, ...]

BLOCK = 1 << 16
"""Elements of a block: half a megabyte in double precision."""


def blocks(shape: tuple[int, ...]) -> Iterator[Block]:
    """The parts, in memory order, into which an array of this shape is cut; each has at most BLOCK elements.

    Example:
        >>> [part[0] for part in blocks((3, 1 << 15))]
        [slice(0, 2, None), slice(2, 3, None)]
    """
    steps = []
    room = BLOCK
    for n in reversed(shape):
        steps.append(max(1, min(n, room)))
        room //= max(1, n)
    cuts = [[slice(i, min(i + step, n)) for i in range(0, n, step)] for n, step in zip(shape, reversed(steps))]
    return itertools.product(*cuts)


def part(array: Array, block: Block) -> Array:
    """What of an array that broadcasts belongs to a block."""
    return array[tuple(slice(None) if n == 1 else cut for n, cut in zip(array.shape, block, strict=True))]


def _kept(shape: tuple[int, ...], axes: Axes) -> tuple[int, ...]:
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


def moments(x: Array, axes: Axes) -> tuple[Array, Array]:
    """The mean and the biased variance over some axes, in double precision.

    The blocks' moments are joined by the update of T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating Formulae and a
    Pairwise Algorithm for Computing Sample Variances", 1979: one traversal, with the accuracy of two.

    Args:
        x: floating point, of any rank.
        axes: what to average over.

    Returns:
        Two float64 arrays with 1 along `axes`; NaN where there is nothing to average.

    Example:
        >>> mean, variance = moments(np.array([[1.0, 3.0], [2.0, 2.0]]), (1,))
        >>> mean.ravel(), variance.ravel()
        (array([2., 2.]), array([1., 0.]))
    """
    mean, square, count = (np.zeros(_kept(x.shape, axes)) for _ in range(3))
    with np.errstate(all="ignore"):
        for block in blocks(x.shape):
            wide = x[block].astype(np.float64)
            n = math.prod(wide.shape[i] for i in axes)
            center = wide.sum(axis=axes, keepdims=True) / n
            wide -= center
            before, total = part(count, block), part(count, block) + n
            away = center - part(mean, block)
            part(square, block)[...] += _dot(wide, wide, axes) + away * away * (before * n / total)
            part(mean, block)[...] += away * (n / total)
            before[...] = total
        empty = np.where(count == 0, np.nan, 1.0)
        return mean * empty, square / np.maximum(count, 1) * empty


def _dot(a: Array, b: Array, axes: Axes) -> Array:
    """The sum of a·b over some axes, which are kept with size 1."""
    rest = [i for i in range(a.ndim) if i not in axes]
    if len(rest) == a.ndim:
        return a * b
    found = np.einsum(a, list(range(a.ndim)), b, list(range(b.ndim)), rest)
    return np.asarray(found).reshape(_kept(a.shape, axes))


def _joins(scale: Array, w: Array | None, x: Array) -> bool:
    """Whether a statistic and a parameter together are smaller than the input."""
    return w is None or math.prod(np.broadcast_shapes(scale.shape, w.shape)) < max(2, x.size)


def _split(value: Array, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """A float64 value in a narrower dtype, and what that leaves over."""
    near = value.astype(dtype)
    return near, value - near


def normalize(x: Array, mean: Array, scale: Array, w: Array | None, b: Array | None) -> Array:
    """(x - mean)·scale·w + b, of the dtype of `x`, computed in at least single precision.

    Args:
        x: floating point.
        mean: float64, as are the others; they broadcast to `x`.
        scale: what x - mean is multiplied by.
        w: multiplies too; None for 1.
        b: is added; None for 0.
    """
    work = dtypes.accumulation(x.dtype)
    joined = _joins(scale, w, x) and _joins(scale, b, x)
    slope = scale if w is None or not joined else scale * w
    center, rest = _split(mean, work)
    # What rounding the mean leaves over goes where it costs nothing: into the constant, or back through the slope.
    shift = -rest * slope
    if joined and b is not None:
        shift = shift + b
    slope, shift = slope.astype(work), shift.astype(work)
    out = np.empty(x.shape, x.dtype)
    for block in blocks(x.shape):
        target = out[block] if out.dtype == work else np.empty(out[block].shape, work)
        np.subtract(x[block].astype(work, copy=False), part(center, block), out=target)
        target *= part(slope, block)
        target += part(shift, block)
        if not joined:
            for operation, operand in ((np.multiply, w), (np.add, b)):
                if operand is not None:
                    operation(target, part(operand, block).astype(work), out=target)
        if out.dtype != work:
            out[block] = target
    return out


class Sums(NamedTuple):
    """The sums that all cotangents are made of, in double precision.

    Attributes:
        v: of g·w, over the axes of the statistics.
        vx: of g·w·x̂, likewise.
        b: of g, over what the parameters do not depend on.
        w: of g·x̂, likewise.
    """

    v: Array
    vx: Array
    b: Array
    w: Array


def sums(g: Array, x: Array, mean: Array, rstd: Array, w: Array | None, axes: Axes, affine: Axes) -> Sums:
    """The sums of a backward pass, in one traversal of `g` and `x`.

    Args:
        g: the cotangent of the result.
        x: the input, of the same shape.
        mean: μ, float64.
        rstd: r, float64.
        w: float64; None for 1.
        axes: those of the statistics.
        affine: those that the parameters do not depend on.
    """
    shared = tuple(i for i in axes if i in affine)
    own, params = _kept(x.shape, axes), _kept(x.shape, affine)
    found = Sums(np.zeros(own), np.zeros(own), np.zeros(params), np.zeros(params))
    for block in blocks(x.shape):
        plain, centered = g[block].astype(np.float64), x[block].astype(np.float64)
        centered -= part(mean, block)
        product = _dot(plain, centered, shared)
        product *= part(rstd, block)
        plain = plain.sum(axis=shared, keepdims=True) if shared else plain
        part(found.b, block)[...] += plain.sum(axis=affine, keepdims=True)
        part(found.w, block)[...] += product.sum(axis=affine, keepdims=True)
        factor = np.broadcast_to(1.0 if w is None else part(w, block), plain.shape)
        part(found.v, block)[...] += _dot(plain, factor, axes)
        part(found.vx, block)[...] += _dot(product, factor, axes)
    return found


def input_gradient(
    g: Array, x: Array, mean: Array, rstd: Array, w: Array | None, factor: Array | None, found: Sums, count: int
) -> Array:
    """r·f·(v - mean(v) - x̂·mean(v·x̂)) with v = g·w: the cotangent of x, where the statistics are those of x.

    Args:
        g: the cotangent of the result; its dtype is the result's.
        x: the input.
        mean: μ, float64.
        rstd: r, float64.
        w: float64; None for 1.
        factor: f, float64, which is constant where a statistic is; None for 1.
        found: the sums for this w.
        count: how many elements a statistic is made of.
    """
    work = dtypes.accumulation(g.dtype)
    out = np.empty(g.shape, g.dtype)
    with np.errstate(all="ignore"):
        slope, constant = found.vx * rstd / count, found.v / count
        center, rest = _split(mean, work)
        constant, slope = (constant - rest * slope).astype(work), slope.astype(work)
        scale = (rstd if factor is None else rstd * factor).astype(work)
        for block in blocks(x.shape):
            away = np.subtract(x[block].astype(work, copy=False), part(center, block))
            away *= part(slope, block)
            away += part(constant, block)
            value = g[block].astype(work, copy=False)
            if w is not None:
                value = value * part(w, block).astype(work)
            np.subtract(value, away, out=away)
            np.multiply(away, part(scale, block), out=out[block], casting="unsafe")
    return out
