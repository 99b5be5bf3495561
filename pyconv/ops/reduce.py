"""Sums and means over dimensions, and over all.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.graph import OUTPUT, Traced, primitive
from pyconv.ops.arithmetic import div, mul
from pyconv.ops.cast import cast
from pyconv.ops.shape import expand, reshape

Array = np.ndarray[Any, Any]
Axes = tuple[int, ...]


@primitive("Sum")
def _sum(x: Array, *, axes: Axes, keepdim: bool) -> Array:
    total = x.sum(axis=axes, dtype=dtypes.accumulation(x.dtype), keepdims=keepdim)
    return np.asarray(total).astype(x.dtype, copy=False)


def _spread(g: Any, x: Any, *, axes: Axes, keepdim: bool) -> Any:
    kept = tuple(1 if i in axes else n for i, n in enumerate(x.shape))
    return expand(reshape(g, shape=kept), shape=x.shape)


_sum.defvjp(0, _spread)


def total(x: Any, axes: Axes | None = None, keepdim: bool = False, dtype: np.dtype[Any] | None = None) -> Any:
    """The sum; integers and bool give int64, 16-bit floats are summed in float32.

    Args:
        x: a Tensor or an ndarray.
        axes: the dimensions to sum over, from 0 up; all by default.
        keepdim: keep them with size 1.
        dtype: a NumPy dtype to cast to first.

    Example:
        >>> total(np.ones((2, 3), np.float32), (1,))
        array([3., 3.], dtype=float32)
    """
    array = x._array if isinstance(x, Traced) else x
    if dtype is None and array.dtype.kind in "iub":
        dtype = np.dtype(np.int64)
    axes = tuple(range(array.ndim)) if axes is None else axes
    return _sum(x if dtype is None else cast(x, dtype), axes=axes, keepdim=keepdim)


def mean(x: Any, axes: Axes | None = None, keepdim: bool = False) -> Any:
    """The mean of floating-point or complex values.

    Raises:
        RuntimeError: `x` has another dtype.
    """
    array = x._array if isinstance(x, Traced) else x
    kind = dtypes.of(array)
    if not (kind.is_floating_point or kind.is_complex):
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
            f"Got: {kind.scalar_name}"
        )
    axes = tuple(range(array.ndim)) if axes is None else axes
    return _mean(x, axes=axes, keepdim=keepdim)


@primitive("Mean")
def _mean(x: Array, *, axes: Axes, keepdim: bool) -> Array:
    average = x.mean(axis=axes, dtype=dtypes.accumulation(x.dtype), keepdims=keepdim)
    return np.asarray(average).astype(x.dtype, copy=False)


def _spread_evenly(g: Any, x: Any, *, axes: Axes, keepdim: bool) -> Any:
    return div(_spread(g, x, axes=axes, keepdim=keepdim), math.prod(x.shape[i] for i in axes))


_mean.defvjp(0, _spread_evenly)


@primitive("Max")
def largest(x: Array) -> Array:
    """The largest element; its gradient is shared by all that are as large."""
    return np.asarray(x.max())


def _share(g: Any, y: Any, x: Any) -> Any:
    values = x._array if isinstance(x, Traced) else x
    ties = values == (y._array if isinstance(y, Traced) else y)
    return mul(expand(g, shape=values.shape), (ties / ties.sum()).astype(values.dtype))


largest.defvjp(0, _share, saves=(OUTPUT, 0))
