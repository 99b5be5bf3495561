"""Softmax and its logarithm.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv import dtypes
from pyconv.functions.dims import dimension
from pyconv.functions.reductions import numpy_of
from pyconv.ops import softmax as ops
from pyconv.ops.cast import array_of, cast
from pyconv.signatures import function

__all__ = ["log_softmax", "softmax"]


def _source(input: Any, dtype: dtypes.dtype | None) -> Any:
    kind = numpy_of(dtype)
    return input if kind is None else cast(input, kind)


@function("(Tensor input, int dim, torch.dtype dtype = None, *, Tensor out = None)")
def softmax(input: Any, dim: int, dtype: dtypes.dtype | None = None) -> Any:
    """exp(input) over its sum along a dimension.

    Args:
        input: of any shape, of floats unless `dtype` is.
        dim: the dimension that sums to 1.
        dtype: cast to it first.

    Raises:
        NotImplementedError: the dtype is no float.

    Example:
        >>> import pyconv
        >>> softmax(pyconv.zeros(1, 4), dim=1)
        tensor([[0.2500, 0.2500, 0.2500, 0.2500]])
    """
    return ops.softmax(_source(input, dtype), dimension(dim, array_of(input).ndim))


@function("(Tensor input, int dim, torch.dtype dtype = None, *, Tensor out = None)")
def log_softmax(input: Any, dim: int, dtype: dtypes.dtype | None = None) -> Any:
    """The logarithm of `softmax`, formed without its loss of small values.

    Args:
        input: of any shape, of floats unless `dtype` is.
        dim: the dimension.
        dtype: cast to it first.

    Raises:
        NotImplementedError: the dtype is no float.

    Example:
        >>> import pyconv
        >>> log_softmax(pyconv.zeros(1, 4), dim=1)
        tensor([[-1.3863, -1.3863, -1.3863, -1.3863]])
    """
    return ops.log_softmax(_source(input, dtype), dimension(dim, array_of(input).ndim))
