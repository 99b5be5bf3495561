"""Faults in how the kernel is laid over the input.

May import: NumPy, its neighbours and `conformance` below this package.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from conformance.diagnose.rewire import Move, rewired
from conformance.diagnose.scene import Explanation, Scene
from conformance.fills import Array


def flipped(scene: Scene) -> Iterator[Explanation]:
    """A convolution in the mathematician's sense, or one along one axis."""
    if "weight" not in scene.operands.arrays:
        return
    places = tuple(range(-len(scene.axes), 0))
    text = "that of a true convolution, with the kernel flipped"
    yield Explanation(text, rewired(scene, weight=lambda numbers: np.flip(numbers, places)))
    for place, axis in zip(places, scene.axes if len(places) > 1 else ()):
        move = _flip(place)
        yield Explanation(f"that with the kernel flipped along {axis} only", rewired(scene, weight=move))


def _flip(place: int) -> Move:
    return lambda numbers: np.flip(numbers, place)


def taps(scene: Scene) -> Iterator[Explanation]:
    """Off by one: a tap at one end is left out, or each tap is taken for its neighbour."""
    weight = scene.operands.arrays.get("weight")
    if weight is None:
        return
    if len(scene.axes) > 1:
        last = (..., *(-1,) * len(scene.axes))
        yield Explanation("that without the very last tap of the kernel", rewired(scene, weight=_emptied(last)))
    for place, axis in zip(range(-len(scene.axes), 0), scene.axes):
        if weight.shape[place] < 2:
            continue
        for end, text in ((-1, "last"), (0, "first")):
            move = _emptied((..., end, *(slice(None),) * (-1 - place)))
            yield Explanation(f"that without the kernel's {text} tap along {axis}", rewired(scene, weight=move))
        for step, text in ((1, "next"), (-1, "one before")):
            move = _rolled(place, step)
            yield Explanation(
                f"that with each tap along {axis} in the place of the {text}", rewired(scene, weight=move)
            )


def _emptied(places: Any) -> Move:
    def move(numbers: Array) -> Array:
        numbers = numbers.copy()
        numbers[places] = 0
        return numbers

    return move


def _rolled(place: int, step: int) -> Move:
    return lambda numbers: np.roll(numbers, step, place)


def transposed(scene: Scene) -> Iterator[Explanation]:
    """Two spatial axes of the kernel, the input or the output are taken for each other."""
    if len(scene.axes) < 2 or scene.case.op in ("fold", "unfold"):
        return
    for first in range(-len(scene.axes), -1):
        for second in range(first + 1, 0):
            axes = f"{scene.axes[first]} and {scene.axes[second]}"
            move = _swapped(first, second)
            for name in ("weight", "input", "output"):
                called = "kernel" if name == "weight" else name
                yield Explanation(f"that with {axes} of the {called} swapped", _moved(scene, name, move))


def _moved(scene: Scene, name: str, move: Move) -> dict[str, Array]:
    if name != "output" and name not in scene.operands.arrays:
        return {}
    return rewired(scene, output=move) if name == "output" else rewired(scene, None, **{name: move})


def _swapped(first: int, second: int) -> Move:
    return lambda numbers: numbers.swapaxes(first, second)
