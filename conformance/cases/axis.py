"""Draws along spatial axes, towards the edges of what is allowed.

May import: the standard library.

A size is drawn from the output back to the input, so that a drawn case is valid, the kernel is often as large
as the padded input, and an output of one pixel is common.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Axis:
    """What a window does along one spatial axis.

    Example:
        >>> Axis(kernel=3, stride=2, padding=1, dilation=2).positions(size=6)
        2
    """

    kernel: int
    stride: int
    padding: int
    dilation: int

    @property
    def extent(self) -> int:
        """How many neighbours the dilated kernel spans."""
        return self.dilation * (self.kernel - 1) + 1

    def positions(self, size: int) -> int:
        """How many windows fit an input of this size."""
        return (size + 2 * self.padding - self.extent) // self.stride + 1


def draw_axes(rnd: Random, count: int) -> list[Axis]:
    """One axis for each spatial dimension, alike in half of the draws.

    Args:
        rnd: the source.
        count: of dimensions; in three the kernels are smaller.

    Example:
        >>> len(draw_axes(Random(0), 3))
        3
    """
    if rnd.random() < 0.5:
        return [_draw_axis(rnd, count)] * count
    return [_draw_axis(rnd, count) for _ in range(count)]


def _draw_axis(rnd: Random, count: int) -> Axis:
    kernel = rnd.choice((1, 1, 2, 2, 3, 3) if count == 3 else (1, 1, 2, 3, 3, 3, 4, 5))
    (stride,) = rnd.choices((1, 2, 3, kernel + 1), (60, 25, 8, 7))
    (padding,) = rnd.choices((0, 1, kernel // 2, kernel - 1, kernel + 1), (50, 15, 20, 10, 5))
    (dilation,) = rnd.choices((1, 2, 3), (70, 20, 10))
    return Axis(kernel, stride, padding, dilation)


def draw_positions(rnd: Random, count: int, *, roomy: bool) -> int:
    """The number of outputs along an axis; with `roomy` as many as in a small real layer.

    Example:
        >>> 6 <= draw_positions(Random(0), 2, roomy=True) <= 16
        True
    """
    if roomy:
        return rnd.randint(6, 16)
    return rnd.choice((1, 2, 2, 3) if count == 3 else (1, 1, 2, 3, 4, 5, 6))


def draw_size(rnd: Random, axis: Axis, positions: int, least: int = 1) -> int:
    """A size, at least `least`, that the window fits about `positions` times, now and then with a rest.

    Example:
        >>> draw_size(Random(0), Axis(kernel=3, stride=1, padding=0, dilation=1), 4)
        6
    """
    exact = (positions - 1) * axis.stride + axis.extent - 2 * axis.padding
    rest = rnd.randrange(axis.stride) if rnd.random() < 0.4 else 0
    return max(exact + rest, axis.extent - 2 * axis.padding, least)
