"""Sums of a tensor and a product or quotient, and what lies between two tensors.

May import: `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv.ops import pairs
from pyconv.signatures import function

__all__ = [
    "addcdiv",
    "addcmul",
    "lerp",
]


@function("(Tensor input, Tensor tensor1, Tensor tensor2, *, Number value = 1, Tensor out = None)")
def addcmul(input: Any, tensor1: Any, tensor2: Any, *, value: Any = 1) -> Any:
    """Input + value·tensor1·tensor2.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.addcmul(torch.ones(2), torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]), value=0.5)
        tensor([2.5000, 5.0000])
    """
    return pairs.addcmul(input, tensor1, tensor2, value)


@function("(Tensor input, Tensor tensor1, Tensor tensor2, *, Number value = 1, Tensor out = None)")
def addcdiv(input: Any, tensor1: Any, tensor2: Any, *, value: Any = 1) -> Any:
    """Input + value·tensor1 / tensor2.

    Raises:
        RuntimeError: `tensor1` and `tensor2` are of integers, or the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.addcdiv(torch.ones(2), torch.tensor([1.0, 2.0]), torch.tensor([2.0, 4.0]), value=0.5)
        tensor([1.2500, 1.2500])
    """
    return pairs.addcdiv(input, tensor1, tensor2, value)


@function(
    "(Tensor input, Tensor end, Tensor weight, *, Tensor out = None)",
    "(Tensor input, Tensor end, Number weight, *, Tensor out = None)",
)
def lerp(input: Any, end: Any, weight: Any) -> Any:
    """Input + weight·(end - input).

    Raises:
        RuntimeError: the dtypes differ, or the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.lerp(torch.tensor([1.0, 2.0]), torch.tensor([3.0, 6.0]), 0.5)
        tensor([2., 4.])
    """
    return pairs.lerp(input, end, weight)
