"""Orthogonal matrices from free ones: exponential, Cayley transform, Householder reflections.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import primitive
from pyconv.ops.arithmetic import add, mul, neg, sub, where
from pyconv.ops.cast import array_of
from pyconv.ops.index import take
from pyconv.ops.matmul import adjoint, times, turned
from pyconv.ops.matrix_exp import matrix_exp

Array = np.ndarray[Any, Any]


@primitive("LinalgSolveEx")
def solve(a: Array, b: Array) -> Array:
    """The x for which a·x = b, of square matrices (..., n, n) and right sides (..., n, m).

    Example:
        >>> solve(np.array([[2.0]]), np.array([[3.0]]))
        array([[1.5]])
    """
    return np.linalg.solve(a, b).astype(b.dtype, copy=False)


solve.defvjp(0, lambda g, x, a, b: neg(times(solve(adjoint(a), g), adjoint(x))), saves=(OUTPUT, 0))
solve.defvjp(1, lambda g, a, b: solve(adjoint(a), g), saves=(0,))


def _lower(x: Any, diagonal: int = 0) -> Any:
    """`x` with zeros above a diagonal."""
    rows, columns = array_of(x).shape[-2:]
    return where(np.tri(rows, columns, diagonal, dtype=bool), x, 0)


def _skew(x: Any) -> Any:
    """A - Aᴴ, of the lower triangle A of an (n, k) matrix completed by zeros to (n, n)."""
    rows, columns = array_of(x).shape[-2:]
    lower = _lower(x)
    if columns < rows:
        lower = _widened(lower, columns=rows)
    return sub(lower, adjoint(lower))


@primitive("Cat")
def _widened(x: Array, *, columns: int) -> Array:
    return np.concatenate((x, np.zeros((*x.shape[:-1], columns - x.shape[-1]), x.dtype)), -1)


@primitive("Slice")
def _narrowed(g: Array, *, columns: int) -> Array:
    return g[..., :columns]


_widened.defvjp(0, lambda g, x, *, columns: _narrowed(g, columns=x.shape[-1]))
_narrowed.defvjp(0, lambda h, g, *, columns: _widened(h, columns=g.shape[-1]))


def exponential_map(x: Any) -> Any:
    """The first k columns of exp(A - Aᴴ), with A the lower triangle of the (n, k) matrix `x`, n ≥ k.

    Example:
        >>> exponential_map(np.zeros((2, 2)))
        array([[1., 0.],
               [0., 1.]])
    """
    return _narrowed(matrix_exp(_skew(x)), columns=array_of(x).shape[-1])


def cayley_map(x: Any) -> Any:
    """The first k columns of (I - S/2)⁻¹(I + S/2), with S = A - Aᴴ as in `exponential_map`.

    Example:
        >>> cayley_map(np.array([[0.0, 0.0], [2.0, 0.0]]))
        array([[ 0., -1.],
               [ 1.,  0.]])
    """
    skew = _skew(x)
    identity = np.eye(array_of(skew).shape[-1], dtype=array_of(skew).dtype)
    half = mul(skew, 0.5)
    found = solve(sub(identity, half), add(identity, half))
    return _narrowed(found, columns=array_of(x).shape[-1])


def householder_map(x: Any) -> Any:
    """The first k columns of the product of the reflections whose vectors are the columns of an (n, k) matrix.

    The vectors have 1 on the diagonal and zeros above. The product is I - V·T·Vᵀ with an upper triangular T, for
    which T⁻¹ + T⁻ᵀ = VᵀV (C. Puglisi, "Modification of the Householder Method", 1992). The diagonal of `x`, cut off
    to integers, scales the columns.

    Example:
        >>> householder_map(np.array([[1.0], [1.0]]))
        array([[ 0.],
               [-1.]])
    """
    array = array_of(x)
    columns = array.shape[-1]
    identity = np.eye(*array.shape[-2:], dtype=array.dtype)
    vectors = add(_lower(x, -1), identity)
    gram = times(turned(vectors), vectors)
    half_diagonal = mul(gram, np.eye(columns, dtype=array.dtype) / 2)
    inverse = add(sub(gram, _lower(gram)), half_diagonal)
    top = take(vectors, index=(Ellipsis, slice(0, columns), slice(None)))
    product = sub(identity, times(vectors, solve(inverse, turned(top))))
    signs = np.trunc(np.diagonal(array, axis1=-2, axis2=-1)).astype(array.dtype)[..., None, :]
    return mul(product, signs)
