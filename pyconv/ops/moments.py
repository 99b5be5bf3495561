"""Variances and standard deviations over dimensions.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import primitive
from pyconv.ops.arithmetic import div, mul, sub, where
from pyconv.ops.cast import array_of, cast
from pyconv.ops.layout import contiguous
from pyconv.ops.reduce import mean
from pyconv.ops.shape import expand, reshape

Array = np.ndarray[Any, Any]
Axes = tuple[int, ...]


def _spread_of(x: Array, axes: Axes, correction: float, keepdim: bool) -> Array:
    """The variance in double precision, in two passes; of complex numbers the sum of those of their parts."""
    if x.dtype.kind == "c":
        real, imag = (_spread_of(part, axes, correction, keepdim) for part in (x.real, x.imag))
        return np.asarray(real + imag)
    wide = x.astype(np.float64)
    centred = wide - wide.mean(axis=axes, keepdims=True)
    squares = centred * centred
    count = math.prod(x.shape[i] for i in axes)
    free = count - correction
    return np.asarray(squares.sum(axis=axes, keepdims=keepdim) / np.float64(free if free > 0 else 0))


def _real(x: Array) -> np.dtype[Any]:
    return x.real.dtype if x.dtype.kind == "c" else x.dtype


@primitive("Var")
@contiguous
def _var(x: Array, *, axes: Axes, correction: float, keepdim: bool, whole: bool) -> Array:
    return _spread_of(x, axes, correction, keepdim).astype(_real(x))


@primitive("Std")
@contiguous
def _std(x: Array, *, axes: Axes, correction: float, keepdim: bool, whole: bool) -> Array:
    return np.asarray(np.sqrt(_spread_of(x, axes, correction, keepdim))).astype(_real(x))


def _var_vjp(g: Any, x: Any, *, axes: Axes, correction: float, keepdim: bool, whole: bool) -> Any:
    shape = array_of(x).shape
    kept = tuple(1 if i in axes else n for i, n in enumerate(shape))
    along = reshape(g, shape=kept)
    free = math.prod(shape[i] for i in axes) - correction
    centre = mean(x, axes, keepdim=True)
    if whole and free <= 0:
        slope = np.where(array_of(x) == array_of(centre), np.nan, np.inf).astype(array_of(g).dtype)
        return cast(mul(expand(along, shape=shape), slope), array_of(x).dtype)
    scale = 2 / free if free else math.inf
    return mul(expand(mul(along, scale), shape=shape), sub(x, centre))


def _std_vjp(g: Any, y: Any, x: Any, **static: Any) -> Any:
    half = div(g, mul(y, 2))
    return _var_vjp(where(array_of(y) == 0, 0, half), x, **static)


_var.defvjp(0, _var_vjp, saves=(0,))
_std.defvjp(0, _std_vjp, saves=(OUTPUT, 0))
_var_with_mean, _std_with_mean = _var.alias("VarMean"), _std.alias("StdMean")
_OPS = {"var": _var, "std": _std, "var_mean": _var_with_mean, "std_mean": _std_with_mean}


def moment(name: str, x: Any, axes: Axes | None, correction: float, keepdim: bool) -> Any:
    """A variance or a standard deviation, over all dimensions where `axes` is None.

    Args:
        name: 'var' or 'std'; with '_mean' the op is named as one of the pair.
        x: a Tensor or an ndarray, of floats or complex numbers.
        axes: the dimensions.
        correction: what is taken from the count before dividing.
        keepdim: keep the dimensions with size 1.

    Example:
        >>> moment("var", np.array([1.0, 3.0]), None, 1, False)
        array(2.)
    """
    whole = axes is None or not array_of(x).ndim
    chosen = tuple(range(array_of(x).ndim)) if axes is None else axes
    return _OPS[name](x, axes=chosen, correction=correction, keepdim=keepdim, whole=whole)
