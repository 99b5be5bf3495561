"""Indexing, and the sum back into place that is its transpose.

May import: NumPy, `pyconv.autograd`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.graph import Traced, primitive
from pyconv.ops.cast import cast
from pyconv.ops.shape import sum_to

Array = np.ndarray[Any, Any]


def is_basic(index: tuple[Any, ...]) -> bool:
    """Whether an index has only integers, slices, None and an ellipsis, so that it gives a view."""
    return all(i is None or i is Ellipsis or isinstance(i, (int, np.integer, slice)) for i in index)


@primitive("Index", is_view=True)
def take(x: Array, *, index: tuple[Any, ...]) -> Array:
    """x[index]: a view for a basic index, a copy for one with arrays."""
    return np.asarray(x[index])


@primitive("IndexPut")
def put(g: Array, *, index: tuple[Any, ...], shape: tuple[int, ...]) -> Array:
    """Zeros of `shape` with `g` added at `index`."""
    out = np.zeros(shape, g.dtype)
    if is_basic(index):
        out[index] = g
    else:
        np.add.at(out, index, g)
    return out


take.defvjp(0, lambda g, x, *, index: put(g, index=index, shape=x.shape))
put.defvjp(0, lambda g, x, *, index, shape: take(g, index=index))

select = take.alias("Select")
narrow = take.alias("Slice")


@primitive("IndexPut")
def _assign(x: Array, value: Array, *, index: tuple[Any, ...]) -> Array:
    out = x.copy()
    out[index] = value
    return out


_assign.defvjp(0, lambda g, x, value, *, index: _assign(g, np.zeros((), x.dtype), index=index))
_assign.defvjp(1, lambda g, x, value, *, index: sum_to(take(g, index=index), value.shape))


def assign(x: Any, value: Any, *, index: tuple[Any, ...]) -> Any:
    """`x` with `value` at `index`, both Tensors or ndarrays; numbers are values too."""
    return _assign(x, _like(value, x), index=index)


@primitive("Copy")
def _replace(x: Array, value: Array) -> Array:
    return np.broadcast_to(value, x.shape)


_replace.defvjp(1, lambda g, x, value: sum_to(g, value.shape))


def replace(x: Any, value: Any) -> Any:
    """`value` in the shape and dtype of `x`."""
    return _replace(x, _like(value, x))


def _like(value: Any, x: Any) -> Any:
    dtype = (x._array if isinstance(x, Traced) else x).dtype
    if isinstance(value, (Traced, np.ndarray)):
        return cast(value, dtype)
    return np.asarray(value).astype(dtype)
