"""The inverse of the error function, for every dtype: polynomials where single precision is asked for.

After M. Giles, "Approximating the erfinv function" (2010): erfinv(y)/y is smooth in w = -log(1 - y²), and in √w for
large w. May import: NumPy, `pyconv.kernels.special`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.kernels.pieces import blockwise
from pyconv.kernels.special import error
from pyconv.kernels.special.series import powers

Array = np.ndarray[Any, Any]

_EDGE = 6.25
"""The w where one polynomial ends and the other begins: |y| = 0.99903…"""

_CENTRE = (
    1.6536545626826207,
    0.750494320058542,
    -0.0589225670250724,
    -0.022604446433085585,
    0.0178083596988182,
    -0.004137328511936384,
    -0.0012716702359344355,
    0.0012325730489108715,
    -0.00026450883939487516,
    -0.00011717341592879574,
    9.370757794536138e-05,
    -1.451211387776243e-05,
    -1.1853374487822845e-05,
    6.622040456194698e-06,
    -6.3990966961286e-08,
    -8.354953771789282e-07,
    1.7813869678037893e-07,
)
"""Of (w - 3.125)/3.125, by interpolation at 200 Chebyshev points in 0 <= w <= 6.25."""

_TAIL = (
    3.5875041872836277,
    1.2608470494968866,
    0.003210070006618027,
    -0.002513059710164752,
    0.001329680754583084,
    -0.0008104829222679522,
    0.0006086496304760642,
    -0.00045643455985292793,
    0.0002815684831363526,
    -0.0001195283171898206,
    1.5538060933822477e-05,
    2.4851170774037682e-05,
    -2.5104106047658125e-05,
    1.0687162855366775e-05,
    5.205105531600054e-07,
    -2.5635239326391114e-06,
    7.719874869131964e-07,
)
"""Of (√w - 3.75)/1.25, likewise in 2.5 <= √w <= 5; the largest float32 below 1 has √w = 3.99."""

_double = blockwise(error.erfinv)


def erfinv(y: Array) -> Array:
    """The x with erf(x) = y; infinite at ±1, NaN outside. Rounded once where the dtype is below double precision.

    Example:
        >>> erfinv(np.array([0.5, -0.9, 1.0], np.float32))
        array([ 0.47693628, -1.1630871 ,         inf], dtype=float32)
    """
    return _double(y) if y.dtype == np.float64 else _single(y)


@blockwise
def _single(y: Array) -> Array:
    """To 2e-11 of the value, then rounded."""
    x = y.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        w = -np.log1p(-x * x)
    found = powers(w * (2 / _EDGE) - 1, _CENTRE) * x
    far = ~(w < _EDGE)
    if far.any():
        found[far] = powers((np.sqrt(w[far]) - 3.75) * 0.8, _TAIL) * x[far]
        found[np.abs(x) == 1] = x[np.abs(x) == 1] * np.inf
    return found.astype(y.dtype)
