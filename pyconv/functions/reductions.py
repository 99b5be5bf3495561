"""Sums, products, means, truth values and counts over dimensions.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.mode import is_grad_enabled
from pyconv.functions.dims import dimension, dimensions
from pyconv.ops import cumulative, reduce
from pyconv.ops import softmax as softmax_ops
from pyconv.ops.arithmetic import div, refuse
from pyconv.ops.cast import array_of, cast
from pyconv.ops.index import take
from pyconv.ops.logic import isnan, logical_not
from pyconv.signatures import function

__all__ = [
    "all",
    "any",
    "count_nonzero",
    "logsumexp",
    "mean",
    "nanmean",
    "nansum",
    "prod",
    "sum",
    "trace",
]

_OF_DIMS = "(Tensor input, tuple of ints? dim, bool keepdim = False, *, torch.dtype dtype = None, Tensor out = None)"
_NAN_DIMS = _OF_DIMS.replace("ints? dim,", "ints dim = None,")


def axes_of(dim: Any, input: Any) -> tuple[int, ...] | None:
    """The dimensions that an argument names, counted from 0; None where it is None."""
    return None if dim is None else dimensions(dim, array_of(input).ndim)


def every_axis(dim: Any, input: Any) -> tuple[int, ...]:
    """The dimensions that an argument names, all of them where it is None."""
    return dimensions(() if dim is None else dim, array_of(input).ndim)


def kind_asked_for(input: Any, dtype: Any) -> np.dtype[Any] | None:
    """The NumPy dtype that a sum is to have.

    Raises:
        RuntimeError: a gradient would go through it, and it is of integers or bool.
    """
    kind = numpy_of(dtype)
    if kind is not None and kind.kind in "iub" and is_grad_enabled() and getattr(input, "_requires_grad", False):
        raise RuntimeError(f"Autograd not support dtype: {dtypes.of(kind).scalar_name}")
    return kind


def numpy_of(dtype: Any) -> np.dtype[Any] | None:
    """The NumPy dtype of torch's, or of Python's float, int or bool; None of None."""
    if dtype is None:
        return None
    return dtypes.PYTHON.get(dtype, dtype).numpy


@function("(Tensor input, *, torch.dtype dtype = None)", _OF_DIMS)
def sum(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: dtypes.dtype | None = None) -> Any:
    """The sum of all elements, or over dimensions.

    Args:
        input: of any shape; integers and bool give int64.
        dim: an int or several; all dimensions if None or empty.
        keepdim: keep them with size 1.
        dtype: cast to it first.

    Raises:
        IndexError: there is no such dimension.
        RuntimeError: one is named twice.

    Example:
        >>> import pyconv
        >>> sum(pyconv.ones(2, 3), dim=1)
        tensor([3., 3.])
    """
    if dim is None and keepdim:
        dim = ()
    return reduce.total(input, axes_of(dim, input), keepdim, kind_asked_for(input, dtype))


@function("(Tensor input, *, torch.dtype dtype = None, Tensor out = None)", _OF_DIMS)
def mean(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: dtypes.dtype | None = None) -> Any:
    """The mean of all elements, or over dimensions.

    Args:
        input: of any shape, of floats or complex numbers unless `dtype` is.
        dim: an int or several; all dimensions if None or empty.
        keepdim: keep them with size 1.
        dtype: cast to it first.

    Raises:
        RuntimeError: the dtype is integral.
        IndexError: there is no such dimension.

    Example:
        >>> import pyconv
        >>> mean(pyconv.tensor([[1.0, 3.0], [5.0, 7.0]]), dim=0, keepdim=True)
        tensor([[3., 5.]])
    """
    if dim is None and keepdim:
        dim = ()
    return reduce.mean(input, axes_of(dim, input), keepdim, numpy_of(dtype))


@function(_NAN_DIMS)
def nansum(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: dtypes.dtype | None = None) -> Any:
    """The sum with NaN counted as 0.

    Args:
        input: of any shape; integers and bool give int64.
        dim: an int or several; all dimensions if None or empty.
        keepdim: keep them with size 1.
        dtype: of the result.

    Raises:
        RuntimeError: `input` is complex.

    Example:
        >>> import pyconv
        >>> nansum(pyconv.tensor([1.0, float("nan"), 2.0]))
        tensor(3.)
    """
    return reduce.nansum(input, every_axis(dim, input), keepdim, kind_asked_for(input, dtype))


@function(_NAN_DIMS)
def nanmean(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: dtypes.dtype | None = None) -> Any:
    """The mean of the elements that are not NaN.

    Args:
        input: of any shape, of floats.
        dim: an int or several; all dimensions if None or empty.
        keepdim: keep them with size 1.
        dtype: of the result.

    Raises:
        RuntimeError: `input` is not of floats.

    Example:
        >>> import pyconv
        >>> nanmean(pyconv.tensor([1.0, float("nan"), 2.0]))
        tensor(1.5000)
    """
    kind = dtypes.of(array_of(input))
    if dtypes.category(kind) < 2:
        raise RuntimeError(
            f"nanmean(): expected input to have floating point or complex dtype but got {kind.scalar_name}"
        )
    axes = every_axis(dim, input)
    numbers = reduce.total(logical_not(isnan(input)), axes, keepdim)
    return div(reduce.nansum(input, axes, keepdim, numpy_of(dtype)), numbers)


@function(
    "(Tensor input, *, torch.dtype dtype = None)",
    "(Tensor input, int dim, bool keepdim = False, *, torch.dtype dtype = None, Tensor out = None)",
)
def prod(input: Any, dim: int | None = None, keepdim: bool = False, *, dtype: dtypes.dtype | None = None) -> Any:
    """The product of all elements, or along a dimension.

    Args:
        input: of any shape; integers and bool give int64.
        dim: the dimension; all if None.
        keepdim: keep it with size 1.
        dtype: cast to it first.

    Example:
        >>> import pyconv
        >>> prod(pyconv.tensor([[1.0, 2.0], [3.0, 4.0]]), 1)
        tensor([ 2., 12.])
    """
    source = cumulative.whole(input) if dtype is None else cast(input, kind_asked_for(input, dtype))  # type: ignore[arg-type]
    return cumulative.product(source, None if dim is None else dimension(dim, array_of(input).ndim), keepdim)


_TRUTH = (
    "(Tensor input, *, Tensor out = None)",
    "(Tensor input, tuple of ints dim = None, bool keepdim = False, *, Tensor out = None)",
    "(Tensor input, int dim, bool keepdim = False, *, Tensor out = None)",
)


def _truth(input: Any, dim: Any, keepdim: bool, every: bool) -> Any:
    none = isinstance(dim, (tuple, list)) and not dim
    return reduce.truth(input, every=every, axes=() if none else every_axis(dim, input), keepdim=keepdim)


@function(*_TRUTH)
def all(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Whether all elements, or all over dimensions, are other than zero.

    Args:
        input: of any shape and dtype.
        dim: an int or several; all dimensions if None, none if empty.
        keepdim: keep them with size 1.

    Returns:
        A bool tensor, of uint8 a uint8 one.

    Example:
        >>> import pyconv
        >>> all(pyconv.tensor([[True, False], [True, True]]), dim=1)
        tensor([False,  True])
    """
    return _truth(input, dim, keepdim, True)


@function(*_TRUTH)
def any(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Whether any element, or any over dimensions, is other than zero.

    Args:
        input: of any shape and dtype.
        dim: an int or several; all dimensions if None, none if empty.
        keepdim: keep them with size 1.

    Returns:
        A bool tensor, of uint8 a uint8 one.

    Example:
        >>> import pyconv
        >>> any(pyconv.tensor([0, 0, 1]))
        tensor(True)
    """
    return _truth(input, dim, keepdim, False)


@function("(Tensor input, int dim = None)", "(Tensor input, tuple of ints! dim)")
def count_nonzero(input: Any, dim: Any = None) -> Any:
    """How many elements are not zero, as int64.

    Args:
        input: of any shape and dtype.
        dim: an int or several; all dimensions if None or empty.

    Example:
        >>> import pyconv
        >>> count_nonzero(pyconv.tensor([0, 2, 3]))
        tensor(2)
    """
    return reduce.count_nonzero(input, every_axis(dim, input))


@function("(Tensor input, tuple of ints dim, bool keepdim = False, *, Tensor out = None)")
def logsumexp(input: Any, dim: Any, keepdim: bool = False) -> Any:
    """The logarithm of the sum of exponentials over dimensions, without overflow.

    Args:
        input: of any shape; integers give the default floating-point dtype.
        dim: an int or several.
        keepdim: keep them with size 1.

    Example:
        >>> import pyconv
        >>> logsumexp(pyconv.zeros(2, 4), 1)
        tensor([1.3863, 1.3863])
    """
    return softmax_ops.logsumexp(input, dimensions(dim, array_of(input).ndim), keepdim)


@function("(Tensor input, *, Tensor out = None)")
def trace(input: Any) -> Any:
    """The sum of the diagonal of a matrix.

    Args:
        input: `(n, m)`; integers give int64.

    Raises:
        RuntimeError: it is no matrix.
        NotImplementedError: it is bool.

    Example:
        >>> import pyconv
        >>> trace(pyconv.tensor([[1.0, 2.0], [3.0, 4.0]]))
        tensor(5.)
    """
    array = array_of(input)
    if array.ndim != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {array.ndim}")
    refuse("trace", dtypes.of(array), (dtypes.bool_, dtypes.uint16, dtypes.uint32, dtypes.uint64))
    places = np.arange(min(array.shape))
    return reduce.trace(take(input, index=(places, places)))
