"""Sorting as methods: x.sort(), x.topk(3), x.unique().

May import: all of pyconv below `tensor`.
"""

from __future__ import annotations

from typing import Any

from pyconv.lazy import family
from pyconv.signatures import method

sorting = family("pyconv.functions.sorting")


class SortingMethods:
    """A tensor's values in order.

    Example:
        >>> import pyconv
        >>> pyconv.tensor([3, 1, 2]).sort().values
        tensor([1, 2, 3])
    """

    __slots__ = ()

    sort = method(sorting.sort)
    argsort = method(sorting.argsort)
    msort = method(sorting.msort)
    topk = method(sorting.topk)

    def unique(
        self, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
    ) -> Any:
        """`pyconv.unique` of this tensor."""
        return sorting.unique(self, sorted, return_inverse, return_counts, dim)

    def unique_consecutive(
        self, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
    ) -> Any:
        """`pyconv.unique_consecutive` of this tensor."""
        return sorting.unique_consecutive(self, return_inverse, return_counts, dim)
