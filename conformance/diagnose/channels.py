"""Faults of bias, groups and channels.

May import: NumPy, its neighbours and `conformance` below this package.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from conformance.adapters.base import Maps
from conformance.diagnose.rewire import Move, rewired
from conformance.diagnose.scene import Explanation, Scene, wide
from conformance.fills import Array, Operands


def bias(scene: Scene) -> Iterator[Explanation]:
    """It is missing, added twice, subtracted, or spread along another axis."""
    if "bias" not in scene.operands.arrays:
        return
    for factor, text in ((0, "without the bias"), (2, "with the bias added twice"), (-1, "with the bias subtracted")):
        yield Explanation(f"that {text}", _with_bias_times(scene, factor))
    yield Explanation("that with the bias in reverse order", rewired(scene, bias=np.flip))
    yield Explanation("that with the bias along the last axis instead of the channels", _with_bias_along_w(scene))


def _with_bias_times(scene: Scene, factor: int) -> Maps:
    arrays = dict(scene.operands.arrays)
    bias = arrays["bias"]
    arrays["bias"] = ((bias.astype(np.int64) if bias.dtype.kind in "iu" else wide(bias)) * factor).astype(bias.dtype)
    found = {"output": scene.ask(scene.case, Operands(arrays, scene.operands.draw))["output"]}
    if "bias gradient" in scene.expected:
        right = scene.expected["bias gradient"]
        found["bias gradient"] = (wide(right) * factor).astype(right.dtype)
    return found


def _with_bias_along_w(scene: Scene) -> Maps:
    """The bias along the last axis, beginning again where that is longer."""
    plain, bias = _with_bias_times(scene, 0)["output"], scene.operands.arrays["bias"]
    if bias.size == 0 or plain.size == 0:
        return {}
    columns = np.arange(plain.shape[-1]) % bias.size
    found = {"output": (wide(plain) + wide(bias)[columns]).astype(plain.dtype)}
    if "bias gradient" in scene.expected:
        sums = np.zeros(bias.shape, wide(bias).dtype)
        cotangent = wide(scene.operands.draw("cotangent", plain.shape))
        np.add.at(sums, columns, cotangent.sum(tuple(range(cotangent.ndim - 1))))
        found["bias gradient"] = sums.astype(bias.dtype)
    return found


def groups(scene: Scene) -> Iterator[Explanation]:
    """The groups are taken in reverse, or channels are dealt out to them in turn."""
    count, axis = scene.case.groups or 1, -1 - len(scene.axes)
    if not scene.case.is_convolution or count < 2:
        return
    reverse = _on_groups(count, axis, lambda a: np.flip(a, 0))
    yield Explanation("that with the groups' channels in reverse order", rewired(scene, output=reverse))
    if "bias" in scene.operands.arrays:
        text = "that with the groups' channels, but of the bias, in reverse order"
        yield Explanation(text, rewired(scene, output=reverse, late_bias=True))
    yield Explanation("that with the input's groups in reverse order", rewired(scene, input=reverse))
    one = _on_groups(count, axis, lambda a: np.concatenate([a[:1]] * count))
    yield Explanation("that with the input's first group for all", rewired(scene, input=one))
    yield Explanation("that with the output's first group for all", rewired(scene, output=one))
    first = _on_groups(count, 0, lambda a: np.flip(a, 0))
    yield Explanation("that with the weight's groups in reverse order", rewired(scene, weight=first))
    moves = {
        "interleaved, one of each group in turn": _on_groups(count, axis, _interleaved),
        "dealt out to the groups in turn": _dealt(count, axis),
    }
    for text, move in moves.items():
        yield Explanation(f"that with the output's channels {text}", rewired(scene, output=move))
        yield Explanation(f"that with the output's channels {text}", rewired(scene, output=move, late_bias=True))
        yield Explanation(f"that with the input's channels {text}", rewired(scene, input=move))


def _on_groups(count: int, axis: int, change: Move) -> Move:
    """The change, made to an array whose channels are split into (groups, channels in a group)."""

    def move(numbers: Array) -> Array:
        channels = np.moveaxis(numbers, axis, 0)
        changed = change(channels.reshape(count, -1, *channels.shape[1:]))
        return np.moveaxis(changed.reshape(channels.shape), 0, axis)

    return move


def _interleaved(split: Array) -> Array:
    """(groups, channels in a group, ...) as (channels in a group, groups, ...)."""
    return split.swapaxes(0, 1)


def _dealt(count: int, axis: int) -> Move:
    """The inverse of interleaving."""

    def move(numbers: Array) -> Array:
        channels = np.moveaxis(numbers, axis, 0)
        dealt = channels.reshape(-1, count, *channels.shape[1:]).swapaxes(0, 1)
        return np.moveaxis(dealt.reshape(channels.shape), 0, axis)

    return move


def fewer_channels(scene: Scene) -> Iterator[Explanation]:
    """Input channels are left out: those for which the weight's gradient is zero, and is not in torch."""
    name = "weight gradient"
    if name not in scene.wrong or scene.expected[name].shape != scene.got[name].shape:
        return
    axis = 0 if scene.case.is_transposed else 1
    others = tuple(place for place in range(scene.got[name].ndim) if place != axis)
    lost = np.flatnonzero(~scene.got[name].any(others) & scene.expected[name].any(others))
    if 0 < len(lost) < scene.got[name].shape[axis]:
        text = f"that without {len(lost)} of the weight's input channels, from {lost[0]} to {lost[-1]}"
        yield Explanation(text, rewired(scene, weight=_without(axis, lost)))


def _without(axis: int, lost: Array) -> Move:
    def move(numbers: Array) -> Array:
        numbers = numbers.copy()
        np.moveaxis(numbers, axis, 0)[lost] = 0
        return numbers

    return move


def swapped_channels(scene: Scene) -> Iterator[Explanation]:
    """The weight's channels of input and output are taken for each other, or a channel order is reversed."""
    weight = scene.operands.arrays.get("weight")
    if weight is None or weight.ndim < 2:
        return
    if weight.shape[0] == weight.shape[1]:
        text = "that with the weight's first two axes swapped, in channels for out channels"
        yield Explanation(text, rewired(scene, weight=lambda numbers: numbers.swapaxes(0, 1)))
    axis = -1 - len(scene.axes)
    text = "that with the channels of the {} in reverse order"
    yield Explanation(text.format("input"), rewired(scene, input=lambda numbers: np.flip(numbers, axis)))
    yield Explanation(text.format("output"), rewired(scene, output=lambda numbers: np.flip(numbers, axis)))
