"""Inverses, systems of equations, triangular ones, determinants, and the matrix exponential.

M. Giles, "Collected Matrix Derivative Results for Forward and Reverse Mode Algorithmic Differentiation", 2008, has
the gradients. May import: NumPy, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.ops.arithmetic import mul, neg, sub
from pyconv.ops.cast import array_of, conj
from pyconv.ops.elementwise import flat
from pyconv.ops.index import take
from pyconv.ops.linalg import factors
from pyconv.ops.linalg.parts import diagonal_matrix, joined, lower, scalars, upper
from pyconv.ops.matmul import adjoint, times
from pyconv.ops.several import several
from pyconv.ops.shape import sum_to

Array = np.ndarray[Any, Any]


@primitive("LinalgInvEx")
def inverse(a: Array) -> Array:
    """The inverses of square matrices; of singular ones, what is not finite."""
    try:
        return np.linalg.inv(a)
    except np.linalg.LinAlgError:
        flat = a.reshape(-1, *a.shape[-2:])
        return np.stack([_one_inverse(m) for m in flat]).reshape(a.shape)


def _one_inverse(m: Array) -> Array:
    try:
        return np.linalg.inv(m)
    except np.linalg.LinAlgError:
        return np.full_like(m, np.inf)


inverse.defvjp(0, lambda g, y, a: neg(times(adjoint(y), times(g, adjoint(y)))), saves=(OUTPUT,))


@primitive("CopyBackwards", variant=None)
def identity_like(a: Array) -> Array:
    """The identities like square matrices: their power 0."""
    return np.broadcast_to(np.eye(a.shape[-1], dtype=a.dtype), a.shape).copy()


identity_like.defvjp(0, lambda g, a: flat(g))


@primitive("LinalgSolveEx")
def solve(a: Array, b: Array) -> Array:
    """X with a @ x = b, of matrices or stacks whose shapes broadcast."""
    try:
        return np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        shape = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        left = np.broadcast_to(a, (*shape, *a.shape[-2:])).reshape(-1, *a.shape[-2:])
        right = np.broadcast_to(b, (*shape, *b.shape[-2:])).reshape(-1, *b.shape[-2:])
        solved = [_one_solution(m, v) for m, v in zip(left, right, strict=True)]
        return np.stack(solved).reshape(*shape, *b.shape[-2:])


def _one_solution(m: Array, v: Array) -> Array:
    try:
        return np.linalg.solve(m, v)
    except np.linalg.LinAlgError:
        return np.full_like(v, np.inf)


def _solve_vjp_a(g: Any, y: Any, a: Any, b: Any) -> Any:
    return sum_to(neg(times(solve(adjoint(a), g), adjoint(y))), array_of(a).shape)


solve.defvjp(0, _solve_vjp_a, saves=(OUTPUT, 0))
solve.defvjp(1, lambda g, a, b: sum_to(solve(adjoint(a), g), b.shape), saves=(0,))


@primitive("LinalgSolveTriangular")
def solve_triangular(a: Array, b: Array, *, is_upper: bool, unit: bool) -> Array:
    """X with a @ x = b, where only one triangle of `a` counts; row by row, so that a zero gives what is not finite."""
    n = a.shape[-1]
    shape = (*np.broadcast_shapes(a.shape[:-2], b.shape[:-2]), *b.shape[-2:])
    x = np.broadcast_to(b, shape).copy()
    for i in reversed(range(n)) if is_upper else range(n):
        others = slice(i + 1, n) if is_upper else slice(0, i)
        x[..., i, :] -= (a[..., i, None, others] @ x[..., others, :])[..., 0, :]
        if not unit:
            x[..., i, :] /= a[..., i, i, None]
    return x


def _triangle(x: Any, is_upper: bool, unit: bool) -> Any:
    return upper(x, int(unit)) if is_upper else lower(x, -int(unit))


def _triangular_vjp_a(g: Any, y: Any, a: Any, b: Any, *, is_upper: bool, unit: bool) -> Any:
    gb = solve_triangular(adjoint(a), g, is_upper=not is_upper, unit=unit)
    return sum_to(_triangle(neg(times(gb, adjoint(y))), is_upper, unit), array_of(a).shape)


solve_triangular.defvjp(0, _triangular_vjp_a, saves=(OUTPUT, 0))
solve_triangular.defvjp(
    1,
    lambda g, a, b, *, is_upper, unit: sum_to(
        solve_triangular(adjoint(a), g, is_upper=not is_upper, unit=unit), b.shape
    ),
    saves=(0,),
)


@primitive("CholeskySolve")
def solve_by_root(b: Array, root: Array, *, is_upper: bool) -> Array:
    """X with root @ rootᴴ @ x = b, or rootᴴ @ root @ x = b for an upper triangular root."""
    other = np.conj(np.swapaxes(root, -1, -2))
    first, second = (other, root) if is_upper else (root, other)
    half = solve_triangular.kernel(first, b, is_upper=False, unit=False)
    return solve_triangular.kernel(second, half, is_upper=True, unit=False)


def _root_vjp(g: Any, y: Any, b: Any, root: Any, *, is_upper: bool) -> Any:
    common = times(solve_by_root(g, root, is_upper=is_upper), adjoint(y))
    common = neg(sub(common, neg(adjoint(common))))
    return sum_to(times(root, common) if is_upper else times(common, root), array_of(root).shape)


solve_by_root.defvjp(
    0, lambda g, b, root, *, is_upper: sum_to(solve_by_root(g, root, is_upper=is_upper), b.shape), saves=(1,)
)
solve_by_root.defvjp(1, _root_vjp, saves=(OUTPUT, 1))


@primitive("CholeskyInverse")
def inverse_of_root(root: Array, *, is_upper: bool) -> Array:
    """The inverse of root @ rootᴴ, or of rootᴴ @ root for an upper triangular root."""
    return solve_by_root.kernel(identity_like.kernel(root), root, is_upper=is_upper)


def _inverse_of_root_vjp(g: Any, y: Any, root: Any, *, is_upper: bool) -> Any:
    common = neg(times(y, times(sub(g, neg(adjoint(g))), y)))
    return times(root, common) if is_upper else times(common, root)


inverse_of_root.defvjp(0, _inverse_of_root_vjp, saves=(OUTPUT, 0))


@primitive("LinalgDet")
def determinant(a: Array) -> Array:
    """The determinants of square matrices."""
    return np.asarray(np.linalg.det(a)).astype(a.dtype)


def _determinant_vjp(g: Any, y: Any, a: Any) -> Any:
    singular = np.abs(array_of(y)) == 0
    if not singular.any():
        return solve(adjoint(a), diagonal_matrix(scalars(mul(g, conj(y)), a)))
    return _adjugate_vjp(g, a)


def _adjugate_vjp(g: Any, a: Any) -> Any:
    """The cotangent through the adjugate, which singular matrices have too: u · the products of the others · vh."""
    u, s, vh = factors.svd(a, full=True)
    n = array_of(s).shape[-1]
    rest = [_product_of_others(s, i) for i in range(n)]
    others = joined(*(take(r, index=(..., None)) for r in rest), axis=-1) if n else s
    phase = np.linalg.det(array_of(u)) * np.linalg.det(array_of(vh))
    scale = mul(mul(others, scalars(g, a)), np.conj(phase)[..., None].astype(array_of(a).dtype))
    inner = mul(u, take(scale, index=(..., None, slice(None))))
    return times(inner, vh)


def _product_of_others(s: Any, i: int) -> Any:
    found: Any = None
    for j in range(array_of(s).shape[-1]):
        if j != i:
            one = take(s, index=(..., j))
            found = one if found is None else mul(found, one)
    return np.ones(array_of(s).shape[:-1], array_of(s).dtype) if found is None else found


determinant.defvjp(0, _determinant_vjp, saves=(OUTPUT, 0))


@several("LinalgSlogdet")
def sign_and_log_determinant(a: Array) -> tuple[Array, Array]:
    """The signs of determinants, for complex ones their directions, and the logarithms of their absolute values."""
    sign, log = np.linalg.slogdet(a)
    return np.asarray(sign).astype(a.dtype), np.asarray(log).astype(a.real.dtype)


def _slogdet_vjp(cotangents: Any, results: Any, a: Any) -> tuple[Any]:
    g_sign, g_log = cotangents
    sign, log = results
    weight = np.zeros(array_of(log).shape, array_of(a).dtype) if g_log is None else g_log
    if g_sign is not None and array_of(a).dtype.kind == "c":
        turn = mul(conj(g_sign), sign)
        weight = sub(weight, mul(sub(turn, conj(turn)), 0.5))
    if not hasattr(weight, "_array"):
        weight = mul(log, 0)
    return (solve(adjoint(a), diagonal_matrix(scalars(_like(weight, a), a))),)


def _like(x: Any, a: Any) -> Any:
    """`x` in the dtype of `a`."""
    return mul(x, np.ones((), array_of(a).dtype))


sign_and_log_determinant.defvjp(_slogdet_vjp)


_PADE = (64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600,
         670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1)  # fmt: skip
_PADE_RADIUS = 5.371920351148152


@primitive("LinalgMatrixExp")
def exponential(a: Array) -> Array:
    """The exponentials of square matrices, by scaling, Padé's approximation and squaring, in double precision.

    N. J. Higham, "The Scaling and Squaring Method for the Matrix Exponential Revisited", 2005.
    """
    wide = a.astype(np.complex128 if a.dtype.kind == "c" else np.float64)
    if not a.size:
        return a.copy()
    norm = float(np.nan_to_num(np.abs(wide).sum(axis=-2).max(initial=0.0), posinf=0.0))
    times_halved = max(0, math.ceil(math.log2(norm / _PADE_RADIUS))) if norm > _PADE_RADIUS else 0
    x = wide / 2**times_halved
    one = np.eye(a.shape[-1])
    x2 = x @ x
    x4 = x2 @ x2
    x6 = x2 @ x4
    b = _PADE
    odd = x @ (x6 @ (b[13] * x6 + b[11] * x4 + b[9] * x2) + b[7] * x6 + b[5] * x4 + b[3] * x2 + b[1] * one)
    even = x6 @ (b[12] * x6 + b[10] * x4 + b[8] * x2) + b[6] * x6 + b[4] * x4 + b[2] * x2 + b[0] * one
    found = np.linalg.solve(even - odd, even + odd)
    for _ in range(times_halved):
        found = found @ found
    return found.astype(a.dtype)


def _exponential_vjp(g: Any, a: Any) -> Any:
    """The upper right block of the exponential of [[aᴴ, g], [0, aᴴ]]."""
    turned, n = adjoint(a), array_of(a).shape[-1]
    top = joined(turned, g, axis=-1)
    bottom = joined(mul(turned, 0), turned, axis=-1)
    return take(exponential(joined(top, bottom, axis=-2)), index=(..., slice(0, n), slice(n, None)))


exponential.defvjp(0, _exponential_vjp, saves=(0,))


def pseudoinverse_vjp(g: Any, y: Any, a: Any, **static: Any) -> Any:
    """The cotangent of a matrix from that of its pseudoinverse (G. H. Golub and V. Pereyra, 1973)."""
    gh, yh = adjoint(g), adjoint(y)
    if array_of(a).shape[-2] <= array_of(a).shape[-1]:
        k = times(gh, y)
        kyh = times(k, yh)
        first = sub(kyh, adjoint(times(y, k)))
        second = sub(times(times(yh, y), sub(gh, times(k, a))), times(times(a, y), kyh))
    else:
        k = times(y, gh)
        yhk = times(yh, k)
        first = sub(yhk, adjoint(times(k, y)))
        second = sub(times(times(sub(gh, times(a, k)), y), yh), times(times(yhk, y), a))
    return sub(first, neg(second))


def _pseudoinverse(a: Array, *, atol: Array, rtol: Array, symmetric: bool) -> Array:
    """The pseudoinverse: what is below a tolerance counts as zero."""
    if not a.size:
        return np.zeros((*a.shape[:-2], a.shape[-1], a.shape[-2]), a.dtype)
    if symmetric:
        values, u = np.linalg.eigh(a)
        sizes = np.abs(values)
        vh = np.conj(np.swapaxes(u, -1, -2))
    else:
        u, values, vh = np.linalg.svd(a, full_matrices=False)
        sizes = values
    largest = sizes.max(axis=-1, keepdims=True, initial=0.0)
    keep = sizes > np.maximum(atol[..., None], rtol[..., None] * largest)
    inverted = np.where(keep, 1 / values, 0).astype(a.real.dtype)
    return np.asarray(np.conj(np.swapaxes(vh, -1, -2)) * inverted[..., None, :]) @ np.conj(np.swapaxes(u, -1, -2))


pseudoinverse = Primitive(_pseudoinverse, "LinalgPinv", False)
pseudoinverse.defvjp(0, pseudoinverse_vjp, saves=(OUTPUT, 0))
