"""Convolution modules: torch's Conv1d/2d/3d and ConvTranspose1d/2d/3d.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from pyconv import dtypes
from pyconv.geometry import same_padding
from pyconv.nn import functional as F
from pyconv.nn import init
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter
from pyconv.size import device as _device
from pyconv.tensor.creation import empty

Ints = int | tuple[int, ...]

PADDING_STRINGS = ("same", "valid")
PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


def _ntuple(value: Any, ndim: int) -> tuple[Any, ...]:
    """Torch's rule: an iterable as it is, anything else `ndim` times."""
    return tuple(value) if hasattr(value, "__iter__") else (value,) * ndim


def _quoted(names: Sequence[str]) -> str:
    return "{" + ", ".join(f"'{name}'" for name in names) + "}"


class _ConvNd(Module):
    """What the six have in common: arguments, parameters, initial values, printed text."""

    __constants__: ClassVar[list[str]] = [
        "stride",
        "padding",
        "dilation",
        "groups",
        "padding_mode",
        "output_padding",
        "in_channels",
        "out_channels",
        "kernel_size",
    ]
    in_channels: int
    out_channels: int
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: str | tuple[int, ...]
    dilation: tuple[int, ...]
    transposed: bool
    output_padding: tuple[int, ...]
    groups: int
    padding_mode: str
    weight: Parameter
    bias: Parameter | None

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: tuple[int, ...],
        stride: tuple[int, ...],
        padding: str | tuple[int, ...],
        dilation: tuple[int, ...],
        transposed: bool,
        output_padding: tuple[int, ...],
        groups: int,
        bias: bool,
        padding_mode: str,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        super().__init__()
        _check(in_channels, out_channels, groups, stride, padding, padding_mode)
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.transposed = transposed
        self.output_padding = output_padding
        self.groups = groups
        self.padding_mode = padding_mode
        self._reversed_padding_repeated_twice = _reversed_twice(padding, kernel_size, dilation)
        _device("cpu" if device is None else device)
        first, second = (in_channels, out_channels) if transposed else (out_channels, in_channels)
        self.weight = Parameter(empty((first, second // groups, *kernel_size), dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_channels, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the weight, then the bias, from torch's distributions.

        K. He et al., "Delving Deep into Rectifiers", ICCV 2015, with a = √5.
        """
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init._calculate_fan_in_and_fan_out(self.weight)
            if fan_in != 0:
                bound = 1 / math.sqrt(fan_in)
                init.uniform_(self.bias, -bound, bound)

    def extra_repr(self) -> str:
        ndim = len(self.stride)
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"
        if self.padding != (0,) * len(self.padding):
            text += f", padding={self.padding}"
        if self.dilation != (1,) * len(self.dilation):
            text += f", dilation={self.dilation}"
        if self.output_padding != (0,) * ndim:
            text += f", output_padding={self.output_padding}"
        if self.groups != 1:
            text += f", groups={self.groups}"
        if self.bias is None:
            text += ", bias=False"
        if self.padding_mode != "zeros":
            text += f", padding_mode={self.padding_mode}"
        return text


def _check(
    in_channels: int, out_channels: int, groups: int, stride: tuple[int, ...], padding: Any, padding_mode: str
) -> None:
    if groups <= 0:
        raise ValueError("groups must be a positive integer")
    if in_channels % groups != 0:
        raise ValueError("in_channels must be divisible by groups")
    if out_channels % groups != 0:
        raise ValueError("out_channels must be divisible by groups")
    if isinstance(padding, str):
        if padding not in PADDING_STRINGS:
            raise ValueError(f"Invalid padding string {padding!r}, should be one of {_quoted(PADDING_STRINGS)}")
        if padding == "same" and any(s != 1 for s in stride):
            raise ValueError("padding='same' is not supported for strided convolutions")
    if padding_mode not in PADDING_MODES:
        raise ValueError(f"padding_mode must be one of {_quoted(PADDING_MODES)}, but got padding_mode={padding_mode!r}")


def _reversed_twice(padding: Any, kernel_size: tuple[int, ...], dilation: tuple[int, ...]) -> list[int]:
    """The list that `functional.pad` takes: (low, high) of the last dimension first.

    Lists of unequal length are cut to the shortest, as torch cuts them; the convolution refuses them when it is called.
    """
    if padding == "same":
        pairs = same_padding(kernel_size[: len(dilation)], dilation[: len(kernel_size)])
        pairs += ((0, 0),) * (len(kernel_size) - len(pairs))
    elif padding == "valid":
        pairs = ((0, 0),) * len(kernel_size)
    else:
        pairs = tuple((p, p) for p in padding)
    return [amount for pair in reversed(pairs) for amount in pair]


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
        pads = padding if isinstance(padding, str) else _ntuple(padding, n)
        super().__init__(
            in_channels,
            out_channels,
            _ntuple(kernel_size, n),
            _ntuple(stride, n),
            pads,
            _ntuple(dilation, n),
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


class _ConvTranspose(_ConvNd):
    """A transposed convolution of `ndim` spatial dimensions."""

    ndim: ClassVar[int]
    _convolve: ClassVar[Callable[..., Any]]

    def __init__(
        self,
        in_channels: int,
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
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {type(self).__name__}')
        n = self.ndim
        super().__init__(
            in_channels,
            out_channels,
            _ntuple(kernel_size, n),
            _ntuple(stride, n),
            _ntuple(padding, n),
            _ntuple(dilation, n),
            True,
            _ntuple(output_padding, n),
            groups,
            bias,
            padding_mode,
            device,
            dtype,
        )

    def _output_padding(self, input: Any, output_size: Sequence[int] | None) -> tuple[int, ...]:
        """What `output_size` asks for beyond the smallest output.

        Raises:
            ValueError: it has another length, or cannot be reached.
        """
        if output_size is None:
            return self.output_padding
        lead = 2 if input.dim() == self.ndim + 2 else 1
        if len(output_size) == lead + self.ndim:
            output_size = output_size[lead:]
        if len(output_size) != self.ndim:
            raise ValueError(
                f"ConvTranspose{self.ndim}D: for {input.dim()}D input, output_size must have {self.ndim} "
                f"or {lead + self.ndim} elements (got {len(output_size)})"
            )
        least = [self._smallest(input.size(lead + axis), axis) for axis in range(self.ndim)]
        most = [n + self.stride[axis] - 1 for axis, n in enumerate(least)]
        if any(not low <= n <= high for low, n, high in zip(least, output_size, most, strict=True)):
            raise ValueError(
                f"requested an output size of {output_size}, but valid sizes range from {least} to {most} "
                f"(for an input of {input.shape[2:]})"
            )
        return tuple(n - low for n, low in zip(output_size, least, strict=True))

    def _smallest(self, size: int, axis: int) -> Any:
        """The smallest output along a dimension."""
        padding: Any = self.padding[axis]
        extent = self.dilation[axis] * (self.kernel_size[axis] - 1) + 1
        return (size - 1) * self.stride[axis] - 2 * padding + extent

    def forward(self, input: Any, output_size: Sequence[int] | None = None) -> Any:
        """The transposed convolution of a batched or unbatched input, of a given spatial size if there is one."""
        extra = self._output_padding(input, output_size)
        return type(self)._convolve(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
        )


class ConvTranspose1d(_ConvTranspose):
    """A 1-D transposed convolution with its weight and bias.

    Args:
        in_channels: C.
        out_channels: O.
        kernel_size: the taps, an int or a tuple of one.
        stride: the step of the window in the output.
        padding: elements cut off both sides of the output.
        output_padding: elements that the output has more on the high side.
        groups: the number of blocks into which channels are cut.
        bias: whether to add a learned bias.
        dilation: the distance between the taps.
        padding_mode: 'zeros' alone.
        device: 'cpu'.
        dtype: that of the parameters, the default dtype if None.

    Shape:
        - Input: (N, C, L) or (C, L)
        - Output: (N, O, L_out) or (O, L_out)
        - `weight`: (C, O/groups, kernel_size[0]); `bias`: (O,)

    Raises:
        ValueError: channels that groups do not divide, another padding mode.

    Example:
        >>> ConvTranspose1d(4, 2, 2, stride=2)
        ConvTranspose1d(4, 2, kernel_size=(2,), stride=(2,))
    """

    ndim = 1
    _convolve = staticmethod(F.conv_transpose1d)


class ConvTranspose2d(_ConvTranspose):
    """A 2-D transposed convolution with its weight and bias.

    Args:
        in_channels: C.
        out_channels: O.
        kernel_size: the taps, an int or (kH, kW).
        stride: the step of the window in the output, an int or a pair.
        padding: elements cut off both sides of the output, an int or a pair.
        output_padding: elements that the output has more on the high sides, an int or a pair.
        groups: the number of blocks into which channels are cut.
        bias: whether to add a learned bias.
        dilation: the distance between the taps, an int or a pair.
        padding_mode: 'zeros' alone.
        device: 'cpu'.
        dtype: that of the parameters, the default dtype if None.

    Shape:
        - Input: (N, C, H, W) or (C, H, W)
        - Output: (N, O, H_out, W_out) or (O, H_out, W_out)
        - `weight`: (C, O/groups, kH, kW); `bias`: (O,)

    Raises:
        ValueError: channels that groups do not divide, another padding mode.

    Example:
        >>> import pyconv
        >>> layer = ConvTranspose2d(4, 2, 3, stride=2)
        >>> layer(pyconv.zeros(1, 4, 5, 5), output_size=[12, 12]).shape
        torch.Size([1, 2, 12, 12])
    """

    ndim = 2
    _convolve = staticmethod(F.conv_transpose2d)


class ConvTranspose3d(_ConvTranspose):
    """A 3-D transposed convolution with its weight and bias.

    Args:
        in_channels: C.
        out_channels: O.
        kernel_size: the taps, an int or (kD, kH, kW).
        stride: the step of the window in the output, an int or three.
        padding: elements cut off both sides of the output, an int or three.
        output_padding: elements that the output has more on the high sides, an int or three.
        groups: the number of blocks into which channels are cut.
        bias: whether to add a learned bias.
        dilation: the distance between the taps, an int or three.
        padding_mode: 'zeros' alone.
        device: 'cpu'.
        dtype: that of the parameters, the default dtype if None.

    Shape:
        - Input: (N, C, D, H, W) or (C, D, H, W)
        - Output: (N, O, D_out, H_out, W_out) or (O, D_out, H_out, W_out)
        - `weight`: (C, O/groups, kD, kH, kW); `bias`: (O,)

    Raises:
        ValueError: channels that groups do not divide, another padding mode.

    Example:
        >>> ConvTranspose3d(1, 1, 2, output_padding=1, dilation=2)
        ConvTranspose3d(1, 1, kernel_size=(2, 2, 2), stride=(1, 1, 1), dilation=(2, 2, 2), output_padding=(1, 1, 1))
    """

    ndim = 3
    _convolve = staticmethod(F.conv_transpose3d)
