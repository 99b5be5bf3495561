"""`scale * value + shift` with one rounding, as the processor's fused multiply-add gives it.

NumPy has no fused multiply-add, and torch's compiled kernels use one wherever a product feeds a sum. Here it
is built from ordinary IEEE operations: the exact sum is first rounded to odd in a wider format, after which
rounding once more to the narrow format is the same as rounding once.

S. Boldo, G. Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms using rounding to
odd", IEEE Transactions on Computers 57(4), 2008.

May import: NumPy and the standard library.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

_Float32 = np.ndarray[Any, np.dtype[np.float32]]
_Float64 = np.ndarray[Any, np.dtype[np.float64]]

_LOW_28_BITS = np.int64((1 << 28) - 1)
_SPLITTER = 2.0**27 + 1


def scale_and_shift(values: npt.NDArray[Any], scale: float, shift: float) -> npt.NDArray[Any]:
    """`values * scale + shift`, rounded once, in the dtype of `values`.

    Args:
        values: a one-dimensional float32 or float64 array, elements below 2**100 in magnitude.
        scale: factor; rounded to the dtype of `values` first.
        shift: addend; rounded likewise.

    Returns:
        A new array like `values`. For float64, a `scale` or `shift` outside 2**-400 ... 2**400 is multiplied
        and added with two roundings.

    Example:
        >>> one_ulp = np.float32(1 + 2**-23)
        >>> scale_and_shift(np.array([one_ulp]), one_ulp, -1.0) == 2.0**-22 + 2.0**-46
        array([ True])
    """
    with np.errstate(over="ignore", invalid="ignore"):
        a, b = values.dtype.type(scale), values.dtype.type(shift)
        if a == 1 or b == 0 or not _fits(values.dtype, a, b):
            twice_rounded: npt.NDArray[Any] = values * a + b
            return twice_rounded
    if values.dtype == np.float32:
        return fma32(values, a, b)
    return _fma64(values, a, b)


def _fits(dtype: np.dtype[Any], scale: float, shift: float) -> bool:
    if dtype == np.float32:
        return math.isfinite(scale) and math.isfinite(shift)
    return all(v == 0 or 2.0**-400 < abs(v) < 2.0**400 for v in (scale, shift))


def fma32(a: _Float32, b: _Float32 | np.float32, c: _Float32 | np.float32) -> _Float32:
    """`a * b + c` for finite float32, rounded once; `b` and `c` are one-dimensional as `a` is, or scalars.

    The product is exact in float64 and the sum nearly so. Only a float64 sum that ends in zeros can lie
    halfway between two float32, where the bits that float64 lost decide: those few are summed again, to odd.
    """
    product = a.astype(np.float64)
    product *= np.asarray(b, np.float64)
    total = product + np.asarray(c, np.float64)
    with np.errstate(over="ignore"):
        result = total.astype(np.float32)
        ends = total.view(np.int64) & _LOW_28_BITS
        if ends.size and not ends.min():
            halfway = np.flatnonzero(ends == 0)
            addend = np.broadcast_to(np.asarray(c, np.float64), total.shape)[halfway]
            result[halfway] = _add_to_odd(product[halfway], addend).astype(np.float32)
    return result


def _fma64(a: _Float64, b: np.float64, c: np.float64) -> _Float64:
    """`a * b + c`, rounded once: Boldo and Melquiond's algorithm over exact products and sums."""
    high, low = _two_product(a, b)
    carried, lost = _two_sum(c, low)
    total, rest = _two_sum(high, carried)
    return total + _add_to_odd(rest, lost)


def _two_sum(a: _Float64 | np.float64, b: _Float64) -> tuple[_Float64, _Float64]:
    """The rounded sum and its rounding error, which together are exact (Knuth)."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def _two_product(a: _Float64, b: np.float64) -> tuple[_Float64, _Float64]:
    """The rounded product and its rounding error, which together are exact (Dekker)."""
    a_high, a_low = _split(a)
    b_high, b_low = _split(b)
    product = a * b
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, error


def _split(a: Any) -> tuple[Any, Any]:
    """Two halves of 26 bits whose sum is `a`."""
    scaled = a * _SPLITTER
    high = scaled - (scaled - a)
    return high, a - high


def _add_to_odd(a: _Float64, b: _Float64) -> _Float64:
    """`a + b` rounded to odd: an inexact sum becomes its neighbour that ends in a set bit."""
    total, error = _two_sum(a, b)
    bits = total.view(np.int64)
    move = (error != 0) & (bits & 1 == 0)
    away_from_zero = (error > 0) == (total > 0)
    odd: _Float64 = (bits + np.where(away_from_zero, 1, -1) * move).view(np.float64)
    return odd
