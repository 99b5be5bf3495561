"""Which elements of a source the elements of a target read, along one axis.

In the forward map every target, an output, reads kernel·dilation apart. In the gradient with respect to x only every
stride-th tap meets a given element of x: those elements that meet the same taps form a phase.

May import: NumPy, `pyconv.geometry`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pyconv.geometry import Conv


@dataclass(frozen=True)
class Phase:
    """Targets that meet the same taps; tap k of target i reads the source at `first + i·step + k·stride`.

    Attributes:
        targets: which targets, counted from the first of those asked for.
        count: their number.
        taps: which taps, in the order in which they are counted.
        length: their number, possibly none.
        first: what the first tap reads for the first target; it may lie outside the source, where zeros are.
        step: the source elements from one target to the next.
        stride: the source elements from one tap to the next.
    """

    targets: slice
    count: int
    taps: slice
    length: int
    first: int
    step: int
    stride: int


def phases(conv: Conv, axis: int, name: str, low: int, high: int) -> list[Phase]:
    """The phases of the targets from `low` to `high` along one axis, those without targets left out.

    Args:
        conv: the geometry.
        axis: which spatial axis.
        name: 'forward', whose targets are outputs, or 'input_grad', whose targets are elements of x.
        low: the first target.
        high: the end of the targets.

    Example:
        >>> conv = Conv.of((1, 1, 8), (1, 1, 3), None, stride=2, padding=1)
        >>> for phase in phases(conv, 0, "input_grad", 0, 8):
        ...     phase.targets, phase.taps, phase.first
        (slice(0, 8, 2), slice(1, None, -2), 0)
        (slice(1, 8, 2), slice(2, None, -2), 0)
    """
    window = conv.window
    kernel, stride, dilation = window.kernel[axis], window.stride[axis], window.dilation[axis]
    padding, total = window.padding[axis][0], high - low
    if name == "forward":
        first = low * stride - padding
        return [Phase(slice(0, total, 1), total, slice(0, kernel, 1), kernel, first, stride, dilation)]
    every = stride // math.gcd(stride, dilation)
    found = []
    for begin in range(min(total, stride)):
        place = low + begin + padding
        least = next((tap for tap in range(min(kernel, every)) if (place - tap * dilation) % stride == 0), kernel)
        length = -(-(kernel - least) // every)
        last = least + (length - 1) * every
        taps = slice(last if length else 0, None if length else 0, -every)
        first = (place - last * dilation) // stride
        targets = slice(begin, total, stride)
        count = -(-(total - begin) // stride)
        found.append(Phase(targets, count, taps, length, first, 1, every * dilation // stride))
    return found


def reach(found: list[Phase]) -> tuple[int, int]:
    """The first source element that the phases read, and the end of those that they read; (0, 0) if there is none."""
    reading = [p for p in found if p.length]
    ends = [p.first + (p.count - 1) * p.step + (p.length - 1) * p.stride + 1 for p in reading]
    return min((p.first for p in reading), default=0), max(ends, default=0)
