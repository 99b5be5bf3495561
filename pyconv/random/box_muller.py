"""Normal deviates from uniform ones, operation by operation as torch's CPU kernels compute them.

A block is sixteen uniforms: the first eight give the radii, the last eight the angles, and the block becomes
eight cosines followed by eight sines. float32 follows the polynomials of the Cephes library (S. Moshier,
http://www.netlib.org/cephes/) in the order, and with the fused multiply-adds, of the AVX2 code; every step of
it is an IEEE operation, so the bits do not depend on the machine that runs this file. float64 uses the
C library's functions through `math`, as torch does: NumPy's own differ from them in a last bit.

May import: NumPy, the standard library and `pyconv.random.fma`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from pyconv.random.fma import fma32

_Float32 = np.ndarray[Any, np.dtype[np.float32]]
_Float64 = np.ndarray[Any, np.dtype[np.float64]]

BLOCK = 16
_HALF_BLOCK = BLOCK // 2


def _float32(*values: float) -> tuple[np.float32, ...]:
    return tuple(np.float32(v) for v in values)


_LOG_POLYNOMIAL = _float32(
    7.0376836292e-2,
    -1.1514610310e-1,
    1.1676998740e-1,
    -1.2420140846e-1,
    1.4249322787e-1,
    -1.6668057665e-1,
    2.0000714765e-1,
    -2.4999993993e-1,
    3.3333331174e-1,
)

if TYPE_CHECKING:
    import numpy.typing as npt
_LN2_HIGH, _LN2_LOW = _float32(0.693359375, -2.12194440e-4)
_SQRT_HALF, _TWO_PI, _FOUR_OVER_PI = _float32(math.sqrt(0.5), 2 * math.pi, 1.27323954473516)
_QUARTER_PI = _float32(0.78515625, 2.4187564849853515625e-4, 3.77489497744594108e-8)
_COS_POLYNOMIAL = _float32(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)
_SIN_POLYNOMIAL = _float32(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)


def normal_blocks(uniforms: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Standard normal deviates from whole blocks of uniforms.

    Args:
        uniforms: shape (16 * blocks,), float32 or float64, elements in [0, 1).

    Returns:
        An array of the same shape and dtype.
    """
    blocks = uniforms.reshape(-1, BLOCK)
    for_radius, for_angle = 1 - blocks[:, :_HALF_BLOCK].ravel(), blocks[:, _HALF_BLOCK:].ravel()
    radius: npt.NDArray[Any]
    sine: npt.NDArray[Any]
    cosine: npt.NDArray[Any]
    if uniforms.dtype == np.float32:
        radius = np.sqrt(np.float32(-2) * _log32(for_radius))
        sine, cosine = _sin_cos32(_TWO_PI * for_angle)
    else:
        radius = np.sqrt(-2 * _libm(math.log, for_radius))
        angle = 2 * math.pi * for_angle
        sine, cosine = _libm(math.sin, angle), _libm(math.cos, angle)
    normals = np.empty_like(blocks)
    normals[:, :_HALF_BLOCK] = (radius * cosine).reshape(-1, _HALF_BLOCK)
    normals[:, _HALF_BLOCK:] = (radius * sine).reshape(-1, _HALF_BLOCK)
    return normals.ravel()


def normal_pairs(uniforms: _Float64) -> _Float64:
    """Standard normal deviates from pairs (angle, radius) of uniforms, each giving a cosine and then a sine.

    Args:
        uniforms: shape (2 * pairs,), float64, elements in [0, 1).

    Returns:
        An array of the same shape and dtype.
    """
    for_angle, for_radius = uniforms[0::2], uniforms[1::2]
    radius = np.sqrt(-2 * _libm(math.log1p, -for_radius))
    angle = 2 * math.pi * for_angle
    return np.stack([radius * _libm(math.cos, angle), radius * _libm(math.sin, angle)], axis=1).ravel()


def _libm(function: Callable[[float], float], values: _Float64) -> _Float64:
    return np.fromiter(map(function, values.tolist()), np.float64, values.size)


def _horner(coefficients: tuple[np.float32, ...], x: _Float32) -> _Float32:
    value = fma32(x, coefficients[0], coefficients[1])
    for coefficient in coefficients[2:]:
        value = fma32(value, x, coefficient)
    return value


def _log32(x: _Float32) -> _Float32:
    """The natural logarithm of numbers in (0, 1], none of them subnormal."""
    mantissa, exponent = np.frexp(x)
    small = mantissa < _SQRT_HALF
    power = (exponent - small).astype(np.float32)
    m = np.where(small, mantissa + mantissa, mantissa) - np.float32(1)
    square = m * m
    tail = fma32(_horner(_LOG_POLYNOMIAL, m) * m, square, power * _LN2_LOW)
    logarithm: _Float32 = (m + (tail - square * np.float32(0.5))) + power * _LN2_HIGH
    return logarithm


def _sin_cos32(angle: _Float32) -> tuple[_Float32, _Float32]:
    """Sine and cosine of angles in [0, 2 pi]."""
    octant = (angle * _FOUR_OVER_PI).astype(np.int32)
    octant += octant & 1
    turns = octant.astype(np.float32)
    high, middle, low = _QUARTER_PI
    x = fma32(turns, -low, (angle - turns * high) - turns * middle)
    square = x * x
    even = fma32(_horner(_COS_POLYNOMIAL, square) * square, square, square * np.float32(-0.5)) + np.float32(1)
    odd = fma32(_horner(_SIN_POLYNOMIAL, square) * square, x, x)

    quadrant = (octant >> 1) & 3
    swapped = (quadrant & 1).astype(bool)
    sine, cosine = np.where(swapped, even, odd), np.where(swapped, odd, even)
    np.negative(sine, out=sine, where=quadrant >= 2)
    np.negative(cosine, out=cosine, where=(quadrant == 1) | (quadrant == 2))
    return sine, cosine
