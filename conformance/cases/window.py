"""Draws of windows along the spatial axes: a value for each level of kernel, stride, padding and dilation.

May import: the standard library, `axis.py`, `option.py`.
"""

from __future__ import annotations

from random import Random

from conformance.case import Sizes
from conformance.cases.axis import Axis
from conformance.cases.option import Levels


def draw_axes(rnd: Random, count: int, levels: Levels) -> list[Axis]:
    """One axis for each spatial dimension.

    Args:
        rnd: the source.
        count: of dimensions; in three the kernels are smaller.
        levels: of the options kernel, stride, padding and dilation.

    Example:
        >>> draw_axes(Random(0), 1, {"kernel": "1", "stride": "1", "padding": "0", "dilation": "absent"})
        [Axis(kernel=1, stride=1, padding=0, dilation=1)]
    """
    kernels = _kernels(rnd, count, levels)
    largest = max(kernels)
    strides = _numbers(rnd, count, levels["stride"], (2, min(max(largest, 2), 3)), (largest + 1, largest + 2))
    dilations = _numbers(rnd, count, levels["dilation"], (2, 3), (2, 3))
    axes = [Axis(k, s, 0, d) for k, s, d in zip(kernels, strides, dilations)]
    return [Axis(a.kernel, a.stride, p, a.dilation) for a, p in zip(axes, _paddings(rnd, axes, levels["padding"]))]


def draw_positions(rnd: Random, count: int, level: str) -> Sizes:
    """How many windows there are along each axis: 1, few or many.

    Example:
        >>> draw_positions(Random(0), 2, "1")
        (1, 1)
    """
    if level == "1":
        return (1,) * count
    if level == "many":
        return tuple(rnd.randint(7, 12 if count < 3 else 8) for _ in range(count))
    return tuple(rnd.choice((1, 2, 2, 3) if count == 3 else (1, 2, 3, 4, 5, 6)) for _ in range(count))


def draw_size(rnd: Random, axis: Axis, positions: int) -> int:
    """An input that the window fits about that many times, at times with a rest, seldom lost in its padding.

    Example:
        >>> draw_size(Random(0), Axis(kernel=3), 4)
        6
    """
    rest = rnd.randrange(axis.stride) if positions > 1 and rnd.random() < 0.3 else 0
    roomy = 3 * axis.padding if positions > 1 and rnd.random() < 0.8 else 1
    return max(axis.size(positions) + rest, axis.extent - 2 * axis.padding, roomy, 1)


def positions_level(positions: Sizes) -> str:
    """The level of these numbers of windows.

    Example:
        >>> positions_level((1, 1)), positions_level((1, 7))
        ('1', 'many')
    """
    return "1" if set(positions) == {1} else "many" if max(positions) >= 7 else "few"


def _kernels(rnd: Random, count: int, levels: Levels) -> Sizes:
    odd, even = ((3,), (2,)) if count == 3 else ((3, 3, 5), (2, 2, 4))
    if levels["kernel"] == "mixed":
        least = 2 if levels["padding"] == "some" else 1
        return tuple(rnd.sample(range(least, least + (4 if count < 3 else 3)), count))
    return ({"1": 1, "odd": rnd.choice(odd), "even": rnd.choice(even)}[levels["kernel"]],) * count


def _numbers(rnd: Random, count: int, level: str, more: Sizes, beyond: Sizes) -> Sizes:
    """Strides or dilations of a level, from the ends of the ranges `more` and `beyond`."""
    if level == "mixed":
        return tuple(rnd.sample((1, 2, 3), count))
    if level in ("absent", "1"):
        return (1,) * count
    return (rnd.choice(more if level == "more" else beyond),) * count


def _paddings(rnd: Random, axes: list[Axis], level: str) -> Sizes:
    extents = [axis.extent for axis in axes]
    if level == "mixed":
        return tuple(rnd.sample(range(max(len(axes), max(extents))), len(axes)))
    if level == "some":
        return (rnd.randint(1, max(min(extents) - 1, 1)),) * len(axes)
    return (max(extents) + rnd.randint(0, 1) if level == "large" else 0,) * len(axes)
