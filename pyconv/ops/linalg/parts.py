"""Parts of matrices that the gradients of linear algebra are made of, and torch's error for matrices that do not do.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.ops import joining, strided
from pyconv.ops.arithmetic import add, mul, sub
from pyconv.ops.cast import array_of, conj
from pyconv.ops.matmul import adjoint
from pyconv.ops.shape import expand, reshape

Array = np.ndarray[Any, Any]


class LinAlgError(RuntimeError):
    """torch.linalg.LinAlgError: a matrix has not the property that an operation needs."""


LinAlgError.__name__ = LinAlgError.__qualname__ = "_LinAlgError"
LinAlgError.__module__ = "torch._C"


def lower(x: Any, diagonal: int = 0) -> Any:
    """The lower triangles of matrices, zero elsewhere."""
    return joining.tril(x, diagonal=diagonal)


def upper(x: Any, diagonal: int = 0) -> Any:
    """The upper triangles of matrices, zero elsewhere."""
    return joining.triu(x, diagonal=diagonal)


def diagonal(x: Any) -> Any:
    """The diagonals of matrices: (…, n, n) → (…, n)."""
    return strided.diagonal(x, offset=0, dim1=array_of(x).ndim - 2, dim2=array_of(x).ndim - 1)


def diagonal_matrix(d: Any) -> Any:
    """Matrices with these diagonals: (…, n) → (…, n, n)."""
    size = array_of(d).shape
    ndim = len(size)
    return strided.embed(d, shape=(*size, size[-1]), offset=0, dim1=ndim - 1, dim2=ndim)


def column(d: Any) -> Any:
    """(…, n) → (…, n, 1)."""
    return reshape(d, shape=(*array_of(d).shape, 1))


def row(d: Any) -> Any:
    """(…, n) → (…, 1, n)."""
    size = array_of(d).shape
    return reshape(d, shape=(*size[:-1], 1, size[-1]))


def identity(x: Any) -> Array:
    """The identity like the square matrices `x`."""
    n = array_of(x).shape[-1]
    return np.eye(n, dtype=array_of(x).dtype)


def skew(x: Any) -> Any:
    """X - xᴴ."""
    return sub(x, adjoint(x))


def differences(d: Any) -> Any:
    """E[i, j] = d[j] - d[i], with ones on the diagonal."""
    n = array_of(d).shape[-1]
    return add(sub(row(d), column(d)), np.eye(n, dtype=array_of(d).dtype))


def imaginary_diagonal(x: Any) -> Any:
    """The diagonals of matrices without their real parts."""
    d = diagonal(x)
    return mul(sub(d, conj(d)), 0.5)


def scalars(g: Any, like: Any) -> Any:
    """(…) → (…, n), each as often as `like` has rows."""
    size = (*array_of(g).shape, array_of(like).shape[-1])
    return expand(column(g), shape=size)


def joined(*parts: Any, axis: int) -> Any:
    """Arrays of one dtype side by side along a dimension, which is counted from the last."""
    dim = array_of(parts[0]).ndim + axis
    sizes = [array_of(x).shape[dim] for x in parts]
    starts = tuple(int(n) for n in np.cumsum([0, *sizes[:-1]]))
    return joining.cat(*parts, dim=dim, starts=starts)
