"""Channels shuffled between groups, as a module.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv.nn import functional as F
from pyconv.nn.modules.module import Module

__all__ = ["ChannelShuffle"]


class ChannelShuffle(Module):
    """The channels of groups in turn: `functional.channel_shuffle` with its number of groups kept.

    Args:
        groups: how many groups the channels are divided into.

    Shape:
        - Input: (N, C, ...)
        - Output: the same

    Example:
        >>> ChannelShuffle(2)
        ChannelShuffle(groups=2)
    """

    __constants__: ClassVar[list[str]] = ["groups"]

    def __init__(self, groups: int) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, input: Any) -> Any:
        """The input with its channels shuffled."""
        return F.channel_shuffle(input, self.groups)

    def extra_repr(self) -> str:
        return f"groups={self.groups}"
