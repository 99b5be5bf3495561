"""Factorizations: Cholesky, QR, singular values, eigenvalues, LU.

The gradients: S. F. Walter and L. Lehmann, "Algorithmic Differentiation of Linear Algebra Functions with Application
in Optimum Experimental Design", 2012; J. Townsend, "Differentiating the Singular Value Decomposition", 2016;
I. Murray, "Differentiation of the Cholesky Decomposition", 2016. May import: NumPy, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import primitive
from pyconv.ops.arithmetic import add, div, mul, sub
from pyconv.ops.cast import array_of, conj
from pyconv.ops.index import take
from pyconv.ops.linalg.parts import (
    column,
    diagonal,
    diagonal_matrix,
    differences,
    imaginary_diagonal,
    joined,
    lower,
    row,
    skew,
    upper,
)
from pyconv.ops.matmul import adjoint, times
from pyconv.ops.several import several

Array = np.ndarray[Any, Any]


def _solve_triangular(a: Any, b: Any, is_upper: bool, unit: bool = False) -> Any:
    from pyconv.ops.linalg.solving import solve_triangular

    return solve_triangular(a, b, is_upper=is_upper, unit=unit)


@primitive("LinalgCholeskyEx")
def cholesky(a: Array) -> Array:
    """The lower triangular l with l @ lᴴ = a; of the lower triangle of `a` alone; NaN where there is none."""
    try:
        return np.linalg.cholesky(a)
    except np.linalg.LinAlgError:
        flat = a.reshape(-1, *a.shape[-2:])
        return np.stack([_one_cholesky(m) for m in flat]).reshape(a.shape)


def _one_cholesky(m: Array) -> Array:
    """What LAPACK leaves where it stops: the columns before that."""
    try:
        return np.linalg.cholesky(m)
    except np.linalg.LinAlgError:
        found = np.tril(m)
        order = failing_minor(m) - 1
        if order:
            found[:order, :order] = np.linalg.cholesky(m[:order, :order])
            rest = np.linalg.solve(found[:order, :order].conj(), m[order:, :order].T).T
            found[order:, :order] = rest
        return found


def failing_minor(m: Array) -> int:
    """The order of the first leading minor that is not positive-definite; 0 where all are."""
    return next((order for order in range(1, len(m) + 1) if not _is_positive(m[:order, :order])), 0)


def _is_positive(m: Array) -> bool:
    try:
        return bool(np.isfinite(np.linalg.cholesky(m)).all())
    except np.linalg.LinAlgError:
        return False


def _cholesky_vjp(g: Any, y: Any, a: Any) -> Any:
    phi = times(adjoint(y), g)
    phi = mul(add(lower(phi), adjoint(lower(phi, -1))), 0.5)
    half = _solve_triangular(adjoint(y), phi, True)
    return adjoint(_solve_triangular(adjoint(y), adjoint(half), True))


cholesky.defvjp(0, _cholesky_vjp, saves=(OUTPUT,))


@several("LinalgQr")
def qr(a: Array, *, mode: Literal["reduced", "complete", "r"]) -> tuple[Array, Array]:
    """Q, orthonormal, and r, upper triangular, with q @ r = a."""
    if mode == "r":
        return np.empty(0, a.dtype), np.asarray(np.linalg.qr(a, "r"))
    if not a.size and mode == "complete":
        m, n = a.shape[-2:]
        q = np.broadcast_to(np.eye(m, dtype=a.dtype), (*a.shape[:-1], m)).copy()
        return q, np.zeros((*a.shape[:-2], m, n), a.dtype)
    found = np.linalg.qr(a, mode)
    return found[0], found[1]


def _qr_vjp(cotangents: Any, results: Any, a: Any, *, mode: str) -> tuple[Any]:
    gq, gr = cotangents
    q, r = results
    m, n = array_of(a).shape[-2:]
    if mode == "r":
        raise RuntimeError(
            "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use "
            "linalg.qr(A, mode='reduced') if you are going to require gradients through linalg.qr."
        )
    if mode == "complete" and m > n:
        raise RuntimeError("The QR decomposition is not differentiable when mode='complete' and nrows > ncols.")
    gq = mul(q, 0) if gq is None else gq
    gr = mul(r, 0) if gr is None else gr
    if m >= n:
        return (_qr_square(gq, gr, q, r),)
    rest = take(gr, index=(..., slice(m, None)))
    gq = add(gq, times(take(a, index=(..., slice(m, None))), adjoint(rest)))
    first = _qr_square(gq, take(gr, index=(..., slice(0, m))), q, take(r, index=(..., slice(0, m))))
    return (joined(first, times(q, rest), axis=-1),)


def _qr_square(gq: Any, gr: Any, q: Any, r: Any) -> Any:
    """The cotangent where there are at least as many rows as columns."""
    gap = upper(sub(times(gr, adjoint(r)), times(adjoint(q), gq)))
    d = diagonal(gap)
    symmetric = sub(add(gap, adjoint(gap)), diagonal_matrix(mul(add(d, conj(d)), 0.5)))
    inner = add(gq, times(q, symmetric))
    return adjoint(_solve_triangular(r, adjoint(inner), True))


qr.defvjp(_qr_vjp)


@several("LinalgSvd")
def svd(a: Array, *, full: bool) -> tuple[Array, Array, Array]:
    """U, s and vh with u @ diag(s) @ vh = a, s falling."""
    u, s, vh = np.linalg.svd(a, full_matrices=full)
    return u, s, vh


def _svd_vjp(cotangents: Any, results: Any, a: Any, *, full: bool) -> tuple[Any]:
    gu, gs, gvh = cotangents
    u, s, vh = results
    k = array_of(s).shape[-1]
    u, vh = take(u, index=(..., slice(0, k))), take(vh, index=(..., slice(0, k), slice(None)))
    gu = None if gu is None else take(gu, index=(..., slice(0, k)))
    gvh = None if gvh is None else take(gvh, index=(..., slice(0, k), slice(None)))
    if gu is None and gvh is None:
        return (times(mul(u, row(gs)), vh),)
    gaps = differences(mul(s, s))
    middle = 0 if gs is None else diagonal_matrix(gs)
    m, n = array_of(a).shape[-2:]
    outside: Any = 0
    if gu is not None:
        inner = times(adjoint(u), gu)
        middle = add(mul(div(skew(inner), gaps), row(s)), middle)
        if array_of(a).dtype.kind == "c":
            middle = add(middle, diagonal_matrix(div(imaginary_diagonal(inner), s)))
        if m > k:
            outside = times(div(sub(gu, times(u, inner)), row(s)), vh)
    if gvh is not None:
        inner = times(gvh, adjoint(vh))
        middle = add(mul(div(skew(adjoint(inner)), gaps), column(s)), middle)
        if n > k:
            outside = add(times(div(u, row(s)), sub(gvh, times(inner, vh))), outside)
    return (add(times(times(u, middle), vh), outside),)


svd.defvjp(_svd_vjp)


@several("LinalgEigh")
def eigh(a: Array, *, uplo: Literal["L", "U"]) -> tuple[Array, Array]:
    """The eigenvalues of Hermitian matrices, rising, and their eigenvectors as columns."""
    try:
        values, vectors = np.linalg.eigh(a, uplo)
    except np.linalg.LinAlgError:
        values, vectors = np.full(a.shape[:-1], np.nan, a.real.dtype), np.full_like(a, np.nan)
    return values, vectors


def _eigh_vjp(cotangents: Any, results: Any, a: Any, *, uplo: str) -> tuple[Any]:
    g_values, g_vectors = cotangents
    values, v = results
    if g_vectors is None:
        return (times(mul(v, row(g_values)), adjoint(v)),)
    inner = div(times(adjoint(v), g_vectors), differences(values))
    inner = sub(inner, diagonal_matrix(diagonal(inner)))
    if g_values is not None:
        inner = add(inner, diagonal_matrix(g_values))
    return (times(times(v, inner), adjoint(v)),)


eigh.defvjp(_eigh_vjp)


@several("LinalgEig")
def eig(a: Array) -> tuple[Array, Array]:
    """The eigenvalues of square matrices and their eigenvectors as columns, complex."""
    wide = np.complex64 if a.dtype.itemsize == 4 or a.dtype == np.complex64 else np.complex128
    if not a.size:
        return np.empty(a.shape[:-1], wide), np.empty(a.shape, wide)
    values, vectors = np.linalg.eig(a)
    return np.asarray(values).astype(wide), np.asarray(vectors).astype(wide)


def _eig_vjp(cotangents: Any, results: Any, a: Any) -> tuple[Any]:
    from pyconv.ops.linalg.solving import solve

    g_values, g_vectors = cotangents
    values, v = results
    vh = adjoint(v)
    if g_vectors is None:
        inner = mul(column(g_values), vh)
    else:
        overlap = times(vh, g_vectors)
        d = diagonal(overlap)
        real = diagonal_matrix(mul(add(d, conj(d)), 0.5))
        middle = div(sub(overlap, times(times(vh, v), real)), conj(differences(values)))
        middle = sub(middle, diagonal_matrix(diagonal(middle)))
        if g_values is not None:
            middle = add(middle, diagonal_matrix(g_values))
        inner = times(middle, vh)
    found = solve(vh, inner)
    if array_of(a).dtype.kind != "c":
        found = real_part(found)
    return (found,)


eig.defvjp(_eig_vjp)


@primitive("Real")
def real_part(x: Array) -> Array:
    """The real part of complex numbers."""
    return x.real.copy()


real_part.defvjp(0, lambda g, x: mul(g, np.ones((), x.dtype)))


@several("LinalgLuFactorEx")
def lu_factor(a: Array, *, pivot: bool) -> tuple[Array, Array, Array]:
    """L below the diagonal and u, with the rows that were exchanged, counted from 1, and the first zero pivot or 0."""
    lu = a.copy()
    *batch, m, n = a.shape
    count = min(m, n)
    pivots = np.broadcast_to(np.arange(1, count + 1, dtype=np.int32), (*batch, count)).copy()
    info = np.zeros(batch, np.int32)
    flat, places = lu.reshape(math.prod(batch), m, n), np.arange(math.prod(batch))
    for k in range(count):
        if pivot:
            at = k + np.argmax(np.abs(flat[:, k:, k].real) + np.abs(flat[:, k:, k].imag), axis=1)
            pivots.reshape(len(flat), count)[:, k] = at + 1
            flat[places, k], flat[places, at] = flat[places, at], flat[places, k]
        head = flat[:, k, k]
        info.reshape(-1)[(head == 0) & (info.reshape(-1) == 0)] = k + 1
        below = np.where(head[:, None] == 0, flat[:, k + 1 :, k], flat[:, k + 1 :, k] / head[:, None])
        flat[:, k + 1 :, k] = below
        flat[:, k + 1 :, k + 1 :] -= below[:, :, None] * flat[:, k, None, k + 1 :]
    return flat.reshape(a.shape), pivots, info


def order_of(pivots: Array, rows: int) -> Array:
    """The order of the rows that exchanges lead to: (…, k) → (…, rows)."""
    *batch, count = pivots.shape
    flat = pivots.reshape(math.prod(batch), count)
    order = np.broadcast_to(np.arange(rows), (len(flat), rows)).copy()
    places = np.arange(len(flat))
    for k in range(flat.shape[1]):
        at = flat[:, k] - 1
        order[places, k], order[places, at] = order[places, at], order[places, k]
    return order.reshape(*pivots.shape[:-1], rows)


def permutation(pivots: Array, rows: int, dtype: np.dtype[Any]) -> Array:
    """The matrices p with a = p @ l @ u."""
    order = order_of(pivots, rows)
    return np.swapaxes(np.eye(rows, dtype=dtype)[order], -1, -2)


def _lu_vjp(cotangents: Any, results: Any, a: Any, *, pivot: bool) -> tuple[Any]:
    lu, pivots, _ = results
    m, n = array_of(a).shape[-2:]
    k = min(m, n)
    g = cotangents[0]
    gl, gu = lower(take(g, index=(..., slice(0, k))), -1), upper(take(g, index=(..., slice(0, k), slice(None))))
    left, u = take(lu, index=(..., slice(0, k))), take(lu, index=(..., slice(0, k), slice(None)))
    found = lu_cotangent(gl, gu, add(lower(left, -1), np.eye(m, k, dtype=array_of(lu).dtype)), upper(u))
    if pivot:
        found = times(permutation(array_of(pivots), m, array_of(a).dtype), found)
    return (found,)


def lu_cotangent(gl: Any, gu: Any, low: Any, u: Any) -> Any:
    """The cotangent of low @ u from those of both factors, of which the last rows or columns can be alone."""
    m, k = array_of(low).shape[-2:]
    n = array_of(u).shape[-1]
    square_l, square_u = take(low, index=(..., slice(0, k), slice(None))), take(u, index=(..., slice(0, k)))
    gl1, gu1 = take(gl, index=(..., slice(0, k), slice(None))), take(gu, index=(..., slice(0, k)))
    lh = adjoint(square_l)
    if n > k:
        right = _solve_triangular(lh, take(gu, index=(..., slice(k, None))), True, True)
        gl1 = sub(gl1, times(right, adjoint(take(u, index=(..., slice(k, None))))))
    if m > k:
        below = adjoint(_solve_triangular(square_u, adjoint(take(gl, index=(..., slice(k, None), slice(None)))), True))
        gu1 = sub(gu1, times(adjoint(take(low, index=(..., slice(k, None), slice(None)))), below))
    middle = add(lower(times(lh, gl1), -1), upper(times(gu1, adjoint(square_u))))
    left = _solve_triangular(lh, middle, True, True)
    found = adjoint(_solve_triangular(square_u, adjoint(left), True))
    if n > k:
        return joined(found, right, axis=-1)
    return joined(found, below, axis=-2) if m > k else found


lu_factor.defvjp(_lu_vjp)
