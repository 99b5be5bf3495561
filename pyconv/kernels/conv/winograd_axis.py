"""One dimension of a box of tiles: which inputs its tiles read, which outputs they write, and the matrices for it.

Neighbouring tiles of the last dimension are taken together, a group of them by one matrix with zeros beside each
tile's own coefficients. On one thread, 64 channels of 224², two tiles of F(4, 3) by one 12 × 10 matrix take 0.75 of the
time of 6 × 6, four 1.15 times as long, seven 1.8 times; on the way back 1.2, 1.7 and 2.3 times as long. For F(3, 3) two
take 0.6 to 0.75, forth and back; for F(2, 3) four take 0.5 to 0.6. What is read beyond the input, or written beyond the
output, is left out of the matrix.

May import: NumPy, `pyconv.kernels`.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from pyconv.kernels.conv.cook_toom import Filtering

Array = np.ndarray[Any, Any]

WIDEST = 8
"""Tiles of a group at the most."""
COLUMNS = 8
"""Outputs of a group at the best."""
SPARE = 32
"""Tiles to which one more may be added, to make groups of them."""


class Run(NamedTuple):
    """Neighbouring groups of tiles that read or write alike.

    Attributes:
        first: the first of them.
        number: how many they are.
        start: the input or output with which the first one begins.
        length: the inputs or outputs of one.
        matrix: (points · tiles, inputs), or (points · tiles, outputs).
    """

    first: int
    number: int
    start: int
    length: int
    matrix: Array


@lru_cache(maxsize=256)
def group(f: Filtering, tiles: int) -> int:
    """The tiles of a group: those with about eight outputs, where that adds hardly any tiles.

    Example:
        >>> from pyconv.kernels.conv.cook_toom import filtering
        >>> [group(filtering(4, 3), tiles) for tiles in (56, 14, 7, 1)]
        [2, 2, 1, 1]
    """

    def waste(size: int) -> tuple[bool, int, int]:
        whole = -(-tiles // size) * size
        return (whole - tiles) * SPARE > tiles, abs(size * f.outputs - COLUMNS), -size

    return min(range(1, min(WIDEST, tiles) + 1), key=waste)


def ordered(matrix: Array, columns: int) -> Array:
    """A matrix in the memory order in which BLAS multiplies it fastest by, or into, so many columns turned round.

    That is Fortran's, with which OpenBLAS takes half to nine tenths of the time. But OpenBLAS 0.3.31 scatters the
    last columns, where their number is no multiple of four, by a table that all threads share: where two of them write
    rows of different lengths, each spoils the other's.
    """
    return np.ascontiguousarray(matrix) if columns % 4 else np.asfortranarray(matrix)


@lru_cache(maxsize=1024)
def reads(f: Filtering, size: int, first: int, tiles: int, dtype: np.dtype[Any]) -> tuple[Run, ...]:
    """What tiles read of a line of `size` inputs, the first of them from input `first` on.

    Example:
        >>> from pyconv.kernels.conv.cook_toom import filtering
        >>> runs = reads(filtering(2, 3), 8, -1, 4, np.dtype(np.float32))
        >>> [(run.first, run.number, run.start, run.matrix.shape) for run in runs]
        [(0, 1, 0, (4, 3)), (1, 2, 1, (4, 4)), (3, 1, 5, (4, 3))]
    """
    matrix, window = np.array(f.inputs, dtype), f.span
    starts = [first + f.outputs * i for i in range(tiles)]
    runs, done = [], 0
    for (low, high), some in groupby(starts, lambda s: (max(0, -s), max(0, min(window, size - s)))):
        count, low = len(list(some)), min(low, high)
        part = np.asfortranarray(matrix[:, low:high])
        runs.append(Run(done, count, max(0, min(size, starts[done] + low)), high - low, part))
        done += count
    return tuple(runs)


@lru_cache(maxsize=256)
def spread(f: Filtering, together: int, dtype: np.dtype[Any]) -> Array:
    """The matrix (points · tiles, inputs) of a group: each tile reads m inputs further than the one before.

    Example:
        >>> from pyconv.kernels.conv.cook_toom import filtering
        >>> spread(filtering(2, 3), 2, np.dtype(np.int8))[:4]
        array([[-1,  0,  1,  0,  0,  0],
               [ 0,  0, -1,  0,  1,  0],
               [ 0,  1,  1,  0,  0,  0],
               [ 0,  0,  0,  1,  1,  0]], dtype=int8)
    """
    matrix, m = np.array(f.inputs, dtype), f.outputs
    wide = np.zeros((f.points, together, m * (together - 1) + f.span), dtype)
    for j in range(together):
        wide[:, j, j * m : j * m + f.span] = matrix
    return wide.reshape(f.points * together, -1)


@lru_cache(maxsize=1024)
def writes(f: Filtering, length: int, together: int, dtype: np.dtype[Any]) -> tuple[Run, ...]:
    """What groups of tiles write of a line of `length` outputs, the first of them from its beginning on.

    Example:
        >>> from pyconv.kernels.conv.cook_toom import filtering
        >>> runs = writes(filtering(2, 3), 7, 2, np.dtype(np.float32))
        >>> [(run.first, run.number, run.start, run.matrix.shape) for run in runs]
        [(0, 1, 0, (8, 4)), (1, 1, 4, (8, 3))]
    """
    points = f.points
    matrix = np.zeros((points, together, together, f.outputs), dtype)
    for j in range(together):
        matrix[:, j, j] = np.array(f.inverse, dtype).T
    matrix, step = matrix.reshape(points * together, -1), f.outputs * together
    whole, rest = divmod(length, step)
    found = ((0, whole, step), (whole, 1, rest))
    return tuple(Run(i, n, i * step, size, ordered(matrix[:, :size], size)) for i, n, size in found if n and size)
