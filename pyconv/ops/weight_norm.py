"""Weight normalization: a tensor given by its direction and the norms of its slices.

T. Salimans, D. P. Kingma, "Weight Normalization", NeurIPS 2016. May import: NumPy, `pyconv.dtypes`,
`pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import primitive
from pyconv.ops.arithmetic import div, mul, sub
from pyconv.ops.cast import array_of
from pyconv.ops.norms import vector_norm
from pyconv.ops.reduce import total
from pyconv.ops.shape import reshape

Array = np.ndarray[Any, Any]


def _others(ndim: int, dim: int) -> tuple[int, ...]:
    return tuple(i for i in range(ndim) if i != dim)


@primitive("WeightNormInterface")
def _scaled(v: Array, g: Array, *, dim: int) -> Array:
    wide = v.astype(dtypes.accumulation(v.dtype), copy=False)
    square = (wide * wide).sum(axis=_others(v.ndim, dim), keepdims=True, dtype=np.float64)
    return (wide * (g / np.sqrt(square)).astype(wide.dtype)).astype(v.dtype)


def _direction_vjp(h: Any, v: Any, g: Any, *, dim: int) -> Any:
    axes = _others(len(v.shape), dim)
    length = vector_norm(v, 2, axes, keepdim=True)
    along = div(total(mul(h, v), axes, keepdim=True), mul(length, length))
    return mul(div(g, length), sub(h, mul(v, along)))


def _length_vjp(h: Any, v: Any, g: Any, *, dim: int) -> Any:
    axes = _others(len(v.shape), dim)
    return div(total(mul(h, v), axes, keepdim=True), vector_norm(v, 2, axes, keepdim=True))


_scaled.defvjp(0, _direction_vjp, saves=(0, 1))
_scaled.defvjp(1, _length_vjp, saves=(0,))


def norm_except_dim(v: Any, order: float, dim: int) -> Any:
    """The norms of the slices of `v` at each index of a dimension, with 1 along the others; of all for -1.

    Raises:
        IndexError: there is no such dimension.

    Example:
        >>> norm_except_dim(np.array([[3.0, 4.0], [6.0, 8.0]]), 2, 0)
        array([[ 5.],
               [10.]])
    """
    ndim = array_of(v).ndim
    if dim == -1:
        return vector_norm(v, order, tuple(range(ndim)))
    if not -ndim <= dim < ndim:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-ndim}, {ndim - 1}], but got {dim})")
    return vector_norm(v, order, _others(ndim, dim % ndim), keepdim=True)


def weight_norm(v: Any, g: Any, dim: int) -> Any:
    """The tensor with the directions of the slices of `v` and the norms `g`.

    Args:
        v: of any shape.
        g: the norms, with 1 along all dimensions but `dim`; without dimensions for -1.
        dim: the dimension whose slices have a norm each; -1 for one norm of all.

    Example:
        >>> weight_norm(np.array([[3.0, 4.0]]), np.array([[10.0]]), 0)
        array([[6., 8.]])
    """
    if dim in (0, array_of(v).ndim - 1):
        return _scaled(
            v, reshape(g, shape=tuple(n if i == dim else 1 for i, n in enumerate(array_of(v).shape))), dim=dim
        )
    return mul(v, div(g, norm_except_dim(v, 2, dim)))
