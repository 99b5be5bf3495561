"""Where the taps of one dimension read, for each phase of what is written.

The elements f, f + s, f + 2s, … of a line are its phase f. The forward pass writes y as one phase, and reads x s
elements further for each; the gradient with respect to x has s phases, for each of which some taps read gy in steps of
one.

May import: NumPy, `pyconv.geometry`.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

from pyconv.geometry import Conv
from pyconv.kernels.conv.bands import axis


class Target(NamedTuple):
    """A phase of what is written: the elements from `first` on, every `step`-th.

    Attributes:
        first: the first element.
        step: from one element to the next.
        length: the number of elements.
        taps: the taps that read for it.
        number: the number of those taps.
        offset: the source element that the first tap reads for the first element, negative where there is none.
        move: by how many elements of the source each further tap reads ahead.
    """

    first: int
    step: int
    length: int
    taps: slice
    number: int
    offset: int
    move: int


class Line(NamedTuple):
    """One dimension of a pass.

    Attributes:
        size: the elements of the source.
        step: by how many of them the next element written reads ahead.
        targets: the phases of what is written, the longest first.
        low: the least offset of a tap, or 0 where no tap reads.
        high: the greatest.
        pitch: a multiple of `step`, from one line to the next where the zeros between two lines serve both.
    """

    size: int
    step: int
    targets: tuple[Target, ...]
    low: int
    high: int
    pitch: int

    @property
    def length(self) -> int:
        """The elements of the longest phase that is written."""
        return self.targets[0].length

    @property
    def margin(self) -> int:
        """A multiple of `step`, of at least as many places as are read before the first element."""
        return -(min(0, self.low) // self.step) * self.step


@lru_cache(maxsize=4096)
def line(conv: Conv, i: int, name: str) -> Line:
    """Dimension `i` of 'input_grad', or of a pass that reads x for each element of y; a trivial one past the last.

    Example:
        >>> conv = Conv.of((1, 1, 8), (1, 1, 3), None, stride=2, padding=1)
        >>> [(t.length, t.number, t.offset, t.move) for t in line(conv, 0, "forward").targets]
        [(4, 3, -1, 1)]
        >>> [(t.length, t.number, t.offset, t.move) for t in line(conv, 0, "input_grad").targets]
        [(4, 1, 0, -1), (4, 2, 1, -1)]
    """
    kernel, stride, dilation, padding, inputs, outputs = axis(conv, i)
    if name != "input_grad":
        return _line(inputs, stride, (Target(0, 1, outputs, slice(None), kernel, -padding, dilation),))
    apart = stride // math.gcd(stride, dilation)
    move = dilation * apart // stride
    targets = []
    for first in range(min(stride, inputs)):
        reads = (t for t in range(min(kernel, apart)) if (first + padding - t * dilation) % stride == 0)
        tap = next(reads, kernel)
        count, number = -(-(inputs - first) // stride), -(-(kernel - tap) // apart)
        offset = (first + padding - tap * dilation) // stride
        targets.append(Target(first, stride, count, slice(tap, None, apart), number, offset, -move))
    return _line(outputs, 1, tuple(targets))


def _line(size: int, step: int, targets: tuple[Target, ...]) -> Line:
    reached = [t.offset + n * t.move for t in targets if t.number for n in (0, t.number - 1)] or [0]
    low, high = min(reached), max(reached)
    beyond = (targets[0].length - 1) * step + high - size + 1
    return Line(size, step, targets, low, high, -(-(size + max(0, -low, beyond)) // step) * step)
