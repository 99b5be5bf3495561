"""Means over neighbouring channels.

May import: NumPy, `pyconv.kernels`, `pyconv.autograd`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive
from pyconv.kernels.channel_window import window_sum

Array = np.ndarray[Any, Any]


@primitive("AvgPool2D")
def channel_mean(x: Array, *, before: int, after: int) -> Array:
    """For every channel, the sum of it and its neighbours over their number, those outside counting as zeros.

    Args:
        x: (N, C, ...); integers are cut off.
        before: how many channels below.
        after: how many above.

    Example:
        >>> channel_mean(np.array([[2.0, 4.0, 6.0]]), before=1, after=0)
        array([[1., 3., 5.]])
    """
    total, count = window_sum(x, before, after), before + after + 1
    return (total // count if x.dtype.kind in "iu" else total / count).astype(x.dtype)


channel_mean.defvjp(0, lambda g, x, *, before, after: channel_mean(g, before=after, after=before))
