"""Padding by a rule: along each dimension, which element of the input each element of the output copies.

May import: NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def source(mode: str, size: int, low: int, high: int) -> Array:
    """For each position of a padded dimension, the position that it copies; a negative amount crops.

    'circular' goes round what cropping leaves; the other two look beyond it.

    Args:
        mode: 'reflect', 'replicate' or 'circular'.
        size: the elements of the dimension.
        low: elements added before.
        high: elements added after.

    Example:
        >>> source("reflect", 4, 2, 1), source("circular", 4, 1, -1)
        (array([2, 1, 0, 1, 2, 3, 2]), array([2, 0, 1, 2]))
    """
    positions = np.arange(-low, size + high)
    if mode == "circular":
        first, kept = max(-low, 0), size + min(low, 0) + min(high, 0)
        return first + (positions - first) % max(kept, 1)
    if mode == "replicate":
        return np.clip(positions, 0, size - 1)
    positions = np.abs(positions)
    return np.where(positions > size - 1, 2 * (size - 1) - positions, positions)


def gather(x: Array, index: Array, axis: int) -> Array:
    """The elements of `x` at `index` along one dimension."""
    return np.take(x, index, axis=axis)


def scatter(g: Array, index: Array, axis: int, size: int) -> Array:
    """The transpose of `gather`: the sum, for each of `size` positions, of the elements that copied it."""
    order = np.argsort(index, kind="stable")
    ordered = index[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    out = np.zeros((*g.shape[:axis], size, *g.shape[axis + 1 :]), g.dtype)
    if starts.size:
        where: Any = (*(slice(None),) * axis, ordered[starts])
        out[where] = np.add.reduceat(np.take(g, order, axis=axis), starts, axis=axis)
    return out
