"""torch with its operands or its result rearranged: what a library with such a fault gives, gradients too.

May import: NumPy, `scene.py` and `conformance` below this package.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from conformance.adapters.base import Maps
from conformance.case import Case, Sizes
from conformance.diagnose.scene import Scene
from conformance.fills import Array, Operands

Move = Callable[[Array], Array]
"""A rearrangement, written for an array of the elements' numbers from 1; 0 stands for a zero."""


@dataclass(frozen=True)
class Picked:
    """A linear map that puts some elements of an array, and zeros, into another one.

    Attributes:
        shape: of the array that is picked from.
        places: for each element of the result its number from 1, or 0.
    """

    shape: Sizes
    places: Array

    @staticmethod
    def by(move: Move | None, shape: Sizes) -> Picked:
        """The map that rearranges an array of this shape as `move` does.

        Example:
            >>> Picked.by(np.flip, (3,)).forward(np.array([5, 6, 7]))
            array([7, 6, 5])
        """
        numbers = np.arange(1, int(np.prod(shape)) + 1).reshape(shape)
        return Picked(shape, numbers if move is None else move(numbers))

    def forward(self, array: Array) -> Array:
        """The elements in their new places."""
        return np.concatenate([np.zeros(1, array.dtype), array.ravel()])[self.places]

    def backward(self, array: Array) -> Array:
        """The adjoint: each element back to where it was picked, those from one place added.

        Example:
            >>> Picked.by(lambda numbers: np.pad(numbers, 1, mode="edge"), (2,)).backward(np.array([1, 2, 4, 8]))
            array([ 3, 12])
        """
        exact = array.dtype if array.dtype.kind in "iu" else np.result_type(array, np.float64)
        sums = np.zeros(int(np.prod(self.shape)) + 1, exact)
        np.add.at(sums, self.places.ravel(), array.ravel().astype(exact))
        return sums[1:].reshape(self.shape).astype(array.dtype)


def rewired(
    scene: Scene, case: Case | None = None, *, output: Move | None = None, late_bias: bool = False, **moves: Move
) -> Maps:
    """The maps of torch for another configuration, other arrangements of its operands and its result.

    Args:
        scene: the case, its operands and torch.
        case: the other configuration.
        output: what happens to the result.
        late_bias: whether the bias is added after that.
        moves: what happens to input, weight or bias beforehand.

    Returns:
        The maps; none where torch refuses, or where an array has no shape that can be rearranged so.
    """
    try:
        return _rewired(scene, case or scene.case, output, late_bias, moves)
    except (IndexError, ValueError):
        return {}


def _rewired(scene: Scene, case: Case, output: Move | None, late_bias: bool, moves: dict[str, Move]) -> Maps:
    given = {name: array for name, array in scene.operands.arrays.items() if name in case.shapes()}
    bias = given.pop("bias", None) if late_bias else None
    if bias is not None:
        case = replace(case, bias=False, bias_shape=None, bias_dtype=None)
    picks = {name: Picked.by(moves.get(name), array.shape) for name, array in given.items()}

    def draw(name: str, shape: Sizes) -> Array:
        picked = Picked.by(output, shape)
        return picked.backward(scene.operands.draw(name, picked.places.shape))

    arrays = {name: picks[name].forward(array) for name, array in given.items()}
    found = scene.ask(case, Operands(arrays, draw))
    if not found:
        return {}
    maps = {name: picks[name.split()[0]].backward(a) for name, a in found.items() if name.endswith("gradient")}
    maps["output"] = Picked.by(output, found["output"].shape).forward(found["output"])
    return maps if bias is None else maps | _with_bias(scene, maps, bias)


def _with_bias(scene: Scene, maps: Maps, bias: Array) -> Maps:
    """The output with the bias added to it, and the bias's gradient."""
    axis = maps["output"].ndim - 1 - len(scene.axes)
    spread = bias.reshape(-1, *(1,) * len(scene.axes))
    found = {"output": (maps["output"] + spread).astype(maps["output"].dtype)}
    if "bias gradient" in scene.expected:
        cotangent = scene.operands.draw("cotangent", maps["output"].shape)
        others = tuple(place for place in range(cotangent.ndim) if place != axis)
        exact: Any = np.result_type(cotangent, np.float64)
        found["bias gradient"] = cotangent.astype(exact).sum(others).astype(bias.dtype)
    return found
