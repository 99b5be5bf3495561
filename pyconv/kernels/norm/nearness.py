"""Whether means are near zero beside the spread, and what is done where they are not.

May import: NumPy, `pyconv.kernels`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.kernels.norm.blocks import Array

FAR = 1e4
"""How much larger than the variance the square of a mean may be for sums of squares of the elements as they are: in
double precision that leaves twelve digits, to single precision's seven."""
CLOSE = 9.0
"""How much larger than the variance it may be for the mean to go into the constant that is added, as torch has it."""


def is_near(mean: Array, scale: Array, limit: float) -> bool:
    """Whether the square of all means, scaled, is within a limit."""
    with np.errstate(all="ignore"):
        return bool(((mean * scale) ** 2 <= limit).all())


def _split(value: Array, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """A float64 value in a narrower dtype, and what that leaves over."""
    near = value.astype(dtype)
    return near, value - near


def shifted(mean: Array, scale: Array, slope: Array, dtype: np.dtype[Any]) -> tuple[list[Array], Array, bool]:
    """How the mean is taken off before (x - mean)·slope: from x, or where it is near zero with the slope.

    Returns:
        What is taken off x, in the dtype of x, if anything is; what is taken off the product; whether the mean is near.
    """
    if is_near(mean, scale, CLOSE):
        return [], mean * slope, True
    # What rounding the mean leaves over goes where it costs nothing: into the constant, or back through the slope.
    center, rest = _split(mean, dtype)
    return [center], rest * slope, False
