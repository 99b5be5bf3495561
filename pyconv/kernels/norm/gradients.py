"""The backward pass: its sums, and the cotangent of the input.

May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pyconv import dtypes
from pyconv.kernels.norm.adding import dot, in_double, is_by_channel, joined, sums_by_channel, total_of
from pyconv.kernels.norm.blocks import Array, Axes, Block, blocks, each, kept, part, width_of
from pyconv.kernels.norm.nearness import CLOSE, FAR, is_near, shifted
from pyconv.kernels.norm.normalized import long_rows
from pyconv.kernels.scratch import scratch
from pyconv.kernels.sums import SMALL, in_groups, products_in_groups


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
    by_rows = (axes, affine) == ((1,), (0,))
    begun = _sums_of_rows(g, x, mean, rstd, w) if by_rows else _sums_of_runs(g, x, mean, rstd, w, axes, affine)
    if begun is not None:
        return begun
    own, params = kept(x.shape, axes), kept(x.shape, affine)
    found = Sums(np.zeros(own), np.zeros(own), np.zeros(params), np.zeros(params))
    for block in blocks(x.shape):
        plain, centered = in_double(g, block, "cotangents"), in_double(x, block, "values")
        centered -= part(mean, block)
        product = dot(plain, centered, shared)
        plain = total_of(plain, shared) if shared else plain
        product *= part(rstd, block)
        part(found.b, block)[...] += plain.sum(axis=affine, keepdims=True)
        part(found.w, block)[...] += product.sum(axis=affine, keepdims=True)
        factor = np.broadcast_to(1.0 if w is None else part(w, block), plain.shape)
        part(found.v, block)[...] += dot(plain, factor, axes)
        part(found.vx, block)[...] += dot(product, factor, axes)
    return found


def _sums_at_once(g: Array, x: Array, mean: Array, rstd: Array, w: Array | None, axes: Axes) -> Sums | None:
    """`sums` where statistics and parameters go along the same axes, from the elements as they are; None far away."""

    def sums_of(block: Block) -> tuple[Array, Array]:
        plain = in_double(g, block, "cotangents")
        return total_of(plain, axes), dot(plain, in_double(x, block, "values"), axes)

    with np.errstate(all="ignore"):
        if is_by_channel(axes, g, x) and is_near(mean, rstd, CLOSE):
            total, products = sums_by_channel(g, x)
            if np.isfinite(products).all() and np.isfinite(total).all():
                return _sums_of(total, products, mean, rstd, w)
        if w is None:
            found = _sums_of_runs(g, x, mean, rstd, w, axes, axes)
            if found is not None:
                return found
        if not is_near(mean, rstd, FAR):
            return None
        return _sums_of(*joined(x.shape, axes, sums_of), mean, rstd, w)


def _can_begin_in_single(g: Array, x: Array, mean: Array, rstd: Array) -> bool:
    """Whether sums may be begun in single precision: of many elements, whose mean is near zero."""
    return g.dtype == x.dtype == np.float32 and x.size > SMALL and is_near(mean, rstd, CLOSE)


def _sums_of_runs(
    g: Array, x: Array, mean: Array, rstd: Array, w: Array | None, axes: Axes, affine: Axes
) -> Sums | None:
    """`sums` begun in single precision, where the last dimensions go along with the parameters; None far away.

    Normalization of groups of (8, 32, 56, 56) takes 0.62 times as long with its gradients as in double throughout.
    """
    shared = tuple(i for i in axes if i in affine)
    if not shared or not _can_begin_in_single(g, x, mean, rstd):
        return None
    with np.errstate(all="ignore"):
        products = products_in_groups(g, x, shared)
        total = None if products is None else in_groups(g, shared)
        if products is None or total is None:
            return None
        products = (products - total * mean) * rstd
        factor = np.broadcast_to(1.0 if w is None else w, total.shape)
        v, vx = (dot(value, factor, axes) for value in (total, products))
        return Sums(v, vx, *(value.sum(axis=affine, keepdims=True) for value in (total, products)))


def _sums_of_rows(g: Array, x: Array, mean: Array, rstd: Array, w: Array | None) -> Sums | None:
    """`sums` begun in single precision, of rows with a parameter for each place in them; None far away.

    Layer normalization of (512, 1000) takes 0.7 times as long with its gradients as in double precision throughout.
    """
    if not _can_begin_in_single(g, x, mean, rstd):
        return None
    with np.errstate(all="ignore"):
        weight = None if w is None else w.astype(np.float32)
        slope, shift = rstd.astype(np.float32), (mean * rstd).astype(np.float32)
        found = Sums(*(np.zeros((len(x), 1)) for _ in range(2)), *(np.zeros((1, x.shape[1])) for _ in range(2)))
        rows = width_of(x.shape[1])
        for start in range(0, len(x), rows):
            block = slice(start, start + rows)
            values, cotangents, buffer = x[block], g[block], scratch("rows", x[block].shape, x.dtype)
            weighted = cotangents if weight is None else np.multiply(cotangents, weight, out=buffer)
            v, vx = in_groups(weighted, (1,)), products_in_groups(weighted, values, (1,))
            np.multiply(values, slope[block], out=buffer)
            buffer -= shift[block]
            buffer *= cotangents
            total, products = in_groups(cotangents, (0,)), in_groups(buffer, (0,))
            if v is None or vx is None or total is None or products is None:
                return None
            found.v[block], found.vx[block] = v, (vx - v * mean[block]) * rstd[block]
            found.b[...] += total
            found.w[...] += products
        return found


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
        center, shift, near = shifted(mean, rstd, slope, work)
        constant, slope = (found.v / count - shift).astype(work), slope.astype(work)
        scale = (rstd if factor is None else rstd * factor).astype(work)
        weight = None if w is None else w.astype(work)
        if weight is None:
            rows, (slope, constant, scale, *center) = long_rows(x, slope, constant, scale, *center)
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

        each(fill, list(blocks(x.shape)), x.size)
    return out.reshape(shape)
