"""Results cut off at bounds, in place: what ReLU and ReLU6 do.

May import: NumPy, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.kernels import threads
from pyconv.kernels.pieces import LARGE, each_piece

Array = np.ndarray[Any, Any]
Bounds = tuple[float, float]

PARTS = 4
"""Pieces of a large array."""


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


def cut_off(x: Array, bounds: Bounds) -> None:
    """`clip` of an array without gaps, a large one shared by threads where none of BLAS's own is in their way."""
    if x.size < LARGE or not threads.is_held():
        clip(x, bounds)
    else:
        each_piece(lambda piece: clip(piece, bounds), -(-x.size // PARTS), x.reshape(-1))
