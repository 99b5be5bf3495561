"""Sums and means over dimensions, and over all.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import primitive
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, div, mul, refuse
from pyconv.ops.cast import array_of, cast
from pyconv.ops.layout import contiguous
from pyconv.ops.shape import add_up, expand, reshape

Array = np.ndarray[Any, Any]
Axes = tuple[int, ...]


@primitive("Sum")
@contiguous
def _sum(x: Array, *, axes: Axes, keepdim: bool) -> Array:
    return add_up(x, axes, keepdim).astype(x.dtype, copy=False)


def _spread(g: Any, x: Any, *, axes: Axes, keepdim: bool) -> Any:
    kept = tuple(1 if i in axes else n for i, n in enumerate(x.shape))
    return expand(reshape(g, shape=kept), shape=x.shape)


_sum.defvjp(0, _spread)
_sum_over = _sum.alias("Sum", variant=1)


def total(x: Any, axes: Axes | None = None, keepdim: bool = False, dtype: np.dtype[Any] | None = None) -> Any:
    """The sum; integers and bool give int64, and floats are added up in a wider dtype.

    Args:
        x: a Tensor or an ndarray.
        axes: the dimensions to sum over, from 0 up; all by default.
        keepdim: keep them with size 1.
        dtype: a NumPy dtype to cast to first.

    Example:
        >>> total(np.ones((2, 3), np.float32), (1,))
        array([3., 3.], dtype=float32)
    """
    array = array_of(x)
    if dtype is None and array.dtype.kind in "iub":
        dtype = np.dtype(np.int64)
    x = x if dtype is None else cast(x, dtype)
    if axes is None:
        return _sum(x, axes=tuple(range(array.ndim)), keepdim=keepdim)
    return _sum_over(x, axes=axes, keepdim=keepdim)


@primitive("Mean")
@contiguous
def _mean(x: Array, *, axes: Axes, keepdim: bool) -> Array:
    return (add_up(x, axes, keepdim) / _count(x, axes)).astype(x.dtype, copy=False)


def _spread_evenly(g: Any, x: Any, *, axes: Axes, keepdim: bool) -> Any:
    return div(_spread(g, x, axes=axes, keepdim=keepdim), _count(x, axes))


def _count(x: Any, axes: Axes) -> int:
    return math.prod(x.shape[i] for i in axes)


_mean.defvjp(0, _spread_evenly)
_mean_over = _mean.alias("Mean", variant=1)
mean_beside = {name: _mean.alias(name) for name in ("VarMean", "StdMean")}
"""The mean of each pair with a variance or a deviation; its keyword arguments are `axes` and `keepdim`."""


def mean(x: Any, axes: Axes | None = None, keepdim: bool = False, dtype: np.dtype[Any] | None = None) -> Any:
    """The mean of floating-point or complex values.

    Args:
        x: a Tensor or an ndarray.
        axes: the dimensions to average over, from 0 up; all by default.
        keepdim: keep them with size 1.
        dtype: a NumPy dtype to cast to first.

    Raises:
        RuntimeError: that dtype, or the one of `x`, is another.
    """
    kind = dtypes.of(array_of(x) if dtype is None else dtype)
    if dtypes.category(kind) < 2:
        given = "Input" if dtype is None else "Optional"
        raise RuntimeError(
            f"mean(): could not infer output dtype. {given} dtype must be either a floating point or complex dtype. "
            f"Got: {kind.scalar_name}"
        )
    x = x if dtype is None else cast(x, dtype)
    if axes is None:
        return _mean(x, axes=tuple(range(array_of(x).ndim)), keepdim=keepdim)
    return _mean_over(x, axes=axes, keepdim=keepdim)


@primitive("Max", variant=1)
def _largest(x: Array) -> Array:
    return np.asarray(x.max())


@primitive("Min", variant=1)
def _smallest(x: Array) -> Array:
    return np.asarray(x.min())


def share(g: Any, y: Any, x: Any) -> Any:
    """The cotangent of an element of `x` that is `y`, in equal parts to all that are equal to it."""
    values, extreme = array_of(x), array_of(y)
    ties = np.isnan(values) if np.isnan(extreme) else values == extreme
    count = np.asarray(ties.sum()).astype(values.dtype)
    return mul(expand(div(g, count), shape=values.shape), ties.astype(values.dtype))


_largest.defvjp(0, share, saves=(OUTPUT, 0))
_smallest.defvjp(0, share, saves=(OUTPUT, 0))


def largest(x: Any) -> Any:
    """The largest element; its gradient is shared by all that are as large.

    Raises:
        RuntimeError: there is none.
        NotImplementedError: `x` is complex.
    """
    _check_extreme("max", array_of(x))
    return _largest(x)


def smallest(x: Any) -> Any:
    """The smallest element; its gradient is shared by all that are as small.

    Raises:
        RuntimeError: there is none.
        NotImplementedError: `x` is complex.
    """
    _check_extreme("min", array_of(x))
    return _smallest(x)


def _check_extreme(name: str, x: Array) -> None:
    if not x.size:
        raise RuntimeError(
            f"{name}(): Expected reduction dim to be specified for input.numel() == 0. "
            "Specify the reduction dim with the 'dim' argument."
        )
    refuse(f"{name}_all", dtypes.of(x), (*COMPLEX, *BAREBONES))


@primitive("Nansum")
@contiguous
def _nansum(x: Array, *, axes: Axes, keepdim: bool) -> Array:
    kept = x if x.dtype.kind in "iub" else np.where(np.isnan(x), x.dtype.type(0), x)
    return add_up(kept, axes, keepdim).astype(x.dtype, copy=False)


def _spread_over_numbers(g: Any, x: Any, *, axes: Axes, keepdim: bool) -> Any:
    numbers = (~np.isnan(array_of(x))).astype(array_of(g).dtype)
    return mul(_spread(g, x, axes=axes, keepdim=keepdim), numbers)


_nansum.defvjp(0, _spread_over_numbers, saves=(0,))


def nansum(x: Any, axes: Axes | None = None, keepdim: bool = False, dtype: np.dtype[Any] | None = None) -> Any:
    """The sum of what is not NaN; integers and bool give int64.

    Args:
        x: a Tensor or an ndarray.
        axes: the dimensions to sum over, from 0 up; all by default.
        keepdim: keep them with size 1.
        dtype: a NumPy dtype for the result.

    Raises:
        RuntimeError: `x` is complex.
    """
    array = array_of(x)
    if array.dtype.kind == "c":
        raise RuntimeError("nansum on CPU does not support complex inputs")
    chosen = tuple(range(array.ndim)) if axes is None else axes
    kind = dtype or (np.dtype(np.int64) if array.dtype.kind in "iub" else array.dtype)
    return _nansum(cast(x, kind), axes=chosen, keepdim=keepdim)


@primitive("Truth")
def truth(x: Array, *, every: bool, axes: Axes, keepdim: bool) -> Array:
    """Whether all or any elements over dimensions are other than zero; of uint8 as uint8, as in torch."""
    test = np.all if every else np.any
    return np.asarray(test(x != 0, axis=axes, keepdims=keepdim)).astype(x.dtype if x.dtype == np.uint8 else np.bool_)


@primitive("CountNonzero")
def _count_nonzero(x: Array, *, axes: Axes) -> Array:
    return np.asarray((x != 0).sum(axis=axes, dtype=np.int64))


def count_nonzero(x: Any, axes: Axes) -> Any:
    """How many elements over dimensions are not zero."""
    refuse("nonzero_count_cpu", dtypes.of(array_of(x)), BAREBONES)
    return _count_nonzero(x, axes=axes)


_trace = _sum.alias("Trace")


def trace(diagonal: Any) -> Any:
    """The sum of a diagonal, integers and bool as int64."""
    whole = cast(diagonal, np.dtype(np.int64)) if array_of(diagonal).dtype.kind in "iub" else diagonal
    return _trace(whole, axes=(0,), keepdim=False)
