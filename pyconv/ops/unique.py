"""Different values, with where each element is among them and how many there are of each.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive
from pyconv.ops.along import ordered
from pyconv.ops.cast import array_of

Array = np.ndarray[Any, Any]


def _no_derivative(name: str) -> Any:
    def vjp(g: Any, x: Any, **static: Any) -> Any:
        raise NotImplementedError(f"the derivative for '{name}' is not implemented.")

    return vjp


@primitive("Unique2")
def _chosen(x: Array, *, index: Array, axis: int | None) -> Array:
    return x.reshape(-1)[index] if axis is None else np.take(x, index, axis=axis)


_unique, _unique_dim = _chosen.alias("Unique2"), _chosen.alias("UniqueDim")
_consecutive = _chosen.alias("UniqueConsecutive")
for _op, _name in ((_unique, "_unique2"), (_unique_dim, "unique_dim"), (_consecutive, "unique_consecutive")):
    _op.vjps = {}
    _op.defvjp(0, _no_derivative(_name))


@primitive("Given")
def _given(x: Array, *, value: Array) -> Array:
    return value


def _rows(x: Array, axis: int | None) -> Array:
    """What is compared, one in a row."""
    if axis is None:
        return ordered(x).reshape(-1, 1)
    moved = np.moveaxis(ordered(x), axis, 0)
    return moved.reshape(len(moved), math.prod(moved.shape[1:]))


def _grouped(rows: Array, order: Array) -> tuple[Array, Array, Array]:
    """The first of each run of equal rows, the run that each row is in, and the lengths of the runs."""
    placed = rows[order]
    fresh = np.ones(len(rows), np.bool_)
    fresh[1:] = (placed[1:] != placed[:-1]).any(axis=1)
    inverse = np.empty(len(rows), np.int64)
    inverse[order] = np.cumsum(fresh) - 1
    starts = np.flatnonzero(fresh)
    return order[starts], inverse, np.diff(np.append(starts, len(rows))).astype(np.int64)


def _results(op: Any, x: Any, axis: int | None, order: Array, rows: Array) -> tuple[Any, Any, Any]:
    index, inverse, counts = _grouped(rows, order)
    places = inverse.reshape(array_of(x).shape) if axis is None else inverse
    return op(x, index=index, axis=axis), _given(x, value=places), _given(x, value=counts)


def unique(x: Any, axis: int | None) -> tuple[Any, Any, Any]:
    """The different elements in order, or slices along a dimension in the order of their elements.

    Returns:
        The values; int64, where each is among them; int64, how many there are of each.

    Example:
        >>> unique(np.array([3, 1, 3]), None)
        (array([1, 3]), array([1, 0, 1]), array([1, 2]))
    """
    rows = _rows(array_of(x), axis)
    order = rows[:, 0].argsort(kind="stable") if rows.shape[1] == 1 else np.lexsort(rows.T[::-1])
    return _results(_unique if axis is None else _unique_dim, x, axis, order, rows)


def consecutive(x: Any, axis: int | None) -> tuple[Any, Any, Any]:
    """The elements, or the slices along a dimension, without those equal to the one before.

    Returns:
        The values; int64, where each is among them; int64, how many there are of each.

    Example:
        >>> consecutive(np.array([1, 1, 3, 1]), None)
        (array([1, 3, 1]), array([0, 0, 1, 2]), array([2, 1, 1]))
    """
    rows = _rows(array_of(x), axis)
    return _results(_consecutive, x, axis, np.arange(len(rows)), rows)
