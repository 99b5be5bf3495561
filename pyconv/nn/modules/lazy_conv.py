"""Convolutions that learn their number of input channels from the first input.

May import: `pyconv.dtypes`, `pyconv.nn.parameter`, and all of `pyconv.nn.modules`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv import dtypes
from pyconv.naming import own
from pyconv.nn.modules.conv import Conv1d, Conv2d, Conv3d
from pyconv.nn.modules.conv_nd import Ints
from pyconv.nn.modules.conv_transpose import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from pyconv.nn.modules.lazy import LazyModuleMixin
from pyconv.nn.parameter import UninitializedParameter


class _LazyConvNd(LazyModuleMixin):
    """The lazy side of all six: made with no channels, initialised with those of the input."""

    ndim: ClassVar[int]
    in_channels: int
    out_channels: int
    kernel_size: tuple[int, ...]
    groups: int
    transposed: bool

    def _make_lazy(self, out_channels: int, bias: bool, device: Any, dtype: dtypes.dtype | None) -> None:
        self.out_channels = out_channels
        self.weight: Any = UninitializedParameter(device=device, dtype=dtype)
        if bias:
            self.bias: Any = UninitializedParameter(device=device, dtype=dtype)

    def reset_parameters(self) -> None:
        """Draw the initial values, where there is something to draw."""
        if not self.has_uninitialized_params() and self.in_channels != 0:
            super().reset_parameters()  # type: ignore[misc]

    def initialize_parameters(self, input: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        """Make the weight and bias for the channels of an input, and draw their initial values.

        Raises:
            AssertionError: one of them is initialised already, and the other is not.
            RuntimeError: the input is of the wrong rank.
            ValueError: groups do not divide the channels.
        """
        if not self.has_uninitialized_params():
            return
        self.in_channels = self._get_in_channels(input)
        if self.in_channels % self.groups != 0:
            raise ValueError("in_channels must be divisible by groups")
        first, second = self.out_channels, self.in_channels
        if self.transposed:
            first, second = second, first
        self._materialize("weight", (first, second // self.groups, *self.kernel_size))
        if self.bias is not None:
            self._materialize("bias", (self.out_channels,))
        self.reset_parameters()

    def _materialize(self, name: str, shape: tuple[int, ...]) -> None:
        value = getattr(self, name)
        if not isinstance(value, UninitializedParameter):
            raise AssertionError(f"self.{name} must be an UninitializedParameter")
        value.materialize(shape)

    def _get_in_channels(self, input: Any) -> int:
        unbatched = self.ndim + 1
        if input.dim() not in (unbatched, unbatched + 1):
            raise RuntimeError(
                f"Expected {unbatched}D (unbatched) or {unbatched + 1}D (batched) input to {type(self).__name__}, but "
                f"got input of size: {input.shape}"
            )
        return int(input.shape[input.dim() - unbatched])


class _LazyConv(_LazyConvNd):
    """The constructor of the three lazy convolutions."""

    def __init__(
        self,
        out_channels: int,
        kernel_size: Ints,
        stride: Ints = 1,
        padding: str | Ints = 0,
        dilation: Ints = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        super().__init__(
            0, 0, kernel_size, stride, padding, dilation, groups, False, padding_mode, device=device, dtype=dtype
        )
        self._make_lazy(out_channels, bias, device, dtype)


class _LazyConvTranspose(_LazyConvNd):
    """The constructor of the three lazy transposed convolutions."""

    def __init__(
        self,
        out_channels: int,
        kernel_size: Ints,
        stride: Ints = 1,
        padding: Ints = 0,
        output_padding: Ints = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Ints = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        super().__init__(
            0, 0, kernel_size, stride, padding, output_padding, groups, False, dilation, padding_mode,
            device=device, dtype=dtype,
        )  # fmt: skip
        self._make_lazy(out_channels, bias, device, dtype)


@own("__init__")
class LazyConv1d(_LazyConv, Conv1d):
    """A Conv1d that learns `in_channels` from its first input; the other arguments are as in Conv1d.

    Shape:
        - First input: (N, C, L) or (C, L)

    Raises:
        RuntimeError: in the first call, an input of another rank.
        ValueError: in the first call, channels that `groups` does not divide.

    Example:
        >>> import pyconv
        >>> layer = LazyConv1d(4, 3, padding=1)
        >>> layer
        LazyConv1d(0, 4, kernel_size=(3,), stride=(1,), padding=(1,))
        >>> layer(pyconv.zeros(1, 2, 5)).shape
        torch.Size([1, 4, 5])
        >>> layer
        Conv1d(2, 4, kernel_size=(3,), stride=(1,), padding=(1,))
    """

    cls_to_become = Conv1d


@own("__init__")
class LazyConv2d(_LazyConv, Conv2d):
    """A Conv2d that learns `in_channels` from its first input; the other arguments are as in Conv2d.

    Shape:
        - First input: (N, C, H, W) or (C, H, W)

    Raises:
        RuntimeError: in the first call, an input of another rank.
        ValueError: in the first call, channels that `groups` does not divide.

    Example:
        >>> import pyconv
        >>> layer = LazyConv2d(4, 3, padding=1)
        >>> layer
        LazyConv2d(0, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
        >>> layer(pyconv.zeros(1, 2, 5, 5)).shape
        torch.Size([1, 4, 5, 5])
        >>> layer
        Conv2d(2, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
    """

    cls_to_become = Conv2d


@own("__init__")
class LazyConv3d(_LazyConv, Conv3d):
    """A Conv3d that learns `in_channels` from its first input; the other arguments are as in Conv3d.

    Shape:
        - First input: (N, C, D, H, W) or (C, D, H, W)

    Raises:
        RuntimeError: in the first call, an input of another rank.
        ValueError: in the first call, channels that `groups` does not divide.

    Example:
        >>> import pyconv
        >>> layer = LazyConv3d(4, 3, padding=1)
        >>> layer
        LazyConv3d(0, 4, kernel_size=(3, 3, 3), stride=(1, 1, 1), padding=(1, 1, 1))
        >>> layer(pyconv.zeros(1, 2, 5, 5, 5)).shape
        torch.Size([1, 4, 5, 5, 5])
        >>> layer
        Conv3d(2, 4, kernel_size=(3, 3, 3), stride=(1, 1, 1), padding=(1, 1, 1))
    """

    cls_to_become = Conv3d


@own("__init__")
class LazyConvTranspose1d(_LazyConvTranspose, ConvTranspose1d):
    """A ConvTranspose1d that learns `in_channels` from its first input; the other arguments are as in ConvTranspose1d.

    Shape:
        - First input: (N, C, L) or (C, L)

    Raises:
        RuntimeError: in the first call, an input of another rank.
        ValueError: in the first call, channels that `groups` does not divide.

    Example:
        >>> import pyconv
        >>> layer = LazyConvTranspose1d(4, 2, stride=2)
        >>> layer
        LazyConvTranspose1d(0, 4, kernel_size=(2,), stride=(2,))
        >>> layer(pyconv.zeros(1, 2, 5)).shape
        torch.Size([1, 4, 10])
        >>> layer
        ConvTranspose1d(2, 4, kernel_size=(2,), stride=(2,))
    """

    cls_to_become = ConvTranspose1d


@own("__init__")
class LazyConvTranspose2d(_LazyConvTranspose, ConvTranspose2d):
    """A ConvTranspose2d that learns `in_channels` from its first input; the other arguments are as in ConvTranspose2d.

    Shape:
        - First input: (N, C, H, W) or (C, H, W)

    Raises:
        RuntimeError: in the first call, an input of another rank.
        ValueError: in the first call, channels that `groups` does not divide.

    Example:
        >>> import pyconv
        >>> layer = LazyConvTranspose2d(4, 2, stride=2)
        >>> layer
        LazyConvTranspose2d(0, 4, kernel_size=(2, 2), stride=(2, 2))
        >>> layer(pyconv.zeros(1, 2, 5, 5)).shape
        torch.Size([1, 4, 10, 10])
        >>> layer
        ConvTranspose2d(2, 4, kernel_size=(2, 2), stride=(2, 2))
    """

    cls_to_become = ConvTranspose2d


@own("__init__")
class LazyConvTranspose3d(_LazyConvTranspose, ConvTranspose3d):
    """A ConvTranspose3d that learns `in_channels` from its first input; the other arguments are as in ConvTranspose3d.

    Shape:
        - First input: (N, C, D, H, W) or (C, D, H, W)

    Raises:
        RuntimeError: in the first call, an input of another rank.
        ValueError: in the first call, channels that `groups` does not divide.

    Example:
        >>> import pyconv
        >>> layer = LazyConvTranspose3d(4, 2, stride=2)
        >>> layer
        LazyConvTranspose3d(0, 4, kernel_size=(2, 2, 2), stride=(2, 2, 2))
        >>> layer(pyconv.zeros(1, 2, 5, 5, 5)).shape
        torch.Size([1, 4, 10, 10, 10])
        >>> layer
        ConvTranspose3d(2, 4, kernel_size=(2, 2, 2), stride=(2, 2, 2))
    """

    cls_to_become = ConvTranspose3d
