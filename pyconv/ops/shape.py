"""Changes of shape, which move no value: reshape, permute, expand, and the sum that undoes an expansion.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.graph import Traced, primitive

Array = np.ndarray[Any, Any]
Size = tuple[int, ...]


@primitive("View", is_view=True)
def reshape(x: Array, *, shape: Size) -> Array:
    """`x` in another shape of as many elements, a view where one is possible."""
    return x.reshape(shape)


reshape.defvjp(0, lambda g, x, *, shape: reshape(g, shape=x.shape))

squeeze = reshape.alias("Squeeze")
unsqueeze = reshape.alias("Unsqueeze")


@primitive("Permute", is_view=True)
def permute(x: Array, *, axes: Size) -> Array:
    """The view of `x` with its dimensions in another order."""
    return x.transpose(axes)


permute.defvjp(0, lambda g, x, *, axes: permute(g, axes=tuple(int(i) for i in np.argsort(axes))))

transpose = permute.alias("Transpose")


@primitive("Expand", is_view=True)
def expand(x: Array, *, shape: Size) -> Array:
    """The view of `x` repeated along dimensions of size 1 and along new first ones."""
    return np.broadcast_to(x, shape)


expand.defvjp(0, lambda g, x, *, shape: sum_to(g, x.shape))


@primitive("SumToSize")
def _sum_to(x: Array, *, shape: Size) -> Array:
    lead = x.ndim - len(shape)
    axes = (*range(lead), *(lead + i for i, n in enumerate(shape) if n == 1 and x.shape[lead + i] != 1))
    return x.sum(axis=axes, dtype=dtypes.accumulation(x.dtype)).astype(x.dtype).reshape(shape)


_sum_to.defvjp(0, lambda g, x, *, shape: expand(g, shape=x.shape))


def sum_to(x: Any, shape: Size) -> Any:
    """The sum over what an expansion from `shape` repeated; `x` itself where it has that shape.

    Args:
        x: a Tensor or an ndarray.
        shape: a shape that broadcasts to that of `x`.

    Example:
        >>> sum_to(np.ones((2, 3)), (1, 3))
        array([[2., 2., 2.]])
    """
    array = x._array if isinstance(x, Traced) else x
    return x if array.shape == tuple(shape) else _sum_to(x, shape=tuple(shape))
