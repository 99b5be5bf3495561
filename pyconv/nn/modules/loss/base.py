"""What losses have in common: the reduction, and the weight of classes.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any

from pyconv.nn.functional.loss.reduction import legacy
from pyconv.nn.modules.module import Module

__all__ = []


class _Loss(Module):
    """A loss that is reduced."""

    reduction: str

    def __init__(self, size_average: bool | None = None, reduce: bool | None = None, reduction: str = "mean") -> None:
        super().__init__()
        given = size_average is not None or reduce is not None
        self.reduction = legacy(size_average, reduce) if given else reduction


class _WeightedLoss(_Loss):
    """A loss with a weight for each class or element."""

    def __init__(
        self,
        weight: Any = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)
        self.weight: Any
