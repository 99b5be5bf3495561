"""Operands whose memory is read in another way than their strides say.

May import: NumPy, its neighbours and `conformance` below this package.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from conformance.diagnose.scene import Explanation, Scene
from conformance.fills import Array, Operands

_NAMES = ("input", "weight", "cotangent")


def layouts(scene: Scene) -> Iterator[Explanation]:
    """Strides are ignored, or taken without their sign."""
    if scene.case.layout in (None, "readonly"):
        return
    for name in _NAMES:
        if name == "cotangent" or name in scene.operands.arrays:
            found = scene.ask(scene.case, _read(scene.operands, name))
            yield Explanation(f"that with the strides of the {name} ignored, its memory read in order", found)


def _read(operands: Operands, name: str) -> Operands:
    """The operands with the memory of one of them read in order."""
    if name == "cotangent":
        return Operands(operands.arrays, lambda name, shape: _in_order(operands.draw(name, shape)))
    return Operands(operands.arrays | {name: _in_order(operands.arrays[name])}, operands.draw)


def _in_order(array: Array) -> Array:
    """The elements of the memory that an array looks at, in order, beginning again where it ends.

    Example:
        >>> _in_order(np.arange(8)[::2]), _in_order(np.arange(3)[::-1])
        (array([0, 1, 2, 3]), array([0, 1, 2]))
    """
    memory, owner = array, array.base
    while owner is not None:
        memory, owner = (owner if isinstance(owner, np.ndarray) else memory), getattr(owner, "base", None)
    return np.resize(memory.ravel(order="K"), array.shape)
