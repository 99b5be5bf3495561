"""Special functions that torch has at its top level.

May import: `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv.ops import special
from pyconv.signatures import function

__all__ = [
    "digamma",
    "erf",
    "erfc",
    "erfinv",
    "i0",
    "igamma",
    "igammac",
    "lgamma",
    "mvlgamma",
    "polygamma",
]


@function("(Tensor input, *, Tensor out = None)")
def erf(input: Any) -> Any:
    """The error function: 2/√π times the integral of exp(-t²) from 0. Integers give the default float.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.erf(torch.tensor([0.0, 1.0]))
        tensor([0.0000, 0.8427])
    """
    return special.erf(input)


@function("(Tensor input, *, Tensor out = None)")
def erfc(input: Any) -> Any:
    """1 - erf(input), without loss of digits where that is small. Integers give the default float.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.erfc(torch.tensor([0.0, 3.0]))
        tensor([1.0000e+00, 2.2090e-05])
    """
    return special.erfc(input)


@function("(Tensor input, *, Tensor out = None)")
def erfinv(input: Any) -> Any:
    """The inverse of the error function. Integers give the default float.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.erfinv(torch.tensor([0.0, 0.5]))
        tensor([0.0000, 0.4769])
    """
    return special.erfinv(input)


@function("(Tensor input, *, Tensor out = None)")
def lgamma(input: Any) -> Any:
    """The logarithm of |Γ|. Integers give the default float.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.lgamma(torch.tensor([0.5, 5.0]))
        tensor([0.5724, 3.1781])
    """
    return special.lgamma(input)


@function("(Tensor input, *, Tensor out = None)")
def digamma(input: Any) -> Any:
    """The derivative of log Γ. Integers give the default float.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.digamma(torch.tensor([1.0, 2.0]))
        tensor([-0.5772,  0.4228])
    """
    return special.digamma(input)


@function("(Tensor input, *, Tensor out = None)")
def i0(input: Any) -> Any:
    """The modified Bessel function of the first kind, of order 0. Integers give the default float.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.i0(torch.tensor([0.0, 1.0]))
        tensor([1.0000, 1.2661])
    """
    return special.i0(input)


@function("(int n, Tensor input, *, Tensor out = None)")
def polygamma(n: int, input: Any) -> Any:
    """The derivative of order `n` of digamma.

    Raises:
        RuntimeError: `n` is negative.

    Example:
        >>> import pyconv as torch
        >>> torch.polygamma(1, torch.tensor([1.0, 0.5]))
        tensor([1.6449, 4.9348])
    """
    return special.polygamma(n, input)


@function("(Tensor input, int p, *, Tensor out = None)")
def mvlgamma(input: Any, p: int) -> Any:
    """The logarithm of the multivariate gamma function of dimension `p`.

    Raises:
        RuntimeError: `p` is not positive.

    Example:
        >>> import pyconv as torch
        >>> torch.mvlgamma(torch.tensor([2.0, 3.0]), 2)
        tensor([0.4516, 1.5502])
    """
    return special.mvlgamma(input, p)


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def igamma(input: Any, other: Any) -> Any:
    """The regularised lower incomplete gamma function.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.igamma(torch.tensor([1.0, 4.0]), torch.tensor([1.0, 5.0]))
        tensor([0.6321, 0.7350])
    """
    return special.igamma(input, other)


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def igammac(input: Any, other: Any) -> Any:
    """The regularised upper incomplete gamma function.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.igammac(torch.tensor([1.0, 4.0]), torch.tensor([1.0, 5.0]))
        tensor([0.3679, 0.2650])
    """
    return special.igammac(input, other)
