"""torch.nn's dropout modules.

May import: all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv.nn import functional as F
from pyconv.nn.modules.module import Module

__all__ = ["AlphaDropout", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "FeatureAlphaDropout"]


class _DropoutNd(Module):
    """What all of them have: a probability, and whether to work in place."""

    __constants__: ClassVar[list[str]] = ["p", "inplace"]

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p = p
        self.inplace = inplace

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_DropoutNd):
    """Zeroes elements with probability `p` in training and scales the others by 1/(1 - p): `functional.dropout`.

    Args:
        p: the probability.
        inplace: whether to overwrite the input.

    Shape:
        - Input: any
        - Output: the same

    Raises:
        ValueError: `p` is outside [0, 1].

    Example:
        >>> Dropout(0.2)
        Dropout(p=0.2, inplace=False)
    """

    def forward(self, input: Any) -> Any:
        """The input with elements dropped."""
        return F.dropout(input, self.p, self.training, self.inplace)


class Dropout1d(_DropoutNd):
    """Zeroes whole channels with probability `p` in training: `functional.dropout1d`.

    Args:
        p: the probability.
        inplace: whether to overwrite the input.

    Shape:
        - Input: (N, C, L) or (C, L)
        - Output: the same

    Example:
        >>> Dropout1d()
        Dropout1d(p=0.5, inplace=False)
    """

    def forward(self, input: Any) -> Any:
        """The input with channels dropped."""
        return F.dropout1d(input, self.p, self.training, self.inplace)


class Dropout2d(_DropoutNd):
    """Zeroes whole channels with probability `p` in training: `functional.dropout2d`.

    Args:
        p: the probability.
        inplace: whether to overwrite the input.

    Shape:
        - Input: (N, C, H, W) or (N, C, L)
        - Output: the same

    Example:
        >>> Dropout2d()
        Dropout2d(p=0.5, inplace=False)
    """

    def forward(self, input: Any) -> Any:
        """The input with channels dropped."""
        return F.dropout2d(input, self.p, self.training, self.inplace)


class Dropout3d(_DropoutNd):
    """Zeroes whole channels with probability `p` in training: `functional.dropout3d`.

    Args:
        p: the probability.
        inplace: whether to overwrite the input.

    Shape:
        - Input: (N, C, D, H, W) or (C, D, H, W)
        - Output: the same

    Example:
        >>> Dropout3d()
        Dropout3d(p=0.5, inplace=False)
    """

    def forward(self, input: Any) -> Any:
        """The input with channels dropped."""
        return F.dropout3d(input, self.p, self.training, self.inplace)


class AlphaDropout(_DropoutNd):
    """Dropout that keeps the mean and the variance of what SELU gives: `functional.alpha_dropout`.

    Args:
        p: the probability.
        inplace: as torch has it; not used.

    Shape:
        - Input: any
        - Output: the same

    Example:
        >>> AlphaDropout(0.1)
        AlphaDropout(p=0.1, inplace=False)
    """

    def forward(self, input: Any) -> Any:
        """The input with elements dropped."""
        return F.alpha_dropout(input, self.p, self.training)


class FeatureAlphaDropout(_DropoutNd):
    """`AlphaDropout` of whole channels: `functional.feature_alpha_dropout`.

    Args:
        p: the probability.
        inplace: as torch has it; not used.

    Shape:
        - Input: (N, C, ...)
        - Output: the same

    Example:
        >>> FeatureAlphaDropout(0.1)
        FeatureAlphaDropout(p=0.1, inplace=False)
    """

    def forward(self, input: Any) -> Any:
        """The input with channels dropped."""
        return F.feature_alpha_dropout(input, self.p, self.training)
