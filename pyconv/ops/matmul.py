"""Products of matrices and vectors, alone and added to something: the primitives and their gradients.

Every one is made of `_product`, which computes 16-bit floats in single precision and rounds once. May import: NumPy,
`pyconv.dtypes`, `pyconv.kernels`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import primitive
from pyconv.kernels import threads
from pyconv.ops.arithmetic import mul
from pyconv.ops.cast import array_of, conj
from pyconv.ops.shape import expand, permute, reshape, sum_to

Array = np.ndarray[Any, Any]


def wide(x: Array) -> Array:
    """`x` in the dtype that its products are added up in."""
    return x.astype(dtypes.accumulation(x.dtype), copy=False)


_SMALL = 4096
"""Up to so many elements of both operands, a product in double precision costs no more than the call of it."""
_DOUBLE = {np.dtype(np.float32): np.dtype(np.float64), np.dtype(np.complex64): np.dtype(np.complex128)}


def _product(a: Array, b: Array) -> Array:
    """A @ b of matrices or stacks of them, in the wide dtype, or in a wider one."""
    if a.size + b.size <= _SMALL and a.dtype in _DOUBLE:
        double = _DOUBLE[a.dtype]
        return np.asarray(np.matmul(a.astype(double), b.astype(double)))
    a, b = wide(a), wide(b)
    several = max(a.shape[:-2], default=1) > 1
    stacks = several and a.shape[:-2] == b.shape[:-2] and type(a) is type(b) is np.ndarray
    if stacks and a.size * b.shape[-1] >= _SHARED:
        return _in_halves(a, b)
    return np.asarray(np.matmul(a, b))


_SHARED = 1 << 24
"""Multiplications of a stack from which on two threads take half of its products each: 32 of 128x64 by 64x128 take 0.55
to 0.85 of the time that BLAS's own threads take for one after the other."""


def _in_halves(a: Array, b: Array) -> Array:
    """The products of two stacks of the same shape, cut along their first dimension that can be."""
    out = np.empty((*a.shape[:-1], b.shape[-1]), np.result_type(a, b))
    axis = next(i for i, n in enumerate(a.shape) if n > 1)
    half, ahead = -(-a.shape[axis] // 2), (slice(None),) * axis
    halves = [(*ahead, slice(half)), (*ahead, slice(half, None))]

    def multiply(part: tuple[slice, ...]) -> None:
        with np.errstate(all="ignore"):
            np.matmul(a[part], b[part], out=out[part])

    with threads.together():
        threads.each(multiply, halves)
    return out


def adjoint(x: Any) -> Any:
    """The conjugate of `x` with its last two dimensions exchanged."""
    return conj(turned(x))


def turned(x: Any) -> Any:
    """`x` with its last two dimensions exchanged."""
    ndim = array_of(x).ndim
    return permute(x, axes=(*range(ndim - 2), ndim - 1, ndim - 2))


@primitive("Mm")
def mm(a: Array, b: Array) -> Array:
    """The product of two matrices, or of two stacks of as many: (…, n, k), (…, k, m) → (…, n, m)."""
    return _product(a, b).astype(a.dtype, copy=False)


def times(a: Any, b: Any) -> Any:
    """A @ b: matrices as `mm`, stacks of them, whose shapes broadcast, as `bmm`."""
    left, right = array_of(a).shape, array_of(b).shape
    if len(left) == len(right) == 2:
        return mm(a, b)
    batch = np.broadcast_shapes(left[:-2], right[:-2])
    return bmm(_spread(a, batch), _spread(b, batch))


def _spread(x: Any, batch: tuple[int, ...]) -> Any:
    shape = (*batch, *array_of(x).shape[-2:])
    return x if array_of(x).shape == shape else expand(x, shape=shape)


def _of_second(g: Any, a: Any, b: Any) -> Any:
    """The cotangent of `b` in a @ b, which lies in memory as `b` does: a turned weight's is a weight's, turned."""
    strides = array_of(b).strides
    if len(strides) == 2 and strides[0] < strides[1]:
        return turned(times(turned(g), conj(a)))
    return times(adjoint(a), g)


mm.defvjp(0, lambda g, a, b: times(g, adjoint(b)), saves=(1,))
mm.defvjp(1, _of_second, saves=(0,))
bmm = mm.alias("Bmm")


@primitive("Mv")
def mv(a: Array, v: Array) -> Array:
    """The product of a matrix and a vector: (n, k), (k) → (n)."""
    return _product(a, v).astype(a.dtype, copy=False)


def outer(u: Any, v: Any) -> Any:
    """The product of every element of a vector with every one of another: (n), (m) → (n, m)."""
    n, m = array_of(u).size, array_of(v).size
    return mul(reshape(u, shape=(n, 1)), reshape(v, shape=(1, m)))


mv.defvjp(0, lambda g, a, v: outer(g, conj(v)), saves=(1,))
mv.defvjp(1, lambda g, a, v: mv(adjoint(a), g), saves=(0,))


@primitive("Dot")
def dot(u: Array, v: Array) -> Array:
    """The sum of the products of two vectors' elements."""
    return _product(u, v).astype(u.dtype, copy=False)


dot.defvjp(0, lambda g, u, v: mul(g, conj(v)), saves=(1,))
dot.defvjp(1, lambda g, u, v: mul(g, conj(u)), saves=(0,))


@primitive("Vdot")
def vdot(u: Array, v: Array) -> Array:
    """The `dot` of the conjugate of `u` with `v`."""
    return _product(np.conj(u), v).astype(u.dtype, copy=False)


vdot.defvjp(0, lambda g, u, v: mul(conj(g), v), saves=(1,))
vdot.defvjp(1, lambda g, u, v: mul(g, u), saves=(0,))


def _added(x: Array, product: Array, alpha: Any, beta: Any) -> Array:
    """Alpha·product + beta·x, rounded once to the dtype of x; what a beta of 0 meets does not count, were it NaN."""
    if alpha != 1:
        product = product * product.dtype.type(alpha)
    if beta == 0:
        return product.astype(x.dtype, copy=False)
    return np.asarray(product + (wide(x) if beta == 1 else x.astype(product.dtype) * product.dtype.type(beta))).astype(
        x.dtype
    )


def _scaled(g: Any, factor: Any) -> Any:
    return g if factor == 1 else mul(g, complex(factor).conjugate() if isinstance(factor, complex) else factor)


def _of_summand(g: Any, x: Any, *operands: Any, alpha: Any, beta: Any) -> Any:
    return sum_to(_scaled(g, beta), x.shape)


@primitive("Addmm")
def addmm(x: Array, a: Array, b: Array, *, alpha: Any, beta: Any) -> Array:
    """Beta·x + alpha·(a @ b), of matrices or of stacks."""
    return _added(x, _product(a, b), alpha, beta)


addmm.defvjp(0, _of_summand)
addmm.defvjp(1, lambda g, x, a, b, *, alpha, beta: _scaled(times(g, adjoint(b)), alpha), saves=(2,))
addmm.defvjp(2, lambda g, x, a, b, *, alpha, beta: _scaled(_of_second(g, a, b), alpha), saves=(1,))
baddbmm = addmm.alias("Baddbmm")


@primitive("Addmv")
def addmv(x: Array, a: Array, v: Array, *, alpha: Any, beta: Any) -> Array:
    """Beta·x + alpha·(a @ v)."""
    return _added(x, _product(a, v), alpha, beta)


addmv.defvjp(0, _of_summand)
addmv.defvjp(1, lambda g, x, a, v, *, alpha, beta: _scaled(outer(g, conj(v)), alpha), saves=(2,))
addmv.defvjp(2, lambda g, x, a, v, *, alpha, beta: _scaled(mv(adjoint(a), g), alpha), saves=(1,))


@primitive("Addbmm")
def addbmm(x: Array, a: Array, b: Array, *, alpha: Any, beta: Any) -> Array:
    """Beta·x + alpha·Σ(a[i] @ b[i])."""
    return _added(x, np.asarray(_product(a, b).sum(axis=0, dtype=wide(a).dtype)), alpha, beta)


def _of_stack(g: Any, batch: int) -> Any:
    return expand(g, shape=(batch, *array_of(g).shape))


addbmm.defvjp(0, _of_summand)
addbmm.defvjp(
    1, lambda g, x, a, b, *, alpha, beta: _scaled(bmm(_of_stack(g, a.shape[0]), adjoint(b)), alpha), saves=(2,)
)
addbmm.defvjp(
    2, lambda g, x, a, b, *, alpha, beta: _scaled(bmm(adjoint(a), _of_stack(g, b.shape[0])), alpha), saves=(1,)
)


@primitive("Addr")
def addr(x: Array, u: Array, v: Array, *, alpha: Any, beta: Any) -> Array:
    """Beta·x + alpha·(u ⊗ v)."""
    if x.dtype == np.bool_:
        product = np.asarray(np.outer(u, v) & bool(alpha))
        return product | (x & bool(beta)) if beta else product
    left, right = wide(u)[:, None], wide(v)[None, :]
    return _added(x, np.asarray(left * right), alpha, beta)


addr.defvjp(0, _of_summand)
addr.defvjp(1, lambda g, x, u, v, *, alpha, beta: _scaled(mv(g, conj(v)), alpha), saves=(2,))
addr.defvjp(2, lambda g, x, u, v, *, alpha, beta: _scaled(mv(turned(g), conj(u)), alpha), saves=(1,))
