"""Max pooling modules.

May import: all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv.naming import own
from pyconv.nn import functional as F
from pyconv.nn.modules.module import Module

Ints = int | tuple[int, ...]


class _MaxPoolNd(Module):
    """What all of them have."""

    __constants__: ClassVar[list[str]] = [
        "kernel_size",
        "stride",
        "padding",
        "dilation",
        "return_indices",
        "ceil_mode",
    ]
    _pool: ClassVar[str]
    return_indices: bool
    ceil_mode: bool

    def __init__(
        self,
        kernel_size: Ints,
        stride: Ints | None = None,
        padding: Ints = 0,
        dilation: Ints = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def extra_repr(self) -> str:
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"
            f", dilation={self.dilation}, ceil_mode={self.ceil_mode}"
        )

    def forward(self, input: Any) -> Any:
        """The largest elements, and where they are if that is wanted."""
        return getattr(F, self._pool)(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            ceil_mode=self.ceil_mode,
            return_indices=self.return_indices,
        )


@own("forward")
class MaxPool1d(_MaxPoolNd):
    """The largest element of each window along the last dimension: `functional.max_pool1d` with its sizes kept.

    Args:
        kernel_size: the taps of the window, an int.
        stride: the step of the window, `kernel_size` by default.
        padding: elements added on both sides that no other is smaller than, at most half of `kernel_size`.
        dilation: the distance between taps.
        return_indices: whether to give the places of the elements too, as `MaxUnpool1d` takes them.
        ceil_mode: whether the last window may hang over the end.

    Shape:
        - Input: (N, C, L) or (C, L)
        - Output: (N, C, L_out) or (C, L_out)

    Example:
        >>> MaxPool1d(3, stride=2)
        MaxPool1d(kernel_size=3, stride=2, padding=0, dilation=1, ceil_mode=False)
    """

    _pool = "max_pool1d"


@own("forward")
class MaxPool2d(_MaxPoolNd):
    """The largest element of each window of an image: `functional.max_pool2d` with its sizes kept.

    Args:
        kernel_size: the taps of the window, one int or (kH, kW).
        stride: the step of the window, `kernel_size` by default.
        padding: elements added on both sides that no other is smaller than, at most half of `kernel_size`.
        dilation: the distance between taps.
        return_indices: whether to give the places of the elements too, as `MaxUnpool2d` takes them.
        ceil_mode: whether the last window may hang over the end.

    Shape:
        - Input: (N, C, H, W) or (C, H, W)
        - Output: (N, C, H_out, W_out) or (C, H_out, W_out)

    Example:
        >>> MaxPool2d(3, stride=2)
        MaxPool2d(kernel_size=3, stride=2, padding=0, dilation=1, ceil_mode=False)
    """

    _pool = "max_pool2d"


@own("forward")
class MaxPool3d(_MaxPoolNd):
    """The largest element of each window of a volume: `functional.max_pool3d` with its sizes kept.

    Args:
        kernel_size: the taps of the window, one int or (kD, kH, kW).
        stride: the step of the window, `kernel_size` by default.
        padding: elements added on both sides that no other is smaller than, at most half of `kernel_size`.
        dilation: the distance between taps.
        return_indices: whether to give the places of the elements too, as `MaxUnpool3d` takes them.
        ceil_mode: whether the last window may hang over the end.

    Shape:
        - Input: (N, C, D, H, W) or (C, D, H, W)
        - Output: (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out)

    Example:
        >>> MaxPool3d(3, stride=2)
        MaxPool3d(kernel_size=3, stride=2, padding=0, dilation=1, ceil_mode=False)
    """

    _pool = "max_pool3d"
