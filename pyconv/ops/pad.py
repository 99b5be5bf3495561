"""Padding with a constant, and by a rule, with the transposes of both.

May import: NumPy, `pyconv.kernels`, `pyconv.autograd`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive
from pyconv.geometry import Pairs
from pyconv.kernels import pad as kernels
from pyconv.kernels.memory_order import ordered_as
from pyconv.kernels.window import negated
from pyconv.kernels.window import pad as pad_zeros

Array = np.ndarray[Any, Any]


@primitive("ConstantPadNd")
def constant(x: Array, *, padding: Pairs, value: Any) -> Array:
    """`x` with `value` around its last dimensions; a negative amount crops."""
    if not value:
        padded = pad_zeros(x, padding)
        return ordered_as(padded.copy() if padded is x else padded, x)
    inside = pad_zeros(np.ones(x.shape[x.ndim - len(padding) :], np.bool_), padding)
    fill = np.asarray(value).astype(x.dtype)
    return ordered_as(np.where(inside, pad_zeros(x, padding), fill), x)


constant.defvjp(0, lambda g, x, *, padding, value: constant(g, padding=negated(padding), value=0))


@primitive("Gather")
def gather(x: Array, *, index: Array, axis: int) -> Array:
    """The elements of `x` at `index` along one dimension."""
    return kernels.gather(x, index, axis)


@primitive("Scatter")
def scatter(g: Array, *, index: Array, axis: int, size: int) -> Array:
    """The sum, for each of `size` positions of a dimension, of the elements that `gather` copied from it."""
    return kernels.scatter(g, index, axis, size)


@primitive("Gather")
def _gather_ordered(x: Array, *, index: Array, axis: int) -> Array:
    """`gather` that keeps channels last."""
    return ordered_as(kernels.gather(x, index, axis), x)


@primitive("Scatter")
def _scatter_ordered(g: Array, *, index: Array, axis: int, size: int) -> Array:
    """`scatter` that keeps channels last."""
    return ordered_as(kernels.scatter(g, index, axis, size), g)


for _copy, _sum in ((gather, scatter), (_gather_ordered, _scatter_ordered)):
    _copy.defvjp(0, lambda g, x, *, index, axis, back=_sum: back(g, index=index, axis=axis, size=x.shape[axis]))
    _sum.defvjp(0, lambda g, x, *, index, axis, size, back=_copy: back(g, index=index, axis=axis))

_RULES = (("reflect", "Reflection", _gather_ordered), ("replicate", "Replication", _gather_ordered))
BY_RULE = {
    (mode, ndim): op.alias(f"{stem}Pad{ndim}D")
    for mode, stem, op in (*_RULES, ("circular", "Circular", gather))
    for ndim in (1, 2, 3)
}
