"""Powers, reciprocals, and what is a common multiple or divisor.

May import: `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.operands import tensor
from pyconv.ops import logic, power, unary
from pyconv.signatures import function

__all__ = [
    "float_power",
    "gcd",
    "lcm",
    "pow",
    "reciprocal",
    "square",
]


@function("(Tensor input, *, Tensor out = None)")
def square(input: Any) -> Any:
    """input².

    Example:
        >>> import pyconv as torch
        >>> torch.square(torch.tensor([-2.0, 3.0]))
        tensor([4., 9.])
    """
    return power.power(input, 2)


@function("(Tensor input, *, Tensor out = None)")
def reciprocal(input: Any) -> Any:
    """1 / input; integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.reciprocal(torch.tensor([2.0, 4.0]))
        tensor([0.5000, 0.2500])
    """
    return unary.reciprocal(input)


@function(
    "(Tensor input, Tensor exponent, *, Tensor out = None)",
    "(Number self, Tensor exponent, *, Tensor out = None)",
    "(Tensor input, Number exponent, *, Tensor out = None)",
)
def pow(input: Any, exponent: Any) -> Any:
    """`input` to the power `exponent`; one of them may be a number.

    Raises:
        RuntimeError: integers to a negative integer number, or the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.pow(torch.tensor([1.0, 2.0, 3.0]), 2)
        tensor([1., 4., 9.])
    """
    return power.power(input, exponent)


@function(
    "(Tensor input, Tensor exponent, *, Tensor out = None)",
    "(Number self, Tensor exponent, *, Tensor out = None)",
    "(Tensor input, Number exponent, *, Tensor out = None)",
)
def float_power(input: Any, exponent: Any) -> Any:
    """`input` to the power `exponent`, in double precision.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.float_power(torch.tensor([1, 2]), -1)
        tensor([1.0000, 0.5000], dtype=torch.float64)
    """
    return power.float_power(input, exponent)


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def gcd(input: Any, other: Any) -> Any:
    """The greatest common divisor of integers.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.gcd(torch.tensor([4, 6]), torch.tensor([6, 9]))
        tensor([2, 3])
    """
    return logic.gcd(tensor(input), tensor(other))


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def lcm(input: Any, other: Any) -> Any:
    """The least common multiple of integers.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.lcm(torch.tensor([4, 6]), torch.tensor([6, 9]))
        tensor([12, 18])
    """
    return logic.lcm(tensor(input), tensor(other))
