"""Arguments that are ignored, or read for the wrong axis.

May import: its neighbours and `conformance` below this package.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from conformance.case import Case
from conformance.diagnose.rewire import rewired
from conformance.diagnose.scene import Explanation, Scene

_IGNORED = ("stride", "padding", "dilation", "output_padding")
_DEFAULTS = {"stride": 1, "padding": 0, "dilation": 1, "output_padding": 0}
_BY_AXIS = (*_IGNORED, "kernel", "output_size")


def arguments(scene: Scene) -> Iterator[Explanation]:
    """An argument left out, or of its axes another's."""
    case = scene.case
    if case.op == "pad":
        yield from _pad(scene)
        return
    for name in (*_IGNORED, *(["output_size"] if case.is_transposed else [])):
        if getattr(case, name) is not None:
            yield _changed(scene, f"that with {name} ignored", {name: None})
    for name, default in _DEFAULTS.items():
        value = getattr(case, name)
        if isinstance(value, int) and len(scene.axes) > 1:
            others = (default,) * (len(scene.axes) - 1)
            yield _changed(scene, f"that with {name} on the first axis alone", {name: (value, *others)})
            yield _changed(scene, f"that with {name} on the last axis alone", {name: (*others, value)})
    if isinstance(case.padding, str):
        for word in {"same", "valid"} - {case.padding}:
            yield _changed(scene, f"that of padding={word!r}", {"padding": word})
    for name in _BY_AXIS:
        value = getattr(case, name)
        if isinstance(value, tuple) and len(set(value)) > 1 and not (name == "kernel" and case.is_convolution):
            yield _changed(scene, f"that with the axes of {name} in reverse order", {name: value[::-1]})
            yield _changed(scene, f"that with the first {name} on all axes", {name: (value[0],) * len(value)})
            yield _changed(scene, f"that with the last {name} on all axes", {name: (value[-1],) * len(value)})
    if case.stride is not None and case.dilation is not None:
        swapped = {"stride": case.dilation, "dilation": case.stride}
        yield _changed(scene, "that with stride and dilation taken for each other", swapped)


def _changed(scene: Scene, text: str, fields: dict[str, Any]) -> Explanation:
    case: Case = replace(scene.case, **fields)
    return Explanation(text, rewired(scene, case))


def _pad(scene: Scene) -> Iterator[Explanation]:
    """The pairs of amounts in another order, crops or the value ignored."""
    amounts = scene.case.padding if isinstance(scene.case.padding, tuple) else ()
    pairs = list(zip(amounts[::2], amounts[1::2]))
    orders = {
        "that with the first pair of amounts on the first axis": [n for pair in pairs[::-1] for n in pair],
        "that with the amounts before and after taken for each other": [n for pair in pairs for n in pair[::-1]],
        "that without the crops": [max(n, 0) for n in amounts],
    }
    for text, order in orders.items():
        if tuple(order) != amounts:
            yield _changed(scene, text, {"padding": tuple(order)})
    if scene.case.value is not None:
        yield _changed(scene, "that with the value ignored", {"value": None})
