"""unfold and fold as modules.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv.nn import functional as F
from pyconv.nn.modules.module import Module

Ints = int | tuple[int, ...]


class Unfold(Module):
    """Columns of the blocks under a sliding window: `functional.unfold` with its sizes kept.

    Args:
        kernel_size: one int or (kH, kW).
        dilation: the distance between the taps, one int or two.
        padding: zeros on both sides, one int or two.
        stride: the step of the window, one int or two.

    Shape:
        - Input: (N, C, H, W) or (C, H, W)
        - Output: (N, C·kH·kW, L) or (C·kH·kW, L)

    Example:
        >>> Unfold(3, padding=1)
        Unfold(kernel_size=3, dilation=1, padding=1, stride=1)
    """

    __constants__: ClassVar[list[str]] = ["kernel_size", "dilation", "padding", "stride"]

    def __init__(self, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: Any) -> Any:
        """The columns of a batched or unbatched image."""
        return F.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, dilation={self.dilation}, padding={self.padding}, stride={self.stride}"


class Fold(Module):
    """The sum of columns over the blocks that they stand for: `functional.fold` with its sizes kept.

    Args:
        output_size: one int or (H, W).
        kernel_size: one int or (kH, kW).
        dilation: the distance between the taps, one int or two.
        padding: zeros that `unfold` would have added, one int or two.
        stride: the step of the window, one int or two.

    Shape:
        - Input: (N, C·kH·kW, L) or (C·kH·kW, L)
        - Output: (N, C, H, W) or (C, H, W)

    Example:
        >>> Fold((4, 5), 2)
        Fold(output_size=(4, 5), kernel_size=2, dilation=1, padding=0, stride=1)
    """

    __constants__: ClassVar[list[str]] = ["output_size", "kernel_size", "dilation", "padding", "stride"]

    def __init__(
        self, output_size: Ints, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1
    ) -> None:
        super().__init__()
        self.output_size = output_size
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: Any) -> Any:
        """The image of batched or unbatched columns."""
        return F.fold(input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        return (
            f"output_size={self.output_size}, kernel_size={self.kernel_size}, dilation={self.dilation}, "
            f"padding={self.padding}, stride={self.stride}"
        )
