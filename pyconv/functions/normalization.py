"""What the normalizations have in common: their checks, in the words of torch, and their statistics.

May import: NumPy, and all of pyconv below `tensor`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.ops import norm as ops
from pyconv.ops.cast import array_of

__all__ = []

Array = np.ndarray[Any, Any]
_HALF = dtypes.float16, dtypes.bfloat16


def kind_of(x: Any) -> dtypes.dtype:
    """The dtype of a tensor or an ndarray."""
    return dtypes.of(array_of(x))


def check_floating(stub: str, x: Any) -> None:
    """Raise NotImplementedError, with the name of torch's kernel, for a dtype that it has none for."""
    kind = kind_of(x)
    if not (kind.is_floating_point and kind.itemsize > 1):
        raise NotImplementedError(f"\"{stub}\" not implemented for '{kind.scalar_name}'")


def check_mixed(x: Any, *parameters: Any) -> None:
    """Check the dtypes of parameters: that of the input, or float32 for a 16-bit input.

    Raises:
        RuntimeError: another, with torch's text.
    """
    given = [p for p in parameters if p is not None]
    dtype = array_of(x).dtype
    if all(array_of(p).dtype == dtype for p in given):
        return
    kind = kind_of(x)
    if kind_of(given[0]) is not kind:
        if any(kind_of(p) is not dtypes.float32 for p in given):
            raise RuntimeError("mixed dtype (CPU): expect parameter to have scalar type of Float")
        if kind not in _HALF:
            raise RuntimeError("mixed dtype (CPU): all inputs must share same datatype.")
    for p in given:
        if kind_of(p) is not kind_of(given[0]):
            raise RuntimeError(
                f"expected scalar type {kind_of(given[0]).scalar_name} but found {kind_of(p).scalar_name}"
            )


def result_dtype(x: Any, *parameters: Any) -> np.dtype[Any]:
    """The dtype of the statistics: the parameters', or the input's."""
    found: np.dtype[Any] = next((array_of(p).dtype for p in parameters if p is not None), array_of(x).dtype)
    return found


def wrapped(array: Array, x: Any) -> Any:
    """An array as what `x` is."""
    return type(x)._wrap(array) if isinstance(x, Traced) else array


def by_own_statistics(x: Any, weight: Any, bias: Any, layout: ops.Layout, eps: float) -> tuple[Any, Array, Array]:
    """The input normalized by its statistics in a layout, and the mean and one over the deviation, float64."""
    center, variance = ops.statistics(x, layout)
    with np.errstate(all="ignore"):
        rstd = 1 / np.sqrt(variance + eps)
    if not layout.count:
        center = np.zeros_like(center)
    return ops.normalize(x, weight, bias, layout, center, rstd), center, rstd
