"""Medians, modes and order statistics.

May import: `pyconv.ops`, `pyconv.return_types`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.extrema import axis_of
from pyconv.ops import sort
from pyconv.return_types import named
from pyconv.signatures import function

__all__ = ["kthvalue", "median", "mode", "nanmedian"]

_Median, _Nanmedian = named("median", "values", "indices"), named("nanmedian", "values", "indices")
_Mode, _Kthvalue = named("mode", "values", "indices"), named("kthvalue", "values", "indices")
_MEDIAN = ("(Tensor input)", "(Tensor input, int dim, bool keepdim = False, *, tuple of Tensors out = None)")


@function(*_MEDIAN)
def median(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The median, the lower of two in the middle; NaN where there is one.

    Args:
        input: of any shape, of integers or floats.
        dim: the dimension; all elements if None.
        keepdim: keep the dimension with size 1.

    Returns:
        One tensor; with a dimension, the named tuple (values, indices).

    Example:
        >>> import pyconv
        >>> median(pyconv.tensor([4.0, 1.0, 3.0, 2.0]))
        tensor(2.)
    """
    if dim is None:
        return sort.median(input, False)
    return _Median(*sort.median_along(input, axis_of("median", dim, input), keepdim, False))


@function(*_MEDIAN)
def nanmedian(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The median of what is not NaN, the lower of two in the middle.

    Args:
        input: of any shape, of integers or floats.
        dim: the dimension; all elements if None.
        keepdim: keep the dimension with size 1.

    Returns:
        One tensor; with a dimension, the named tuple (values, indices).

    Example:
        >>> import pyconv
        >>> nanmedian(pyconv.tensor([4.0, float("nan"), 3.0]))
        tensor(3.)
    """
    if dim is None:
        return sort.median(input, True)
    return _Nanmedian(*sort.median_along(input, axis_of("nanmedian", dim, input), keepdim, True))


@function("(Tensor input, int dim = -1, bool keepdim = False, *, tuple of Tensors out = None)")
def mode(input: Any, dim: int = -1, keepdim: bool = False) -> Any:
    """The most frequent value along a dimension, the smallest where several are, and a place where it is.

    Args:
        input: of any shape, of a dtype with an order.
        dim: the dimension.
        keepdim: keep it with size 1.

    Returns:
        The named tuple (values, indices).

    Example:
        >>> import pyconv
        >>> mode(pyconv.tensor([3, 1, 1, 2])).values
        tensor(1)
    """
    return _Mode(*sort.mode(input, axis_of("mode", dim, input), keepdim))


@function("(Tensor input, int k, int dim = -1, bool keepdim = False, *, tuple of Tensors out = None)")
def kthvalue(input: Any, k: int, dim: int = -1, keepdim: bool = False) -> Any:
    """The `k`-th smallest value along a dimension, and where it is.

    Args:
        input: of any shape, of integers or floats.
        k: which, counted from 1.
        dim: the dimension.
        keepdim: keep it with size 1.

    Returns:
        The named tuple (values, indices).

    Raises:
        RuntimeError: there is no such value.

    Example:
        >>> import pyconv
        >>> kthvalue(pyconv.tensor([4, 1, 3]), 2)
        torch.return_types.kthvalue(
        values=tensor(3),
        indices=tensor(2))
    """
    return _Kthvalue(*sort.kth_value(input, k, axis_of("kthvalue", dim, input), keepdim))
