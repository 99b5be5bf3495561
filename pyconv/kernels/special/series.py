"""Sums of Chebyshev polynomials and of powers.

May import: NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def chebyshev(x: Array, coefficients: tuple[float, ...]) -> Array:
    """The sum of coefficients[k]·T_k(x), -1 <= x <= 1, by the recurrence of C. W. Clenshaw (1955).

    Example:
        >>> chebyshev(np.array([0.5]), (1.0, 2.0, 3.0))
        array([0.5])
    """
    doubled = 2 * x
    last = np.zeros_like(x)
    before = np.zeros_like(x)
    for c in coefficients[:0:-1]:
        last, before = doubled * last - before + c, last
    return ((doubled * last - before + 2 * coefficients[0]) - before) / 2


def powers(x: Array, coefficients: tuple[float, ...]) -> Array:
    """The polynomial with these coefficients, the constant first, by Horner's rule.

    Example:
        >>> powers(np.array([2.0]), (1.0, 0.0, 3.0))
        array([13.])
    """
    found = np.full_like(x, coefficients[-1])
    for c in coefficients[-2::-1]:
        found = found * x + c
    return found
