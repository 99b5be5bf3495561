"""Elements moved between the channels and space, as modules.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv.nn import functional as F
from pyconv.nn.modules.module import Module

__all__ = ["PixelShuffle", "PixelUnshuffle"]


class PixelShuffle(Module):
    """Elements of r² channels side by side in one: `functional.pixel_shuffle` with its factor kept.

    Args:
        upscale_factor: r.

    Shape:
        - Input: (..., C·r², H, W)
        - Output: (..., C, H·r, W·r)

    Example:
        >>> PixelShuffle(3)
        PixelShuffle(upscale_factor=3)
    """

    __constants__: ClassVar[list[str]] = ["upscale_factor"]

    def __init__(self, upscale_factor: int) -> None:
        super().__init__()
        self.upscale_factor = upscale_factor

    def forward(self, input: Any) -> Any:
        """The input with fewer channels and more pixels."""
        return F.pixel_shuffle(input, self.upscale_factor)

    def extra_repr(self) -> str:
        return f"upscale_factor={self.upscale_factor}"


class PixelUnshuffle(Module):
    """What `PixelShuffle` does, undone: `functional.pixel_unshuffle` with its factor kept.

    Args:
        downscale_factor: r.

    Shape:
        - Input: (..., C, H·r, W·r)
        - Output: (..., C·r², H, W)

    Example:
        >>> PixelUnshuffle(3)
        PixelUnshuffle(downscale_factor=3)
    """

    __constants__: ClassVar[list[str]] = ["downscale_factor"]

    def __init__(self, downscale_factor: int) -> None:
        super().__init__()
        self.downscale_factor = downscale_factor

    def forward(self, input: Any) -> Any:
        """The input with more channels and fewer pixels."""
        return F.pixel_unshuffle(input, self.downscale_factor)

    def extra_repr(self) -> str:
        return f"downscale_factor={self.downscale_factor}"
