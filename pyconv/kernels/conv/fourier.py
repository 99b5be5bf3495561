"""The discrete Fourier transform as products with matrices of cosines and sines, and tiles for overlap-save.

Real and imaginary parts are kept apart, so that every product is real. Of the columns, whose input is real, half of
the frequencies are kept. Lengths are free: a tile is as long as its outputs and the kernel's reach ask for.

May import: NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


SMALL = 2.0
"""How much longer an operation takes in the small products at each frequency than in those of the transforms."""


@dataclass(frozen=True)
class Axis:
    """How one dimension is cut into tiles.

    Attributes:
        taps: the elements of the kernel.
        outputs: the outputs of a tile.
        tiles: the tiles that cover the dimension.
    """

    taps: int
    outputs: int
    tiles: int

    @property
    def points(self) -> int:
        """F, the elements of a tile, each output of which sees the kernel without wrapping round."""
        return self.outputs + self.taps - 1


@dataclass(frozen=True)
class Grid:
    """Tiles in two dimensions."""

    rows: Axis
    columns: Axis

    @property
    def half(self) -> int:
        """The frequencies of the columns that are kept."""
        return self.columns.points // 2 + 1

    @property
    def reals(self) -> int:
        """Real numbers of one transformed tile."""
        return 2 * self.half * self.rows.points

    @property
    def taps(self) -> int:
        """The elements of the kernel."""
        return self.rows.taps * self.columns.taps

    @property
    def tiles(self) -> int:
        """The tiles of one image."""
        return self.rows.tiles * self.columns.tiles

    def forward_flops(self, rows: int, columns: int) -> float:
        """Additions and multiplications that transform one array (rows, columns)."""
        return 4.0 * self.half * rows * columns + 8.0 * self.half * self.rows.points * rows

    def backward_flops(self) -> float:
        """Additions and multiplications that transform the outputs of one tile back."""
        rows, columns = self.rows.outputs, self.columns.outputs
        return 8.0 * self.half * self.rows.points * rows + 4.0 * self.half * rows * columns

    def work(self, kernels: int, channels: int, outputs: int, images: int) -> float:
        """What a convolution takes, in operations of a large product; `kernels` are transformed."""
        tiles = images * self.tiles
        transforms = kernels * self.forward_flops(self.rows.taps, self.columns.taps)
        transforms += channels * tiles * self.forward_flops(self.rows.points, self.columns.points)
        transforms += outputs * tiles * self.backward_flops()
        return transforms + SMALL * 4.0 * self.reals * outputs * channels * tiles


def _angles(points: int, frequencies: int, places: int) -> tuple[Array, Array]:
    """Cosines and sines, (frequencies, places)."""
    angle = 2 * np.pi / points * (np.outer(np.arange(frequencies), np.arange(places)) % points)
    return np.cos(angle), np.sin(angle)


@lru_cache(maxsize=64)
def column_frequencies(points: int, places: int) -> Array:
    """(half·2, places): real places to the real and imaginary parts of half of the frequencies.

    Example:
        >>> spectrum = column_frequencies(6, 4) @ np.arange(4.0)
        >>> np.allclose(spectrum.view(complex), np.fft.rfft(np.arange(4.0), 6))
        True
    """
    cosine, sine = _angles(points, points // 2 + 1, places)
    return np.stack([cosine, -sine], 1).reshape(-1, places)


@lru_cache(maxsize=64)
def row_frequencies(points: int, places: int) -> Array:
    """(F·2, 2·places): complex places, all real parts before all imaginary ones, to (frequency, part)."""
    cosine, sine = _angles(points, points, places)
    real, imaginary = np.concatenate([cosine, sine], 1), np.concatenate([-sine, cosine], 1)
    return np.stack([real, imaginary], 1).reshape(2 * points, 2 * places)


@lru_cache(maxsize=64)
def row_places(points: int, places: int) -> Array:
    """(2·places, F·2): (frequency, part) to the first complex places, all real parts before all imaginary ones."""
    cosine, sine = (a.T for a in _angles(points, points, places))
    real, imaginary = np.stack([cosine, -sine], 2), np.stack([sine, cosine], 2)
    return np.concatenate([real, imaginary]).reshape(2 * places, 2 * points) / points


@lru_cache(maxsize=64)
def column_places(points: int, places: int) -> Array:
    """(places, half·2): half of the frequencies, as (frequency, part), to the first real places.

    Example:
        >>> spectrum = np.fft.rfft(np.arange(5.0))
        >>> np.allclose(column_places(5, 3) @ spectrum.view(float), [0, 1, 2])
        True
    """
    cosine, sine = (a.T for a in _angles(points, points // 2 + 1, places))
    weight = np.full(points // 2 + 1, 2.0)
    weight[0] = 1
    if points % 2 == 0:
        weight[-1] = 1
    return np.stack([cosine * weight, -sine * weight], 2).reshape(places, -1) / points
