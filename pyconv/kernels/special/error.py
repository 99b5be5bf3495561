"""The error function, its complement, and their inverses.

After M. M. Shepherd and J. G. Laframboise, "Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 <= x < ∞",
Math. Comp. 36 (1981), and M. Giles, "Approximating the erfinv function" (2010). May import: NumPy,
`pyconv.kernels.special`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.kernels.pieces import blockwise
from pyconv.kernels.special.series import chebyshev, powers

Array = np.ndarray[Any, Any]

_ERF = (
    0.9754769393826541,
    -0.14226120510371365,
    0.010035582187599796,
    -0.0005768764699767485,
    2.741993125219606e-05,
    -1.1043175507344507e-06,
    3.8488755420345036e-08,
    -1.1808582533875466e-09,
    3.2334215826050907e-11,
    -7.991015947004549e-13,
    1.7990725113961456e-14,
    -3.718635487818693e-16,
    7.103599003714253e-18,
)

_ERFCX = (
    1.1775789345674017,
    -0.004590054580646478,
    -0.08424913336651792,
    0.05920993999819189,
    -0.026658668435305753,
    0.009074997670705265,
    -0.002413163540417608,
    0.0004907758365258086,
    -6.916973302501207e-05,
    4.13902798607301e-06,
    7.74038306619849e-07,
    -2.1886401049234397e-07,
    1.076499946567091e-08,
    4.521959811218287e-09,
    -7.754400208831351e-10,
    -6.318088340886684e-11,
    2.86879501093067e-11,
    1.9455868545777347e-13,
    -9.65469674843344e-13,
    3.25254814814874e-14,
    3.3478119482868056e-14,
    -1.864562880419313e-15,
    -1.2507950530688648e-15,
    7.418235256624044e-17,
    5.068148904796111e-17,
    -2.2370566594359995e-18,
    -2.187342944303018e-18,
)


def _scaled_tail(x: Array) -> Array:
    """exp(x²)·erfc(x) for x >= 0."""
    place = np.where(np.isinf(x), 1.0, (x - 3.75) / (np.where(np.isinf(x), 0.0, x) + 3.75))
    return chebyshev(place, _ERFCX) / (1 + 2 * x)


def _gauss(x: Array) -> Array:
    """exp(-x²), the square formed in two parts that lose nothing."""
    high = x.astype(np.float32).astype(np.float64)
    high = np.where(np.isfinite(high), high, x)
    rest = np.where(np.isfinite(x), (x - high) * (x + high), 0.0)
    return np.exp(-high * high) * np.exp(-rest)


@blockwise
def erfc(x: Array) -> Array:
    """1 - erf(x), without the loss of digits where that is small.

    Example:
        >>> erfc(np.array([0.0, 3.0]))
        array([1.0000000e+00, 2.2090497e-05])
    """
    size = np.abs(x)
    tail = _gauss(size) * _scaled_tail(size)
    return np.where(size < 0.5, 1 - _near_zero(np.minimum(size, 1.0) * np.sign(x)), np.where(x < 0, 2 - tail, tail))


def _near_zero(x: Array) -> Array:
    return x * chebyshev(2 * x * x - 1, _ERF)


@blockwise
def erf(x: Array) -> Array:
    """2/√π times the integral of exp(-t²) from 0 to x.

    Example:
        >>> erf(np.array([0.0, 1.0]))
        array([0.        , 0.84270079])
    """
    size = np.abs(x)
    near = size < 1
    if near.all():
        return _near_zero(x)
    out = np.empty_like(x)
    out[near] = _near_zero(x[near])
    far = size[~near]
    out[~near] = np.copysign(1 - _gauss(far) * _scaled_tail(far), x[~near])
    return out


def erfcx(x: Array) -> Array:
    """exp(x²)·erfc(x).

    Example:
        >>> erfcx(np.array([0.0, 10.0]))
        array([1.        , 0.05614099])
    """
    size = np.abs(x)
    tail = _scaled_tail(size)
    return np.where(x < 0, 2 / _gauss(size) - tail, tail)


_CENTRE: tuple[float, ...] = (1.50140941, 0.246640727, -0.00417768164, -0.00125372503, 0.00021858087, -4.39150654e-06)
_CENTRE += (-3.5233877e-06, 3.43273939e-07, 2.81022636e-08)
_TAIL: tuple[float, ...] = (2.83297682, 1.00167406, 0.00943887047, -0.0076224613, 0.00573950773, -0.00367342844)
_TAIL += (0.00134934322, 0.000100950558, -0.000200214257)


def erfinv(y: Array) -> Array:
    """The x with erf(x) = y; infinite at ±1, NaN outside.

    Example:
        >>> erfinv(np.array([0.5, -0.9]))
        array([ 0.47693628, -1.16308715])
    """
    size = np.abs(y)
    found = erfcinv(np.where(size > 0.5, 1 - size, 1.0))
    small = np.where(size <= 0.5, y, 0.0)
    guess = _guess(small)
    for _ in range(2):
        guess = guess - _halley(erf(guess) - small, guess)
    found = np.where(size <= 0.5, guess, np.copysign(found, y))
    return np.where((size > 1) | np.isnan(y), np.nan, found)


def _guess(y: Array) -> Array:
    """M. Giles's approximation in single precision."""
    w = -np.log1p(-np.minimum(y * y, 1 - 1e-16))
    return y * np.where(w < 5, powers(w - 2.5, _CENTRE), powers(np.sqrt(np.maximum(w, 5.0)) - 3, _TAIL))


def _halley(error: Array, x: Array) -> Array:
    """The step of Halley's method towards a root of erf(x) - y."""
    step = error * np.exp(x * x) * (math.sqrt(math.pi) / 2)
    return step / (1 + x * step)


def erfcinv(q: Array) -> Array:
    """The x with erfc(x) = q, for 0 <= q <= 1.

    Example:
        >>> erfcinv(np.array([0.5, 1e-20]))
        array([0.47693628, 6.60158062])
    """
    safe = np.clip(q, 1e-323, 1.0)
    # for a small q: erfc x ≈ exp(-x²)/(x√π), iterated from x² = -log q
    far = np.sqrt(np.maximum(-np.log(safe), 0.25))
    for _ in range(4):
        far = np.sqrt(np.maximum(-np.log(safe * far * math.sqrt(math.pi)), 0.25))
    x = np.where(safe > 1e-7, _guess(1 - safe), far)
    for _ in range(3):
        tail = _scaled_tail(np.maximum(x, 0.0))
        # Newton's method on the logarithm, which is nearly straight in the tail, on the plain value elsewhere
        logarithmic = (np.log(tail) - x * x - np.log(safe)) * tail * (math.sqrt(math.pi) / 2)
        x = np.where(safe > 1e-7, x + _halley(erfc(x) - safe, -x), x + logarithmic)
    return np.where(q == 0, np.inf, np.where(q == 1, 0.0, x))
