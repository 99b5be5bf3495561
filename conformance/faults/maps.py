"""Faults of the sums: kernels, taps, channels and the bias.

May import: `base.py`.
"""

from __future__ import annotations

from typing import Any

from conformance.faults.base import CONVOLUTIONS, FORWARD, Call, wrong_function


@wrong_function(*CONVOLUTIONS)
def flipped_kernel(call: Call) -> Any:
    """A true convolution instead of a correlation, and the reverse where the convolution is transposed."""
    return call(weight=call.weight.flip(call.spatial))


@wrong_function("conv2d", "conv3d", "conv_transpose2d", "conv_transpose3d")
def transposed_kernel(call: Call) -> Any:
    """The rows of a square kernel are its columns."""
    rows, columns = call.weight.shape[-2:]
    return call(weight=call.weight.transpose(-1, -2)) if rows == columns else call.right


@wrong_function(*CONVOLUTIONS)
def last_tap_missing(call: Call) -> Any:
    """The last tap of a kernel that has more than one is not added."""
    taps = call.library.ones(call.weight.shape[2:], dtype=call.weight.dtype)
    if taps.numel() > 1:
        taps.view(-1)[-1] = 0
    return call(weight=call.weight * taps)


@wrong_function(*FORWARD, "unfold")
def window_one_late(call: Call) -> Any:
    """A window begins one element late on the last axis."""
    return call(input=call.library.nn.functional.pad(call.input, (-1, 1)))


@wrong_function(*CONVOLUTIONS)
def last_row_repeated(call: Call) -> Any:
    """The last row of the output is the one before it again."""
    axis = call.spatial[0]
    rows = call.right.shape[axis]
    if rows < 2:
        return call.right
    kept, again = call.right.narrow(axis, 0, rows - 1), call.right.narrow(axis, rows - 2, 1)
    return call.library.cat([kept, again], axis)


@wrong_function(*CONVOLUTIONS, found_by=("value", "adjoint"))
def missing_bias(call: Call) -> Any:
    """The bias is not added to the output, though it has its gradient."""
    return call.right if call.bias is None else call(bias=call.bias - call.bias.detach())


@wrong_function(*CONVOLUTIONS)
def bias_twice(call: Call) -> Any:
    """The bias is added twice."""
    return call.right if call.bias is None else call(bias=call.bias * 2)


@wrong_function(*CONVOLUTIONS)
def bias_along_the_last_axis(call: Call) -> Any:
    """The bias belongs to the columns, as broadcasting has it, and begins again where there are more of them."""
    if call.bias is None or call.bias.numel() == 0:
        return call.right
    columns = call.library.arange(call.right.shape[-1]) % call.bias.numel()
    return call(bias=None) + call.bias[columns]


@wrong_function(*CONVOLUTIONS)
def first_image_only(call: Call) -> Any:
    """Every image of the batch has the first one's output."""
    return call.right[:1].expand_as(call.right).contiguous() if call.batched else call.right


@wrong_function(*CONVOLUTIONS)
def last_block_of_channels_lost(call: Call) -> Any:
    """Of more than 16 input channels in a group, those after the last block of eight are not added."""
    axis = 1 if call.op in FORWARD else 0
    per_group = call.input.shape[call.channel_axis] // call.groups
    if per_group <= 16:
        return call.right
    channels = call.library.arange(call.weight.shape[axis]) % per_group
    shape = [1] * call.weight.ndim
    shape[axis] = -1
    return call(weight=call.weight * (channels < per_group // 8 * 8).to(call.weight.dtype).view(shape))
