"""Least squares: the solution of least norm, by singular values.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.ops.arithmetic import add, mul, neg, sub
from pyconv.ops.cast import array_of
from pyconv.ops.linalg.parts import row
from pyconv.ops.linalg.solving import pseudoinverse, pseudoinverse_vjp, solve_triangular
from pyconv.ops.matmul import adjoint, times
from pyconv.ops.several import several
from pyconv.ops.shape import sum_to

Array = np.ndarray[Any, Any]


def adjoint_array(x: Array) -> Array:
    """The conjugate transposes of matrices."""
    return np.asarray(np.conj(np.swapaxes(x, -1, -2)))


@several("LinalgLstsq")
def least_squares(a: Array, b: Array, *, rcond: float, with_residuals: bool) -> tuple[Array, Array, Array, Array]:
    """X that makes |a @ x - b| least, the squares of that by column, the ranks, and the singular values of `a`."""
    m, n = a.shape[-2:]
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    keep = s > rcond * s.max(axis=-1, keepdims=True, initial=0.0)
    rank = np.asarray(keep.sum(axis=-1), np.int64)
    if (rank == min(m, n)).all():
        x = _of_full_rank(a, b)
    else:
        inverted = np.where(keep, 1 / s, 0).astype(s.dtype)
        x = adjoint_array(vh) @ (inverted[..., None] * (adjoint_array(u) @ b))
    residuals = np.empty(0, s.dtype)
    if with_residuals and m > n and (rank == n).all():
        residuals = np.asarray((np.abs(a @ x - b) ** 2).sum(axis=-2)).astype(s.dtype)
    return x.astype(a.dtype), residuals, rank, s


def _of_full_rank(a: Array, b: Array) -> Array:
    """The solution by an orthonormal basis of the columns of `a`, or of its rows."""
    if a.shape[-2] >= a.shape[-1]:
        q, r = np.linalg.qr(a)
        return solve_triangular.kernel(r, adjoint_array(q) @ b, is_upper=True, unit=False)
    q, r = np.linalg.qr(adjoint_array(a))
    return np.asarray(q @ solve_triangular.kernel(adjoint_array(r), b, is_upper=False, unit=False))


def _vjp(cotangents: Any, results: Any, a: Any, b: Any, *, rcond: float, with_residuals: bool) -> tuple[Any, Any]:
    gx, g_residuals = cotangents[:2]
    x = results[0]
    zero = np.zeros((), array_of(a).real.dtype)
    inverse = pseudoinverse(a, atol=zero, rtol=zero + rcond, symmetric=False)
    ga: Any = 0
    gb: Any = 0
    if gx is not None:
        ga = pseudoinverse_vjp(times(gx, adjoint(b)), inverse, a)
        gb = times(adjoint(inverse), gx)
    if g_residuals is not None and array_of(g_residuals).size:
        rest = mul(sub(times(a, x), b), row(mul(g_residuals, 2)))
        ga, gb = add(times(rest, adjoint(x)), ga), add(neg(rest), gb)
    return tuple(sum_to(g, array_of(v).shape) if hasattr(g, "_array") else None for g, v in ((ga, a), (gb, b)))  # type: ignore[return-value]


least_squares.defvjp(_vjp)
