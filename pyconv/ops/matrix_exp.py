"""The exponential of square matrices.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive
from pyconv.ops.cast import array_of, conj
from pyconv.ops.index import take
from pyconv.ops.shape import permute

Array = np.ndarray[Any, Any]

_TERMS = 18
"""Terms of the Taylor series: what is left over is below 2**-60 for a norm of at most one half."""


def _exponential(a: Array) -> Array:
    """By scaling and squaring (C. Moler, C. Van Loan, "Nineteen Dubious Ways", 2003), in double precision."""
    if not a.size:
        return a.copy()
    wide = a.astype(np.complex128 if a.dtype.kind == "c" else np.float64)
    norm = float(np.abs(wide).sum(axis=-1).max())
    squarings = max(0, int(np.ceil(np.log2(norm))) + 1) if 0 < norm < np.inf else 0
    wide /= 2.0**squarings
    identity = np.eye(a.shape[-1])
    out = identity + wide / _TERMS
    for k in range(_TERMS - 1, 0, -1):
        out = identity + wide @ out / k
    for _ in range(squarings):
        out = out @ out
    return out.astype(a.dtype)


@primitive("LinalgMatrixExp")
def matrix_exp(a: Array) -> Array:
    """Σ aᵏ/k! for every square matrix in the last two dimensions.

    Args:
        a: (..., n, n), floating point or complex.

    Example:
        >>> matrix_exp(np.zeros((2, 2)))
        array([[1., 0.],
               [0., 1.]])
    """
    return _exponential(a)


@primitive("MatrixExpBlocks")
def _blocks(a: Array, g: Array) -> Array:
    """[[a, g], [0, a]]."""
    n = a.shape[-1]
    out = np.zeros((*a.shape[:-2], 2 * n, 2 * n), a.dtype)
    out[..., :n, :n] = out[..., n:, n:] = a
    out[..., :n, n:] = g
    return out


@primitive("MatrixExpBlocks")
def _diagonal_sum(h: Array) -> Array:
    """The sum of the two blocks on the diagonal."""
    n = h.shape[-1] // 2
    return h[..., :n, :n] + h[..., n:, n:]


def _corner(h: Any) -> Any:
    """The upper right block."""
    n = array_of(h).shape[-1] // 2
    return take(h, index=(Ellipsis, slice(0, n), slice(n, 2 * n)))


@primitive("MatrixExpBlocks")
def _on_diagonal(g: Array) -> Array:
    """[[g, 0], [0, g]]."""
    return _blocks.kernel(g, np.zeros_like(g))


_diagonal_sum.defvjp(0, lambda g, h: _on_diagonal(g))
_on_diagonal.defvjp(0, lambda h, g: _diagonal_sum(h))
_blocks.defvjp(0, lambda h, a, g: _diagonal_sum(h))
_blocks.defvjp(1, lambda h, a, g: _corner(h))


def _adjoint(a: Any) -> Any:
    ndim = array_of(a).ndim
    return conj(permute(a, axes=(*range(ndim - 2), ndim - 1, ndim - 2)))


# The derivative at aᴴ along g stands in the corner of exp([[aᴴ, g], [0, aᴴ]]).
matrix_exp.defvjp(0, lambda g, a: _corner(matrix_exp(_blocks(_adjoint(a), g))), saves=(0,))
