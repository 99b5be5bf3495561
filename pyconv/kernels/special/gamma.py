"""The logarithm of the gamma function, its derivatives, and Hurwitz's zeta function.

Asymptotic series and recurrences of the NIST Digital Library of Mathematical Functions, chapters 5 and 25. May import:
NumPy, `pyconv.kernels.special`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.kernels.pieces import blockwise
from pyconv.kernels.special.series import chebyshev, powers

Array = np.ndarray[Any, Any]

_LGAMMA = (
    0.4969196496241282,
    -0.18983770295364127,
    0.051642363278249136,
    -0.01620888582719529,
    0.005480868756901195,
    -0.0019373470781938534,
    0.0007048910082035581,
    -0.00026169697337740814,
    9.861130565519249e-05,
    -3.7584856908988406e-05,
    1.4455839828556131e-05,
    -5.6014342781194404e-06,
    2.1839963102639326e-06,
    -8.560510993494189e-07,
    3.3707703487176757e-07,
    -1.3325698991082197e-07,
    5.286623421759879e-08,
    -2.1039026610571943e-08,
    8.396346115994458e-09,
    -3.3593279703588836e-09,
    1.347128417758247e-09,
    -5.413413585081661e-10,
    2.179523895564128e-10,
    -8.790476934031152e-11,
    3.551107466208523e-11,
    -1.4366889879916915e-11,
    5.820523962016641e-12,
    -2.361128116146316e-12,
    9.589528652171644e-13,
    -3.8990699504056754e-13,
    1.5870109734168948e-13,
    -6.465854220933822e-14,
    2.6367771020705008e-14,
    -1.0762152407586304e-14,
    4.396243296659399e-15,
    -1.797221357503132e-15,
    7.352595459272878e-16,
    -3.010110271283285e-16,
    1.2331372609685956e-16,
    -5.054910883766592e-17,
    2.073363598084663e-17,
    -8.509128175401906e-18,
    3.494064241874015e-18,
    -1.4354970125753624e-18,
    5.900507319336165e-19,
)

_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
_DIGAMMA = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12)
_BERNOULLI: tuple[float, ...] = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
_BERNOULLI += (43867 / 798, -174611 / 330, 854513 / 138, -236364091 / 2730)


@blockwise
def lgamma(x: Array) -> Array:
    """Log |Γ(x)|: DLMF 5.11.1 from 10 up, Γ(x + 1) = xΓ(x) down to 3, the reflection formula for x < 0.5.

    Example:
        >>> lgamma(np.array([0.5, 1.5, 10.5]))
        array([ 0.57236494, -0.12078224, 13.94062522])
    """
    mirrored = x < 0.5
    z = np.where(mirrored, 1 - x, x)
    right = np.where(z >= 10, _stirling(np.maximum(z, 10.0)), _between(np.clip(z, 0.5, 10.0)))
    near_zero = np.abs(x) < 0.5
    around = _between(np.where(near_zero, x, 0.0) + 1) - np.log(np.abs(x))
    with_sine = math.log(math.pi) - np.log(np.abs(sine_of_turns(x))) - right
    found = np.where(near_zero, around, np.where(mirrored, with_sine, right))
    poles = (x <= 0) & (x == np.floor(x))
    return np.where(poles | np.isinf(x), np.inf, found)


def _stirling(z: Array) -> Array:
    inverse = 1 / z
    return (z - 0.5) * np.log(z) - z + 0.5 * math.log(2 * math.pi) + inverse * powers(inverse * inverse, _STIRLING)


def _reduced(z: Array) -> tuple[Array, Array]:
    """`z` <= 10 taken down to at most 3 by whole steps, and the product of what it went through."""
    product = np.ones_like(z)
    for _ in range(7):
        above = z > 3
        z = np.where(above, z - 1, z)
        product = np.where(above, product * z, product)
    return z, product


def _between(z: Array) -> Array:
    """Log Γ(z) for 0.5 <= z <= 10: on [0.5, 3], (z-1)(z-2) times a smooth function, so that the zeros are exact."""
    z, product = _reduced(z)
    return _centre(z) + np.log(product)


def _centre(z: Array) -> Array:
    return (z - 1) * (z - 2) * chebyshev((z - 1.75) / 1.25, _LGAMMA)


def gamma(x: Array) -> Array:
    """Γ(x) for 0 < x <= 10, closer than the exponential of `lgamma`.

    Example:
        >>> gamma(np.array([5.0]))
        array([24.])
    """
    z, product = _reduced(np.where(x < 0.5, x + 1, x))
    return np.exp(_centre(z)) * product / np.where(x < 0.5, x, 1.0)


def sine_of_turns(x: Array) -> Array:
    """sin(πx), exact at the integers."""
    rest = x - 2 * np.round(x / 2)
    rest = np.where(rest > 0.5, 1 - rest, np.where(rest < -0.5, -1 - rest, rest))
    return np.sin(math.pi * rest)


@blockwise
def digamma(x: Array) -> Array:
    """The derivative of log Γ: DLMF 5.11.2 from 10 up, ψ(x + 1) = ψ(x) + 1/x below, the reflection for x < 0.

    Infinite at 0, NaN at the negative integers.

    Example:
        >>> digamma(np.array([1.0, 2.0]))
        array([-0.57721566,  0.42278434])
    """
    z = np.where(x < 0, 1 - x, x)
    found = np.zeros_like(z)
    for _ in range(10):
        small = z < 10
        found = found - np.where(small, 1 / np.where(z == 0, 1, z), 0.0)
        z = np.where(small, z + 1, z)
    inverse = 1 / (z * z)
    found = found + np.log(z) - 0.5 / z - inverse * powers(inverse, _DIGAMMA)
    rest = np.fmod(x, 1.0)
    reflected = found - math.pi / np.tan(math.pi * np.where(rest == 0, 0.5, rest))
    found = np.where(x < 0, np.where(rest == 0, np.nan, reflected), found)
    found = np.where(x == 0, np.copysign(np.inf, -x), found)
    return np.where(x == np.inf, np.inf, found)


def zeta(s: Array, q: Array) -> Array:
    """Hurwitz's zeta function, the sum of (q + k)**-s, by Euler and Maclaurin's formula, DLMF 25.11.5.

    Infinite at s = 1 and for q = 0, -1, -2, …; NaN for s < 1 and, unless s is an integer, for other negative q.

    Example:
        >>> zeta(np.array([2.0]), np.array([1.0]))
        array([1.64493407])
    """
    s, q = np.broadcast_arrays(s, q)
    total = q**-s
    a = q.astype(np.float64)
    # all arguments at or below 9 are moved there; the count is that of the smallest, and bounded
    steps = 9 + int(min(max(0.0, 9 - float(np.min(q, initial=9.0, where=np.isfinite(q)))), 400.0))
    term = np.zeros_like(total)
    for step in range(steps):
        going = (step < 9) | (a <= 9)
        a = np.where(going, a + 1, a)
        term = np.where(going, a**-s, term)
        total = np.where(going, total + term, total)
    total = total + term * a / (s - 1) - 0.5 * term
    factor = np.ones_like(total)
    for j, bernoulli in enumerate(_BERNOULLI):
        factor = factor * (s + 2 * j) if not j else factor * (s + 2 * j - 1) * (s + 2 * j)
        term = term / a if not j else term / a / a
        total = total + bernoulli / math.factorial(2 * j + 2) * factor * term
    at_pole = (q <= 0) & (q == np.floor(q))
    total = np.where((q <= 0) & ~at_pole & (s != np.floor(s)), np.nan, total)
    total = np.where(at_pole, np.inf, total)
    total = np.where(np.isinf(q) & (q > 0) & (s > 1), 0.0, total)
    return np.where(s == 1, np.inf, np.where(s < 1, np.nan, total))


def polygamma(x: Array, *, n: int) -> Array:
    """The derivative of order n of digamma: (-1)**(n + 1)·n!·zeta(n + 1, x), DLMF 5.15.1.

    Example:
        >>> polygamma(np.array([1.0]), n=1)
        array([1.64493407])
    """
    if n == 0:
        return digamma(x)
    if n == 1:
        return _trigamma(x)
    return (-1.0) ** (n + 1) * math.factorial(n) * zeta(np.full_like(x, n + 1), x)


def _trigamma(x: Array) -> Array:
    """DLMF 5.15.8 after six steps of 5.15.5, cut after three terms as torch cuts it, and 5.15.6 below 1/2."""
    mirrored = x < 0.5
    z = np.where(mirrored, 1 - x, x)
    found = np.where(mirrored, -((math.pi / np.sin(math.pi * x)) ** 2), 0.0)
    for _ in range(6):
        found = found + 1 / (z * z)
        z = z + 1
    inverse = 1 / (z * z)
    found = found + (1 + 1 / (2 * z) + inverse * (1 / 6 - inverse * (1 / 30 - inverse * (1 / 42)))) / z
    return np.where(mirrored, -found, found)
