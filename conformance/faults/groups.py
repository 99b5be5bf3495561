"""Faults of groups: which channels belong together.

May import: `base.py`.
"""

from __future__ import annotations

from typing import Any

from conformance.faults.base import CONVOLUTIONS, FORWARD, Call, wrong_function


@wrong_function(*CONVOLUTIONS)
def groups_reversed(call: Call) -> Any:
    """The groups' outputs come last group first."""
    axis = call.channel_axis
    if call.groups == 1 or call.right.shape[axis] == 0:
        return call.right
    return call.right.unflatten(axis, (call.groups, -1)).flip(axis - 1).flatten(axis - 1, axis)


@wrong_function(*CONVOLUTIONS)
def first_group_for_all(call: Call) -> Any:
    """Every group reads the input channels of the first."""
    per_group = call.input.shape[call.channel_axis] // call.groups
    return call(
        input=call.library.cat([call.input.narrow(call.channel_axis, 0, per_group)] * call.groups, call.channel_axis)
    )


@wrong_function(*CONVOLUTIONS)
def groups_interleaved(call: Call) -> Any:
    """An input channel belongs to the group of its number modulo the groups."""
    axis = call.channel_axis
    per_group = call.input.shape[axis] // call.groups
    if call.groups == 1 or per_group == 0:
        return call.right
    return call(input=call.input.unflatten(axis, (per_group, -1)).transpose(axis, axis - 1).flatten(axis - 1, axis))


@wrong_function(*FORWARD)
def multiplier_before_channel(call: Call) -> Any:
    """The outputs of a depthwise convolution are ordered by multiplier and then by channel."""
    axis = call.channel_axis
    if call.groups == 1 or call.groups != call.input.shape[axis]:
        return call.right
    return call.right.unflatten(axis, (call.groups, -1)).transpose(axis, axis - 1).flatten(axis - 1, axis)
