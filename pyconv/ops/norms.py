"""Norms of vectors over dimensions, with the subgradients that torch takes at zero.

May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import primitive
from pyconv.kernels import euclidean
from pyconv.ops.arithmetic import div, mul, sub, where
from pyconv.ops.cast import array_of, cast
from pyconv.ops.elementwise import flat
from pyconv.ops.index import put, take
from pyconv.ops.layout import contiguous
from pyconv.ops.matmul import times, turned
from pyconv.ops.power import power
from pyconv.ops.reduce import total
from pyconv.ops.shape import expand, reshape, sum_to
from pyconv.ops.unary import absolute, sgn

Array = np.ndarray[Any, Any]
Axes = tuple[int, ...]


def _sizes(x: Array) -> Array:
    """The absolute values in double precision."""
    return np.asarray(np.abs(x.astype(np.complex128 if x.dtype.kind == "c" else np.float64)))


def _norm_of(x: Array, order: float, axes: Axes, keepdim: bool) -> Array:
    """The norm in double precision."""
    size = _sizes(x)
    if order == math.inf:
        return np.asarray(size.max(axis=axes, keepdims=keepdim, initial=0.0))
    if order == -math.inf:
        return np.asarray(size.min(axis=axes, keepdims=keepdim, initial=math.inf))
    if order == 0:
        return np.asarray((size != 0).sum(axis=axes, keepdims=keepdim))
    if axes and all(x.shape[axis] == 1 for axis in axes):
        return np.asarray(size.max(axis=axes, keepdims=keepdim))
    if order == 1:
        return np.asarray(size.sum(axis=axes, keepdims=keepdim))
    if order == 2:
        return np.asarray(np.sqrt((size * size).sum(axis=axes, keepdims=keepdim)))
    return np.asarray((size**order).sum(axis=axes, keepdims=keepdim) ** (1 / order))


def _real(x: Array) -> np.dtype[Any]:
    return x.real.dtype if x.dtype.kind == "c" else x.dtype


@primitive("LinalgVectorNorm")
@contiguous
def _vector_norm(x: Array, *, order: float, axes: Axes, keepdim: bool) -> Array:
    rows = math.prod(x.shape[: x.ndim - len(axes)])
    if order != 2 or x.dtype != np.float32 or not x.flags.c_contiguous or x.size <= rows or not _are_last(axes, x.ndim):
        return _norm_of(x, order, axes, keepdim).astype(_real(x))
    kept = [1 if i in axes else n for i, n in enumerate(x.shape) if keepdim or i not in axes]
    return euclidean.of_rows(x.reshape(rows, -1)).reshape(kept)


def _are_last(axes: Axes, ndim: int) -> bool:
    return sorted(axes) == list(range(ndim - len(axes), ndim))


def _norm_vjp(g: Any, y: Any, x: Any, *, order: float, axes: Axes, keepdim: bool) -> Any:
    if order == 0:
        return None
    shape = array_of(x).shape
    kept = tuple(1 if i in axes else n for i, n in enumerate(shape))
    g, y = (expand(reshape(v, shape=kept), shape=shape) for v in (g, y))
    return along_norm(g, y, x, order, axes)


def along_norm(g: Any, y: Any, x: Any, order: float, axes: Axes) -> Any:
    """The cotangent of `x` from those of its norm and the norm itself, both spread over its shape.

    Args:
        g: the cotangent.
        y: the norm.
        x: of what.
        order: which.
        axes: the dimensions that it was taken over.
    """
    zero = array_of(y) == 0
    if order == 0:
        return flat(x)
    if order == 1:
        return mul(sgn(x), g)
    if order == 2:
        return mul(g, where(zero, 0, div(x, y)))
    if math.isinf(order):
        size = _sizes(array_of(x)).astype(array_of(y).dtype)
        chosen = (size == array_of(y)) | np.isnan(size)
        count = np.broadcast_to(chosen.sum(axis=axes, keepdims=True), chosen.shape)
        share = (chosen / np.maximum(count, 1)).astype(array_of(g).dtype)
        return mul(sgn(x), mul(g, share))
    if order < 2:
        slope = mul(sgn(x), where(array_of(x) == 0, 0, power(absolute(x), order - 1)))
        if order < 1:
            return mul(mul(slope, g), power(y, 1 - order))
        return mul(slope, where(zero, 0, div(g, power(y, order - 1))))
    slope = mul(x, power(absolute(x), order - 2))
    return mul(slope, where(zero, 0, div(g, power(y, order - 1))))


_vector_norm.defvjp(0, _norm_vjp, saves=(OUTPUT, 0))


def vector_norm(x: Any, order: float, axes: Axes, keepdim: bool = False) -> Any:
    """(Σ|x|^order)^(1/order) over dimensions; the largest or smallest |x| for ±inf, the count of others than 0 for 0.

    Args:
        x: a Tensor or an ndarray, of floats or complex numbers.
        order: any number.
        axes: the dimensions.
        keepdim: keep them with size 1.

    Example:
        >>> vector_norm(np.array([3.0, 4.0]), 2, (0,))
        array(5.)
    """
    return _vector_norm(x, order=order, axes=axes, keepdim=keepdim)


def _apart_vjp(g: Any, y: Any, apart: Any, order: float, axes: Axes) -> Any:
    shape = array_of(apart).shape
    kept = tuple(1 if i in axes else n for i, n in enumerate(shape))
    g, y = (expand(reshape(v, shape=kept), shape=shape) for v in (g, y))
    return along_norm(g, y, apart, order, axes)


@primitive("Dist")
def _dist(a: Array, b: Array, *, order: float) -> Array:
    apart = np.asarray(a - b)
    return _norm_of(apart, order, tuple(range(apart.ndim)), False).astype(_real(apart))


def _dist_vjp(g: Any, y: Any, a: Any, b: Any, order: float) -> Any:
    if order == 0:
        return None
    apart = sub(a, b)
    return sum_to(_apart_vjp(g, y, apart, order, tuple(range(array_of(apart).ndim))), array_of(a).shape)


_dist.defvjp(0, lambda g, y, a, b, *, order: _dist_vjp(g, y, a, b, order), saves=(OUTPUT, 0, 1))
_dist.defvjp(1, lambda g, y, a, b, *, order: _dist_vjp(g, y, b, a, order), saves=(OUTPUT, 0, 1))


def dist(a: Any, b: Any, order: float) -> Any:
    """The norm of a - b over all elements.

    Example:
        >>> dist(np.array([1.0, 2.0]), np.array([4.0, 6.0]), 2)
        array(5.)
    """
    return _dist(a, b, order=order)


_BLOCK = 1 << 20
"""The elements of differences, or of distances from a product, that `_cdist` holds at a time."""
_FEW = 1 << 12
"""Up to so many differences `_cdist` takes them."""
_ROWS = 25
"""With more rows than that on either side torch takes the gradient of order 2 from products, and so it is here."""


@primitive("Cdist")
def _cdist(a: Array, b: Array, *, order: float) -> Array:
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    out = np.empty((*batch, a.shape[-2], b.shape[-2]), a.dtype)
    by_product = order == 2 and a.dtype == np.float32 and out.size * a.shape[-1] > _FEW
    rows = max(1, _BLOCK // max(1, math.prod(batch) * b.shape[-2] * (1 if by_product else b.shape[-1])))
    for start in range(0, a.shape[-2], rows):
        part = slice(start, start + rows)
        if by_product:
            out[..., part, :] = euclidean.distances(a[..., part, :], b)
            continue
        apart = a[..., part, None, :] - b[..., None, :, :]
        out[..., part, :] = _norm_of(apart, order, (apart.ndim - 1,), False)
    return out


def _row_vjp(g: Any, y: Any, apart: Any, order: float) -> Any:
    """The cotangent of the differences; of orders 2 and inf by torch's formulas here, where ties share nothing."""
    if order not in (2, math.inf):
        return _apart_vjp(g, y, apart, order, (array_of(apart).ndim - 1,))
    shape = array_of(apart).shape
    g, y = (expand(reshape(v, shape=(*shape[:-1], 1)), shape=shape) for v in (g, y))
    if order == 2:
        return where(array_of(y) == 0, 0, div(mul(g, apart), y))
    return where(np.abs(array_of(apart)) == array_of(y), mul(g, sgn(apart)), 0)


def _cdist_vjp(g: Any, y: Any, a: Any, b: Any, order: float, first: bool) -> Any:
    rows, columns = array_of(a).shape, array_of(b).shape
    if order == 2 and max(rows[-2], columns[-2]) > _ROWS:
        slope = where(array_of(y) == 0, 0, div(g, y))
        return _pull(slope, a, b) if first else _pull(turned(slope), b, a)
    left = reshape(a, shape=(*rows[:-1], 1, rows[-1]))
    right = reshape(b, shape=(*columns[:-2], 1, *columns[-2:]))
    apart = sub(left, right) if first else sub(right, left)
    found = _row_vjp(g, y, apart, order)
    target = left if first else right
    return reshape(sum_to(found, array_of(target).shape), shape=rows if first else columns)


def _pull(slope: Any, a: Any, b: Any) -> Any:
    """The sum over j of slope[i, j]·(a[i] - b[j]), (…, n, m), (…, n, k), (…, m, k) → the shape of a; rounded once."""
    shape, kind = array_of(a).shape, array_of(a).dtype
    slope, a, b = (cast(x, np.dtype(np.float64)) for x in (slope, a, b))
    rows = total(slope, (array_of(slope).ndim - 1,), True)
    return cast(sum_to(sub(mul(a, rows), times(slope, b)), shape), kind)


_cdist.defvjp(0, lambda g, y, a, b, *, order: _cdist_vjp(g, y, a, b, order, True), saves=(OUTPUT, 0, 1))
_cdist.defvjp(1, lambda g, y, a, b, *, order: _cdist_vjp(g, y, a, b, order, False), saves=(OUTPUT, 0, 1))


def cdist(a: Any, b: Any, order: float) -> Any:
    """The norms of the differences of all pairs of rows: (…, n, k), (…, m, k) → (…, n, m).

    Example:
        >>> cdist(np.zeros((1, 2)), np.array([[3.0, 4.0], [0.0, 1.0]]), 2)
        array([[5., 1.]])
    """
    return _cdist(a, b, order=order)


def _pairs(count: int) -> tuple[Array, Array]:
    """The numbers of the first and of the second of all pairs of rows."""
    first, second = np.triu_indices(count, 1)
    return first, second


@primitive("Pdist")
def pair_distances(a: Array, *, order: float) -> Array:
    """The norms of the differences of all pairs of rows, (n, k) → (n·(n - 1) / 2,).

    Example:
        >>> pair_distances(np.array([[0.0], [1.0], [3.0]]), order=2.0)
        array([1., 3., 2.])
    """
    first, second = _pairs(len(a))
    return _norm_of(a[first] - a[second], order, (1,), False).astype(a.dtype)


def _pairs_vjp(g: Any, y: Any, a: Any, *, order: float) -> Any:
    first, second = _pairs(len(array_of(a)))
    apart = sub(take(a, index=(first,)), take(a, index=(second,)))
    found, shape = _row_vjp(g, y, apart, order), array_of(a).shape
    return sub(put(found, index=(first,), shape=shape), put(found, index=(second,), shape=shape))


pair_distances.defvjp(0, _pairs_vjp, saves=(OUTPUT, 0))
