"""The regularised incomplete gamma functions.

The power series DLMF 8.11.4 where x < a + 1, elsewhere the continued fraction DLMF 8.9.2 by the method of
W. J. Lentz (1976). May import: NumPy, `pyconv.kernels.special`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.kernels.special.gamma import gamma
from pyconv.kernels.special.series import powers

Array = np.ndarray[Any, Any]
_TINY = 1e-300
_STEPS = 5000


def _front(a: Array, x: Array) -> Array:
    """x**a·exp(-x)/Γ(a), for a large a by the distance of x from a, which loses no digits."""
    near_zero = np.where(a < 10, a, 1.0)
    plain = np.minimum(x, 1e20) ** near_zero * np.exp(-x) / gamma(near_zero)
    large = np.where(a >= 10, a, 10.0)
    distance = np.where(a >= 10, (x - a) / large, 0.0)
    # a·(log(1 + d) - d), and Γ(a) by Stirling's series
    near = np.abs(distance) < 0.1
    small = np.where(near, distance, 0.0)
    series = tuple((-1.0) ** (k + 1) / k for k in range(2, 20))
    exponent = np.where(near, small * small * powers(small, series), np.log1p(distance) - distance)
    inverse = 1 / large
    correction = inverse * powers(inverse * inverse, (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188))
    far = np.sqrt(large / (2 * math.pi)) * np.exp(large * exponent - correction)
    return np.where(a >= 10, far, plain)


def _series(a: Array, x: Array) -> Array:
    term = np.ones_like(x)
    total = np.ones_like(x)
    place = a.copy()
    for _ in range(_STEPS):
        place = place + 1
        term = term * x / place
        total = total + term
        if not (term > 1e-17 * total).any():
            break
    return total / a


def _fraction(a: Array, x: Array) -> Array:
    b = x + 1 - a
    c = np.full_like(x, 1 / _TINY)
    d = 1 / b
    found = d
    for i in range(1, _STEPS):
        step = -i * (i - a)
        b = b + 2
        d = step * d + b
        d = 1 / np.where(np.abs(d) < _TINY, _TINY, d)
        c = b + step / c
        c = np.where(np.abs(c) < _TINY, _TINY, c)
        change = c * d
        going = np.abs(change - 1) > 4e-16
        if not going.any():
            break
        found = np.where(going, found * change, found)
    return found


def _both(a: Array, x: Array) -> tuple[Array, Array]:
    """The lower and the upper function."""
    a, x = (v.astype(np.float64) for v in np.broadcast_arrays(a, x))
    valid = (a > 0) & (x > 0) & np.isfinite(a) & np.isfinite(x)
    front = np.where(valid, _front(np.where(valid, a, 1.0), np.where(valid, x, 1.0)), 0.0)
    by_series = valid & (x < a + 1)
    low = front * _series(np.where(by_series, a, 1.0), np.where(by_series, x, 0.0))
    by_fraction = valid & ~by_series
    high = front * _fraction(np.where(by_fraction, a, 1.0), np.where(by_fraction, x, 2.0))
    lower = np.where(by_series, low, 1 - high)
    upper = np.where(by_series, 1 - low, high)
    # what is left: the edges of the domain
    for test, value in _edges(a, x):
        lower, upper = np.where(test, value, lower), np.where(test, 1 - value, upper)
    return lower, upper


def _edges(a: Array, x: Array) -> list[tuple[Array, float]]:
    return [
        (np.isinf(x), 1.0),
        (np.isinf(a), 0.0),
        (x == 0, 0.0),
        ((a == 0) & (x > 0), 1.0),
        ((a == 0) & (x == 0), np.nan),
        (np.isinf(a) & np.isinf(x), np.nan),
        ((a < 0) | (x < 0) | np.isnan(a) | np.isnan(x), np.nan),
    ]


def lower(a: Array, x: Array) -> Array:
    """The integral of t**(a-1)·exp(-t) from 0 to x, over Γ(a).

    Example:
        >>> lower(np.array([1.0]), np.array([1.0]))
        array([0.63212056])
    """
    return _both(a, x)[0]


def upper(a: Array, x: Array) -> Array:
    """The integral of t**(a-1)·exp(-t) from x up, over Γ(a).

    Example:
        >>> upper(np.array([1.0]), np.array([1.0]))
        array([0.36787944])
    """
    return _both(a, x)[1]
