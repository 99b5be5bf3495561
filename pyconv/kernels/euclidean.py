"""Euclidean norms of rows, with the bits that torch gives them on x86-64, and distances of rows from others.

For the norms the squares are added up in as many sums as a vector of 32 bytes has numbers, which are then added one
after the other. What fills no vector follows: of single precision four at a time as they are, the others by fused
multiplications and additions. May import: NumPy.
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


_CLOSE = 1e-7
"""Share of the squares of two rows below which that of their distance is added up from differences."""


def distances(a: Array, b: Array) -> Array:
    """The distances of all pairs of rows of single precision.

    They come from one product in double precision, |a|² - 2·a·b + |b|², but where that cancels, or is not a number,
    from the differences: the error is below a unit in the last place of single precision everywhere.

    Args:
        a: (…, n, k), float32.
        b: (…, m, k), float32.

    Returns:
        (…, n, m), float64.

    Example:
        >>> distances(np.zeros((1, 2), np.float32), np.array([[3.0, 4.0], [0.0, 1.0]], np.float32))
        array([[5., 1.]])
    """
    a, b = a.astype(np.float64), b.astype(np.float64)
    scale = np.einsum("...k,...k->...", a, a)[..., :, None] + np.einsum("...k,...k->...", b, b)[..., None, :]
    found = np.matmul(a, b.swapaxes(-1, -2))
    found *= -2
    found += scale
    scale *= _CLOSE
    close = np.flatnonzero(~(found > scale))
    left, right = (np.broadcast_to(x, (*found.shape[:-2], *x.shape[-2:])) for x in (a, b))
    flat, step = found.reshape(-1), max(1, _TERMS // max(1, a.shape[-1]))
    for start in range(0, len(close), step):
        part = close[start : start + step]
        place = np.unravel_index(part, found.shape)
        apart = left[place[:-1]] - right[place[:-2] + place[-1:]]
        flat[part] = np.einsum("ik,ik->i", apart, apart)
    return np.sqrt(found, out=found)


_TERMS = 1 << 18
"""Differences that are held at a time."""
