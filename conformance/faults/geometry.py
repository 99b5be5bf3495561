"""Faults of the geometry: where the windows lie and how many there are.

May import: the standard library, NumPy, `conformance.case`, `conformance.fills`, `base.py`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters.base import Maps
from conformance.case import SPATIAL_AXES, Case, Sizes
from conformance.faults.base import CONVOLUTIONS, FORWARD, TRANSPOSED, WINDOWS, Call, wrong_answers, wrong_function
from conformance.fills import Array, Operands

_SIZES = ("shape", "value")
_FITS = ("shape", "value", "outcome")


@wrong_function(*FORWARD, "unfold", found_by=_SIZES)
def output_size_rounded_up(call: Call) -> Any:
    """A stride that does not divide what is left of the input gives one window more, half of it beyond the end."""
    missing = [-rest % stride for rest, stride in zip(_rests(call), call.axes("stride"))]
    ends = [amount for end in reversed(missing) for amount in (0, end)]
    return call(input=call.library.nn.functional.pad(call.input, ends))


@wrong_function(*FORWARD, found_by=_SIZES)
def last_window_lost(call: Call) -> Any:
    """Where the stride divides what is left of the last axis, its last window is lost."""
    count = call.right.shape[-1]
    lost = count > 1 and _rests(call)[-1] % call.axes("stride")[-1] == 0
    return call.right[..., : count - 1] if lost else call.right


@wrong_function(*FORWARD, "unfold", found_by=_SIZES)
def stride_of_the_first_axis(call: Call) -> Any:
    """The stride of the first axis serves for all."""
    return call(stride=call.axes("stride")[0])


@wrong_function(*FORWARD, "unfold", found_by=_FITS)
def padding_of_the_other_axis(call: Call) -> Any:
    """The paddings of the axes are read from the last to the first."""
    return call.right if isinstance(call.values["padding"], str) else call(padding=call.axes("padding")[::-1])


@wrong_function(*WINDOWS, found_by=_FITS)
def dilation_ignored(call: Call) -> Any:
    """The taps are neighbours whatever the dilation."""
    return call.right if set(call.axes("dilation")) == {1} else call(dilation=1)


@wrong_function(*TRANSPOSED)
def output_padding_in_front(call: Call) -> Any:
    """What output_padding adds comes before the output and not after it."""
    return _mirrored(call) if any(call.axes("output_padding")) else call.right


@wrong_answers("shape", "value")
def output_size_ignored(torch: Any, case: Case, operands: Operands) -> Maps:
    """A transposed convolution's output has its smallest size, whatever output_size is asked for."""
    right: Maps = torch.run(case, operands)
    if not case.is_transposed or case.output_size is None:
        return right
    smallest: Maps = torch.run(replace(case, output_size=None), operands)
    return smallest


@wrong_answers("value")
def same_on_the_other_side(torch: Any, case: Case, operands: Operands) -> Maps:
    """Where padding='same' puts an odd number of elements on an axis, the odd one comes first."""
    maps: Maps = torch.run(case, operands)
    if case.padding != "same" or not case.is_convolution:
        return maps
    axes = tuple(range(-SPATIAL_AXES[case.op], 0))

    def mirrored(name: str, array: Array) -> Array:
        return array if name.startswith("bias") else np.flip(array, axes)

    arrays = {name: mirrored(name, array) for name, array in operands.arrays.items()}
    flipped = Operands(arrays, lambda name, shape: mirrored(name, operands.draw(name, shape)))
    return {name: mirrored(name, array) for name, array in torch.run(case, flipped).items()}


@wrong_function(*FORWARD, found_by=_SIZES)
def valid_as_same(call: Call) -> Any:
    """padding='valid' pads so that a stride of 1 keeps the size, as 'same' does."""
    if call.values["padding"] != "valid":
        return call.right
    totals = [dilation * (length - 1) for dilation, length in zip(call.axes("dilation"), call.weight.shape[2:])]
    amounts = [amount for total in reversed(totals) for amount in (total // 2, total - total // 2)]
    return call(input=call.library.nn.functional.pad(call.input, amounts))


@wrong_answers("shape")
def unbatched_with_a_batch(torch: Any, case: Case, operands: Operands) -> Maps:
    """The output for an unbatched input has a batch of one."""
    maps: Maps = torch.run(case, operands)
    if case.batch is None and case.op != "pad":
        maps["output"] = maps["output"][None]
    return maps


@wrong_function("unfold", "fold")
def columns_by_tap(call: Call) -> Any:
    """The rows of the columns are ordered by tap and then by channel."""
    taps = math.prod(call.axes("kernel_size"))
    if call.op == "unfold":
        return call.right.unflatten(-2, (-1, taps)).transpose(-2, -3).flatten(-3, -2)
    return call(input=call.input.unflatten(-2, (taps, -1)).transpose(-2, -3).flatten(-3, -2))


@wrong_function("unfold")
def windows_by_column(call: Call) -> Any:
    """Unfold's windows are numbered down the columns of the image."""
    steps = zip(_rests(call), call.axes("stride"))
    rows, columns = (rest // stride + 1 for rest, stride in steps)
    return call.right.unflatten(-1, (rows, columns)).transpose(-1, -2).flatten(-2)


@wrong_function("fold", found_by=("value", "adjoint"))
def overlaps_averaged(call: Call) -> Any:
    """Fold averages where windows overlap."""
    counts = call(input=call.library.ones(call.input.shape)).clamp(min=1)
    return call.right / counts.to(call.right.dtype)


@wrong_function(*CONVOLUTIONS, found_by=_FITS)
def only_the_first_axis_padded(call: Call) -> Any:
    """A padding that is an int is that of the first axis alone."""
    padding = call.values["padding"]
    return call(padding=(padding, *(0,) * (len(call.spatial) - 1))) if isinstance(padding, int) else call.right


def _rests(call: Call) -> Sizes:
    """How far a window can move along each axis of what is padded."""
    paddings = (0,) * len(call.spatial)
    kernel = call.axes("kernel_size") if call.op == "unfold" else call.weight.shape[2:]
    reaches = [dilation * (length - 1) for dilation, length in zip(call.axes("dilation"), kernel)]
    if call.values["padding"] == "same":
        return tuple(size - 1 for size in call.input.shape[-len(paddings) :])
    if not isinstance(call.values["padding"], str):
        paddings = call.axes("padding")
    sizes = call.input.shape[-len(paddings) :]
    return tuple(size + 2 * padding - reach - 1 for size, padding, reach in zip(sizes, paddings, reaches))


def _mirrored(call: Call) -> Any:
    """The mirror image of the output for mirrored operands: before is after."""
    return call(input=call.input.flip(call.spatial), weight=call.weight.flip(call.spatial)).flip(call.spatial)
