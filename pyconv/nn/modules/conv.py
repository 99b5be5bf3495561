"""Convolution modules: torch's Conv1d, Conv2d and Conv3d.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from pyconv import dtypes, lazy
from pyconv.naming import own
from pyconv.nn import functional as F
from pyconv.nn.modules.conv_nd import Ints, _ConvNd, ntuple


class _Conv(_ConvNd):
    """A convolution of `ndim` spatial dimensions."""

    ndim: ClassVar[int]
    _convolve: ClassVar[Callable[..., Any]]

    def __init__(
        self,
        in_channels: int,
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
        n = self.ndim
        pads = padding if isinstance(padding, str) else ntuple(padding, n)
        super().__init__(
            in_channels,
            out_channels,
            ntuple(kernel_size, n),
            ntuple(stride, n),
            pads,
            ntuple(dilation, n),
            False,
            (0,) * n,
            groups,
            bias,
            padding_mode,
            device,
            dtype,
        )

    def _conv_forward(self, input: Any, weight: Any, bias: Any) -> Any:
        padding: Any = self.padding
        if self.padding_mode != "zeros":
            input = F.pad(input, self._reversed_padding_repeated_twice, mode=self.padding_mode)
            padding = (0,) * self.ndim
        return type(self)._convolve(input, weight, bias, self.stride, padding, self.dilation, self.groups)

    def forward(self, input: Any) -> Any:
        """The convolution of a batched or unbatched input."""
        return self._conv_forward(input, self.weight, self.bias)


@own("__init__", "forward")
class Conv1d(_Conv):
    """A 1-D convolution with its weight and bias.

    Args:
        in_channels: C.
        out_channels: O.
        kernel_size: the taps, an int or a tuple of one.
        stride: the step of the window.
        padding: elements added on both sides, or 'valid' for none, or 'same'.
        dilation: the distance between the taps.
        groups: the number of blocks into which channels are cut.
        bias: whether to add a learned bias.
        padding_mode: 'zeros', 'reflect', 'replicate' or 'circular'.
        device: 'cpu'.
        dtype: that of the parameters, the default dtype if None.

    Shape:
        - Input: (N, C, L) or (C, L)
        - Output: (N, O, L_out) or (O, L_out)
        - `weight`: (O, C/groups, kernel_size[0]); `bias`: (O,)

    Raises:
        ValueError: channels that groups do not divide, a bad padding string or mode.

    Example:
        >>> Conv1d(2, 4, 3, padding="same")
        Conv1d(2, 4, kernel_size=(3,), stride=(1,), padding=same)
    """

    ndim = 1
    _convolve = staticmethod(F.conv1d)


@own("__init__", "forward")
class Conv2d(_Conv):
    """A 2-D convolution with its weight and bias.

    Args:
        in_channels: C.
        out_channels: O.
        kernel_size: the taps, an int or (kH, kW).
        stride: the step of the window, an int or a pair.
        padding: elements added on both sides, an int or a pair, or 'valid' for none, or 'same'.
        dilation: the distance between the taps, an int or a pair.
        groups: the number of blocks into which channels are cut.
        bias: whether to add a learned bias.
        padding_mode: 'zeros', 'reflect', 'replicate' or 'circular'.
        device: 'cpu'.
        dtype: that of the parameters, the default dtype if None.

    Shape:
        - Input: (N, C, H, W) or (C, H, W)
        - Output: (N, O, H_out, W_out) or (O, H_out, W_out)
        - `weight`: (O, C/groups, kH, kW); `bias`: (O,)

    Raises:
        ValueError: channels that groups do not divide, a bad padding string or mode.

    Example:
        >>> import pyconv
        >>> layer = Conv2d(3, 8, 3, stride=2, padding=1)
        >>> layer
        Conv2d(3, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
        >>> layer(pyconv.zeros(1, 3, 32, 32)).shape
        torch.Size([1, 8, 16, 16])
    """

    ndim = 2
    _convolve = staticmethod(F.conv2d)


@own("__init__", "forward")
class Conv3d(_Conv):
    """A 3-D convolution with its weight and bias.

    Args:
        in_channels: C.
        out_channels: O.
        kernel_size: the taps, an int or (kD, kH, kW).
        stride: the step of the window, an int or three.
        padding: elements added on both sides, an int or three, or 'valid' for none, or 'same'.
        dilation: the distance between the taps, an int or three.
        groups: the number of blocks into which channels are cut.
        bias: whether to add a learned bias.
        padding_mode: 'zeros', 'reflect', 'replicate' or 'circular'.
        device: 'cpu'.
        dtype: that of the parameters, the default dtype if None.

    Shape:
        - Input: (N, C, D, H, W) or (C, D, H, W)
        - Output: (N, O, D_out, H_out, W_out) or (O, D_out, H_out, W_out)
        - `weight`: (O, C/groups, kD, kH, kW); `bias`: (O,)

    Raises:
        ValueError: channels that groups do not divide, a bad padding string or mode.

    Example:
        >>> Conv3d(1, 2, (1, 3, 3), bias=False)
        Conv3d(1, 2, kernel_size=(1, 3, 3), stride=(1, 1, 1), bias=False)
    """

    ndim = 3
    _convolve = staticmethod(F.conv3d)


lazy.package(
    __name__,
    {
        "pyconv.nn.modules.conv_transpose": (
            ["ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "_ConvTransposeNd"]
        ),
        "pyconv.nn.modules.lazy_conv": (
            [
                "LazyConv1d",
                "LazyConv2d",
                "LazyConv3d",
                "LazyConvTranspose1d",
                "LazyConvTranspose2d",
                "LazyConvTranspose3d",
            ]
        ),
    },
)
