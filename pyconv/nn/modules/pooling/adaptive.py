"""Adaptive pooling modules.

May import: all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv.nn import functional as F
from pyconv.nn.modules.module import Module

OutputSize = int | tuple[int | None, ...] | None


class _AdaptiveMaxPoolNd(Module):
    """What those have that give the largest elements."""

    __constants__: ClassVar[list[str]] = ["output_size", "return_indices"]

    return_indices: bool

    def __init__(self, output_size: OutputSize, return_indices: bool = False) -> None:
        super().__init__()
        self.output_size: Any = output_size
        self.return_indices = return_indices

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class _AdaptiveAvgPoolNd(Module):
    """What those have that give means."""

    __constants__: ClassVar[list[str]] = ["output_size"]

    def __init__(self, output_size: OutputSize) -> None:
        super().__init__()
        self.output_size: Any = output_size

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class AdaptiveMaxPool1d(_AdaptiveMaxPoolNd):
    """The largest elements of windows that divide the last dimension: `functional.adaptive_max_pool1d`.

    Args:
        output_size: how many there are.
        return_indices: whether to give the places of the elements too, as `MaxUnpool1d` takes them.

    Shape:
        - Input: (N, C, L) or (C, L)
        - Output: (N, C, L_out) or (C, L_out)

    Example:
        >>> AdaptiveMaxPool1d(5)
        AdaptiveMaxPool1d(output_size=5)
    """

    def forward(self, input: Any) -> Any:
        """The largest elements, and where they are if that is wanted."""
        return F.adaptive_max_pool1d(input, self.output_size, self.return_indices)


class AdaptiveMaxPool2d(_AdaptiveMaxPoolNd):
    """The largest elements of windows that divide an image: `functional.adaptive_max_pool2d`.

    Args:
        output_size: one int or (H_out, W_out), None for the size of the input.
        return_indices: whether to give the places of the elements too, as `MaxUnpool2d` takes them.

    Shape:
        - Input: (N, C, H, W) or (C, H, W)
        - Output: (N, C, H_out, W_out) or (C, H_out, W_out)

    Example:
        >>> AdaptiveMaxPool2d(5)
        AdaptiveMaxPool2d(output_size=5)
    """

    def forward(self, input: Any) -> Any:
        """The largest elements, and where they are if that is wanted."""
        return F.adaptive_max_pool2d(input, self.output_size, self.return_indices)


class AdaptiveMaxPool3d(_AdaptiveMaxPoolNd):
    """The largest elements of windows that divide a volume: `functional.adaptive_max_pool3d`.

    Args:
        output_size: one int or (D_out, H_out, W_out), None for the size of the input.
        return_indices: whether to give the places of the elements too, as `MaxUnpool3d` takes them.

    Shape:
        - Input: (N, C, D, H, W) or (C, D, H, W)
        - Output: (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out)

    Example:
        >>> AdaptiveMaxPool3d(5)
        AdaptiveMaxPool3d(output_size=5)
    """

    def forward(self, input: Any) -> Any:
        """The largest elements, and where they are if that is wanted."""
        return F.adaptive_max_pool3d(input, self.output_size, self.return_indices)


class AdaptiveAvgPool1d(_AdaptiveAvgPoolNd):
    """The means of windows that divide the last dimension: `functional.adaptive_avg_pool1d`.

    Args:
        output_size: how many there are.

    Shape:
        - Input: (N, C, L) or (C, L)
        - Output: (N, C, L_out) or (C, L_out)

    Example:
        >>> AdaptiveAvgPool1d(1)
        AdaptiveAvgPool1d(output_size=1)
    """

    def forward(self, input: Any) -> Any:
        """The means."""
        return F.adaptive_avg_pool1d(input, self.output_size)


class AdaptiveAvgPool2d(_AdaptiveAvgPoolNd):
    """The means of windows that divide an image: `functional.adaptive_avg_pool2d`.

    Args:
        output_size: one int or (H_out, W_out), None for the size of the input.

    Shape:
        - Input: (N, C, H, W) or (C, H, W)
        - Output: (N, C, H_out, W_out) or (C, H_out, W_out)

    Example:
        >>> AdaptiveAvgPool2d(1)
        AdaptiveAvgPool2d(output_size=1)
    """

    def forward(self, input: Any) -> Any:
        """The means."""
        return F.adaptive_avg_pool2d(input, self.output_size)


class AdaptiveAvgPool3d(_AdaptiveAvgPoolNd):
    """The means of windows that divide a volume: `functional.adaptive_avg_pool3d`.

    Args:
        output_size: one int or (D_out, H_out, W_out), None for the size of the input.

    Shape:
        - Input: (N, C, D, H, W) or (C, D, H, W)
        - Output: (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out)

    Example:
        >>> AdaptiveAvgPool3d(1)
        AdaptiveAvgPool3d(output_size=1)
    """

    def forward(self, input: Any) -> Any:
        """The means."""
        return F.adaptive_avg_pool3d(input, self.output_size)
