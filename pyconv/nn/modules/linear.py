"""torch.nn's linear maps: Identity, Linear, Bilinear and LazyLinear.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

from pyconv import dtypes, lazy
from pyconv.autograd import no_grad
from pyconv.nn import functional as F
from pyconv.nn import init
from pyconv.nn.modules.lazy import LazyModuleMixin
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter, UninitializedParameter
from pyconv.tensor.creation import empty

__all__ = ["Bilinear", "Identity", "LazyLinear", "Linear"]


class Identity(Module):
    """Gives back its input.

    Args:
        args: ignored.
        kwargs: ignored.

    Example:
        >>> Identity(54, unused=True)
        Identity()
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        super().__init__()

    def forward(self, input: Any) -> Any:
        """The input."""
        return input


class Linear(Module):
    """Input · weightᵀ + bias: `functional.linear`.

    Args:
        in_features: the size of the last dimension of the input.
        out_features: that of the output.
        bias: whether there is one.
        device: the CPU.
        dtype: of the parameters; the default one by default.

    Shape:
        - Input: (…, in_features)
        - Output: (…, out_features)

    Attributes:
        weight: (out_features, in_features), drawn from U(-√k, √k) with k = 1 / in_features.
        bias: (out_features), likewise; None without one.

    Example:
        >>> import pyconv
        >>> Linear(20, 30)(pyconv.ones(128, 20)).shape
        torch.Size([128, 30])
    """

    __constants__: ClassVar[list[str]] = ["in_features", "out_features"]
    in_features: int
    out_features: int
    weight: Any
    bias: Any

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(empty((out_features, in_features), device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_features, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the weight, then the bias, from torch's distributions."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init._calculate_fan_in_and_fan_out(self.weight)
            bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input: Any) -> Any:
        """The map of the input."""
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class Bilinear(Module):
    """Input1ᵀ · weight[o] · input2 + bias[o], for every output o: `functional.bilinear`.

    Args:
        in1_features: the size of the last dimension of the first input.
        in2_features: that of the second.
        out_features: that of the output.
        bias: whether there is one.
        device: the CPU.
        dtype: of the parameters; the default one by default.

    Shape:
        - Input1: (…, in1_features)
        - Input2: (…, in2_features)
        - Output: (…, out_features)

    Raises:
        ValueError: `in1_features` is not positive.

    Example:
        >>> import pyconv
        >>> Bilinear(20, 30, 40)(pyconv.ones(8, 20), pyconv.ones(8, 30)).shape
        torch.Size([8, 40])
    """

    __constants__: ClassVar[list[str]] = ["in1_features", "in2_features", "out_features"]
    weight: Any
    bias: Any

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        super().__init__()
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        self.weight = Parameter(empty((out_features, in1_features, in2_features), device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_features, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the weight, then the bias, from torch's distributions.

        Raises:
            ValueError: `in1_features` is not positive.
        """
        if self.in1_features <= 0:
            raise ValueError(f"in1_features must be > 0, but got (in1_features={self.in1_features})")
        bound = 1 / math.sqrt(self.weight.size(1))
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input1: Any, input2: Any) -> Any:
        """The form of the two inputs."""
        return F.bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}"
        )


class LazyLinear(LazyModuleMixin, Linear):
    """A Linear that takes `in_features` from its first input, and is a Linear from then on.

    Args:
        out_features: the size of the last dimension of the output.
        bias: whether there is one.
        device: the CPU.
        dtype: of the parameters; the default one by default.

    Example:
        >>> import pyconv
        >>> layer = LazyLinear(3)
        >>> layer(pyconv.ones(2, 4)).shape, layer
        (torch.Size([2, 3]), Linear(in_features=4, out_features=3, bias=True))
    """

    cls_to_become = Linear

    def __init__(
        self, out_features: int, bias: bool = True, device: Any = None, dtype: dtypes.dtype | None = None
    ) -> None:
        super().__init__(0, 0, False)
        self.weight = UninitializedParameter(device=device, dtype=dtype)
        self.out_features = out_features
        if bias:
            self.bias = UninitializedParameter(device=device, dtype=dtype)

    def reset_parameters(self) -> None:
        """Draw the initial values, where there is something to draw."""
        if not self.has_uninitialized_params() and self.in_features != 0:
            super().reset_parameters()

    def initialize_parameters(self, input: Any) -> None:
        """Make the weight and bias for the features of an input, and draw their initial values.

        Raises:
            AssertionError: the weight has been loaded, for other features.
        """
        if self.has_uninitialized_params():
            with no_grad():
                self.in_features = input.shape[-1]
                self.weight.materialize((self.out_features, self.in_features))
                if self.bias is not None:
                    self.bias.materialize((self.out_features,))
                self.reset_parameters()
        if self.in_features == 0:
            if input.shape[-1] != self.weight.shape[-1]:
                raise AssertionError(
                    f"The in_features inferred from input: {input.shape[-1]} is not equal to in_features from "
                    f"self.weight: {self.weight.shape[-1]}"
                )
            self.in_features = input.shape[-1]


lazy.package(__name__, {"pyconv.nn.modules.attention": ["NonDynamicallyQuantizableLinear"]})
