"""Activations as modules.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

import pyconv.nn.functional as F
from pyconv import lazy
from pyconv.dtypes import dtype as _dtype
from pyconv.naming import own
from pyconv.nn import init
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter
from pyconv.tensor.creation import empty

__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "GLU",
    "SELU",
    "Hardshrink",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "LeakyReLU",
    "LogSigmoid",
    "LogSoftmax",
    "Mish",
    "PReLU",
    "RReLU",
    "ReLU",
    "ReLU6",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softmax2d",
    "Softmin",
    "Softplus",
    "Softshrink",
    "Softsign",
    "Tanh",
    "Tanhshrink",
    "Threshold",
]


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


class _AlongDim(Module):
    """A function of a dimension."""

    __constants__: ClassVar[list[str]] = ["dim"]
    dim: int | None

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self.__dict__.setdefault("dim", None)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


@own("__init__")
class Softmax(_AlongDim):
    """exp(x) over its sum along a dimension.

    Args:
        dim: the dimension that sums to one.

    Shape:
        any to the same.

    Example:
        >>> Softmax(1)
        Softmax(dim=1)
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.softmax(input, self.dim, _stacklevel=5)


@own("__init__")
class Softmin(_AlongDim):
    """The softmax of -x.

    Args:
        dim: the dimension that sums to one.

    Shape:
        any to the same.

    Example:
        >>> Softmin(1)
        Softmin(dim=1)
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.softmin(input, self.dim, _stacklevel=5)


@own("__init__")
class LogSoftmax(_AlongDim):
    """The logarithm of the softmax.

    Args:
        dim: the dimension that sums to one.

    Shape:
        any to the same.

    Example:
        >>> LogSoftmax(1)
        LogSoftmax(dim=1)
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input."""
        return F.log_softmax(input, self.dim, _stacklevel=5)


class Softmax2d(Module):
    """The softmax over the channels of each place of an image.

    Shape:
        (N, C, H, W) or (C, H, W) to the same.

    Example:
        >>> Softmax2d()
        Softmax2d()
    """

    def forward(self, input: Any) -> Any:
        """The activation of the input.

        Raises:
            ValueError: the input has neither 3 nor 4 dimensions.
        """
        if input.dim() not in (3, 4):
            raise ValueError(f"Softmax2d: expected input to be 3D or 4D, got {input.dim()}D instead")
        return F.softmax(input, -3, _stacklevel=5)


lazy.package(__name__, {"pyconv.nn.modules.attention": ["MultiheadAttention"]})
