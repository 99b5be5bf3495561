"""Values cut off at bounds: what ReLU, ReLU6 and clamping by numbers do.

A value equal to its bound stays itself, so the zero -0 does, as in torch. Of two equal operands NumPy's `maximum` gives
the second on x86 in single, double and bfloat16, but the first in half precision; either order takes as long.

May import: NumPy.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Bounds = tuple[float, float]


def at_least(x: Array, low: Any, out: Array | None = None) -> Array:
    """The larger of each value and a bound; NaN stays.

    Args:
        x: of any real dtype.
        low: of the same dtype, no dimensions.
        out: where to write the result.

    Example:
        >>> at_least(np.array([-1.0, -0.0, 2.0]), np.float64(0))
        array([ 0., -0.,  2.])
    """
    found: Array = np.maximum(x, low, out=out) if x.dtype.char == "e" else np.maximum(low, x, out=out)
    return found


def at_most(x: Array, high: Any, out: Array | None = None) -> Array:
    """The smaller of each value and a bound; NaN stays.

    Example:
        >>> at_most(np.array([-1.0, -0.0, 2.0]), np.float64(0))
        array([-1., -0.,  0.])
    """
    found: Array = np.minimum(x, high, out=out) if x.dtype.char == "e" else np.minimum(high, x, out=out)
    return found


def clip(x: Array, bounds: Bounds) -> None:
    """Put the bounds where values lie beyond them; NaN stays.

    Example:
        >>> x = np.array([-1.0, np.nan, 7.0])
        >>> clip(x, (0, 6))
        >>> x
        array([ 0., nan,  6.])
    """
    low, high = bounds
    if high == math.inf:
        at_least(x, x.dtype.type(low), out=x)
    else:
        np.clip(x, x.dtype.type(low), x.dtype.type(high), out=x)
