"""The Gaussian error linear unit x·Φ(x), Φ the normal distribution, and its derivative: ndarray → ndarray.

In single precision the error function is a quotient of polynomials, within 4 units in the last place of 1; in double
it is that of `pyconv.kernels.special`. May import: NumPy, `pyconv.kernels.special`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.kernels.pieces import blockwise
from pyconv.kernels.special.error import erf

Array = np.ndarray[Any, Any]

_NUMERATOR = (
    -2.72614225801306e-10,
    2.77068142495902e-08,
    -2.10102402082508e-06,
    -5.69250639462346e-05,
    -7.34990630326855e-04,
    -2.95459980854025e-03,
    -1.60960333262415e-02,
)
_DENOMINATOR = (
    -1.45660718464996e-05,
    -2.13374055278905e-04,
    -1.68282697438203e-03,
    -7.37332916720468e-03,
    -1.42647390514189e-02,
)
_FLAT = np.float32(4.0)
"""From where on erf(x) is 1 in single precision."""


def _polynomial(t: Array, coefficients: tuple[float, ...]) -> Array:
    found = t * np.float32(coefficients[0])
    found += np.float32(coefficients[1])
    for c in coefficients[2:]:
        found *= t
        found += np.float32(c)
    return found


def _erf_single(x: Array) -> Array:
    """erf(x) in float32: x·P(x²)/Q(x²) on [-4, 4], a minimax quotient."""
    x = np.clip(x, -_FLAT, _FLAT)
    t = x * x
    found = _polynomial(t, _NUMERATOR)
    found *= x
    found /= _polynomial(t, _DENOMINATOR)
    return found


def _distribution(x: Array) -> Array:
    """Φ(x)."""
    scaled = x * x.dtype.type(math.sqrt(0.5))
    found = _erf_single(scaled) if x.dtype == np.float32 else erf(scaled)
    found += 1
    found *= x.dtype.type(0.5)
    return found


@blockwise
def gelu(x: Array) -> Array:
    """x·Φ(x), for float32 or float64.

    Example:
        >>> gelu(np.array([0.0, 1.0]))
        array([0.        , 0.84134475])
    """
    return x * _distribution(x)


@blockwise
def gelu_slope(x: Array) -> Array:
    """The derivative of `gelu`: Φ(x) + x·φ(x).

    Example:
        >>> gelu_slope(np.array([0.0]))
        array([0.5])
    """
    density = np.exp(x * x * x.dtype.type(-0.5))
    density *= x.dtype.type(1 / math.sqrt(2 * math.pi))
    density *= x
    density += _distribution(x)
    return density
