"""Rounding, the parts of a number, and numbers next to it.

May import: `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.alias import alias
from pyconv.functions.operands import tensor
from pyconv.ops import pairs, rounding
from pyconv.return_types import named
from pyconv.signatures import function

__all__ = [
    "ceil",
    "copysign",
    "fix",
    "floor",
    "frac",
    "frexp",
    "heaviside",
    "nan_to_num",
    "nextafter",
    "round",
    "trunc",
]

_Frexp = named("frexp", "mantissa", "exponent")


@function("(Tensor input, *, Tensor out = None)")
def ceil(input: Any) -> Any:
    """The least integer not below `input`.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.ceil(torch.tensor([-1.5, 1.2]))
        tensor([-1.,  2.])
    """
    return rounding.ceil(input)


@function("(Tensor input, *, Tensor out = None)")
def floor(input: Any) -> Any:
    """The largest integer not above `input`.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.floor(torch.tensor([-1.5, 1.2]))
        tensor([-2.,  1.])
    """
    return rounding.floor(input)


@function("(Tensor input, *, Tensor out = None)")
def trunc(input: Any) -> Any:
    """`input` without its part behind the point.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.trunc(torch.tensor([-1.5, 1.2]))
        tensor([-1.,  1.])
    """
    return rounding.trunc(input)


@function("(Tensor input, *, Tensor out = None)", "(Tensor input, *, int decimals, Tensor out = None)")
def round(input: Any, *, decimals: int = 0) -> Any:
    """`input` rounded to `decimals`, halves to even.

    Raises:
        NotImplementedError: `input` is bool or complex, or of integers where decimals are asked for.

    Example:
        >>> import pyconv as torch
        >>> torch.round(torch.tensor([0.5, 1.5, -2.7]))
        tensor([ 0.,  2., -3.])
    """
    return rounding.round_half_even(input, decimals)


@function("(Tensor input, *, Tensor out = None)")
def frac(input: Any) -> Any:
    """The part behind the point, with the sign of `input`.

    Raises:
        NotImplementedError: `input` is not of floating point.

    Example:
        >>> import pyconv as torch
        >>> torch.frac(torch.tensor([-1.5, 1.25]))
        tensor([-0.5000,  0.2500])
    """
    return rounding.frac(input)


@function("(Tensor input, *, tuple of Tensors out = None)")
def frexp(input: Any) -> Any:
    """The mantissa and the exponent: input = mantissa·2**exponent, 0.5 <= |mantissa| < 1.

    Raises:
        RuntimeError: `input` is not of floating point.

    Example:
        >>> import pyconv as torch
        >>> torch.frexp(torch.tensor([8.0])).exponent
        tensor([4], dtype=torch.int32)
    """
    return _Frexp(*rounding.frexp(input))


@function("(Tensor input, float nan = None, float posinf = None, float neginf = None, *, Tensor out = None)")
def nan_to_num(input: Any, nan: float | None = None, posinf: float | None = None, neginf: float | None = None) -> Any:
    """NaN and the infinities replaced, by 0 and the dtype's largest numbers where nothing is given.

    Example:
        >>> import pyconv as torch
        >>> torch.nan_to_num(torch.tensor([float("nan"), float("inf"), 1.0]), posinf=9.0)
        tensor([0., 9., 1.])
    """
    return rounding.nan_to_num(input, nan, posinf, neginf)


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def copysign(input: Any, other: Any) -> Any:
    """The size of `input` with the sign of `other`.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.copysign(torch.tensor([1.0, 2.0]), torch.tensor([-0.0, 3.0]))
        tensor([-1.,  2.])
    """
    return pairs.copysign(tensor(input), other)


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def nextafter(input: Any, other: Any) -> Any:
    """The next floating-point number after `input` towards `other`.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.nextafter(torch.tensor([1.0]), torch.tensor([2.0])) > 1
        tensor([True])
    """
    return pairs.nextafter(input, other)


@function("(Tensor input, Tensor values, *, Tensor out = None)")
def heaviside(input: Any, values: Any) -> Any:
    """0 where `input` is negative, 1 where it is positive, `values` where it is zero.

    Raises:
        RuntimeError: the dtypes differ, or one is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.heaviside(torch.tensor([-1.0, 0.0, 2.0]), torch.tensor([0.5]))
        tensor([0.0000, 0.5000, 1.0000])
    """
    return pairs.heaviside(input, values)


fix = alias("fix", trunc)
