"""Average pooling modules.

May import: all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv.naming import own
from pyconv.nn import functional as F
from pyconv.nn.modules.conv_nd import ntuple
from pyconv.nn.modules.module import Module

Ints = int | tuple[int, ...]


class _AvgPoolNd(Module):
    """What all of them have."""

    __constants__: ClassVar[list[str]] = ["kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"]

    kernel_size: Any
    stride: Any
    padding: Any

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool1d(_AvgPoolNd):
    """The mean of each window along the last dimension: `functional.avg_pool1d` with its sizes kept.

    Args:
        kernel_size: the size of the window, an int.
        stride: the step of the window, `kernel_size` by default.
        padding: zeros on both sides, at most half of `kernel_size`.
        ceil_mode: whether the last window may hang over the end.
        count_include_pad: whether the zeros count.

    Shape:
        - Input: (N, C, L) or (C, L)
        - Output: (N, C, L_out) or (C, L_out)

    Example:
        >>> AvgPool1d(3)
        AvgPool1d(kernel_size=(3,), stride=(3,), padding=(0,))
    """

    def __init__(
        self,
        kernel_size: Ints,
        stride: Ints | None = None,
        padding: Ints = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__()
        self.kernel_size = ntuple(kernel_size, 1)
        self.stride = ntuple(stride if stride is not None else kernel_size, 1)
        self.padding = ntuple(padding, 1)
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad

    def forward(self, input: Any) -> Any:
        """The means."""
        return F.avg_pool1d(input, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)


class _WithDivisor(_AvgPoolNd):
    """Those that can divide by a given number."""

    __constants__: ClassVar[list[str]] = [*_AvgPoolNd.__constants__, "divisor_override"]
    _pool: ClassVar[str]

    def __init__(
        self,
        kernel_size: Ints,
        stride: Ints | None = None,
        padding: Ints = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def forward(self, input: Any) -> Any:
        """The means."""
        return getattr(F, self._pool)(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.count_include_pad,
            self.divisor_override,
        )


@own("__init__", "forward")
class AvgPool2d(_WithDivisor):
    """The mean of each window of an image: `functional.avg_pool2d` with its sizes kept.

    Args:
        kernel_size: the size of the window, one int or (kH, kW).
        stride: the step of the window, `kernel_size` by default.
        padding: zeros on both sides, at most half of `kernel_size`.
        ceil_mode: whether the last window may hang over the end.
        count_include_pad: whether the zeros count.
        divisor_override: what to divide by instead of the size of the window.

    Shape:
        - Input: (N, C, H, W) or (C, H, W)
        - Output: (N, C, H_out, W_out) or (C, H_out, W_out)

    Example:
        >>> AvgPool2d(3, stride=2)
        AvgPool2d(kernel_size=3, stride=2, padding=0)
    """

    _pool = "avg_pool2d"


@own("__init__", "forward")
class AvgPool3d(_WithDivisor):
    """The mean of each window of a volume: `functional.avg_pool3d` with its sizes kept.

    Args:
        kernel_size: the size of the window, one int or (kD, kH, kW).
        stride: the step of the window, `kernel_size` by default.
        padding: zeros on both sides, at most half of `kernel_size`.
        ceil_mode: whether the last window may hang over the end.
        count_include_pad: whether the zeros count.
        divisor_override: what to divide by instead of the size of the window.

    Shape:
        - Input: (N, C, D, H, W) or (C, D, H, W)
        - Output: (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out)

    Example:
        >>> AvgPool3d(3, stride=2)
        AvgPool3d(kernel_size=3, stride=2, padding=0)
    """

    _pool = "avg_pool3d"

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self.__dict__.setdefault("padding", 0)
        self.__dict__.setdefault("ceil_mode", False)
        self.__dict__.setdefault("count_include_pad", True)
