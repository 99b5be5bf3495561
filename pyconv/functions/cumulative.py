"""Running sums, products, extremes and log-sums along a dimension.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.dims import dimension
from pyconv.functions.reductions import kind_asked_for
from pyconv.ops import cumulative
from pyconv.ops.arithmetic import refuse
from pyconv.ops.cast import array_of
from pyconv.return_types import named
from pyconv.signatures import function

__all__ = ["cummax", "cummin", "cumprod", "cumsum", "logcumsumexp"]

_Cummax, _Cummin = named("cummax", "values", "indices"), named("cummin", "values", "indices")
_RUN = "(Tensor input, int dim, *, torch.dtype dtype = None, Tensor out = None)"


def _asked_for(name: str, input: Any, dtype: Any) -> np.dtype[Any] | None:
    """The NumPy dtype that a run is to have: int64 for integers and bool where none is asked for."""
    refused = (dtypes.bool_, dtypes.uint16, dtypes.uint32, dtypes.uint64)
    if dtype is not None:
        refuse(f"{name}_out_cpu", dtypes.PYTHON.get(dtype, dtype), refused)
    if dtype is None and array_of(input).dtype.kind in "iub":
        return np.dtype(np.int64)
    return kind_asked_for(input, dtype)


@function(_RUN)
def cumsum(input: Any, dim: int, *, dtype: dtypes.dtype | None = None) -> Any:
    """The running sum along a dimension.

    Args:
        input: of any shape; integers and bool give int64.
        dim: the dimension.
        dtype: cast to it first.

    Example:
        >>> import pyconv
        >>> cumsum(pyconv.tensor([1, 2, 3]), 0)
        tensor([1, 3, 6])
    """
    kind = _asked_for("cumsum", input, dtype)
    return cumulative.cumsum(input, dimension(dim, array_of(input).ndim), kind)


@function(_RUN)
def cumprod(input: Any, dim: int, *, dtype: dtypes.dtype | None = None) -> Any:
    """The running product along a dimension.

    Args:
        input: of any shape; integers and bool give int64.
        dim: the dimension.
        dtype: cast to it first.

    Example:
        >>> import pyconv
        >>> cumprod(pyconv.tensor([1, 2, 3]), 0)
        tensor([1, 2, 6])
    """
    kind = _asked_for("cumprod", input, dtype)
    return cumulative.cumprod(input, dimension(dim, array_of(input).ndim), kind)


@function("(Tensor input, int dim, *, tuple of Tensors out = None)")
def cummax(input: Any, dim: int) -> Any:
    """The running largest element along a dimension, and the last place where it is.

    Args:
        input: of any shape, of a dtype with an order.
        dim: the dimension.

    Returns:
        The named tuple (values, indices).

    Example:
        >>> import pyconv
        >>> cummax(pyconv.tensor([1, 3, 2]), 0).values
        tensor([1, 3, 3])
    """
    return _Cummax(*cumulative.running_extreme("cummax", input, dimension(dim, array_of(input).ndim)))


@function("(Tensor input, int dim, *, tuple of Tensors out = None)")
def cummin(input: Any, dim: int) -> Any:
    """The running smallest element along a dimension, and the last place where it is.

    Args:
        input: of any shape, of a dtype with an order.
        dim: the dimension.

    Returns:
        The named tuple (values, indices).

    Example:
        >>> import pyconv
        >>> cummin(pyconv.tensor([3, 1, 2]), 0).indices
        tensor([0, 1, 1])
    """
    return _Cummin(*cumulative.running_extreme("cummin", input, dimension(dim, array_of(input).ndim)))


@function("(Tensor input, int dim, *, Tensor out = None)")
def logcumsumexp(input: Any, dim: int) -> Any:
    """The logarithm of the running sum of exponentials along a dimension, without overflow.

    Args:
        input: of any shape, of floats or complex numbers.
        dim: the dimension.

    Raises:
        NotImplementedError: `input` is of integers or bool.

    Example:
        >>> import pyconv
        >>> logcumsumexp(pyconv.zeros(3), 0)
        tensor([0.0000, 0.6931, 1.0986])
    """
    return cumulative.logcumsumexp(input, dimension(dim, array_of(input).ndim))
