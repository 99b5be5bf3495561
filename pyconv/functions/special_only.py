"""Special functions that torch has in `torch.special` alone.

May import: `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.operands import one_tensor
from pyconv.ops import special
from pyconv.signatures import function

__all__ = [
    "special_entr",
    "special_erfcx",
    "special_i0e",
    "special_i1",
    "special_i1e",
    "special_log_ndtr",
    "special_ndtr",
    "special_ndtri",
    "special_xlog1py",
    "special_zeta",
]


@function("(Tensor input, *, Tensor out = None)")
def special_entr(input: Any) -> Any:
    """-input·log(input), 0 at 0 and -∞ below. Integers give the default float.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.special.entr(torch.tensor([0.0, 0.5]))
        tensor([0.0000, 0.3466])
    """
    return special.entr(input)


@function("(Tensor input, *, Tensor out = None)")
def special_erfcx(input: Any) -> Any:
    """exp(input²)·erfc(input). Integers give the default float.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.special.erfcx(torch.tensor([0.0, 10.0]))
        tensor([1.0000, 0.0561])
    """
    return special.erfcx(input)


@function("(Tensor input, *, Tensor out = None)")
def special_i0e(input: Any) -> Any:
    """exp(-|input|)·I₀(input), I₀ the modified Bessel function. Integers give the default float.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.special.i0e(torch.tensor([0.0, 1.0]))
        tensor([1.0000, 0.4658])
    """
    return special.i0e(input)


@function("(Tensor input, *, Tensor out = None)")
def special_i1(input: Any) -> Any:
    """The modified Bessel function of the first kind, of order 1. Integers give the default float.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.special.i1(torch.tensor([0.0, 1.0]))
        tensor([0.0000, 0.5652])
    """
    return special.i1(input)


@function("(Tensor input, *, Tensor out = None)")
def special_i1e(input: Any) -> Any:
    """exp(-|input|)·I₁(input), I₁ the modified Bessel function. Integers give the default float.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.special.i1e(torch.tensor([0.0, 1.0]))
        tensor([0.0000, 0.2079])
    """
    return special.i1e(input)


@function("(Tensor input, *, Tensor out = None)")
def special_log_ndtr(input: Any) -> Any:
    """The logarithm of `ndtr`, finite far to the left. Integers give the default float.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.special.log_ndtr(torch.tensor([0.0, -20.0]))
        tensor([  -0.6931, -203.9172])
    """
    return special.log_ndtr(input)


@function("(Tensor input, *, Tensor out = None)")
def special_ndtr(input: Any) -> Any:
    """The share of the normal distribution below `input`. Integers give the default float.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.special.ndtr(torch.tensor([0.0, 1.0]))
        tensor([0.5000, 0.8413])
    """
    return special.ndtr(input)


@function("(Tensor input, *, Tensor out = None)")
def special_ndtri(input: Any) -> Any:
    """The inverse of `ndtr`. Integers give the default float.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.special.ndtri(torch.tensor([0.5, 0.9]))
        tensor([0.0000, 1.2816])
    """
    return special.ndtri(input)


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Number self, Tensor other, *, Tensor out = None)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def special_xlog1py(input: Any, other: Any) -> Any:
    """input·log(1 + other), and 0 where `input` is 0.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.special.xlog1py(torch.tensor([0.0, 2.0]), torch.tensor([-1.0, 1.0]))
        tensor([0.0000, 1.3863])
    """
    return special.xlog1py(*one_tensor(input, other))


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Number self, Tensor other, *, Tensor out = None)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def special_zeta(input: Any, other: Any) -> Any:
    """Hurwitz's zeta function: the sum of (other + k)**-input.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.special.zeta(torch.tensor([2.0]), torch.tensor([1.0]))
        tensor([1.6449])
    """
    return special.zeta(*one_tensor(input, other))
