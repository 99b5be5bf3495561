"""Where the first few elements of rows are in a stable order, and the one of a rank, without sorting the rows.

A row is partitioned at the rank, in a pass or two; ties are told apart by their places, as a stable sort would do it.
NaN counts as the largest. May import: NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def first(rows: Array, k: int, descending: bool = False) -> Array:
    """The places of the first `k` elements of each row in order: (…, n) → (…, k).

    Args:
        rows: real, n > 0.
        k: from 1 to n.
        descending: whether the largest come first; equal elements keep their order in either case.

    Example:
        >>> first(np.array([3, 1, 3, 2]), 2), first(np.array([3, 1, 3, 2]), 3, descending=True)
        (array([1, 3]), array([0, 2, 3]))
    """
    better, equal = _beside(rows, rows.shape[-1] - k if descending else k - 1, descending)
    wanted = k - np.count_nonzero(better, axis=-1, keepdims=True)
    better |= equal & (np.cumsum(equal, axis=-1) <= wanted)
    places = np.nonzero(better.reshape(-1, rows.shape[-1]))[1].reshape(*rows.shape[:-1], k)
    found = np.take_along_axis(rows, places, -1)
    if descending:
        order = k - 1 - found[..., ::-1].argsort(axis=-1, kind="stable")[..., ::-1]
    else:
        order = found.argsort(axis=-1, kind="stable")
    return np.take_along_axis(places, order, -1)


def at(rows: Array, rank: int) -> Array:
    """The place of the element with a rank, from 0, in each row sorted: (…, n) → (…, 1).

    Example:
        >>> at(np.array([[3, 1, 3, 2]]), 2), at(np.array([[3, 1, 3, 2]]), 3)
        (array([[0]]), array([[2]]))
    """
    better, equal = _beside(rows, rank, False)
    nth = rank + 1 - np.count_nonzero(better, axis=-1, keepdims=True)
    found: Array = (np.cumsum(equal, axis=-1) == nth).argmax(axis=-1, keepdims=True)
    return found


def _beside(rows: Array, rank: int, descending: bool) -> tuple[Array, Array]:
    """Which elements come before that of a rank, counted from the smallest, and which are equal to it."""
    pivot = np.partition(rows, rank, axis=-1)[..., rank : rank + 1]
    if rows.dtype.kind in "iu":
        return (rows > pivot if descending else rows < pivot), rows == pivot
    missing, last = np.isnan(rows), np.isnan(pivot)
    equal = (rows == pivot) | (missing & last)
    if descending:
        return (rows > pivot) | (missing & ~last), equal
    return (rows < pivot) | (~missing & last), equal
