"""The windows of pooling, one dimension at a time: which elements each of them reads.

Max and average pooling, adaptive pooling and their gradients all go along one dimension after the other; an `Axis`
says, tap by tap, what is read for which outputs. May import: `pyconv.geometry` and the standard library.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pyconv.geometry.sizes import Size

Places = slice | tuple[int, ...]
"""Places along a dimension: a slice where they are evenly spaced."""


@dataclass(frozen=True)
class Tap:
    """One element of the windows.

    Attributes:
        number: which one, from 0 up.
        outputs: the windows in which it lies on an element of the input.
        inputs: that element, for each of them.
        everywhere: whether these are all windows.
    """

    number: int
    outputs: Places
    inputs: Places
    everywhere: bool


@dataclass(frozen=True)
class Axis:
    """Windows along one dimension.

    Attributes:
        size: elements of the dimension.
        starts: where each window starts, before the first element where there is padding.
        reach: how many taps each window has.
        step: the distance between taps.

    Example:
        >>> axis = sliding(5, 3, 2, 1, 1, 3)
        >>> axis.starts, axis.counts
        ((-1, 1, 3), (2, 3, 2))
        >>> axis.taps[0]
        Tap(number=0, outputs=slice(1, 3, 1), inputs=slice(1, 4, 2), everywhere=False)
    """

    size: int
    starts: Size
    reach: Size
    step: int = 1

    @property
    def output(self) -> int:
        """The number of windows."""
        return len(self.starts)

    @property
    def kernel(self) -> int:
        """The number of taps of the widest window."""
        return max(self.reach, default=0)

    @cached_property
    def taps(self) -> tuple[Tap, ...]:
        """The taps that lie on the input in some window."""
        return self._taps(lambda _number, _first: True)

    @cached_property
    def beginnings(self) -> tuple[Tap, ...]:
        """The taps that are the first on the input, each with the windows in which it is that."""
        return self._taps(lambda number, first: number == first)

    @cached_property
    def others(self) -> tuple[Tap, ...]:
        """The taps that are not the first on the input, each with the windows in which it is not."""
        return self._taps(lambda number, first: number > first)

    def _taps(self, wanted: Callable[[int, int], bool]) -> tuple[Tap, ...]:
        found = []
        for number in range(self.kernel):
            pairs = [
                (o, self.starts[o] + number * self.step)
                for o in range(self.output)
                if number < self.reach[o]
                and 0 <= self.starts[o] + number * self.step < self.size
                and wanted(number, self.first[o])
            ]
            if pairs:
                outputs, inputs = zip(*pairs, strict=True)
                found.append(Tap(number, places(outputs), places(inputs), len(pairs) == self.output))
        return tuple(found)

    @cached_property
    def first(self) -> Size:
        """For each window, its first tap that does not lie before the input."""
        return tuple(-(start // self.step) if start < 0 else 0 for start in self.starts)

    @cached_property
    def counts(self) -> Size:
        """How many elements of the input each window reads."""
        counts = [0] * self.output
        for tap in self.taps:
            for o in range(self.output)[tap.outputs] if isinstance(tap.outputs, slice) else tap.outputs:
                counts[o] += 1
        return tuple(counts)

    @cached_property
    def is_whole(self) -> bool:
        """Whether there is one window, which reads everything once."""
        return self.starts == (0,) and self.reach == (self.size,) and self.step == 1

    @cached_property
    def transposed(self) -> Axis:
        """The windows of outputs that read each element, for windows in order without gaps between taps."""
        ends = [start + reach for start, reach in zip(self.starts, self.reach, strict=True)]
        starts, reaches = [], []
        low = high = 0
        for i in range(self.size):
            while low < self.output and ends[low] <= i:
                low += 1
            while high < self.output and self.starts[high] <= i:
                high += 1
            starts.append(low)
            reaches.append(high - low)
        return Axis(self.output, tuple(starts), tuple(reaches))


Axes = tuple[Axis, ...]


def places(numbers: Sequence[int]) -> Places:
    """Numbers as a slice, where they are evenly spaced.

    Example:
        >>> places((1, 3, 5)), places((0, 1, 3))
        (slice(1, 6, 2), (0, 1, 3))
    """
    step = numbers[1] - numbers[0] if len(numbers) > 1 else 1
    if step > 0 and all(b - a == step for a, b in itertools.pairwise(numbers)):
        return slice(numbers[0], numbers[-1] + 1, step)
    return tuple(numbers)


def output_size(size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool) -> int:
    """How many windows torch lays over a dimension.

    With `ceil_mode` the last one may hang over the end, if it starts on the input or the padding before it.

    Raises:
        RuntimeError: the stride is zero, or the padding negative or too wide.

    Example:
        >>> output_size(6, 3, 2, 0, 1, False), output_size(6, 3, 2, 0, 1, True), output_size(2, 1, 3, 0, 1, True)
        (2, 3, 1)
    """
    if not stride:
        raise RuntimeError("stride should not be zero")
    if padding < 0:
        raise RuntimeError(f"pad must be non-negative, but got pad: {padding}")
    if padding > _half((kernel - 1) * dilation + 1):
        raise RuntimeError(
            f"pad should be at most half of effective kernel size, but got pad={padding}, kernel_size={kernel} and "
            f"dilation={dilation}"
        )
    span = size + 2 * padding - dilation * (kernel - 1) - 1 + (stride - 1 if ceil_mode else 0)
    count = span // stride + 1
    return count - 1 if ceil_mode and (count - 1) * stride >= size + padding else count


def _half(n: int) -> int:
    """Half of a number, rounded towards zero."""
    return n // 2 if n >= 0 else -(-n // 2)


@lru_cache(maxsize=512)
def sliding(size: int, kernel: int, stride: int, padding: int, dilation: int, output: int) -> Axis:
    """The axis of a window that slides; one of equal arguments is the same object, its taps worked out once."""
    return Axis(size, tuple(o * stride - padding for o in range(output)), (kernel,) * output, dilation)


@lru_cache(maxsize=512)
def adaptive(size: int, output: int) -> Axis:
    """The axis that divides a dimension into `output` windows, which may overlap by one.

    Example:
        >>> adaptive(5, 3)
        Axis(size=5, starts=(0, 1, 3), reach=(2, 3, 2), step=1)
    """
    starts = tuple(o * size // output for o in range(output))
    ends = tuple(-(-(o + 1) * size // output) for o in range(output))
    return Axis(size, starts, tuple(end - start for start, end in zip(starts, ends, strict=True)))


def divisors(axis: Axis, padding: int, count_include_pad: bool) -> Size:
    """What average pooling counts for each window: what it reads, with the padding if that counts."""
    if not count_include_pad:
        return axis.counts
    ends = (min(start + reach, axis.size + padding) for start, reach in zip(axis.starts, axis.reach, strict=True))
    return tuple(end - start for start, end in zip(axis.starts, ends, strict=True))
