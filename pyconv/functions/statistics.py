"""Variances, covariances and quantiles.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.functions.dims import dimension, dimensions
from pyconv.ops import reduce, sort
from pyconv.ops.along import picker
from pyconv.ops.arithmetic import add, mul, sub, where
from pyconv.ops.cast import array_of
from pyconv.ops.logic import isnan
from pyconv.ops.moments import moment
from pyconv.ops.shape import permute, reshape, squeeze_one
from pyconv.signatures import function

__all__ = ["nanquantile", "quantile", "std", "std_mean", "var", "var_mean"]

_PLAIN = (
    "(Tensor input, tuple of ints? dim, bool unbiased = True, bool keepdim = False, *, Tensor out = None)",
    "(Tensor input, tuple of ints dim = None, *, Number correction = None, bool keepdim = False, Tensor out = None)",
    "(Tensor input, bool unbiased = True)",
)
_WITH_MEAN = (
    "(Tensor input, tuple of ints? dim, bool unbiased = True, bool keepdim = False)",
    "(Tensor input, tuple of ints dim = None, *, Number correction = None, bool keepdim = False)",
    "(Tensor input, bool unbiased = True)",
)


def _moment(name: str, input: Any, dim: Any, unbiased: Any, keepdim: bool, correction: Any) -> Any:
    array = array_of(input)
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if dtypes.category(dtypes.of(array)) < 2:
        who = "std and var" if "_" not in name else name
        raise RuntimeError(f"{who} only support floating point and complex dtypes")
    if correction is None:
        correction = 1 if unbiased is None else int(unbiased)
    axes = None if dim is None else dimensions(dim, array.ndim)
    count = math.prod(array.shape if axes is None else [array.shape[i] for i in axes])
    if count - correction <= 0:
        warnings.warn(
            f"{name}(): degrees of freedom is <= 0. Correction should be strictly less than the reduction factor "
            "(input numel divided by output numel).",
            UserWarning,
            stacklevel=4,
        )
    result = moment(name, input, axes, correction, keepdim)
    if "_" not in name:
        return result
    every = tuple(range(array.ndim)) if axes is None else axes
    beside = reduce.mean_beside["VarMean" if name == "var_mean" else "StdMean"]
    return result, beside(input, axes=every, keepdim=keepdim)


@function(*_PLAIN)
def var(input: Any, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None) -> Any:
    """The variance of all elements, or over dimensions.

    Args:
        input: of any shape, of floats or complex numbers; a complex one has a real variance.
        dim: an int or several; all dimensions if None or empty.
        unbiased: whether `correction` is 1 or 0.
        keepdim: keep the dimensions with size 1.
        correction: what is taken from the count before dividing by it, 1 by default.

    Raises:
        RuntimeError: the dtype is integral.
        IndexError: there is no such dimension.

    Example:
        >>> import pyconv
        >>> var(pyconv.tensor([1.0, 3.0]))
        tensor(2.)
    """
    return _moment("var", input, dim, unbiased, keepdim, correction)


@function(*_PLAIN)
def std(input: Any, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None) -> Any:
    """The standard deviation of all elements, or over dimensions.

    Args:
        input: of any shape, of floats or complex numbers; a complex one has a real deviation.
        dim: an int or several; all dimensions if None or empty.
        unbiased: whether `correction` is 1 or 0.
        keepdim: keep the dimensions with size 1.
        correction: what is taken from the count before dividing by it, 1 by default.

    Raises:
        RuntimeError: the dtype is integral.
        IndexError: there is no such dimension.

    Example:
        >>> import pyconv
        >>> std(pyconv.tensor([1.0, 3.0]), correction=0)
        tensor(1.)
    """
    return _moment("std", input, dim, unbiased, keepdim, correction)


@function(*_WITH_MEAN)
def var_mean(
    input: Any, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None
) -> Any:
    """The variance and the mean of all elements, or over dimensions: see `var`.

    Args:
        input: of any shape, of floats or complex numbers.
        dim: an int or several; all dimensions if None or empty.
        unbiased: whether `correction` is 1 or 0.
        keepdim: keep the dimensions with size 1.
        correction: what is taken from the count before dividing by it, 1 by default.

    Example:
        >>> import pyconv
        >>> var_mean(pyconv.tensor([1.0, 3.0]))
        (tensor(2.), tensor(2.))
    """
    return _moment("var_mean", input, dim, unbiased, keepdim, correction)


@function(*_WITH_MEAN)
def std_mean(
    input: Any, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None
) -> Any:
    """The standard deviation and the mean of all elements, or over dimensions: see `std`.

    Args:
        input: of any shape, of floats or complex numbers.
        dim: an int or several; all dimensions if None or empty.
        unbiased: whether `correction` is 1 or 0.
        keepdim: keep the dimensions with size 1.
        correction: what is taken from the count before dividing by it, 1 by default.

    Example:
        >>> import pyconv
        >>> std_mean(pyconv.tensor([1.0, 3.0]), correction=0)
        (tensor(1.), tensor(2.))
    """
    return _moment("std_mean", input, dim, unbiased, keepdim, correction)


_QUANTILE = tuple(
    f'(Tensor input, {kind} q, int dim = None, bool keepdim = False, *, str interpolation = "linear", '
    "Tensor out = None)"
    for kind in ("Tensor", "float")
)
_INTERPOLATIONS = ("linear", "lower", "higher", "midpoint", "nearest")
_pick = picker("Gather")
_squeeze = squeeze_one.alias("Squeeze", variant=4)


@function(*_QUANTILE)
def quantile(
    input: Any, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Any:
    """The values below which a share `q` of the elements lies; NaN where one of them is.

    Args:
        input: float32 or float64, not empty.
        q: a number in [0, 1], or a tensor of several, of the dtype of `input`, which gives the result a first
            dimension.
        dim: the dimension; all elements if None.
        keepdim: keep it with size 1.
        interpolation: between two elements: 'linear', 'lower', 'higher', 'midpoint' or 'nearest'.

    Raises:
        RuntimeError: a dtype or `q` is another.

    Example:
        >>> import pyconv
        >>> quantile(pyconv.tensor([1.0, 2.0, 4.0]), 0.75)
        tensor(3.)
    """
    return _quantile(input, q, dim, keepdim, interpolation, False)


@function(*_QUANTILE)
def nanquantile(
    input: Any, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Any:
    """`quantile` of the elements that are not NaN; NaN where all are.

    Args:
        input: float32 or float64, not empty.
        q: a number in [0, 1], or a tensor of several, of the dtype of `input`.
        dim: the dimension; all elements if None.
        keepdim: keep it with size 1.
        interpolation: between two elements: 'linear', 'lower', 'higher', 'midpoint' or 'nearest'.

    Raises:
        RuntimeError: a dtype or `q` is another.

    Example:
        >>> import pyconv
        >>> nanquantile(pyconv.tensor([1.0, float("nan"), 3.0]), 0.5)
        tensor(2.)
    """
    return _quantile(input, q, dim, keepdim, interpolation, True)


def _check_quantile(input: Any, q: Any, interpolation: str) -> None:
    array, given = array_of(input), array_of(q)
    if not array.size:
        raise RuntimeError("quantile() input tensor must be non-empty")
    if given.ndim > 1:
        raise RuntimeError("quantile() q must be a scalar or 1D tensor")
    if array.dtype not in (np.float32, np.float64):
        raise RuntimeError("quantile() input tensor must be either float or double dtype")
    if given.dtype != array.dtype:
        raise RuntimeError("quantile() q tensor must be same dtype as the input tensor")
    if interpolation not in _INTERPOLATIONS:
        raise RuntimeError(
            "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got "
            f"{interpolation}"
        )


def _shares(input: Any, q: Any) -> Any:
    """`q` as a tensor, its values checked."""
    if not isinstance(q, (Traced, np.ndarray)):
        if not 0 <= q <= 1:
            raise RuntimeError(f"quantile() q must be in the range [0, 1] but got {float(q):g}")
        return np.asarray(q, array_of(input).dtype)
    return q


def _quantile(input: Any, q: Any, dim: int | None, keepdim: bool, interpolation: str, ignore_nan: bool) -> Any:
    q = _shares(input, q)
    _check_quantile(input, q, interpolation)
    given = array_of(q)
    if given.ndim and not np.all((given >= 0) & (given <= 1)):
        raise RuntimeError("quantile() q values must be in the range [0, 1]")
    shape = array_of(input).shape
    axis = 0 if dim is None else dimension(dim, len(shape))
    flat = reshape(input, shape=(array_of(input).size,)) if dim is None or not shape else input
    ranked = _at_ranks(sort.sort(flat, axis)[0], reshape(q, shape=(given.size,)), axis, interpolation, ignore_nan)
    rest = [n for i, n in enumerate(array_of(flat).shape) if i != axis]
    if keepdim:
        rest = [1] * len(shape) if dim is None else [1 if i == axis else n for i, n in enumerate(shape)]
    lead = [given.size] if given.ndim else []
    return _squeeze(_to_front(ranked, axis), shape=(*lead, *rest))


def _to_front(x: Any, axis: int) -> Any:
    return permute(x, axes=(axis, *(i for i in range(array_of(x).ndim) if i != axis)))


def _at_ranks(values: Any, q: Any, axis: int, interpolation: str, ignore_nan: bool) -> Any:
    """What is at each share of sorted values, between two of them where it falls there."""
    array = array_of(values)
    one = tuple(array_of(q).size if i == axis else 1 for i in range(array.ndim))
    share = reshape(q, shape=one)
    missing = array_of(isnan(array))
    if ignore_nan:
        count = (~missing).sum(axis=axis, keepdims=True).astype(array.dtype)
        ranks = where(np.broadcast_to(count == 0, np.broadcast_shapes(count.shape, one)), 0, mul(share, sub(count, 1)))
    else:
        ranks = mul(share, array.shape[axis] - 1)
        last = np.asarray(array.shape[axis] - 1, array.dtype)
        ranks = where(missing.any(axis=axis, keepdims=True), last, ranks)
    return _between(values, ranks, axis, interpolation)


def _between(values: Any, ranks: Any, axis: int, interpolation: str) -> Any:
    at = array_of(ranks)
    if interpolation in ("lower", "higher", "nearest"):
        at = {"lower": np.floor, "higher": np.ceil, "nearest": np.rint}[interpolation](at)
    shape = tuple(at.shape[axis] if i == axis else n for i, n in enumerate(array_of(values).shape))
    below = np.broadcast_to(at.astype(np.int64), shape)
    low = _pick(values, index=below, axis=axis, keepdim=True)
    if interpolation not in ("linear", "midpoint"):
        return low
    high = _pick(values, index=np.broadcast_to(np.ceil(at).astype(np.int64), shape), axis=axis, keepdim=True)
    weight = np.full_like(at, 0.5) if interpolation == "midpoint" else sub(ranks, below.astype(at.dtype))
    return _mix(low, high, weight)


def _mix(low: Any, high: Any, weight: Any) -> Any:
    """The point a share of the way from one to the other, from the nearer end as torch's lerp counts."""
    apart = sub(high, low)
    near = array_of(weight) < 0.5
    return where(near, add(low, mul(weight, apart)), sub(high, mul(apart, sub(1, weight))))
