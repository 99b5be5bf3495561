"""Activations of the form of an S, and what shrinks towards zero: Sigmoid, Tanh, Softshrink and their kin.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

import pyconv.nn.functional as F
from pyconv.naming import own
from pyconv.nn.modules.activation.rectifiers import _InPlace
from pyconv.nn.modules.module import Module

__all__ = ["Hardshrink", "Hardsigmoid", "LogSigmoid", "Sigmoid", "Softshrink", "Softsign", "Tanh", "Tanhshrink"]


@own("__init__")
class Hardsigmoid(_InPlace):
    """min(max(x + 3, 0), 6) / 6.

    Args:
        inplace: whether the input takes the result.

    Shape:
        any to the same.

    Example:
        >>> Hardsigmoid()
        Hardsigmoid()
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.hardsigmoid(input, self.inplace)

    def extra_repr(self) -> str:
        return ""


class _Shrink(Module):
    """A shrinkage by `lambd`."""

    __constants__: ClassVar[list[str]] = ["lambd"]

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def extra_repr(self) -> str:
        return str(self.lambd)


@own("__init__")
class Hardshrink(_Shrink):
    """X, but 0 within `lambd` of 0.

    Args:
        lambd: the half width of what becomes 0.

    Shape:
        any to the same.

    Example:
        >>> Hardshrink()
        Hardshrink(0.5)
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.hardshrink(input, self.lambd)


@own("__init__")
class Softshrink(_Shrink):
    """X moved towards 0 by `lambd`, and 0 within it.

    Args:
        lambd: not negative.

    Shape:
        any to the same.

    Example:
        >>> Softshrink()
        Softshrink(0.5)
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.softshrink(input, self.lambd)


class Sigmoid(Module):
    """1 / (1 + exp(-x)).

    Shape:
        any to the same.

    Example:
        >>> Sigmoid()
        Sigmoid()
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return input.sigmoid()


class Tanh(Module):
    """The hyperbolic tangent.

    Shape:
        any to the same.

    Example:
        >>> Tanh()
        Tanh()
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return input.tanh()


class LogSigmoid(Module):
    """log(sigmoid(x)).

    Shape:
        any to the same.

    Example:
        >>> LogSigmoid()
        LogSigmoid()
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.logsigmoid(input)


class Softsign(Module):
    """X / (1 + |x|).

    Shape:
        any to the same.

    Example:
        >>> Softsign()
        Softsign()
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.softsign(input)


class Tanhshrink(Module):
    """X - tanh(x).

    Shape:
        any to the same.

    Example:
        >>> Tanhshrink()
        Tanhshrink()
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.tanhshrink(input)
