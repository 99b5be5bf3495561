"""Resizing of unsigned bytes in whole numbers, one dimension after the other, each rounded to bytes.

The weights are multiples of a power of two that 15 bits can hold, as in the Python Imaging Library and in torch. May
import: NumPy, `pyconv.kernels`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.kernels.resize import Taps

Array = np.ndarray[Any, Any]


def _whole(weight: Array, largest: float) -> tuple[Array, int]:
    """Weights as whole numbers, and how many bits of them come after the point."""
    bits = 0
    while bits < 22 and int(0.5 + largest * (1 << (bits + 1))) < 1 << 15:
        bits += 1
    scaled = weight * float(1 << bits)
    return np.trunc(scaled + np.where(scaled < 0, -0.5, 0.5)).astype(np.int32), bits


def _merged(taps: Taps) -> tuple[Array, float]:
    """(T, n): the weights with those that an edge has brought onto one element added up, in the last of them.

    The largest sum on the way comes with them.
    """
    assert taps.weight is not None
    weight = taps.weight.copy()
    largest = float(weight[0].max(initial=0))
    for tap in range(1, len(weight)):
        same = taps.index[tap] == taps.index[tap - 1]
        weight[tap] += np.where(same, weight[tap - 1], 0)
        weight[tap - 1] = np.where(same, 0, weight[tap - 1])
        largest = max(largest, float(weight[tap].max(initial=0)))
    return weight, largest


def resize_bytes(x: Array, taps: tuple[Taps | None, ...]) -> Array:
    """`x`, of dtype uint8, mapped along its last dimensions, the last of them first.

    Args:
        x: any shape.
        taps: one for each of the last dimensions, in double precision; None for one that stays as it is.

    Example:
        >>> half = np.full((2, 2), 0.5)
        >>> resize_bytes(np.array([1, 2, 5], np.uint8), (Taps(3, np.array([[0, 1], [1, 2]]), half),))
        array([2, 4], dtype=uint8)
    """
    for axis in range(-1, -len(taps) - 1, -1):
        along = taps[axis]
        if along is not None:
            x = _along(x, along, axis)
    return x


def _along(x: Array, taps: Taps, axis: int) -> Array:
    weight, bits = _whole(*_merged(taps))
    rows = np.moveaxis(x, axis, -1)
    total = np.full((*rows.shape[:-1], taps.length), 1 << (bits - 1), np.int32)
    for index, one in zip(taps.index, weight, strict=True):
        total += rows.take(index, axis=-1).astype(np.int32) * one
    out = np.clip(total >> bits, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.moveaxis(out, -1, axis))
