"""Transposed convolution modules: torch's ConvTranspose1d, ConvTranspose2d and ConvTranspose3d.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from pyconv import dtypes
from pyconv.naming import own
from pyconv.nn import functional as F
from pyconv.nn.modules.conv_nd import Ints, _ConvNd, ntuple


class _ConvTransposeNd(_ConvNd):
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
            ntuple(kernel_size, n),
            ntuple(stride, n),
            ntuple(padding, n),
            ntuple(dilation, n),
            True,
            ntuple(output_padding, n),
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
        inner = (size - 1) * self.stride[axis] - 2 * padding
        return inner + self.dilation[axis] * (self.kernel_size[axis] - 1) + 1

    def forward(self, input: Any, output_size: Sequence[int] | None = None) -> Any:
        """The transposed convolution of a batched or unbatched input, of a given spatial size if there is one."""
        extra = self._output_padding(input, output_size)
        return type(self)._convolve(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
        )


@own("__init__", "forward")
class ConvTranspose1d(_ConvTransposeNd):
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


@own("__init__", "forward")
class ConvTranspose2d(_ConvTransposeNd):
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


@own("__init__", "forward")
class ConvTranspose3d(_ConvTransposeNd):
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
