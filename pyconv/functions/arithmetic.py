"""Sums, products, quotients, powers and signs.

May import: `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.alias import alias
from pyconv.functions.operands import tensor
from pyconv.ops import arithmetic, division
from pyconv.signatures import function

__all__ = [
    "add",
    "div",
    "divide",
    "floor_divide",
    "fmod",
    "mul",
    "multiply",
    "remainder",
    "rsub",
    "sub",
    "subtract",
    "true_divide",
]


@function("(Tensor input, Tensor other, *, Number alpha = 1, Tensor out = None)")
def add(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """Input + alpha·other.

    Raises:
        RuntimeError: the shapes do not broadcast.
            `alpha` does not suit the dtype.

    Example:
        >>> import pyconv as torch
        >>> torch.add(torch.tensor([1.0, 2.0]), 3, alpha=2)
        tensor([7., 8.])
    """
    return arithmetic.add(input, other, alpha)


@function("(Tensor input, Tensor other, *, Number alpha = 1, Tensor out = None)")
def sub(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """Input - alpha·other.

    Raises:
        RuntimeError: one is bool, or the shapes do not broadcast, or `alpha` does not suit the dtype.

    Example:
        >>> import pyconv as torch
        >>> torch.sub(torch.tensor([1.0, 2.0]), 3)
        tensor([-2., -1.])
    """
    return arithmetic.sub(input, other, alpha)


@function(
    "(Tensor input, Tensor other, *, Number alpha = 1)",
    "(Tensor input, Number other, Number alpha = 1)",
)
def rsub(input: Any, other: Any, alpha: Any = 1) -> Any:
    """Other - alpha·input.

    Raises:
        RuntimeError: one is bool, or the shapes do not broadcast, or `alpha` does not suit the dtype.

    Example:
        >>> import pyconv as torch
        >>> torch.rsub(torch.tensor([1.0, 2.0]), 3)
        tensor([2., 1.])
    """
    return arithmetic.rsub(tensor(input), other, alpha)


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def mul(input: Any, other: Any) -> Any:
    """Input · other.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.mul(torch.tensor([1.0, 2.0]), torch.tensor([[2.0], [3.0]]))
        tensor([[2., 4.],
                [3., 6.]])
    """
    return arithmetic.mul(input, other)


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Tensor input, Tensor other, *, str? rounding_mode, Tensor out = None)",
    "(Tensor input, Number other, *, str? rounding_mode)",
)
def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Any:
    """Input / other; without `rounding_mode`, integers give the default float.

    Raises:
        RuntimeError: `rounding_mode` is none of None, 'trunc' and 'floor', an integer is divided by zero and
            rounded, or the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.div(torch.tensor([7, -7]), 2, rounding_mode="floor")
        tensor([ 3, -4])
    """
    return division.divide(input, other, rounding_mode)


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Tensor input, Number other)",
)
def true_divide(input: Any, other: Any) -> Any:
    """Input / other; integers give the default float.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.true_divide(torch.tensor([1, 3]), 2)
        tensor([0.5000, 1.5000])
    """
    return arithmetic.div(input, other)


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Tensor input, Number other)",
)
def floor_divide(input: Any, other: Any) -> Any:
    """The largest integer not above input / other.

    Raises:
        RuntimeError: an integer is divided by zero.

    Example:
        >>> import pyconv as torch
        >>> torch.floor_divide(torch.tensor([7, -7]), 2)
        tensor([ 3, -4])
    """
    return division.floor_divide(input, other)


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def fmod(input: Any, other: Any) -> Any:
    """The remainder of input / other with the sign of `input`.

    Raises:
        RuntimeError: an integer is divided by zero.

    Example:
        >>> import pyconv as torch
        >>> torch.fmod(torch.tensor([7.0, -7.0]), 4)
        tensor([ 3., -3.])
    """
    return division.fmod(tensor(input), other)


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Number self, Tensor other)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def remainder(input: Any, other: Any) -> Any:
    """The remainder of input / other with the sign of `other`.

    Raises:
        RuntimeError: an integer is divided by zero.

    Example:
        >>> import pyconv as torch
        >>> torch.remainder(torch.tensor([7.0, -7.0]), 4)
        tensor([3., 1.])
    """
    return division.remainder(input, other)


subtract = alias(
    "subtract",
    sub,
    "(Tensor input, Tensor other, *, Number alpha = 1, Tensor out = None)",
    "(Tensor input, Number other, Number alpha = 1)",
)
multiply = alias(
    "multiply",
    mul,
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Tensor input, Number other)",
)
divide = alias(
    "divide",
    div,
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Tensor input, Tensor other, *, str? rounding_mode, Tensor out = None)",
    "(Tensor input, Number other)",
    "(Tensor input, Number other, *, str? rounding_mode)",
)
