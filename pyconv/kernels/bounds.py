"""Results cut off at bounds, in place: what ReLU and ReLU6 do.

May import: NumPy.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Bounds = tuple[float, float]


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
        np.maximum(x, x.dtype.type(low), out=x)
    else:
        np.clip(x, x.dtype.type(low), x.dtype.type(high), out=x)
