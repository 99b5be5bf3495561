"""Faults of padding, in F.pad and in the modules that pad by it.

May import: `base.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformance.faults.base import Call, wrong_function


@wrong_function("pad")
def reflected_with_the_edge(call: Call) -> Any:
    """'reflect' repeats the border, as 'symmetric' would."""
    if call.values["mode"] != "reflect":
        return call.right
    return _picked(call, lambda place, size: min(place % (2 * size), -1 - place % (2 * size) + 2 * size))


@wrong_function("pad")
def circular_as_replicate(call: Call) -> Any:
    """'circular' repeats the border, as 'replicate' does."""
    if call.values["mode"] != "circular":
        return call.right
    return _picked(call, lambda place, size: min(max(place, 0), size - 1))


@wrong_function("pad", found_by=("shape", "value"))
def sides_swapped(call: Call) -> Any:
    """Of each pair of amounts the first is taken for the end."""
    axes = tuple(range(-(len(call.values["pad"]) // 2), 0))
    return call(input=call.input.flip(axes)).flip(axes)


@wrong_function("pad", found_by=("shape", "value"))
def pairs_from_the_first_axis(call: Call) -> Any:
    """The pairs of amounts belong to the axes from the first padded one on, as in NumPy."""
    amounts = call.values["pad"]
    if call.values["mode"] != "constant" or min(amounts, default=0) < 0:
        return call.right
    pairs = [amounts[start : start + 2] for start in range(0, len(amounts), 2)]
    return call(pad=[amount for pair in reversed(pairs) for amount in pair])


@wrong_function("pad", found_by=("shape", "value"))
def crops_ignored(call: Call) -> Any:
    """Negative amounts take nothing away."""
    return call(pad=[max(amount, 0) for amount in call.values["pad"]])


@wrong_function("pad")
def value_ignored(call: Call) -> Any:
    """A constant pad is one of zeros, whatever its value."""
    return call(value=None)


@wrong_function("pad")
def zeros_for_every_mode(call: Call) -> Any:
    """Every padding mode pads with zeros."""
    return call(mode="constant", value=None) if call.values["mode"] != "constant" else call.right


@wrong_function("pad", found_by=("value", "adjoint"))
def padding_without_gradient(call: Call) -> Any:
    """What is repeated, reflected or wrapped around gives nothing to the gradient."""
    if call.values["mode"] == "constant":
        return call.right
    kept = call(mode="constant")
    return call.right.detach() + kept - kept.detach()


def _picked(call: Call, source: Callable[[int, int], int]) -> Any:
    """The input, padded and cropped with elements of its own; `source` tells which from place and size."""
    padded, amounts = call.input, call.values["pad"]
    for axis, (before, after) in enumerate(zip(amounts[::2], amounts[1::2]), 1):
        size = padded.shape[-axis]
        places = [source(place, size) for place in range(-before, size + after)]
        padded = padded.index_select(-axis, call.library.tensor(places, dtype=call.library.int64))
    return padded
