"""Normalization over groups of channels, over the last dimensions, and across neighbouring channels.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any, ClassVar

from pyconv import dtypes
from pyconv.naming import own
from pyconv.nn import functional as F
from pyconv.nn import init
from pyconv.nn.modules import cross_map_lrn
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter
from pyconv.tensor.creation import empty


class _Affine(Module):
    """The parameters of all: a weight of ones and a bias of zeros, or neither."""

    weight: Parameter | None
    bias: Parameter | None

    def _make(self, shape: tuple[int, ...], weight: bool, bias: bool, device: Any, dtype: dtypes.dtype | None) -> None:
        for name, wanted in (("weight", weight), ("bias", bias)):
            value = Parameter(empty(shape, device=device, dtype=dtype)) if wanted else None
            self.register_parameter(name, value)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Make the weight 1 and the bias 0."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)


class LayerNorm(_Affine):
    """Normalization over the last dimensions by the statistics of each index before them.

    Args:
        normalized_shape: the sizes of the last dimensions, or one size.
        eps: added to the variance.
        elementwise_affine: whether there are a weight and a bias of that shape.
        bias: whether there is a bias beside the weight.
        device: 'cpu'.
        dtype: of the parameters; the default dtype if None.

    Shape:
        - Input: (..., *normalized_shape)
        - Output: the same

    Example:
        >>> import pyconv
        >>> layer = LayerNorm(2)
        >>> layer
        LayerNorm((2,), eps=1e-05, elementwise_affine=True, bias=True)
        >>> layer(pyconv.tensor([[1.0, 3.0]])).round()
        tensor([[-1.,  1.]], grad_fn=<RoundBackward0>)
    """

    __constants__: ClassVar[list[str]] = ["normalized_shape", "eps", "elementwise_affine"]
    normalized_shape: tuple[int, ...]
    eps: float
    elementwise_affine: bool

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = _as_shape(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self._make(self.normalized_shape, elementwise_affine, elementwise_affine and bias, device, dtype)

    def forward(self, input: Any) -> Any:
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}, "
            f"bias={self.bias is not None}"
        )


def _as_shape(given: Any) -> tuple[int, ...]:
    return (given,) if isinstance(given, numbers.Integral) else tuple(given)  # type: ignore[return-value]


class GroupNorm(_Affine):
    """Normalization of every group of channels of every sample by its own statistics.

    Args:
        num_groups: which divides C.
        num_channels: C.
        eps: added to the variance.
        affine: whether there are a weight and a bias for every channel.
        device: 'cpu'.
        dtype: of the parameters; the default dtype if None.
        bias: whether there is a bias beside the weight.

    Shape:
        - Input: (N, C, ...)
        - Output: the same

    Raises:
        ValueError: the groups do not divide the channels.

    Example:
        >>> import pyconv
        >>> layer = GroupNorm(2, 4)
        >>> layer
        GroupNorm(2, 4, eps=1e-05, affine=True, bias=True)
        >>> layer(pyconv.ones(1, 4, 3)).shape
        torch.Size([1, 4, 3])
    """

    __constants__: ClassVar[list[str]] = ["num_groups", "num_channels", "eps", "affine"]
    num_groups: int
    num_channels: int
    eps: float
    affine: bool

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        if num_channels % num_groups != 0:
            raise ValueError(f"num_channels ({num_channels}) must be divisible by num_groups ({num_groups})")
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        self._make((num_channels,), affine, affine and bias, device, dtype)

    def forward(self, input: Any) -> Any:
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )


class RMSNorm(Module):
    """Division by the root of the mean square over the last dimensions.

    Args:
        normalized_shape: the sizes of the last dimensions, or one size.
        eps: added to the mean square; None for the spacing of the dtype at 1.
        elementwise_affine: whether there is a weight of that shape.
        device: 'cpu'.
        dtype: of the weight; the default dtype if None.

    Shape:
        - Input: (..., *normalized_shape)
        - Output: the same

    Example:
        >>> import pyconv
        >>> layer = RMSNorm([2], elementwise_affine=False)
        >>> layer
        RMSNorm((2,), eps=None, elementwise_affine=False)
        >>> layer(pyconv.tensor([[2.0, -2.0]]))
        tensor([[ 1., -1.]])
    """

    __constants__: ClassVar[list[str]] = ["normalized_shape", "eps", "elementwise_affine"]
    normalized_shape: tuple[int, ...]
    eps: float | None
    elementwise_affine: bool
    weight: Parameter | None

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = _as_shape(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        made = Parameter(empty(self.normalized_shape, device=device, dtype=dtype)) if elementwise_affine else None
        self.register_parameter("weight", made)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Make the weight 1."""
        if self.weight is not None:
            init.ones_(self.weight)

    def forward(self, x: Any) -> Any:
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


class _AcrossChannels(Module):
    """The arguments of the two normalizations across channels."""

    size: int
    alpha: float
    beta: float
    k: float

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def extra_repr(self) -> str:
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


@own("__init__")
class LocalResponseNorm(_AcrossChannels):
    """Division by a power of the mean square over neighbouring channels.

    Args:
        size: how many channels are averaged.
        alpha: the factor of the mean.
        beta: the exponent.
        k: what is added.

    Shape:
        - Input: (N, C, ...), of at least three dimensions
        - Output: the same

    Raises:
        ValueError: an input of fewer dimensions.

    Example:
        >>> import pyconv
        >>> layer = LocalResponseNorm(2)
        >>> layer
        LocalResponseNorm(2, alpha=0.0001, beta=0.75, k=1.0)
        >>> layer(pyconv.zeros(1, 3, 2)).shape
        torch.Size([1, 3, 2])
    """

    __constants__: ClassVar[list[str]] = ["size", "alpha", "beta", "k"]

    def forward(self, input: Any) -> Any:
        return F.local_response_norm(input, self.size, self.alpha, self.beta, self.k)


class CrossMapLRN2d(_AcrossChannels):
    """Division by a power of the sum of squares over neighbouring channels, as Lua Torch had it.

    Args:
        size: how many channels are summed.
        alpha: the factor of the sum, over `size`.
        beta: the exponent.
        k: what is added.

    Shape:
        - Input: (N, C, H, W)
        - Output: the same

    Raises:
        ValueError: an input of another rank.

    Example:
        >>> import pyconv
        >>> layer = CrossMapLRN2d(3, k=0, beta=0.5, alpha=3)
        >>> layer(pyconv.tensor([[[[3.0]], [[4.0]]]])).flatten()
        tensor([0.6000, 0.8000])
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1) -> None:
        super().__init__(size, alpha, beta, k)

    def forward(self, input: Any) -> Any:
        return cross_map_lrn.CrossMapLRN2d.apply(input, self.size, self.alpha, self.beta, self.k)
