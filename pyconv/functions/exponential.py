"""Exponentials, logarithms, roots, and what is made of them.

May import: `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.operands import one_tensor, tensor
from pyconv.ops import pairs, special, unary
from pyconv.signatures import function

__all__ = [
    "exp",
    "exp2",
    "expm1",
    "ldexp",
    "log",
    "log1p",
    "log2",
    "log10",
    "logaddexp",
    "logaddexp2",
    "logit",
    "rsqrt",
    "sigmoid",
    "sqrt",
    "xlogy",
]


@function("(Tensor input, *, Tensor out = None)")
def exp(input: Any) -> Any:
    """E to the power of each element. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.exp(torch.tensor([0.0, 1.0]))
        tensor([1.0000, 2.7183])
    """
    return unary.exp(input)


@function("(Tensor input, *, Tensor out = None)")
def exp2(input: Any) -> Any:
    """2 to the power of each element. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.exp2(torch.tensor([0.0, 3.0]))
        tensor([1., 8.])
    """
    return unary.exp2(input)


@function("(Tensor input, *, Tensor out = None)")
def expm1(input: Any) -> Any:
    """exp(input) - 1, exact near 0. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.expm1(torch.tensor([0.0, 1e-6]))
        tensor([0.0000e+00, 1.0000e-06])
    """
    return unary.expm1(input)


@function("(Tensor input, *, Tensor out = None)")
def log(input: Any) -> Any:
    """The natural logarithm. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.log(torch.tensor([1.0, 10.0]))
        tensor([0.0000, 2.3026])
    """
    return unary.log(input)


@function("(Tensor input, *, Tensor out = None)")
def log2(input: Any) -> Any:
    """The logarithm to the base 2. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.log2(torch.tensor([1.0, 8.0]))
        tensor([0., 3.])
    """
    return unary.log2(input)


@function("(Tensor input, *, Tensor out = None)")
def log10(input: Any) -> Any:
    """The logarithm to the base 10. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.log10(torch.tensor([1.0, 1000.0]))
        tensor([0., 3.])
    """
    return unary.log10(input)


@function("(Tensor input, *, Tensor out = None)")
def log1p(input: Any) -> Any:
    """log(1 + input), exact near 0. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.log1p(torch.tensor([0.0, 1e-6]))
        tensor([0.0000e+00, 1.0000e-06])
    """
    return unary.log1p(input)


@function("(Tensor input, *, Tensor out = None)")
def sqrt(input: Any) -> Any:
    """The square root. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.sqrt(torch.tensor([4.0, 9.0]))
        tensor([2., 3.])
    """
    return unary.sqrt(input)


@function("(Tensor input, *, Tensor out = None)")
def rsqrt(input: Any) -> Any:
    """1 over the square root. Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.rsqrt(torch.tensor([4.0, 16.0]))
        tensor([0.5000, 0.2500])
    """
    return unary.rsqrt(input)


@function("(Tensor input, *, Tensor out = None)")
def sigmoid(input: Any) -> Any:
    """1 / (1 + exp(-input)). Integers give the default float.

    Example:
        >>> import pyconv as torch
        >>> torch.sigmoid(torch.tensor([0.0, 2.0]))
        tensor([0.5000, 0.8808])
    """
    return unary.sigmoid(input)


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def logaddexp(input: Any, other: Any) -> Any:
    """log(exp(input) + exp(other)), without overflow.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.logaddexp(torch.tensor([1000.0]), torch.tensor([1000.0]))
        tensor([1000.6932])
    """
    return pairs.logaddexp(input, other)


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def logaddexp2(input: Any, other: Any) -> Any:
    """log2(2**input + 2**other), without overflow.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.logaddexp2(torch.tensor([1000.0]), torch.tensor([1000.0]))
        tensor([1001.])
    """
    return pairs.logaddexp2(input, other)


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def ldexp(input: Any, other: Any) -> Any:
    """input·2**other, in floating point.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.ldexp(torch.tensor([1.0, 3.0]), torch.tensor([4, -1]))
        tensor([16.0000,  1.5000])
    """
    return pairs.ldexp(tensor(input), tensor(other))


@function("(Tensor input, float eps = None, *, Tensor out = None)")
def logit(input: Any, eps: float | None = None) -> Any:
    """log(input / (1 - input)), of `input` clamped to [eps, 1 - eps] where `eps` is given.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.logit(torch.tensor([0.5, 0.9]))
        tensor([0.0000, 2.1972])
    """
    return special.logit(input, eps=eps)


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Number self, Tensor other, *, Tensor out = None)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def xlogy(input: Any, other: Any) -> Any:
    """input·log(other), and 0 where `input` is 0.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.xlogy(torch.tensor([0.0, 2.0]), torch.tensor([0.0, 1.0]))
        tensor([0., 0.])
    """
    return special.xlogy(*one_tensor(input, other))
