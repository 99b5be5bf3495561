"""The frozen `Conv`: every size of a convolution, computed once, forward and backward.

May import: `pyconv.geometry` and the standard library. `Conv.of` and `Conv.of_transpose` are its only
constructors; both raise what torch raises, in torch's order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pyconv.geometry.checks import (
    check_channels,
    check_empty_batch,
    check_empty_size,
    check_kernel,
    check_not_empty,
    check_ranks,
    check_signs,
    check_transposed_channels,
    check_transposed_sizes,
    check_weight,
    check_weight_rank,
)
from pyconv.geometry.sizes import Size, expand, per_channel, same_padding, size_text
from pyconv.geometry.window import Window


@dataclass(frozen=True)
class Conv:
    """Everything that the three maps of a convolution need to know of its sizes, and the key of the plan cache.

    A transposed convolution is described by the convolution of which it is the input gradient.

    Attributes:
        batch: N.
        in_channels: C, of all groups.
        out_channels: O, of all groups.
        groups: G.
        input: the unpadded spatial size of x, (H, W) in two dimensions.
        output: the spatial size of y, which for a transposed convolution may be less than what fits.
        window: kernel, stride, padding and dilation.

    Example:
        >>> conv = Conv.of((1, 3, 8, 8), (6, 3, 3, 3), None, stride=2, padding=1)
        >>> conv.y_shape
        (1, 6, 4, 4)
    """

    batch: int
    in_channels: int
    out_channels: int
    groups: int
    input: Size
    output: Size
    window: Window

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        sizes = self.batch, self.in_channels, self.out_channels, self.groups, self.input, self.output
        return hash((*sizes, self.window))

    @cached_property
    def x_shape(self) -> Size:
        """(N, C, *input)."""
        return (self.batch, self.in_channels, *self.input)

    @cached_property
    def w_shape(self) -> Size:
        """(O, C/G, *kernel)."""
        return (self.out_channels, self.in_channels // self.groups, *self.window.kernel)

    @cached_property
    def y_shape(self) -> Size:
        """(N, O, *output); without input channels torch gives no output channels either."""
        return (self.batch, self.out_channels if self.in_channels else 0, *self.output)

    @cached_property
    def positions(self) -> int:
        """The number of output positions of one image."""
        return math.prod(self.output)

    @cached_property
    def terms(self) -> int:
        """K, the products summed in one output element."""
        return self.in_channels // self.groups * self.window.taps

    @cached_property
    def multiplications(self) -> int:
        """The products in any one of the three maps."""
        return self.batch * self.out_channels * self.positions * self.terms

    @staticmethod
    def of(
        x_shape: Size,
        w_shape: Size,
        b_shape: Size | None = None,
        stride: int | Sequence[int] = 1,
        padding: str | int | Sequence[int] = 0,
        dilation: int | Sequence[int] = 1,
        groups: int = 1,
    ) -> Conv:
        """The geometry of a convolution of (N, C, *spatial) with (O, C/G, *kernel).

        Args:
            x_shape: the shape of the batched input.
            w_shape: the shape of the weight.
            b_shape: the shape of the bias, if there is one.
            stride: an int or one for each spatial dimension.
            padding: likewise, or 'same' or 'valid'.
            dilation: likewise.
            groups: G.

        Raises:
            RuntimeError: what torch raises for sizes that do not fit.
        """
        if isinstance(padding, str):
            return _of_named_padding(x_shape, w_shape, b_shape, stride, padding, dilation, groups)
        return _of_padding(x_shape, w_shape, b_shape, stride, padding, dilation, groups)

    @staticmethod
    def of_transpose(
        x_shape: Size,
        w_shape: Size,
        b_shape: Size | None = None,
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] = 0,
        output_padding: int | Sequence[int] = 0,
        dilation: int | Sequence[int] = 1,
        groups: int = 1,
    ) -> Conv:
        """The geometry of the convolution whose input gradient is the transposed convolution.

        The transposed convolution takes (N, C, *spatial) and (C, O/G, *kernel); in the geometry returned its
        input is y and its output is x, so that `output_padding` is no more than a larger `input`.

        Raises:
            RuntimeError: what torch raises for sizes that do not fit.
        """
        check_weight_rank(w_shape, groups)
        ranks = len(x_shape) - 2, len(w_shape) - 2
        strides, pads = expand(stride, "stride", *ranks), expand(padding, "padding", *ranks)
        dilations = expand(dilation, "dilation", *ranks)
        extras = expand(output_padding, "output_padding", *ranks)
        check_signs(pads, extras, strides, dilations)
        check_ranks(x_shape, w_shape)
        check_weight(w_shape, groups)
        check_transposed_channels(x_shape, w_shape, b_shape, groups)
        window = Window(w_shape[2:], strides, tuple((p, p) for p in pads), dilations)
        smallest = window.inverse(x_shape[2:])
        size = tuple(n + extra for n, extra in zip(smallest, extras, strict=True))
        if x_shape[0]:
            check_transposed_sizes(x_shape, w_shape, window, extras, size, groups)
        else:
            check_empty_batch(w_shape)
            check_empty_size((0, w_shape[1] * groups), size)
        return Conv(x_shape[0], w_shape[1] * groups, w_shape[0], groups, size, x_shape[2:], window)


def _of_padding(
    x_shape: Size,
    w_shape: Size,
    b_shape: Size | None,
    stride: int | Sequence[int],
    padding: int | Sequence[int],
    dilation: int | Sequence[int],
    groups: int,
    output_padding: int | Sequence[int] = 0,
) -> Conv:
    check_weight_rank(w_shape, groups)
    ranks = len(x_shape) - 2, len(w_shape) - 2
    strides, pads = expand(stride, "stride", *ranks), expand(padding, "padding", *ranks)
    dilations = expand(dilation, "dilation", *ranks)
    expand(output_padding, "output_padding", *ranks)
    window = Window(w_shape[2:], strides, tuple((p, p) for p in pads), dilations)
    return _checked(x_shape, w_shape, b_shape, groups, window)


def _of_named_padding(
    x_shape: Size,
    w_shape: Size,
    b_shape: Size | None,
    stride: int | Sequence[int],
    padding: str,
    dilation: int | Sequence[int],
    groups: int,
) -> Conv:
    if padding == "valid":
        return _of_padding(x_shape, w_shape, b_shape, stride, (0,), dilation, groups, (0,))
    if padding != "same":
        raise RuntimeError(f"Invalid padding string: '{padding}'")
    check_weight_rank(w_shape, groups)
    ndim = len(w_shape) - 2
    if len(x_shape) != len(w_shape):
        raise RuntimeError(
            f"Expected {len(w_shape)}-dimensional input for {len(w_shape)}-dimensional weight{size_text(w_shape)}, "
            f"but got {len(x_shape)}-dimensional input of size {size_text(x_shape)} instead"
        )
    for value, name in ((stride, "stride"), (dilation, "dilation")):
        if not isinstance(value, int) and len(value) not in (1, ndim):
            raise RuntimeError(f"{name} cannot broadcast to {ndim} dimensions")
    strides, dilations = expand(stride, "stride", ndim, ndim), expand(dilation, "dilation", ndim, ndim)
    if any(s != 1 for s in strides):
        raise RuntimeError("padding='same' is not supported for strided convolutions")
    pairs = same_padding(w_shape[2:], dilations)
    return _checked(x_shape, w_shape, b_shape, groups, Window(w_shape[2:], strides, pairs, dilations))


def _checked(x_shape: Size, w_shape: Size, b_shape: Size | None, groups: int, window: Window) -> Conv:
    """The geometry, after torch's checks; sizes in its texts count what 'same' adds on one side only."""
    lows = tuple(low for low, _ in window.padding)
    check_signs(lows, (), window.stride, window.dilation)
    check_ranks(x_shape, w_shape)
    shown = (*x_shape[:2], *(n + high - low for n, (low, high) in zip(x_shape[2:], window.padding, strict=True)))
    check_weight(w_shape, groups)
    check_channels(shown, w_shape, b_shape, groups)
    padded = window.padded(x_shape[2:])
    if any(n < extent for n, extent in zip(padded, window.extent, strict=True)):
        raise RuntimeError(
            f"Calculated padded input size per channel: {per_channel(padded)}. "
            f"Kernel size: {per_channel(window.extent)}. Kernel size can't be greater than actual input size"
        )
    if x_shape[1] and not x_shape[0]:
        check_empty_batch(w_shape)
    elif x_shape[1]:
        check_not_empty(shown)
        check_kernel(window)
    output = window.output(x_shape[2:])
    return Conv(x_shape[0], x_shape[1], w_shape[0], groups, x_shape[2:], output, window)
