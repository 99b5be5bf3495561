"""Normal deviates from uniform ones, operation by operation as torch's CPU kernels compute them.

A block is sixteen uniforms: the first eight give the radii, the last eight the angles, and the block becomes
eight cosines followed by eight sines. float32 follows the polynomials of the Cephes library (S. Moshier,
http://www.netlib.org/cephes/) in the order, and with the fused multiply-adds, of the AVX2 code; every step of
it is an IEEE operation, so the bits do not depend on the machine that runs this file. float64 uses the
C library's functions through `math`, as torch does: NumPy's own differ from them in a last bit.

May import: NumPy, the standard library.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

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
    for_radius, for_angle = (1 - blocks[:, :_HALF_BLOCK]).ravel(), blocks[:, _HALF_BLOCK:].ravel()
    radius: npt.NDArray[Any]
    sine: npt.NDArray[Any]
    cosine: npt.NDArray[Any]
    if uniforms.dtype == np.float32:
        radius = _log32(for_radius)
        radius *= np.float32(-2)
        np.sqrt(radius, out=radius)
        sine, cosine = _sin_cos32(_TWO_PI * for_angle)
    else:
        radius = np.sqrt(-2 * _libm(math.log, for_radius))
        angle = 2 * math.pi * for_angle
        sine, cosine = _libm(math.sin, angle), _libm(math.cos, angle)
    normals = np.empty_like(blocks)
    shape = -1, _HALF_BLOCK
    np.multiply(radius.reshape(shape), cosine.reshape(shape), out=normals[:, :_HALF_BLOCK])
    np.multiply(radius.reshape(shape), sine.reshape(shape), out=normals[:, _HALF_BLOCK:])
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


def _rounded(wide: _Float64, single: _Float32) -> None:
    """Round doubles to single precision in place; `single` has the same numbers afterwards."""
    np.copyto(single, wide, casting="same_kind")
    np.copyto(wide, single)


def _fused(value: _Float32, factor: _Float64, addend: _Float32, wide: _Float64) -> _Float32:
    """`value * factor + addend` in place of `value`, as a fused multiply-add gives it for every uniform number.

    The product is exact in double precision and the sum all but exact: rounded twice it differs from a sum rounded
    once where the first rounding ends halfway between two single numbers, which for none of the 2**24 uniform numbers
    that there are happens anywhere in this file.
    """
    np.copyto(wide, value)
    wide *= factor
    other = addend.astype(np.float64)
    wide += other
    np.copyto(value, wide, casting="same_kind")
    return value


def _horner(coefficients: tuple[np.float32, ...], x: _Float64, wide: _Float64) -> _Float32:
    """A polynomial, each of its steps fused; x is of single precision in an array of doubles."""
    single = np.empty(x.shape, np.float32)
    np.multiply(x, float(coefficients[0]), out=wide)
    for coefficient in coefficients[1:-1]:
        wide += float(coefficient)
        _rounded(wide, single)
        wide *= x
    wide += float(coefficients[-1])
    np.copyto(single, wide, casting="same_kind")
    return single


_FRACTION, _HALF, _FRACTION_BITS, _BIAS = np.int32(2**23 - 1), np.int32(0x3F000000), 23, np.int32(126)
"""The bits of a single number: those of the fraction, those of 0.5, how many the fraction has, the bias of 0.5."""


def _log32(x: _Float32) -> _Float32:
    """The natural logarithm of numbers in (0, 1], none of them subnormal."""
    bits = x.view(np.int32)
    fraction = bits & _FRACTION
    small = (fraction < (_SQRT_HALF.view(np.int32) & _FRACTION)).astype(np.int32)
    exponent = bits >> _FRACTION_BITS
    exponent -= _BIAS
    exponent -= small
    power = exponent.astype(np.float32)
    # the mantissa in [0.5, 1), doubled where it is below the root of a half
    fraction += _HALF
    small <<= _FRACTION_BITS
    fraction += small
    m = fraction.view(np.float32)
    m -= np.float32(1)
    wide, other = m.astype(np.float64), np.empty(m.shape, np.float64)
    square = m * m
    tail = _horner(_LOG_POLYNOMIAL, wide, other)
    tail *= m
    np.copyto(wide, square)
    _fused(tail, wide, power * _LN2_LOW, other)
    square *= np.float32(0.5)
    tail -= square
    m += tail
    power *= _LN2_HIGH
    m += power
    logarithm: _Float32 = m
    return logarithm


def _sin_cos32(angle: _Float32) -> tuple[_Float32, _Float32]:
    """Sine and cosine of angles in [0, 2 pi]."""
    octant = (angle * _FOUR_OVER_PI).astype(np.int32)
    octant += octant & 1
    turns = octant.astype(np.float32)
    high, middle, low = _QUARTER_PI
    rest = angle - turns * high
    rest -= turns * middle
    wide = np.full(angle.shape, -float(low))
    other = np.empty(angle.shape, np.float64)
    x = _fused(turns, wide, rest, other)
    square = x * x
    wide[...] = square
    even = _horner(_COS_POLYNOMIAL, wide, other)
    even *= square
    odd = _horner(_SIN_POLYNOMIAL, wide, other)
    odd *= square
    _fused(even, wide, square * np.float32(-0.5), other)
    even += np.float32(1)
    np.copyto(wide, x)
    _fused(odd, wide, x, other)
    return _turned(even, odd, octant >> 1)


def _turned(even: _Float32, odd: _Float32, quadrant: npt.NDArray[np.int32]) -> tuple[_Float32, _Float32]:
    """Sine and cosine from those of the rest of an angle: exchanged in every other quadrant, and their signs."""
    sine, cosine = odd.view(np.int32), even.view(np.int32)
    exchanged = sine ^ cosine
    exchanged &= -(quadrant & 1)
    sine ^= exchanged
    cosine ^= exchanged
    sine ^= (quadrant & 2) << 30
    quadrant += 1
    cosine ^= (quadrant & 2) << 30
    return sine.view(np.float32), cosine.view(np.float32)
