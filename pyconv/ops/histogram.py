"""Counts of values in bins.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import primitive

Array = np.ndarray[Any, Any]


def edges(low: Any, high: Any, bins: int, kind: np.dtype[Any]) -> Array:
    """The `bins` + 1 edges from `low` to `high` at equal distances, counted from the nearer end as torch counts.

    Example:
        >>> edges(0, 1, 2, np.dtype(float))
        array([0. , 0.5, 1. ])
    """
    wide = dtypes.accumulation(kind)
    first, last = np.asarray(low).astype(wide), np.asarray(high).astype(wide)
    step = (last - first) / wide.type(bins)
    places = np.arange(bins + 1)
    up, down = first + step * places.astype(wide), last - step * (bins - places).astype(wide)
    return np.asarray(np.where(places < (bins + 1) // 2, up, down)).astype(kind)


def _no_derivative(g: Any, *operands: Any, **static: Any) -> Any:
    raise RuntimeError("derivative for aten::histogram is not implemented")


@primitive("torch::autograd::NotImplemented", variant=None)
def histogram(x: Array, *, bounds: tuple[Array, ...], weight: Array | None, density: bool) -> Array:
    """How many rows of `x` are in each box of bins; the last bin of a dimension has its upper edge too.

    Args:
        x: `(n, d)`.
        bounds: for each of the d columns the edges of its bins.
        weight: `(n,)`, what a row counts; 1 if None.
        density: divide by the sum and by the sizes of the boxes.

    Returns:
        Of the dtype of `x`, a dimension of bins for each column.
    """
    inside = np.ones(len(x), np.bool_)
    shape = tuple(len(edge) - 1 for edge in bounds)
    box = np.zeros(len(x), np.int64)
    for column, edge, count in zip(x.T, bounds, shape, strict=True):
        inside &= (column >= edge[0]) & (column <= edge[-1])
        place = np.searchsorted(edge, column, side="right") - 1
        box = box * count + np.minimum(np.maximum(place, 0), count - 1)
    shares = None if weight is None else weight[inside].astype(np.float64)
    found = np.bincount(box[inside], shares, int(np.prod(shape))).reshape(shape).astype(x.dtype)
    return _dense(found, bounds) if density else found


def _dense(counts: Array, bounds: tuple[Array, ...]) -> Array:
    found = counts / counts.sum()
    for axis, edge in enumerate(bounds):
        found = found / np.diff(edge).reshape([-1 if i == axis else 1 for i in range(found.ndim)])
    return np.asarray(found).astype(counts.dtype)


@primitive("torch::autograd::NotImplemented", variant=None)
def bin_edges(x: Array, *, value: Array) -> Array:
    """Edges that were found for `x`, as `x` is: a Tensor for a Tensor."""
    return value


histogram.defvjp(0, _no_derivative)
bin_edges.defvjp(0, _no_derivative)


@primitive("Histc")
def histc(x: Array, *, low: Any, high: Any, bins: int) -> Array:
    """How many elements are in each of `bins` equal bins from `low` to `high`, as floats."""
    flat = x.reshape(-1).astype(dtypes.accumulation(x.dtype))
    first, last = flat.dtype.type(low), flat.dtype.type(high)
    chosen = flat[(flat >= first) & (flat <= last)]
    place = ((chosen - first) * flat.dtype.type(bins) / (last - first)).astype(np.int64)
    return np.bincount(np.minimum(place, bins - 1), minlength=bins).astype(x.dtype)


@primitive("Bincount")
def bincount(x: Array, *, minlength: int) -> Array:
    """How often each number from 0 up is among `x`, int64, at least `minlength` of them."""
    return np.bincount(x.astype(np.int64), minlength=minlength).astype(np.int64)


@primitive("Bincount")
def weighted_bincount(x: Array, weights: Array, *, minlength: int) -> Array:
    """The sums of the weights of each number from 0 up; float32 of float32, else float64."""
    kind = np.float32 if weights.dtype == np.float32 else np.float64
    return np.bincount(x.astype(np.int64), weights.astype(np.float64), minlength).astype(kind)


bincount.needs_values = weighted_bincount.needs_values = True
