"""Circular and hyperbolic functions, their inverses, and angles.

May import: `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.alias import alias
from pyconv.functions.operands import tensor
from pyconv.ops import cast, pairs, unary
from pyconv.ops.cast import array_of
from pyconv.signatures import function

__all__ = [
    "acos",
    "acosh",
    "angle",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "conj",
    "conj_physical",
    "cos",
    "cosh",
    "deg2rad",
    "hypot",
    "rad2deg",
    "sin",
    "sinc",
    "sinh",
    "tan",
    "tanh",
]


def _real(input: Any, name: str) -> Any:
    if array_of(input).dtype.kind == "c":
        raise RuntimeError(f"{name} is not supported for complex tensors.")
    return input


@function("(Tensor input, *, Tensor out = None)")
def sin(input: Any) -> Any:
    """The sine. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.sin(torch.tensor([0.0, 1.0]))
        tensor([0.0000, 0.8415])
    """
    return unary.sin(input)


@function("(Tensor input, *, Tensor out = None)")
def cos(input: Any) -> Any:
    """The cosine. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.cos(torch.tensor([0.0, 1.0]))
        tensor([1.0000, 0.5403])
    """
    return unary.cos(input)


@function("(Tensor input, *, Tensor out = None)")
def tan(input: Any) -> Any:
    """The tangent. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.tan(torch.tensor([0.0, 1.0]))
        tensor([0.0000, 1.5574])
    """
    return unary.tan(input)


@function("(Tensor input, *, Tensor out = None)")
def sinh(input: Any) -> Any:
    """The hyperbolic sine. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.sinh(torch.tensor([0.0, 1.0]))
        tensor([0.0000, 1.1752])
    """
    return unary.sinh(input)


@function("(Tensor input, *, Tensor out = None)")
def cosh(input: Any) -> Any:
    """The hyperbolic cosine. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.cosh(torch.tensor([0.0, 1.0]))
        tensor([1.0000, 1.5431])
    """
    return unary.cosh(input)


@function("(Tensor input, *, Tensor out = None)")
def tanh(input: Any) -> Any:
    """The hyperbolic tangent. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.tanh(torch.tensor([0.0, 1.0]))
        tensor([0.0000, 0.7616])
    """
    return unary.tanh(input)


@function("(Tensor input, *, Tensor out = None)")
def asin(input: Any) -> Any:
    """The inverse sine. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.asin(torch.tensor([0.0, 1.0]))
        tensor([0.0000, 1.5708])
    """
    return unary.asin(input)


@function("(Tensor input, *, Tensor out = None)")
def acos(input: Any) -> Any:
    """The inverse cosine. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.acos(torch.tensor([0.0, 1.0]))
        tensor([1.5708, 0.0000])
    """
    return unary.acos(input)


@function("(Tensor input, *, Tensor out = None)")
def atan(input: Any) -> Any:
    """The inverse tangent. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.atan(torch.tensor([0.0, 1.0]))
        tensor([0.0000, 0.7854])
    """
    return unary.atan(input)


@function("(Tensor input, *, Tensor out = None)")
def asinh(input: Any) -> Any:
    """The inverse hyperbolic sine. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.asinh(torch.tensor([0.0, 1.0]))
        tensor([0.0000, 0.8814])
    """
    return unary.asinh(input)


@function("(Tensor input, *, Tensor out = None)")
def acosh(input: Any) -> Any:
    """The inverse hyperbolic cosine. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.acosh(torch.tensor([1.0, 2.0]))
        tensor([0.0000, 1.3170])
    """
    return unary.acosh(input)


@function("(Tensor input, *, Tensor out = None)")
def atanh(input: Any) -> Any:
    """The inverse hyperbolic tangent. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.atanh(torch.tensor([0.0, 0.5]))
        tensor([0.0000, 0.5493])
    """
    return unary.atanh(input)


@function("(Tensor input, *, Tensor out = None)")
def sinc(input: Any) -> Any:
    """sin(π·input) / (π·input), and 1 at 0. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.sinc(torch.tensor([0.0, 0.5]))
        tensor([1.0000, 0.6366])
    """
    return unary.sinc(input)


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def atan2(input: Any, other: Any) -> Any:
    """The angle of the point (other, input), from -π to π.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.atan2(torch.tensor([1.0, -1.0]), torch.tensor([1.0, -1.0]))
        tensor([ 0.7854, -2.3562])
    """
    return pairs.atan2(tensor(input), tensor(other))


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def hypot(input: Any, other: Any) -> Any:
    """The length of the vector (input, other).

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.hypot(torch.tensor([3.0]), torch.tensor([4.0]))
        tensor([5.])
    """
    return pairs.hypot(input, other)


@function("(Tensor input, *, Tensor out = None)")
def deg2rad(input: Any) -> Any:
    """Degrees in radians.

    Raises:
        RuntimeError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.deg2rad(torch.tensor([180.0]))
        tensor([3.1416])
    """
    return unary.deg2rad(_real(input, "deg2rad"))


@function("(Tensor input, *, Tensor out = None)")
def rad2deg(input: Any) -> Any:
    """Radians in degrees.

    Raises:
        RuntimeError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.rad2deg(torch.tensor([1.0]))
        tensor([57.2958])
    """
    return unary.rad2deg(_real(input, "rad2deg"))


@function("(Tensor input, *, Tensor out = None)")
def angle(input: Any) -> Any:
    """The angle of complex numbers in radians; π for negative real ones.

    Example:
        >>> import pyconv as torch
        >>> torch.angle(torch.tensor([1j, -1.0]))
        tensor([1.5708, 3.1416])
    """
    return unary.angle(input)


@function("(Tensor input)")
def conj(input: Any) -> Any:
    """The complex conjugate; `input` itself where it is real.

    Example:
        >>> import pyconv as torch
        >>> torch.conj(torch.tensor([1 + 2j]))
        tensor([1.-2.j])
    """
    return cast.conj(input)


@function("(Tensor input, *, Tensor out = None)")
def conj_physical(input: Any) -> Any:
    """The complex conjugate; `input` itself where it is real.

    Example:
        >>> import pyconv as torch
        >>> torch.conj_physical(torch.tensor([1 + 2j]))
        tensor([1.-2.j])
    """
    return cast.conj(input)


arcsin = alias("arcsin", asin)
arccos = alias("arccos", acos)
arctan = alias("arctan", atan)
arcsinh = alias("arcsinh", asinh)
arccosh = alias("arccosh", acosh)
arctanh = alias("arctanh", atanh)
arctan2 = alias("arctan2", atan2)
