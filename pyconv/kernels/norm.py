"""Statistics over some axes of an array, and what normalization makes of them: forward and backward.

Everything runs block by block, a block small enough for the cache, and is added up in double precision, of float32 by
channels after a few samples were in single: beside the result there is never a temporary of the input's size. The
sums of ResNet-18's backward pass take 0.7 times as long so, and with rows joined what is made of them 0.8 times. Where
a layer is small it is the calls of NumPy that take time, as other data has filled the caches before each: with fewer of
them all layers of ResNet-18, of 64×64 images, took 0.8 times as long. There two threads take as long as one.

Past 300 lines because all passes are made of the same few sums over blocks. May import: NumPy, `pyconv.dtypes`,
`pyconv.kernels`.

Legend: μ mean, r one over the standard deviation, x̂ = (x - μ)·r, w and b the affine parameters, g the cotangent of
y = x̂·w + b. The statistics and the parameters have the rank of the array, with 1 along what they do not depend on.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

import numpy as np

from pyconv import dtypes
from pyconv.kernels import threads
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]
T = TypeVar("T")
Axes = tuple[int, ...]
Block = tuple[slice, ...]

BLOCK = 1 << 17
"""Elements of a block: a megabyte in double precision. With half as many threads wait for one another, and it takes 1.1
to 1.4 times as long."""
LARGE = 1 << 21
"""Elements from which on several threads share the blocks: of half a million two took 1.2 to 1.8 times as long as one
alone, of two million as long."""


def blocks(shape: tuple[int, ...]) -> Iterator[Block]:
    """The parts, in memory order, into which an array of this shape is cut; each has at most BLOCK elements.

    An array that has no more is one part, ().

    Example:
        >>> [part[0] for part in blocks((3, 1 << 16))]
        [slice(0, 2, None), slice(2, 3, None)]
    """
    if math.prod(shape) <= BLOCK and 0 not in shape:
        return iter([()])
    steps = []
    room = BLOCK
    for n in reversed(shape):
        steps.append(max(1, min(n, room)))
        room //= max(1, n)
    cuts = [[slice(i, min(i + step, n)) for i in range(0, n, step)] for n, step in zip(shape, reversed(steps))]
    return itertools.product(*cuts)


def _each(work: Callable[[Block], T], cuts: list[Block], size: int) -> list[T]:
    """What `work` gives for every block, in order; of an array of a large size by several threads."""
    if size < LARGE:
        return [work(block) for block in cuts]
    found: dict[int, T] = {}

    def run(number: int) -> None:
        with np.errstate(all="ignore"):
            found[number] = work(cuts[number])

    with threads.together():
        threads.each(run, range(len(cuts)))
    return [found[number] for number in range(len(cuts))]


def part(array: Array, block: Block) -> Array:
    """What of an array that broadcasts belongs to a block."""
    if not block:
        return array
    return array[tuple(slice(None) if n == 1 else cut for n, cut in zip(array.shape, block, strict=True))]


def _kept(shape: tuple[int, ...], axes: Axes) -> tuple[int, ...]:
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


def moments(x: Array, axes: Axes) -> tuple[Array, Array]:
    """The mean and the biased variance over some axes, in double precision.

    In single precision they come from the sums of the elements and of their squares, unless the mean is far from zero.
    Else the blocks' moments are joined by the update of T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating Formulae and
    a Pairwise Algorithm for Computing Sample Variances", 1979: one traversal, with the accuracy of two.

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
    with np.errstate(all="ignore"):
        found = _moments_by_channel(x) if _is_by_channel(axes, x) else None
        found = _moments_at_once(x, axes) if found is None else found
        return _moments_by_update(x, axes) if found is None else found


def _moments_by_channel(x: Array) -> tuple[Array, Array] | None:
    """The moments of the channels of (N, C, L), partly in single precision; None where the means are not near zero."""
    return _moments_of_sums(*_sums_by_channel(x, x), x.size // x.shape[1], 1 + CLOSE)


def _moments_of_sums(total: Array, squares: Array, count: int, limit: float) -> tuple[Array, Array] | None:
    """The moments from the sums of the elements and of their squares; None where these are too large for that."""
    mean = total / count
    spread = squares - total * mean
    return (mean, spread / count) if (squares <= limit * spread).all() else None


def _moments_at_once(x: Array, axes: Axes) -> tuple[Array, Array] | None:
    """The moments from the sums of the elements and of their squares; None where these are too large for that."""
    count = math.prod(x.shape[i] for i in axes)
    if x.dtype == np.float64 or not count:
        return None

    def sums_of(block: Block) -> tuple[Array, Array]:
        wide = _wide(x, block, "values")
        return _total(wide, axes), _dot(wide, wide, axes)

    return _moments_of_sums(*_joined(x.shape, axes, sums_of), count, FAR)


def _is_by_channel(axes: Axes, *arrays: Array) -> bool:
    """Whether some axes are all but the channels of (N, C, L), of samples long and many enough to be added up first."""
    if axes != (0, 2) or any(a.ndim != 3 or a.dtype != np.float32 or not a.flags.c_contiguous for a in arrays):
        return False
    n, channels, length = arrays[0].shape
    return n >= SAMPLES // 2 and channels * length >= 256


SAMPLES = 16
"""How many of them are added up in single precision."""


def _sums_by_channel(a: Array, b: Array) -> tuple[Array, Array]:
    """For every channel of (N, C, L) in single precision the sums of a and of a·b.

    They are added up over a few samples in single precision, and then, of so many fewer elements, in double: that is
    nearer to the exact sums than torch's.
    """
    n, channels, length = a.shape
    width = max(1, BLOCK // min(n, SAMPLES))
    groups = [slice(i, i + SAMPLES) for i in range(0, n, SAMPLES)]
    found = np.empty((2, len(groups), channels * length), np.float32)
    rows, others = a.reshape(n, -1), b.reshape(n, -1)

    def add_up(block: Block) -> None:
        group, columns = block
        values = rows[groups[group.start], columns]
        np.add.reduce(values, axis=0, out=found[0, group.start, columns])
        np.einsum("ij,ij->j", values, others[groups[group.start], columns], out=found[1, group.start, columns])

    ends = range(0, channels * length, width)
    _each(add_up, [(slice(g, g + 1), slice(i, i + width)) for g in range(len(groups)) for i in ends], a.size)
    wide = found.astype(np.float64).reshape(2, len(groups), channels, length)
    total, products = np.einsum("kgcl->kc", wide).reshape(2, 1, channels, 1)
    return total, products


def _joined(shape: tuple[int, ...], axes: Axes, work: Callable[[Block], tuple[Array, Array]]) -> tuple[Array, Array]:
    """The sums over some axes of what `work` gives for each block."""
    first, second = (np.zeros(_kept(shape, axes)) for _ in range(2))
    cuts = list(blocks(shape))
    for block, (one, other) in zip(cuts, _each(work, cuts, math.prod(shape)), strict=True):
        part(first, block)[...] += one
        part(second, block)[...] += other
    return first, second


def _moments_by_update(x: Array, axes: Axes) -> tuple[Array, Array]:
    """The moments from those of the blocks."""
    mean, square, count = (np.zeros(_kept(x.shape, axes)) for _ in range(3))
    for block in blocks(x.shape):
        wide = _wide(x, block, "values")
        n = math.prod(wide.shape[i] for i in axes)
        center = _total(wide, axes) / n
        wide -= center
        before, total = part(count, block), part(count, block) + n
        away = center - part(mean, block)
        part(square, block)[...] += _dot(wide, wide, axes) + away * away * (before * n / total)
        part(mean, block)[...] += away * (n / total)
        before[...] = total
    empty = np.where(count == 0, np.nan, 1.0)
    return mean * empty, square / np.maximum(count, 1) * empty


FAR = 1e4
"""How much larger than the variance the square of a mean may be for sums of squares of the elements as they are: in
double precision that leaves twelve digits, to single precision's seven."""
CLOSE = 9.0
"""How much larger than the variance it may be for the mean to go into the constant that is added, as torch has it."""


def _wide(x: Array, block: Block, name: str) -> Array:
    """A block in double precision, in the buffer of that name."""
    source = x[block]
    wide = scratch(name, source.shape, np.dtype(np.float64))
    np.copyto(wide, source)
    return wide


def _total(a: Array, axes: Axes) -> Array:
    """The sum of a over some axes, which are kept with size 1."""
    rest = [i for i in range(a.ndim) if i not in axes]
    return np.asarray(np.einsum(a, list(range(a.ndim)), rest)).reshape(_kept(a.shape, axes))


def _dot(a: Array, b: Array, axes: Axes) -> Array:
    """The sum of a·b over some axes, which are kept with size 1."""
    rest = [i for i in range(a.ndim) if i not in axes]
    if len(rest) == a.ndim:
        return a * b
    if a.ndim - 1 in axes and 32 <= a.shape[-1] <= _ROW and a.shape == b.shape:
        rows = np.vecdot(a, b)[..., None]
        others = tuple(i for i in axes if i < a.ndim - 1)
        return np.asarray(rows.sum(axis=others, keepdims=True) if others else rows)
    found = np.einsum(a, list(range(a.ndim)), b, list(range(b.ndim)), rest)
    return np.asarray(found).reshape(_kept(a.shape, axes))


_ROW = 1 << 12
"""The longest row whose products are summed by BLAS, which would cut a long one up among its threads."""


def _joins(scale: Array, w: Array | None, x: Array) -> bool:
    """Whether a statistic and a parameter together are smaller than the input."""
    if w is None:
        return True
    size = w.size if w.shape == scale.shape else math.prod(np.broadcast_shapes(scale.shape, w.shape))
    return size < max(2, x.size)


def _split(value: Array, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """A float64 value in a narrower dtype, and what that leaves over."""
    near = value.astype(dtype)
    return near, value - near


SHORT = 256
"""The longest rows that are joined to longer ones: in one of 16 elements NumPy's loop takes a tenth of the time."""


def _long_rows(x: Array, *values: Array) -> tuple[tuple[int, ...], list[Array]]:
    """A shape to view x in, with its short rows joined, and what broadcasts to it instead of (1, C, 1)."""
    long = x.ndim != 3 or x.shape[0] < 2 or not 0 < x.shape[2] <= SHORT or not x.flags.c_contiguous
    if long or any(value.shape != (1, x.shape[1], 1) for value in values):
        return x.shape, list(values)
    rows = (x.shape[0], x.shape[1] * x.shape[2])
    return rows, list(np.repeat(np.concatenate(values), x.shape[2], 2).reshape(len(values), 1, -1))


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
    center, shift, near = _shifted(mean, scale, slope, work)
    shift = b - shift if joined and b is not None else -shift
    slope, shift = slope.astype(work), shift.astype(work)
    shape = x.shape
    if joined:
        rows, (slope, shift, *center) = _long_rows(x, slope, shift, *center)
        x = x.reshape(rows)
    out = np.empty(x.shape, x.dtype)

    def fill(block: Block) -> None:
        target = out[block] if out.dtype == work else np.empty(out[block].shape, work)
        source = x[block].astype(work, copy=False)
        if not near:
            source = np.subtract(source, part(center[0], block), out=target)
        np.multiply(source, part(slope, block), out=target)
        target += part(shift, block)
        if not joined:
            for operation, operand in ((np.multiply, w), (np.add, b)):
                if operand is not None:
                    operation(target, part(operand, block).astype(work), out=target)
        if out.dtype != work:
            out[block] = target

    _each(fill, list(blocks(x.shape)), x.size)
    return out.reshape(shape)


def _shifted(mean: Array, scale: Array, slope: Array, dtype: np.dtype[Any]) -> tuple[list[Array], Array, bool]:
    """How the mean is taken off before (x - mean)·slope: from x, or where it is near zero with the slope.

    Returns:
        What is taken off x, in the dtype of x, if anything is; what is taken off the product; whether the mean is near.
    """
    if _is_near(mean, scale, CLOSE):
        return [], mean * slope, True
    # What rounding the mean leaves over goes where it costs nothing: into the constant, or back through the slope.
    center, rest = _split(mean, dtype)
    return [center], rest * slope, False


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
    if axes == affine and x.dtype != np.float64:
        found = _sums_at_once(g, x, mean, rstd, w, axes)
        if found is not None:
            return found
    own, params = _kept(x.shape, axes), _kept(x.shape, affine)
    found = Sums(np.zeros(own), np.zeros(own), np.zeros(params), np.zeros(params))
    for block in blocks(x.shape):
        plain, centered = _wide(g, block, "cotangents"), _wide(x, block, "values")
        centered -= part(mean, block)
        product = _dot(plain, centered, shared)
        plain = _total(plain, shared) if shared else plain
        product *= part(rstd, block)
        part(found.b, block)[...] += plain.sum(axis=affine, keepdims=True)
        part(found.w, block)[...] += product.sum(axis=affine, keepdims=True)
        factor = np.broadcast_to(1.0 if w is None else part(w, block), plain.shape)
        part(found.v, block)[...] += _dot(plain, factor, axes)
        part(found.vx, block)[...] += _dot(product, factor, axes)
    return found


def _is_near(mean: Array, scale: Array, limit: float) -> bool:
    """Whether the square of all means, scaled, is within a limit."""
    with np.errstate(all="ignore"):
        return bool(((mean * scale) ** 2 <= limit).all())


def _sums_at_once(g: Array, x: Array, mean: Array, rstd: Array, w: Array | None, axes: Axes) -> Sums | None:
    """`sums` where statistics and parameters go along the same axes, from the elements as they are; None far away."""

    def sums_of(block: Block) -> tuple[Array, Array]:
        plain = _wide(g, block, "cotangents")
        return _total(plain, axes), _dot(plain, _wide(x, block, "values"), axes)

    with np.errstate(all="ignore"):
        if _is_by_channel(axes, g, x) and _is_near(mean, rstd, CLOSE):
            total, products = _sums_by_channel(g, x)
            if np.isfinite(products).all() and np.isfinite(total).all():
                return _sums_of(total, products, mean, rstd, w)
        if not _is_near(mean, rstd, FAR):
            return None
        return _sums_of(*_joined(x.shape, axes, sums_of), mean, rstd, w)


def _sums_of(total: Array, products: Array, mean: Array, rstd: Array, w: Array | None) -> Sums:
    """The sums from those of g and of g·x."""
    products = (products - total * mean) * rstd
    if w is None:
        return Sums(total, products, total, products)
    return Sums(total * w, products * w, total, products)


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
    work, shape = dtypes.accumulation(g.dtype), g.shape
    with np.errstate(all="ignore"):
        slope = found.vx * rstd / count
        center, shift, near = _shifted(mean, rstd, slope, work)
        constant, slope = (found.v / count - shift).astype(work), slope.astype(work)
        scale = (rstd if factor is None else rstd * factor).astype(work)
        weight = None if w is None else w.astype(work)
        if weight is None:
            rows, (slope, constant, scale, *center) = _long_rows(x, slope, constant, scale, *center)
            g, x = g.reshape(rows), x.reshape(rows)
        out = np.empty(x.shape, g.dtype)

        def fill(block: Block) -> None:
            away = out[block] if out.dtype == work else scratch("away", x[block].shape, work)
            source = x[block].astype(work, copy=False)
            if not near:
                source = np.subtract(source, part(center[0], block), out=away)
            np.multiply(source, part(slope, block), out=away)
            away += part(constant, block)
            value = g[block].astype(work, copy=False)
            if weight is not None:
                value = np.multiply(value, part(weight, block), out=scratch("weighted", value.shape, work))
            np.subtract(value, away, out=away)
            np.multiply(away, part(scale, block), out=out[block], casting="unsafe")

        _each(fill, list(blocks(x.shape)), x.size)
    return out.reshape(shape)
