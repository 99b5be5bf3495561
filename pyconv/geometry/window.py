"""The frozen `Window`: what slides over an image, for convolution, pooling and unfolding alike.

May import: `pyconv.geometry.sizes` and the standard library.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pyconv.geometry.sizes import Pairs, Size


@dataclass(frozen=True)
class Window:
    """A window that slides over padded spatial dimensions.

    Attributes:
        kernel: taps in each dimension.
        stride: step of the window.
        padding: (low, high) elements added before and after each dimension.
        dilation: distance between taps.

    Example:
        >>> window = Window((3, 3), (2, 2), ((1, 1), (1, 1)), (1, 1))
        >>> window.output((224, 224))
        (112, 112)
    """

    kernel: Size
    stride: Size
    padding: Pairs
    dilation: Size

    @property
    def ndim(self) -> int:
        """The number of spatial dimensions."""
        return len(self.kernel)

    @cached_property
    def extent(self) -> Size:
        """The elements that the dilated window spans."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))

    @cached_property
    def taps(self) -> int:
        """The number of elements that the window reads."""
        return math.prod(self.kernel)

    @cached_property
    def is_padded(self) -> bool:
        """Whether any dimension is padded or cropped."""
        return any(low or high for low, high in self.padding)

    @cached_property
    def low(self) -> Size:
        """The elements added before each dimension; negative where it is cropped."""
        return tuple(low for low, _ in self.padding)

    @cached_property
    def turned_low(self) -> Size:
        """The same for the window turned round, which with stride 1 leads from the outputs back to the inputs.

        Example:
            >>> Window((3, 5), (1, 1), ((1, 1), (0, 0)), (1, 1)).turned_low
            (1, 4)
        """
        return tuple(extent - 1 - low for extent, low in zip(self.extent, self.low, strict=True))

    def padded(self, size: Size) -> Size:
        """The spatial size after padding."""
        return tuple(n + low + high for n, (low, high) in zip(size, self.padding, strict=True))

    def output(self, size: Size) -> Size:
        """The number of positions of the window over an unpadded spatial size."""
        spans = zip(self.padded(size), self.extent, self.stride, strict=True)
        return tuple((n - extent) // stride + 1 for n, extent, stride in spans)

    def inverse(self, size: Size) -> Size:
        """The smallest unpadded spatial size over which the window has `size` positions."""
        spans = zip(size, self.stride, self.extent, self.padding, strict=True)
        return tuple((n - 1) * stride + extent - low - high for n, stride, extent, (low, high) in spans)

    def tap_offsets(self) -> Iterator[tuple[Size, Size]]:
        """Each tap's index in the kernel, and its offset in the padded input, in row-major order."""
        for tap in itertools.product(*map(range, self.kernel)):
            yield tap, tuple(i * d for i, d in zip(tap, self.dilation, strict=True))
