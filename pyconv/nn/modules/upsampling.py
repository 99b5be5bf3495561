"""Resizing as modules.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv.nn import functional as F
from pyconv.nn.modules.module import Module

__all__ = ["Upsample", "UpsamplingBilinear2d", "UpsamplingNearest2d"]

Ints = int | tuple[int, ...]
Factors = float | tuple[float, ...]


class Upsample(Module):
    """Resizing of the spatial dimensions: `functional.interpolate` with its arguments kept.

    Args:
        size: of the result, an int or one for each spatial dimension.
        scale_factor: instead of a size, what to multiply it with.
        mode: 'nearest', 'nearest-exact', 'area', 'linear', 'bilinear', 'bicubic' or 'trilinear'.
        align_corners: whether the middles of the corner elements fall together, rather than their outer edges.
        recompute_scale_factor: whether the scale is that of the sizes, rather than `scale_factor`.

    Shape:
        - Input: (N, C, W), (N, C, H, W) or (N, C, D, H, W)
        - Output: the same with other spatial sizes

    Example:
        >>> Upsample(scale_factor=2)
        Upsample(scale_factor=2.0, mode='nearest')
    """

    __constants__: ClassVar[list[str]] = [
        "size",
        "scale_factor",
        "mode",
        "align_corners",
        "name",
        "recompute_scale_factor",
    ]

    scale_factor: Factors | None

    def __init__(
        self,
        size: Ints | None = None,
        scale_factor: Factors | None = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> None:
        super().__init__()
        self.name = type(self).__name__
        self.size = size
        if isinstance(scale_factor, tuple):
            self.scale_factor = tuple(float(factor) for factor in scale_factor)
        else:
            self.scale_factor = float(scale_factor) if scale_factor else None
        self.mode = mode
        self.align_corners = align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, input: Any) -> Any:
        """The resized input."""
        return F.interpolate(
            input,
            self.size,
            self.scale_factor,
            self.mode,
            self.align_corners,
            recompute_scale_factor=self.recompute_scale_factor,
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        state.setdefault("recompute_scale_factor", True)
        super().__setstate__(state)

    def extra_repr(self) -> str:
        by_factor = self.scale_factor is not None
        given = f"scale_factor={self.scale_factor!r}" if by_factor else f"size={self.size!r}"
        return f"{given}, mode={self.mode!r}"


class UpsamplingNearest2d(Upsample):
    """`Upsample` with the mode 'nearest'.

    Args:
        size: of the result, an int or (H, W).
        scale_factor: instead of a size.

    Shape:
        - Input: (N, C, H, W)
        - Output: (N, C, H', W')

    Example:
        >>> UpsamplingNearest2d(size=(4, 6))
        UpsamplingNearest2d(size=(4, 6), mode='nearest')
    """

    def __init__(self, size: Ints | None = None, scale_factor: Factors | None = None) -> None:
        super().__init__(size, scale_factor, mode="nearest")


class UpsamplingBilinear2d(Upsample):
    """`Upsample` with the mode 'bilinear' and corners aligned.

    Args:
        size: of the result, an int or (H, W).
        scale_factor: instead of a size.

    Shape:
        - Input: (N, C, H, W)
        - Output: (N, C, H', W')

    Example:
        >>> UpsamplingBilinear2d(scale_factor=(2, 3))
        UpsamplingBilinear2d(scale_factor=(2.0, 3.0), mode='bilinear')
    """

    def __init__(self, size: Ints | None = None, scale_factor: Factors | None = None) -> None:
        super().__init__(size, scale_factor, mode="bilinear", align_corners=True)
