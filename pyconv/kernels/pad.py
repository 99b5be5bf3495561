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


_FEW = 32
"""Elements that a rule adds to a dimension up to which their cotangents are added one position after the other."""


def scatter(g: Array, index: Array, axis: int, size: int) -> Array:
    """The transpose of `gather`: the sum, for each of `size` positions, of the elements that copied it, in order."""
    first, stop = _longest_run(index)
    if first == stop or len(index) - (stop - first) > _FEW:
        return _scatter_sorted(g, index, axis, size)
    rows = np.moveaxis(g, axis, 0)
    out = np.empty((*g.shape[:axis], size, *g.shape[axis + 1 :]), g.dtype)
    sums = np.moveaxis(out, axis, 0)
    low, high = int(index[first]), int(index[stop - 1]) + 1
    sums[:low], sums[high:] = 0, 0
    before: dict[int, Array] = {}
    for position, to in enumerate(index[:first].tolist()):
        before[to] = before[to] + rows[position] if to in before else rows[position]
    sums[low:high] = rows[first:stop]
    for to, total in before.items():
        sums[to] += total
    for position, to in enumerate(index[stop:].tolist(), start=stop):
        sums[to] += rows[position]
    return out


def _longest_run(index: Array) -> tuple[int, int]:
    """Where the longest stretch begins and ends in which every element copies the one after the last."""
    edges = np.concatenate(([0], np.flatnonzero(np.diff(index) != 1) + 1, [len(index)]))
    longest = int(np.argmax(np.diff(edges)))
    return int(edges[longest]), int(edges[longest + 1])


def _scatter_sorted(g: Array, index: Array, axis: int, size: int) -> Array:
    order = np.argsort(index, kind="stable")
    ordered = index[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    out = np.zeros((*g.shape[:axis], size, *g.shape[axis + 1 :]), g.dtype)
    if starts.size:
        where: Any = (*(slice(None),) * axis, ordered[starts])
        out[where] = np.add.reduceat(np.take(g, order, axis=axis), starts, axis=axis)
    return out
