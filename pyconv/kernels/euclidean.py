"""Euclidean norms of rows, with the bits that torch gives them on x86-64.

The squares are added up in as many sums as a vector of 32 bytes has numbers, which are then added one after the other.
What fills no vector follows: of single precision four at a time as they are, the others by fused multiplications and
additions. May import: NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_VECTOR = 8
"""Numbers of single precision in a vector."""

_TOGETHER = 4
"""How many of those that fill no vector are squared and added without being fused."""


def of_rows(x: Array) -> Array:
    """The norm of each row of single precision.

    Args:
        x: (m, n), float32.

    Returns:
        (m,), float32; infinite where a square is too large.

    Example:
        >>> of_rows(np.array([[3.0, 4.0], [0.0, 2.0]], np.float32))
        array([5., 2.], dtype=float32)
    """
    m, n = x.shape
    count = n // _VECTOR
    squares = (x * x)[:, : count * _VECTOR].reshape(m, count, _VECTOR).swapaxes(0, 1)
    lanes = np.add.reduce(np.ascontiguousarray(squares), axis=0)
    total = np.add.accumulate(lanes, axis=1)[:, -1]
    start = count * _VECTOR
    fused = start + (n - start) // _TOGETHER * _TOGETHER
    for column in range(start, fused):
        total = total + x[:, column] * x[:, column]
    for column in range(fused, n):
        last = x[:, column].astype(np.float64)
        total = (total + last * last).astype(np.float32)
    return np.sqrt(total)
