"""Faults of unfold and fold.

May import: NumPy, its neighbours and `conformance` below this package.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from conformance.adapters.base import Maps
from conformance.case import Case, Sizes
from conformance.cases.axis import Axis
from conformance.diagnose.rewire import Move, rewired
from conformance.diagnose.scene import Explanation, Scene, wide
from conformance.fills import Array, Operands

_ORDERS = {
    "that of columns in the order (kernel, channels) instead of (channels, kernel)": (1, 2, 0),
    "that of columns with the kernel's axes swapped": (0, 2, 1),
}


def columns(scene: Scene) -> Iterator[Explanation]:
    """A column's elements, or the columns, are in another order."""
    case = scene.case
    if case.op not in ("unfold", "fold"):
        return
    count = scene.expected["output"].shape[-2] if case.op == "unfold" else scene.operands.arrays["input"].shape[-2]
    kernel, windows = case.axes(case.kernel), _windows(case)
    for text, order in _ORDERS.items():
        split = (count // math.prod(kernel), *kernel)
        yield Explanation(text, _reordered(scene, split, order, -2))
    text = "that of windows taken column by column instead of row by row"
    yield Explanation(text, _reordered(scene, windows, (1, 0), -1))
    if case.op == "unfold":
        swapped = rewired(scene, output=lambda numbers: numbers.swapaxes(-1, -2))
        yield Explanation("torch's with its last two axes swapped", swapped)


def _windows(case: Case) -> Sizes:
    """How many windows there are along each axis."""
    image = case.axes(case.output_size) if case.op == "fold" else case.size or ()
    assert not isinstance(case.padding, str)
    numbers = (case.axes(case.kernel), case.axes(case.stride), case.axes(case.padding, 0), case.axes(case.dilation))
    return tuple(Axis(*each).positions(length) for *each, length in zip(*numbers, image))


def _reordered(scene: Scene, split: Sizes, order: Sizes, place: int) -> Maps:
    """The maps with the columns' axis split so, and the parts in another order."""
    if scene.case.op == "unfold":
        return rewired(scene, output=_order(split, order, place))
    there = tuple(split[part] for part in order)
    return rewired(scene, input=_order(there, tuple(int(n) for n in np.argsort(order)), place))


def _order(split: Sizes, order: Sizes, place: int) -> Move:
    def move(numbers: Array) -> Array:
        parts = np.moveaxis(numbers, place, 0)
        rest = parts.shape[1:]
        turned = parts.reshape(*split, *rest).transpose(*order, *range(len(split), len(split) + len(rest)))
        return np.moveaxis(turned.reshape(parts.shape), 0, place)

    return move


def overlaps(scene: Scene) -> Iterator[Explanation]:
    """Fold averages where windows overlap, or lets the last one overwrite the others."""
    if scene.case.op != "fold":
        return
    ones = scene.operands.mapped(np.ones_like)
    counts = np.maximum(wide(scene.ask(scene.case, ones)["output"]), 1)
    output = scene.expected["output"]
    found = {"output": (wide(output) / counts).astype(output.dtype)}
    shared = Operands(scene.operands.arrays, lambda *drawn: _divided(scene.operands.draw(*drawn), counts))
    found |= {name: array for name, array in scene.ask(scene.case, shared).items() if name != "output"}
    yield Explanation("that of windows averaged where they overlap, instead of added", found)
    yield Explanation("that of windows which overwrite each other where they overlap", {"output": _overwritten(scene)})


def _divided(array: Array, counts: Array) -> Array:
    return (wide(array) / counts).astype(array.dtype)


def _overwritten(scene: Scene) -> Array:
    """The output when each tap of the kernel, in order, writes over what is there."""
    columns, taps = scene.operands.arrays["input"], math.prod(scene.case.axes(scene.case.kernel))
    found = np.zeros_like(scene.expected["output"])
    for tap in range(taps):
        mask = (np.arange(columns.shape[-2]) % taps == tap)[:, None]
        written, values = (
            scene.ask(scene.case, Operands({"input": np.ascontiguousarray(a)}, scene.operands.draw))["output"]
            for a in (
                np.broadcast_to(mask, columns.shape).astype(columns.dtype),
                np.where(mask, columns, 0).astype(columns.dtype),
            )
        )
        found = np.where(written != 0, values, found)
    return found
