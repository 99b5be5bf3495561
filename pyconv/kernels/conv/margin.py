"""How much rounding a transform of tiles brings, beside what every single output allows.

Rounding in a transform spreads over a tile: an output where the images are faint has the errors of where they are
bright. An output's own terms have the sum of magnitudes S, and allow (2 + 2√K)·u·S. S is estimated as the mean
magnitude of a kernel times the sum of magnitudes that its window covers, of which the least one counts; the error
from the norms of kernels and images and from the largest output. Both err on the side of caution by a factor
(`SPREAD`, `ROOM`). It is an estimate: a kernel and an image each of which is 0 wherever the other is not have a
smaller S than it says.

May import: NumPy, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from pyconv.kernels import threads

Array = np.ndarray[Any, Any]

LARGE = 1 << 18
"""Elements of the kernels that are looked at at once: as many as stay in a core's second-level cache."""
SPREAD = 32.0
"""The largest error beside u and the root of the mean square of what the outputs of a tile would be for white noise."""
PEAK = 8.0
"""The largest error beside u and the largest output."""
ALIGNED = 16.0
"""The largest output beside the noise, from which on terms that add up leave plain sums more exact than a transform."""
ROOM = 8.0
"""How many times less S may be than its estimate."""


@dataclass(frozen=True)
class Margin:
    """What is known of some images and kernels.

    Attributes:
        noise: (N, O), the root of the mean square that the outputs of a tile would have for white noise.
        allowed: (N, O), the least error that an output allows, in units of u.
    """

    noise: Array
    allowed: Array

    @classmethod
    @np.errstate(invalid="ignore", over="ignore")
    def of(cls, x: Array, w: Array, low: tuple[int, ...], output: tuple[int, ...], length: int) -> Margin:
        """That of images and kernels.

        Args:
            x: (N, C, H, W).
            w: (O, C, *kernel).
            low: the padding before the first row and column.
            output: the rows and columns of an output.
            length: the elements of a tile.
        """
        rows = x.reshape(*x.shape[:3], 1, -1)
        power = np.matmul(rows, rows.swapaxes(3, 4)).max((2, 3, 4)) / length
        sums = np.add.reduce(np.abs(x), axis=1).astype(np.float64)
        for taps, first, size in zip(w.shape[2:], low, output, strict=True):
            sums = _windows(sums, taps, first, size)
        squares, sizes = np.empty(w.shape[:2], np.float32), np.empty(len(w), np.float32)
        step = max(1, LARGE // max(1, w[0].size))
        pieces = [slice(i, i + step) for i in range(0, len(w), step)]
        threads.each(partial(_measure, w, squares, sizes), pieces)
        terms = math.prod(w.shape[1:])
        allowed = (2 + 2 * math.sqrt(terms)) / (ROOM * terms) * np.outer(sums.min((1, 2)), sizes)
        return cls(np.sqrt(power @ squares.T), allowed)

    def is_wide(self) -> bool:
        """Whether the transforms may be exact enough, as far as can be said before they are done."""
        return bool((SPREAD * self.noise <= self.allowed).all())

    def holds(self, y: Array, images: slice, outputs: slice) -> bool:
        """Whether outputs are finite, and exact enough.

        Args:
            y: (o, n, rows, columns) before the bias is added.
            images: the n images.
            outputs: the o channels.
        """
        places = y.reshape(*y.shape[:2], -1)
        largest = np.maximum(places.max(2), -places.min(2)).T
        noise, allowed = self.noise[images, outputs], self.allowed[images, outputs]
        return bool((np.isfinite(largest) & (PEAK * largest <= allowed) & (largest <= ALIGNED * noise)).all())


@np.errstate(invalid="ignore", over="ignore")
def _measure(w: Array, squares: Array, sizes: Array, some: slice) -> None:
    """The sums of the squares of some kernels, (o, C), and of their magnitudes, (o,)."""
    rows = w[some].reshape(-1, *w.shape[1:2], 1, math.prod(w.shape[2:]))
    squares[some] = np.matmul(rows, rows.swapaxes(2, 3))[..., 0, 0]
    sizes[some] = np.abs(rows).sum((1, 2, 3))


def _windows(values: Array, taps: int, first: int, size: int) -> Array:
    """(N, A, B) → (N, B, size): the sums of the `taps` elements along A from −first on, and so on; 0 outside."""
    sums = np.concatenate([np.zeros_like(values[:, :1]), values], 1).cumsum(1)
    starts = np.arange(size) - first
    begin, end = (np.clip(places, 0, values.shape[1]) for places in (starts, starts + taps))
    return (sums[:, end] - sums[:, begin]).swapaxes(1, 2)
