"""Logical and bitwise operations.

May import: `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.operands import one_tensor, tensor
from pyconv.ops import logic
from pyconv.signatures import function

__all__ = [
    "bitwise_and",
    "bitwise_left_shift",
    "bitwise_not",
    "bitwise_or",
    "bitwise_right_shift",
    "bitwise_xor",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
]


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def logical_and(input: Any, other: Any) -> Any:
    """The logical and of elements that are true where they are not 0.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.logical_and(torch.tensor([0, 1, 2]), torch.tensor([1, 1, 0]))
        tensor([False,  True, False])
    """
    return logic.logical_and(tensor(input), tensor(other))


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def logical_or(input: Any, other: Any) -> Any:
    """The logical or of elements that are true where they are not 0.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.logical_or(torch.tensor([0, 1, 2]), torch.tensor([1, 1, 0]))
        tensor([True, True, True])
    """
    return logic.logical_or(tensor(input), tensor(other))


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def logical_xor(input: Any, other: Any) -> Any:
    """The logical exclusive or of elements that are true where they are not 0.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.logical_xor(torch.tensor([0, 1, 2]), torch.tensor([1, 1, 0]))
        tensor([ True, False,  True])
    """
    return logic.logical_xor(tensor(input), tensor(other))


@function("(Tensor input, *, Tensor out = None)")
def logical_not(input: Any) -> Any:
    """Where an element is 0.

    Example:
        >>> import pyconv as torch
        >>> torch.logical_not(torch.tensor([0, 1, 2]))
        tensor([ True, False, False])
    """
    return logic.logical_not(input)


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Number self, Tensor other)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def bitwise_and(input: Any, other: Any) -> Any:
    """The bitwise and of integers, or of bool.

    Raises:
        NotImplementedError: one is no integer and no bool.

    Example:
        >>> import pyconv as torch
        >>> torch.bitwise_and(torch.tensor([6]), torch.tensor([3]))
        tensor([2])
    """
    return logic.bitwise_and(*one_tensor(input, other))


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Number self, Tensor other)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def bitwise_or(input: Any, other: Any) -> Any:
    """The bitwise or of integers, or of bool.

    Raises:
        NotImplementedError: one is no integer and no bool.

    Example:
        >>> import pyconv as torch
        >>> torch.bitwise_or(torch.tensor([6]), torch.tensor([3]))
        tensor([7])
    """
    return logic.bitwise_or(*one_tensor(input, other))


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Number self, Tensor other)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def bitwise_xor(input: Any, other: Any) -> Any:
    """The bitwise exclusive or of integers, or of bool.

    Raises:
        NotImplementedError: one is no integer and no bool.

    Example:
        >>> import pyconv as torch
        >>> torch.bitwise_xor(torch.tensor([6]), torch.tensor([3]))
        tensor([5])
    """
    return logic.bitwise_xor(*one_tensor(input, other))


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Number self, Tensor other)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def bitwise_left_shift(input: Any, other: Any) -> Any:
    """The bits of integers moved up.

    Raises:
        NotImplementedError: one is no integer.

    Example:
        >>> import pyconv as torch
        >>> torch.bitwise_left_shift(torch.tensor([6]), 1)
        tensor([12])
    """
    return logic.left_shift(*one_tensor(input, other))


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Number self, Tensor other)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def bitwise_right_shift(input: Any, other: Any) -> Any:
    """The bits of integers moved down, with the sign kept.

    Raises:
        NotImplementedError: one is no integer.

    Example:
        >>> import pyconv as torch
        >>> torch.bitwise_right_shift(torch.tensor([6]), 1)
        tensor([3])
    """
    return logic.right_shift(*one_tensor(input, other))


@function("(Tensor input, *, Tensor out = None)")
def bitwise_not(input: Any) -> Any:
    """The bits flipped; of bool, the other truth value.

    Raises:
        NotImplementedError: `input` is no integer and no bool.

    Example:
        >>> import pyconv as torch
        >>> torch.bitwise_not(torch.tensor([0, 5]))
        tensor([-1, -6])
    """
    return logic.bitwise_not(input)
