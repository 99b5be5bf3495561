"""Sums over neighbouring channels, for the normalizations across channels.

May import: NumPy, `pyconv.dtypes`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes

Array = np.ndarray[Any, Any]


def window_sum(x: Array, before: int, after: int) -> Array:
    """For every index of axis 1, the sum of its neighbours from `before` below it to `after` above it.

    Args:
        x: of at least two dimensions.
        before: how many indices below; what lies outside counts as zero.
        after: how many above.

    Returns:
        An array of the shape of `x`, in the dtype in which its elements are added up.

    Example:
        >>> window_sum(np.array([[1, 2, 3, 4]]), 1, 0)
        array([[1, 3, 5, 7]])
    """
    size = x.shape[1]
    out = np.zeros(x.shape, dtypes.accumulation(x.dtype))
    for offset in range(-before, after + 1):
        low, high = max(0, -offset), min(size, size - offset)
        if low < high:
            out[:, low:high] += x[:, low + offset : high + offset]
    return out
