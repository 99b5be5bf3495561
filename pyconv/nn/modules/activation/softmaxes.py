"""Softmax along a dimension, its logarithm and its kin.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

import pyconv.nn.functional as F
from pyconv.naming import own
from pyconv.nn.modules.module import Module

__all__ = ["LogSoftmax", "Softmax", "Softmax2d", "Softmin"]


class _AlongDim(Module):
    """A function of a dimension."""

    __constants__: ClassVar[list[str]] = ["dim"]
    dim: int | None

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self.__dict__.setdefault("dim", None)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


@own("__init__")
class Softmax(_AlongDim):
    """exp(x) over its sum along a dimension.

    Args:
        dim: the dimension that sums to one.

    Shape:
        any to the same.

    Example:
        >>> Softmax(1)
        Softmax(dim=1)
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.softmax(input, self.dim, _stacklevel=5)


@own("__init__")
class Softmin(_AlongDim):
    """The softmax of -x.

    Args:
        dim: the dimension that sums to one.

    Shape:
        any to the same.

    Example:
        >>> Softmin(1)
        Softmin(dim=1)
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.softmin(input, self.dim, _stacklevel=5)


@own("__init__")
class LogSoftmax(_AlongDim):
    """The logarithm of the softmax.

    Args:
        dim: the dimension that sums to one.

    Shape:
        any to the same.

    Example:
        >>> LogSoftmax(1)
        LogSoftmax(dim=1)
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.log_softmax(input, self.dim, _stacklevel=5)


class Softmax2d(Module):
    """The softmax over the channels of each place of an image.

    Shape:
        (N, C, H, W) or (C, H, W) to the same.

    Example:
        >>> Softmax2d()
        Softmax2d()
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input.

        Raises:
            ValueError: the input has neither 3 nor 4 dimensions.
        """
        if input.dim() not in (3, 4):
            raise ValueError(f"Softmax2d: expected input to be 3D or 4D, got {input.dim()}D instead")
        return F.softmax(input, -3, _stacklevel=5)
