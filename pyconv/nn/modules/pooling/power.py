"""Power-average pooling modules.

May import: all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv.nn import functional as F
from pyconv.nn.modules.module import Module

Ints = int | tuple[int, ...]


class _LPPoolNd(Module):
    """What all of them have."""

    __constants__: ClassVar[list[str]] = ["norm_type", "kernel_size", "stride", "ceil_mode"]

    norm_type: float
    ceil_mode: bool

    def __init__(
        self, norm_type: float, kernel_size: Ints, stride: Ints | None = None, ceil_mode: bool = False
    ) -> None:
        super().__init__()
        self.norm_type = norm_type
        self.kernel_size: Any = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode

    def extra_repr(self) -> str:
        return (
            f"norm_type={self.norm_type}, kernel_size={self.kernel_size}, stride={self.stride}, "
            f"ceil_mode={self.ceil_mode}"
        )


class LPPool1d(_LPPoolNd):
    """The norm of each window along the last dimension: `functional.lp_pool1d` with its sizes kept.

    Args:
        norm_type: the power; infinite for the largest absolute value, or the smallest.
        kernel_size: the size of the window, an int.
        stride: the step of the window, `kernel_size` by default.
        ceil_mode: whether the last window may hang over the end.

    Shape:
        - Input: (N, C, L) or (C, L)
        - Output: (N, C, L_out) or (C, L_out)

    Example:
        >>> LPPool1d(2, 3)
        LPPool1d(norm_type=2, kernel_size=3, stride=None, ceil_mode=False)
    """

    def forward(self, input: Any) -> Any:
        """The norms."""
        return F.lp_pool1d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)


class LPPool2d(_LPPoolNd):
    """The norm of each window of an image: `functional.lp_pool2d` with its sizes kept.

    Args:
        norm_type: the power; infinite for the largest absolute value, or the smallest.
        kernel_size: the size of the window, one int or (kH, kW).
        stride: the step of the window, `kernel_size` by default.
        ceil_mode: whether the last window may hang over the end.

    Shape:
        - Input: (N, C, H, W) or (C, H, W)
        - Output: (N, C, H_out, W_out) or (C, H_out, W_out)

    Example:
        >>> LPPool2d(2, 3)
        LPPool2d(norm_type=2, kernel_size=3, stride=None, ceil_mode=False)
    """

    def forward(self, input: Any) -> Any:
        """The norms."""
        return F.lp_pool2d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)


class LPPool3d(_LPPoolNd):
    """The norm of each window of a volume: `functional.lp_pool3d` with its sizes kept.

    Args:
        norm_type: the power; infinite for the largest absolute value, or the smallest.
        kernel_size: the size of the window, one int or (kD, kH, kW).
        stride: the step of the window, `kernel_size` by default.
        ceil_mode: whether the last window may hang over the end.

    Shape:
        - Input: (N, C, D, H, W) or (C, D, H, W)
        - Output: (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out)

    Example:
        >>> LPPool3d(2, 3)
        LPPool3d(norm_type=2, kernel_size=3, stride=None, ceil_mode=False)
    """

    def forward(self, input: Any) -> Any:
        """The norms."""
        return F.lp_pool3d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)
