"""Smooth relatives of the rectifier, and gates: ELU, SiLU, GELU, Softplus, GLU and their kin.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

import pyconv.nn.functional as F
from pyconv.naming import own
from pyconv.nn.modules.activation.rectifiers import _InPlace
from pyconv.nn.modules.module import Module

__all__ = ["CELU", "ELU", "GELU", "GLU", "SELU", "Hardswish", "Mish", "SiLU", "Softplus"]


class _Exponential(Module):
    """An exponential linear unit."""

    __constants__: ClassVar[list[str]] = ["alpha", "inplace"]

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}{', inplace=True' if self.inplace else ''}"


@own("__init__")
class ELU(_Exponential):
    """X where it is positive, else alpha · (exp(x) - 1).

    Args:
        alpha: the value far below zero, negated.
        inplace: whether the input takes the result.

    Shape:
        any to the same.

    Example:
        >>> ELU()
        ELU(alpha=1.0)
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.elu(input, self.alpha, self.inplace)


@own("__init__")
class CELU(_Exponential):
    """max(0, x) + min(0, alpha · (exp(x / alpha) - 1)).

    Args:
        alpha: the value far below zero, negated.
        inplace: whether the input takes the result.

    Shape:
        any to the same.

    Example:
        >>> CELU()
        CELU(alpha=1.0)
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.celu(input, self.alpha, self.inplace)


@own("__init__")
class SELU(_InPlace):
    """The scaled exponential linear unit.

    Args:
        inplace: whether the input takes the result.

    Shape:
        any to the same.

    Example:
        >>> SELU()
        SELU()
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.selu(input, self.inplace)


@own("__init__")
class SiLU(_InPlace):
    """X · sigmoid(x).

    Args:
        inplace: whether the input takes the result.

    Shape:
        any to the same.

    Example:
        >>> SiLU()
        SiLU()
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.silu(input, inplace=self.inplace)


@own("__init__")
class Mish(_InPlace):
    """X · tanh(softplus(x)).

    Args:
        inplace: whether the input takes the result.

    Shape:
        any to the same.

    Example:
        >>> Mish()
        Mish()
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.mish(input, inplace=self.inplace)


@own("__init__")
class Hardswish(_InPlace):
    """X · hardsigmoid(x).

    Args:
        inplace: whether the input takes the result.

    Shape:
        any to the same.

    Example:
        >>> Hardswish(inplace=True)
        Hardswish()
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.hardswish(input, self.inplace)

    def extra_repr(self) -> str:
        return ""


class GLU(Module):
    """The first half of the input along `dim` times the sigmoid of the second.

    Args:
        dim: the dimension that is halved.

    Shape:
        (*, N, *) to (*, N/2, *).

    Example:
        >>> GLU()
        GLU(dim=-1)
    """

    __constants__: ClassVar[list[str]] = ["dim"]

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.glu(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class GELU(Module):
    """X · Φ(x), Φ the normal distribution.

    Args:
        approximate: 'tanh' takes a formula with tanh for Φ.

    Shape:
        any to the same.

    Example:
        >>> GELU()
        GELU(approximate='none')
    """

    __constants__: ClassVar[list[str]] = ["approximate"]

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.gelu(input, approximate=self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class Softplus(Module):
    """log(1 + exp(beta · x)) / beta, x itself where beta · x is above the threshold.

    Args:
        beta: the sharpness of the bend.
        threshold: where the function becomes the identity.

    Shape:
        any to the same.

    Example:
        >>> Softplus()
        Softplus(beta=1.0, threshold=20.0)
    """

    __constants__: ClassVar[list[str]] = ["beta", "threshold"]

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta = beta
        self.threshold = threshold

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"
