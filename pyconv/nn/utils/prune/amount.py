"""How much to prune: the checks of amounts and dimensions, and the count that an amount stands for.

May import: the standard library.
"""

from __future__ import annotations

import numbers
from typing import Any


def check_amount(amount: Any) -> None:
    """Check an amount by itself.

    Raises:
        TypeError: it is no real number.
        ValueError: a count is negative, or a fraction not between 0 and 1.
    """
    if not isinstance(amount, numbers.Real):
        raise TypeError(f"Invalid type for amount: {amount}. Must be int or float.")
    is_count = isinstance(amount, numbers.Integral)
    if (is_count and amount < 0) or (not is_count and not 0.0 <= float(amount) <= 1.0):
        raise ValueError(f"amount={amount} should either be a float in the range [0, 1] or a non-negative integer")


def count_of(amount: Any, size: int) -> int:
    """How many of so many an amount is.

    Raises:
        ValueError: more than there are.

    Example:
        >>> count_of(0.3, 10), count_of(2, 10)
        (3, 2)
    """
    count = int(amount) if isinstance(amount, numbers.Integral) else round(amount * size)
    if count > size:
        raise ValueError(f"amount={amount} should be smaller than the number of parameters to prune={size}")
    return count


def check_channels(t: Any, dim: int) -> None:
    """Check that a tensor has channels along a dimension.

    Raises:
        ValueError: it has one dimension, or none.
        IndexError: it has no such dimension.
    """
    if t.dim() <= 1:
        raise ValueError(
            "Structured pruning can only be applied to multidimensional tensors. Found tensor of shape "
            f"{t.shape} with {t.dim()} dims"
        )
    if dim >= t.dim():
        raise IndexError(f"Invalid index {dim} for tensor of size {t.shape}")
