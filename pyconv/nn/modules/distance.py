"""Distances and similarities as modules.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

import pyconv.nn.functional as F
from pyconv.nn.modules.module import Module

__all__ = ["CosineSimilarity", "PairwiseDistance"]


class PairwiseDistance(Module):
    """The p-norm of the differences along the last dimension.

    Args:
        p: of the norm.
        eps: added to the differences.
        keepdim: whether the last dimension stays, of size 1.

    Example:
        >>> import pyconv
        >>> PairwiseDistance()(pyconv.zeros(1, 2), pyconv.tensor([[3.0, 4.0]]))
        tensor([5.0000])
    """

    __constants__: ClassVar[list[str]] = ["norm", "eps", "keepdim"]

    def __init__(self, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> None:
        super().__init__()
        self.norm = p
        self.eps = eps
        self.keepdim = keepdim

    def forward(self, x1: Any, x2: Any) -> Any:
        """The distances."""
        return F.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)


class CosineSimilarity(Module):
    """The cosine of the angle between vectors along a dimension.

    Args:
        dim: the dimension of the vectors.
        eps: the least norm.

    Example:
        >>> import pyconv
        >>> CosineSimilarity()(pyconv.ones(1, 2), pyconv.tensor([[1.0, 0.0]]))
        tensor([0.7071])
    """

    __constants__: ClassVar[list[str]] = ["dim", "eps"]

    def __init__(self, dim: int = 1, eps: float = 1e-8) -> None:
        super().__init__()
        self.dim = dim
        self.eps = eps

    def forward(self, x1: Any, x2: Any) -> Any:
        """The cosines."""
        return F.cosine_similarity(x1, x2, self.dim, self.eps)
