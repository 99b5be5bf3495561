"""Activations that cut off: ReLU and its kin.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

import pyconv.nn.functional as F
from pyconv.dtypes import dtype as _dtype
from pyconv.naming import own
from pyconv.nn import init
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter
from pyconv.tensor.creation import empty

__all__ = ["Hardtanh", "LeakyReLU", "PReLU", "RReLU", "ReLU", "ReLU6", "Threshold"]


class _InPlace(Module):
    """An activation without numbers that can be done in place."""

    __constants__: ClassVar[list[str]] = ["inplace"]
    inplace: bool

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


@own("__init__")
class ReLU(_InPlace):
    """max(x, 0).

    Args:
        inplace: whether the input takes the result.

    Shape:
        any to the same.

    Example:
        >>> import pyconv
        >>> ReLU()(pyconv.tensor([-1.0, 2.0]))
        tensor([0., 2.])
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.relu(input, inplace=self.inplace)


class RReLU(Module):
    """The leaky ReLU whose slope is drawn for each element in training, and is the mean of the bounds else.

    Args:
        lower: the least slope.
        upper: the largest slope.
        inplace: whether the input takes the result.

    Shape:
        any to the same.

    Example:
        >>> RReLU()
        RReLU(lower=0.125, upper=0.3333333333333333)
    """

    __constants__: ClassVar[list[str]] = ["lower", "upper", "inplace"]

    def __init__(self, lower: float = 1.0 / 8, upper: float = 1.0 / 3, inplace: bool = False) -> None:
        super().__init__()
        self.lower = lower
        self.upper = upper
        self.inplace = inplace

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f"lower={self.lower}, upper={self.upper}{', inplace=True' if self.inplace else ''}"


class Hardtanh(Module):
    """min(max(x, min_val), max_val).

    Args:
        min_val: the lower bound.
        max_val: the upper bound.
        inplace: whether the input takes the result.
        min_value: the old name of `min_val`.
        max_value: the old name of `max_val`.

    Shape:
        any to the same.

    Example:
        >>> Hardtanh()
        Hardtanh(min_val=-1.0, max_val=1.0)
    """

    __constants__: ClassVar[list[str]] = ["min_val", "max_val", "inplace"]

    def __init__(
        self,
        min_val: float = -1.0,
        max_val: float = 1.0,
        inplace: bool = False,
        min_value: float | None = None,
        max_value: float | None = None,
    ) -> None:
        super().__init__()
        if min_value is not None:
            warnings.warn(
                "keyword argument `min_value` is deprecated and renamed to `min_val`", FutureWarning, stacklevel=2
            )
            min_val = min_value
        if max_value is not None:
            warnings.warn(
                "keyword argument `max_value` is deprecated and renamed to `max_val`", FutureWarning, stacklevel=2
            )
            max_val = max_value
        self.min_val = min_val
        self.max_val = max_val
        self.inplace = inplace
        assert self.max_val > self.min_val, f"max_val ({max_val}) must be greater than min_val ({min_val})"

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.hardtanh(input, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        return f"min_val={self.min_val}, max_val={self.max_val}{', inplace=True' if self.inplace else ''}"


class ReLU6(Hardtanh):
    """min(max(x, 0), 6).

    Args:
        inplace: whether the input takes the result.

    Shape:
        any to the same.

    Example:
        >>> ReLU6()
        ReLU6()
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__(0.0, 6.0, inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class LeakyReLU(Module):
    """X where it is positive, else times `negative_slope`.

    Args:
        negative_slope: the slope below zero.
        inplace: whether the input takes the result.

    Shape:
        any to the same.

    Example:
        >>> LeakyReLU(0.2)
        LeakyReLU(negative_slope=0.2)
    """

    __constants__: ClassVar[list[str]] = ["inplace", "negative_slope"]

    def __init__(self, negative_slope: float = 1e-2, inplace: bool = False) -> None:
        super().__init__()
        self.negative_slope = negative_slope
        self.inplace = inplace

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}{', inplace=True' if self.inplace else ''}"


class Threshold(Module):
    """X where it is above the threshold, else `value`.

    Args:
        threshold: what x must be above.
        value: what the others become.
        inplace: whether the input takes the result.

    Shape:
        any to the same.

    Example:
        >>> Threshold(0.1, 20)
        Threshold(threshold=0.1, value=20)
    """

    __constants__: ClassVar[list[str]] = ["threshold", "value", "inplace"]

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        super().__init__()
        self.threshold = threshold
        self.value = value
        self.inplace = inplace

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.threshold(input, self.threshold, self.value, self.inplace)

    def extra_repr(self) -> str:
        return f"threshold={self.threshold}, value={self.value}{', inplace=True' if self.inplace else ''}"


class PReLU(Module):
    """X where it is positive, else times a weight that is learnt (K. He and others, 2015, arXiv:1502.01852).

    Args:
        num_parameters: one weight for all channels, or one for each.
        init: the first value of the weights.
        device: the CPU.
        dtype: of the weights.

    Attributes:
        weight: (num_parameters,).

    Shape:
        (N, C, *) to the same.

    Example:
        >>> PReLU(3)
        PReLU(num_parameters=3)
    """

    __constants__: ClassVar[list[str]] = ["num_parameters"]
    num_parameters: int

    def __init__(
        self, num_parameters: int = 1, init: float = 0.25, device: Any = None, dtype: _dtype | None = None
    ) -> None:
        super().__init__()
        self.num_parameters = num_parameters
        self.init = init
        self.weight = Parameter(empty(num_parameters, device=device, dtype=dtype))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Give the weights their first value again."""
        init.constant_(self.weight, self.init)

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        return f"num_parameters={self.num_parameters}"
