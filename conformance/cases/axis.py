"""What a window does along one spatial axis.

May import: the standard library.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Axis:
    """A window along one axis.

    Example:
        >>> Axis(kernel=3, stride=2, padding=1, dilation=2).positions(size=6)
        2
    """

    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    @property
    def extent(self) -> int:
        """How many neighbours the dilated kernel spans."""
        return self.dilation * (self.kernel - 1) + 1

    def positions(self, size: int) -> int:
        """How many windows fit an input of this size."""
        return (size + 2 * self.padding - self.extent) // self.stride + 1

    def size(self, positions: int) -> int:
        """The smallest input that this many windows fit, which may be none or less."""
        return (positions - 1) * self.stride + self.extent - 2 * self.padding

    def reach(self, size: int) -> Reach:
        """Which parts of the maps a window over an input of this size reaches.

        Example:
            >>> Axis(kernel=1, stride=2).reach(size=3).input
            0.6666666666666666
        """
        positions, taps = range(max(self.positions(size), 0)), range(self.kernel)
        hits = [(p, t, p * self.stride + t * self.dilation - self.padding) for p in positions for t in taps]
        hits = [hit for hit in hits if 0 <= hit[2] < size]
        counts = (len(set(places)) for places in zip(*hits)) if hits else (0, 0, 0)
        output, weight, input = counts
        return Reach(
            output / max(len(positions), 1),
            input / max(size, 1),
            weight / max(self.kernel, 1),
            len(hits) / max(len(positions) * self.kernel, 1),
        )

    def transposed(self, size: int, extra: int = 0) -> int:
        """The output of a transposed convolution, without looking whether it is positive.

        Example:
            >>> Axis(kernel=3, stride=2, padding=1, dilation=2).transposed(4, 1)
            10
        """
        return (size - 1) * self.stride - 2 * self.padding + self.extent + extra


class Reach(NamedTuple):
    """The share of each map that is not zero for lack of terms, and of the windows that lies in the input."""

    output: float
    input: float
    weight: float
    windows: float


def least_share(reaches: Iterable[Reach], *, windows: bool = False) -> float:
    """The smallest share of a map that is reached, over all axes together; with `windows` that of unfold's maps.

    Example:
        >>> least_share([Axis(kernel=1, stride=2).reach(4)] * 2)
        0.25
    """
    output, input, weight, in_windows = (math.prod(shares) for shares in zip(*reaches))
    return min(input, in_windows) if windows else min(output, input, weight)
