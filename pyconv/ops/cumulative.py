"""Running sums, products, extremes and log-sums of exponentials along a dimension, and whole products.

May import: NumPy, `pyconv.dtypes`, `pyconv.limits`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.mode import is_grad_enabled
from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import primitive
from pyconv.limits import finfo
from pyconv.ops.along import lines, ordered, picker
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, add, div, mul, refuse, sub, where
from pyconv.ops.cast import array_of, cast, conj
from pyconv.ops.extrema import picked
from pyconv.ops.index import take
from pyconv.ops.joining import cat
from pyconv.ops.layout import contiguous
from pyconv.ops.reduce import total
from pyconv.ops.shape import expand, reshape
from pyconv.ops.unary import absolute, exp, log

Array = np.ndarray[Any, Any]
_WIDER = {np.dtype(np.float32): np.dtype(np.float64), np.dtype(np.complex64): np.dtype(np.complex128)}


def _wide(kind: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype in which a run is accumulated, as torch does it."""
    return _WIDER.get(kind) or dtypes.accumulation(kind)


def _run(ufunc: np.ufunc, x: Array, axis: int) -> Array:
    if not x.ndim:
        return x.copy()
    if type(x) is np.ndarray and abs(x.strides[axis]) >= _SLICE * x.itemsize and x.size >= x.shape[axis] * _SLICE > 0:
        return _run_of_slices(ufunc, x, axis)
    return np.asarray(ufunc.accumulate(x, axis=axis, dtype=_wide(x.dtype))).astype(x.dtype, copy=False)


_SLICE = 256
"""Elements that are to lie side by side across the runs: of 56, float64 takes 1.2 times as long slice by slice."""


def _run_of_slices(ufunc: np.ufunc, x: Array, axis: int) -> Array:
    """The bits of `accumulate`, slice by slice: along the channels of (8, 32, 56, 56) in 0.18 of its time."""
    out = np.empty_like(x, order="C")
    first, *others = np.moveaxis(x, axis, 0)
    goals = iter(np.moveaxis(out, axis, 0))
    total = first.astype(_wide(x.dtype))
    next(goals)[...] = total
    for some, goal in zip(others, goals, strict=True):
        ufunc(total, some, out=total)
        goal[...] = total
    return out


def flip(x: Any, axis: int) -> Any:
    """`x` with a dimension in reverse order."""
    if not array_of(x).ndim:
        return x
    return take(x, index=(*(slice(None),) * axis, slice(None, None, -1)))


@primitive("Cumsum")
@contiguous
def _cumsum(x: Array, *, axis: int, kind: np.dtype[Any]) -> Array:
    return _run(np.add, array_of(cast(x, kind)), axis)


def cumsum(x: Any, axis: int, kind: np.dtype[Any] | None = None) -> Any:
    """The running sum along a dimension.

    Args:
        x: a Tensor or an ndarray.
        axis: the dimension.
        kind: a dtype to cast to first; the cotangent is added up in that of `x`, as torch does it.

    Example:
        >>> cumsum(np.array([2.0, 3.0]), 0)
        array([2., 5.])
    """
    return _cumsum(x, axis=axis, kind=kind or array_of(x).dtype)


_cumsum.defvjp(0, lambda g, x, *, axis, kind: _from_the_end(cast(g, x.dtype), axis))


def _from_the_end(g: Any, axis: int) -> Any:
    return flip(cumsum(flip(g, axis), axis=axis), axis)


@primitive("Cumprod")
@contiguous
def _cumprod(x: Array, *, axis: int, kind: np.dtype[Any]) -> Array:
    return _run(np.multiply, array_of(cast(x, kind)), axis)


def cumprod(x: Any, axis: int, kind: np.dtype[Any] | None = None) -> Any:
    """The running product along a dimension.

    Args:
        x: a Tensor or an ndarray.
        axis: the dimension.
        kind: a dtype to cast to first; the cotangent is, as torch's, that of the product of what was not cast.

    Example:
        >>> cumprod(np.array([2.0, 3.0]), 0)
        array([2., 6.])
    """
    return _cumprod(x, axis=axis, kind=kind or array_of(x).dtype)


def _cumprod_vjp(g: Any, y: Any, x: Any, *, axis: int, kind: np.dtype[Any]) -> Any:
    own = array_of(x).dtype
    return _of_factors(g, y, x, axis) if own == kind else cast(_of_factors(cast(g, own), y, x, axis), own)


def _of_factors(g: Any, y: Any, x: Any, axis: int) -> Any:
    values = array_of(x)
    if not values.ndim or values.shape[axis] == 1:
        return g
    zeros = values == 0
    if not zeros.any():
        return div(_from_the_end(mul(g, conj(y)), axis), conj(x))
    if is_grad_enabled():
        return _by_rows(g, x, axis)
    return _with_zeros(g, y, x, zeros, axis)


def _with_zeros(g: Any, y: Any, x: Any, zeros: Array, axis: int) -> Any:
    """The cotangent where there are zeros: before the first of a line as without any, at it the rest, then none."""
    count = np.cumsum(zeros, axis=axis)
    before, first = count == 0, zeros & (count == 1)
    usual = div(_from_the_end(where(before, mul(g, conj(y)), 0), axis), conj(where(zeros, 1, x)))
    run = conj(cumprod(where((count == 1) & ~zeros, x, 1), axis=axis))
    rest = mul(_from_the_end(mul(run, where(count == 1, g, 0)), axis), conj(_shifted(y, axis)))
    return where(before, usual, where(first, rest, 0))


def _by_rows(g: Any, x: Any, axis: int) -> Any:
    """The cotangent element by element of a line, each from the products without it: right to any order at zeros."""
    count = array_of(x).shape[axis]

    def part(of: Any, start: int, end: int) -> Any:
        return take(of, index=(*(slice(None),) * axis, slice(start, end)))

    rows = []
    for k in range(count):
        products = [_prod(part(x, 0, k), axis=axis, keepdim=True)]
        if k + 1 < count:
            products.append(mul(products[0], cumprod(part(x, k + 1, count), axis)))
        without = cat(*products, dim=axis, starts=(0, 1))
        rows.append(total(mul(part(g, k, count), conj(without)), (axis,), keepdim=True))
    return cat(*rows, dim=axis, starts=tuple(range(count)))


_cumprod.defvjp(0, _cumprod_vjp, saves=(OUTPUT, 0))


@primitive("Prod", variant=1)
@contiguous
def _prod(x: Array, *, axis: int, keepdim: bool) -> Array:
    if not x.ndim:
        return x.copy()
    return np.asarray(x.prod(axis=axis, dtype=_wide(x.dtype), keepdims=keepdim)).astype(x.dtype, copy=False)


def _prod_vjp(g: Any, y: Any, x: Any, *, axis: int, keepdim: bool) -> Any:
    values = array_of(x)
    if not values.ndim:
        return g
    if values.shape[axis] == 1:
        return reshape(g, shape=values.shape)
    kept = (*values.shape[:axis], 1, *values.shape[axis + 1 :])
    spread = expand(reshape(g, shape=kept), shape=values.shape)
    if values.all():
        return mul(spread, conj(div(expand(reshape(y, shape=kept), shape=values.shape), x)))
    return mul(spread, conj(mul(_before(x, axis), flip(_before(flip(x, axis), axis), axis))))


def _before(x: Any, axis: int) -> Any:
    """For each element the product of those before it."""
    return cumprod(_shifted(x, axis), axis=axis)


def _shifted(x: Any, axis: int) -> Any:
    """For each element the one before it, 1 for the first."""
    shape = array_of(x).shape
    places = np.arange(shape[axis])
    shifted = take(x, index=(*(slice(None),) * axis, places - 1))
    first = places.reshape([-1 if i == axis else 1 for i in range(len(shape))]) == 0
    return where(first, 1, shifted)


_prod.defvjp(0, _prod_vjp, saves=(OUTPUT, 0))


@primitive("Prod")
def _prod_all(x: Array) -> Array:
    return np.asarray(x.prod(dtype=_wide(x.dtype))).astype(x.dtype, copy=False)


def _prod_all_vjp(g: Any, y: Any, x: Any) -> Any:
    shape = array_of(x).shape
    if not is_grad_enabled() and np.count_nonzero(array_of(x) == 0) > 1:
        return mul(expand(g, shape=shape), 0)
    flat = reshape(x, shape=(array_of(x).size,))
    return reshape(_prod_vjp(g, y, flat, axis=0, keepdim=False), shape=shape)


_prod_all.defvjp(0, _prod_all_vjp, saves=(OUTPUT, 0))


def product(x: Any, axis: int | None, keepdim: bool = False) -> Any:
    """The product along a dimension, or of all elements.

    Example:
        >>> product(np.array([[1.0, 2.0], [3.0, 4.0]]), 1)
        array([ 2., 12.])
    """
    return _prod_all(x) if axis is None else _prod(x, axis=axis, keepdim=keepdim)


_pickers = {"cummax": picker("Cummax"), "cummin": picker("Cummin")}


def running_extreme(name: str, x: Any, axis: int) -> tuple[Any, Any]:
    """The running largest or smallest element along a dimension, and the last place where it is.

    Args:
        name: 'cummax' or 'cummin'.
        x: a Tensor or an ndarray.
        axis: the dimension.

    Example:
        >>> running_extreme("cummax", np.array([1.0, 3.0, 2.0, 3.0]), 0)
        (array([1., 3., 3., 3.]), array([0, 1, 1, 3]))
    """
    array = array_of(x)
    if array.ndim and array.size:
        refuse(f"{name}_cpu", dtypes.of(array), (*COMPLEX, *BAREBONES))
    if array.dtype.kind == "c" and is_grad_enabled() and getattr(x, "_requires_grad", False):
        raise RuntimeError(f"{name} does not support automatic differentiation for outputs with complex dtype.")
    line = ordered(lines(array))
    if line.dtype == np.bool_:
        line = line.astype(np.uint8)
    ufunc = np.maximum if name == "cummax" else np.minimum
    running = ufunc.accumulate(line, axis=axis)
    reached = line == running
    if line.dtype.kind == "f":
        reached |= np.isnan(line)
    places = np.arange(line.shape[axis]).reshape([-1 if i == axis else 1 for i in range(line.ndim)])
    index = np.maximum.accumulate(np.where(reached, places, 0), axis=axis)
    return picked(_pickers[name], x, np.ascontiguousarray(index).reshape(array.shape), axis, True)


@primitive("Logcumsumexp")
@contiguous
def _logcumsumexp(x: Array, *, axis: int) -> Array:
    if not x.ndim or not x.size:
        return x.copy()
    complex_valued = x.dtype.kind == "c"
    wide = x.astype(np.complex128 if complex_valued else np.float64)
    join = _join_complex if complex_valued else np.logaddexp
    out = np.empty_like(wide)
    source, target = np.moveaxis(wide, axis, 0), np.moveaxis(out, axis, 0)
    target[0] = join(source[0], np.full(source[0].shape, -np.inf, wide.dtype)) if complex_valued else source[0]
    for k in range(1, len(source)):
        target[k] = join(source[k], target[k - 1])
    return out.astype(x.dtype)


def _join_complex(a: Array, b: Array) -> Array:
    """log(exp(a) + exp(b)) without overflow; of two that are -inf, the imaginary part of the second."""
    later = a.real >= b.real
    larger, smaller = np.where(later, a, b), np.where(later, b, a)
    ratio = np.where(np.isfinite(smaller.real - larger.real), np.exp(smaller - larger), 0)
    joined = np.log1p(ratio) + larger
    same = smaller.real == larger.real
    joined = np.where(same & np.isneginf(smaller.real), smaller, joined)
    joined = np.where(same & np.isposinf(smaller.real), np.log(_exp_infinite(a) + _exp_infinite(b)), joined)
    return np.where(np.isnan(a) | np.isnan(b), complex(np.nan, np.nan), joined)


def _exp_infinite(x: Array) -> Array:
    """The exponential where the real part is inf: 0 in a direction in which the angle has no part."""
    parts = [np.where(part == 0, 0, np.inf * part) for part in (np.cos(x.imag), np.sin(x.imag))]
    out = np.empty_like(x)
    out.real, out.imag = parts
    out[~np.isfinite(x.imag)] = complex(np.inf, np.nan)
    return out


def logcumsumexp(x: Any, axis: int) -> Any:
    """The logarithm of the running sum of exponentials along a dimension.

    Raises:
        NotImplementedError: `x` is of integers or bool.

    Example:
        >>> logcumsumexp(np.zeros(3), 0).round(3)
        array([0.   , 0.693, 1.099])
    """
    kind = dtypes.of(array_of(x))
    if dtypes.category(kind) < 2:
        refuse("logcumsumexp_out_cpu", kind, (kind,))
    return _logcumsumexp(x, axis=axis)


def _log_vjp(g: Any, y: Any, x: Any, *, axis: int) -> Any:
    if not array_of(g).ndim:
        return g
    if array_of(g).dtype.kind == "c":
        return conj(exp(add(_log_from_the_end(sub(log(conj(g)), y), axis), x)))
    lowest = finfo(dtypes.of(array_of(g))).min
    size = log(absolute(g))
    with np.errstate(invalid="ignore"):
        signs = (array_of(g) > 0, array_of(g) < 0)
    parts = [where(sign, size, lowest) for sign in signs]
    up, down = (exp(add(_log_from_the_end(sub(part, y), axis), x)) for part in parts)
    return sub(up, down)


def _log_from_the_end(x: Any, axis: int) -> Any:
    return flip(_logcumsumexp(flip(x, axis), axis=axis), axis)


_logcumsumexp.defvjp(0, _log_vjp, saves=(OUTPUT, 0))


def whole(x: Any) -> Any:
    """`x`, where it is of integers or bool as int64: the dtype of torch's sums and products."""
    return cast(x, np.dtype(np.int64)) if array_of(x).dtype.kind in "iub" else x
