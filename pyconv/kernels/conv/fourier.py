"""Correlation of tiles by the discrete Fourier transform: three matrices, with real and imaginary parts apart.

The elements being real, half of the frequencies are needed. Lengths are free: a tile is as long as its outputs and
the kernel's reach ask for. A complex product is four real ones.

May import: NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Tiles:
    """How a dimension is cut into tiles.

    Attributes:
        taps: the elements of the kernel.
        outputs: the outputs of a tile.
        count: the tiles that cover the dimension.
    """

    taps: int
    outputs: int
    count: int

    @property
    def length(self) -> int:
        """F, the elements of a tile, each output of which sees the kernel without wrapping round."""
        return self.outputs + self.taps - 1

    @property
    def frequencies(self) -> int:
        """Half of all, which are all that real elements need."""
        return self.length // 2 + 1

    @property
    def points(self) -> int:
        """P, the real and the imaginary parts."""
        return 2 * self.frequencies


class Matrices(NamedTuple):
    """The transforms.

    Attributes:
        kernel: (P, taps).
        tile: (P, F).
        output: (P, outputs).
    """

    kernel: Array
    tile: Array
    output: Array


@lru_cache(maxsize=64)
def matrices(tiles: Tiles, dtype: np.dtype[Any]) -> Matrices:
    """The three matrices of a tile; the kernel's has the conjugates of its transform.

    Example:
        >>> found = matrices(Tiles(2, 3, 1), np.dtype(float))
        >>> kernel, tile = np.array([1.0, 2.0]), np.arange(4.0)
        >>> products = (found.kernel @ kernel).view(complex) * (found.tile @ tile).view(complex)
        >>> np.allclose(products.view(float) @ found.output, np.correlate(tile, kernel))
        True
    """
    length = tiles.length
    angle = 2 * np.pi / length * (np.outer(np.arange(tiles.frequencies), np.arange(length)) % length)
    cosine, sine = np.cos(angle), np.sin(angle)
    weight = np.full((tiles.frequencies, 1), 2 / length)
    weight[[0, length // 2][: 2 - length % 2]] /= 2
    kernel = np.stack([cosine, sine], 1)[..., : tiles.taps]
    tile = np.stack([cosine, -sine], 1)
    output = np.stack([cosine * weight, -sine * weight], 1)[..., : tiles.outputs]
    return Matrices(*(np.ascontiguousarray(m.reshape(tiles.points, -1), dtype) for m in (kernel, tile, output)))


def pairs(points: int, most: int) -> list[slice]:
    """Slices of nearly the same size, of at most `most` pairs of points each; an even number, where that is possible.

    Example:
        >>> pairs(20, 4)
        [slice(0, 4, None), slice(4, 10, None), slice(10, 14, None), slice(14, 20, None)]
    """
    count = points // 2
    cuts = -(-count // most)
    cuts += cuts % 2
    ends = [2 * (i * count // cuts) for i in range(cuts + 1)]
    return [slice(start, end) for start, end in pairwise(ends) if start < end]


def multiply(parts: Array, out: Array) -> None:
    """The products of complex numbers, from those of their parts.

    Args:
        parts: (2, A, 2, B), real and imaginary of the first times real and imaginary of the second.
        out: (2, A, B), the real and the imaginary parts, which are written.
    """
    np.subtract(parts[0, :, 0], parts[1, :, 1], out=out[0])
    np.add(parts[0, :, 1], parts[1, :, 0], out=out[1])
