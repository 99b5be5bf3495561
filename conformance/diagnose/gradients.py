"""Faults that gradients alone have.

May import: NumPy, its neighbours and `conformance` below this package.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from conformance.adapters.base import Maps
from conformance.diagnose.rewire import Move
from conformance.diagnose.scene import Explanation, Scene
from conformance.fills import Array, Operands


def images(scene: Scene) -> Iterator[Explanation]:
    """A gradient lacks an image of the batch, or has one alone."""
    batch = scene.case.batch or 0
    for end, text in ((-1, "last"), (0, "first")):
        if batch > 1:
            yield Explanation(f"that without the {text} image of the batch", _gradients(scene, _only(end, False)))
        if batch > 2:
            yield Explanation(f"that of the {text} image of the batch alone", _gradients(scene, _only(end, True)))


def cotangent(scene: Scene) -> Iterator[Explanation]:
    """A gradient for a cotangent of ones, whatever the cotangent is."""
    yield Explanation("that for a cotangent of ones", _gradients(scene, np.ones_like))


def _only(end: int, kept: bool) -> Move:
    def move(array: Array) -> Array:
        mask = np.full(len(array), not kept)
        mask[end] = kept
        return np.where(mask.reshape(-1, *(1,) * (array.ndim - 1)), array, 0).astype(array.dtype)

    return move


def _gradients(scene: Scene, change: Move) -> Maps:
    """The gradients in torch for a changed cotangent."""
    if not any(name.endswith("gradient") for name in scene.wrong):
        return {}
    operands = Operands(scene.operands.arrays, lambda name, shape: change(scene.operands.draw(name, shape)))
    found = scene.ask(scene.case, operands)
    return {name: array for name, array in found.items() if name.endswith("gradient")}
