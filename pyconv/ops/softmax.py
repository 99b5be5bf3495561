"""Softmax, its logarithm, and the logarithm of a sum of exponentials.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.kernels.pieces import by_rows
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, mul, neg, refuse, sub
from pyconv.ops.cast import array_of, conj
from pyconv.ops.elementwise import floating, widened
from pyconv.ops.layout import contiguous
from pyconv.ops.reduce import total
from pyconv.ops.shape import add_up, expand, reshape
from pyconv.ops.unary import exp

Array = np.ndarray[Any, Any]
Axes = tuple[int, ...]


def _shifted(x: Array, axis: int) -> Array:
    """`x` less its largest along a dimension, in single precision or more."""
    wide = x.astype(dtypes.accumulation(x.dtype), copy=False)
    return wide - wide.max(axis=axis, keepdims=True, initial=-np.inf)


def _exponentials(x: Array, axis: int) -> tuple[Array, Array]:
    powers = np.exp(x)
    return powers, add_up(powers, (axis,), True)


@primitive("Softmax")
@contiguous
def _softmax(x: Array, *, axis: int) -> Array:
    if not x.ndim:
        return np.where(np.isfinite(x), 1, np.nan).astype(x.dtype)
    return by_rows(_softmax_of_rows, x) if axis in (-1, x.ndim - 1) else _softmax_along(x, axis)


def _softmax_of_rows(x: Array) -> Array:
    return _softmax_along(x, -1)


def _softmax_along(x: Array, axis: int) -> Array:
    powers, sums = _exponentials(_shifted(x, axis), axis)
    powers /= sums.astype(powers.dtype)
    return powers.astype(x.dtype, copy=False)


def _softmax_vjp(g: Any, y: Any, x: Any, *, axis: int) -> Any:
    if not array_of(y).ndim:
        return mul(g, sub(y, y))
    return _softmax_back(g, y, axis=axis)


def _softmax_back_kernel(g: Array, y: Array, *, axis: int) -> Array:
    if axis in (-1, y.ndim - 1) and g.dtype == y.dtype:
        return by_rows(_softmax_back_of_rows, g, y)
    return np.asarray((g - add_up(g * y, (axis,), True).astype(y.dtype)) * y)


def _softmax_back_of_rows(g: Array, y: Array) -> Array:
    found = g - add_up(g * y, (-1,), True).astype(y.dtype)
    found *= y
    return found


_softmax_back = Primitive(widened(_softmax_back_kernel), "SoftmaxBackwardData", False)


def _sum_along(x: Any, axis: int) -> Any:
    return expand(total(x, (axis,), True), shape=array_of(x).shape)


_softmax_back.defvjp(0, lambda h, g, y, *, axis: _softmax_back(h, y, axis=axis), saves=(1,))
_softmax_back.defvjp(
    1,
    lambda h, g, y, *, axis: sub(
        sub(mul(g, h), mul(_sum_along(mul(y, g), axis), h)), mul(g, _sum_along(mul(y, h), axis))
    ),
    saves=(0, 1),
)
_softmax.defvjp(0, _softmax_vjp, saves=(OUTPUT,))


@primitive("LogSoftmax")
@contiguous
def _log_softmax(x: Array, *, axis: int) -> Array:
    if not x.ndim:
        return np.asarray(x - x)
    return by_rows(_log_softmax_of_rows, x) if axis in (-1, x.ndim - 1) else _log_softmax_along(x, axis)


def _log_softmax_of_rows(x: Array) -> Array:
    return _log_softmax_along(x, x.ndim - 1)


def _log_softmax_along(x: Array, axis: int) -> Array:
    shifted = _shifted(x, axis)
    _, sums = _exponentials(shifted, axis)
    if x.itemsize == 2 and axis == x.ndim - 1:
        logs = np.log(sums.astype(x.dtype).astype(shifted.dtype)).astype(x.dtype)
    else:
        logs = np.log(sums)
    return np.asarray(shifted - logs.astype(shifted.dtype)).astype(x.dtype, copy=False)


def _log_softmax_vjp(g: Any, y: Any, x: Any, *, axis: int) -> Any:
    if not array_of(y).ndim:
        return sub(g, mul(exp(y), g))
    return _log_softmax_back(g, y, axis=axis)


def _log_softmax_back_kernel(g: Array, y: Array, *, axis: int) -> Array:
    if axis in (-1, y.ndim - 1) and g.dtype == y.dtype:
        return by_rows(_log_softmax_back_of_rows, g, y)
    return _log_softmax_back_along(g, y, axis)


def _log_softmax_back_of_rows(g: Array, y: Array) -> Array:
    return _log_softmax_back_along(g, y, -1)


def _log_softmax_back_along(g: Array, y: Array, axis: int) -> Array:
    sums = add_up(g, (axis,), True)
    slope = np.asarray(np.exp(y) * sums.astype(y.dtype))
    near = y > _NEAR_ONE
    if y.dtype == np.float32 and near.any():
        slope = slope.astype(np.float64)
        slope[near] = np.exp(y[near], dtype=np.float64) * np.broadcast_to(sums, y.shape)[near]
    return np.asarray(g - slope).astype(g.dtype)


_NEAR_ONE = -0.5
"""The logarithm of a probability from which on a gradient may cancel so far that double precision is needed."""


_log_softmax_back = Primitive(widened(_log_softmax_back_kernel), "LogSoftmaxBackwardData", False)
_log_softmax_back.defvjp(0, lambda h, g, y, *, axis: sub(h, _sum_along(mul(h, exp(y)), axis)), saves=(1,))
_log_softmax_back.defvjp(1, lambda h, g, y, *, axis: neg(mul(mul(_sum_along(g, axis), exp(y)), h)), saves=(0, 1))
_log_softmax.defvjp(0, _log_softmax_vjp, saves=(OUTPUT,))


def softmax(x: Any, axis: int) -> Any:
    """exp(x) over its sum along a dimension.

    Raises:
        NotImplementedError: `x` is not of floats.

    Example:
        >>> softmax(np.zeros((1, 4)), 1)
        array([[0.25, 0.25, 0.25, 0.25]])
    """
    _check("softmax", x, axis)
    return _softmax(x, axis=axis)


def log_softmax(x: Any, axis: int) -> Any:
    """The logarithm of `softmax`, without its loss of small values.

    Raises:
        NotImplementedError: `x` is not of floats.
    """
    _check("log_softmax", x, axis)
    return _log_softmax(x, axis=axis)


def _check(name: str, x: Any, axis: int) -> None:
    kind = dtypes.of(array_of(x))
    last = "_lastdim" if axis in (-1, array_of(x).ndim - 1) or not array_of(x).ndim else ""
    refuse(f"{name}{last}_kernel_impl", kind, (kind,) if dtypes.category(kind) < 2 else (*COMPLEX, *BAREBONES))


@primitive("Logsumexp")
@contiguous
def _logsumexp(x: Array, *, axes: Axes, keepdim: bool) -> Array:
    wide = x.astype(dtypes.accumulation(x.dtype), copy=False)
    if not x.size:
        return np.asarray(np.log(wide.sum(axis=axes, keepdims=keepdim))).astype(x.dtype)
    largest = wide.real.max(axis=axes, keepdims=True)
    largest = np.where(np.isinf(largest), largest.dtype.type(0), largest)
    sums = np.log(add_up(np.exp(wide - largest), axes, True)) + largest
    return np.asarray(sums if keepdim else sums.squeeze(axes)).astype(x.dtype)


def _logsumexp_vjp(g: Any, y: Any, x: Any, *, axes: Axes, keepdim: bool) -> Any:
    shape = array_of(x).shape
    kept = tuple(1 if i in axes else n for i, n in enumerate(shape))
    spread, result = (expand(reshape(v, shape=kept), shape=shape) for v in (g, y))
    return mul(spread, conj(exp(sub(x, result))))


_logsumexp.defvjp(0, _logsumexp_vjp, saves=(OUTPUT, 0))


def logsumexp(x: Any, axes: Axes, keepdim: bool = False) -> Any:
    """The logarithm of the sum of exponentials over dimensions; integers give the default floating-point dtype.

    Example:
        >>> logsumexp(np.zeros((1, 4)), (1,)).round(3)
        array([1.386])
    """
    return _logsumexp(floating(x), axes=axes, keepdim=keepdim)
