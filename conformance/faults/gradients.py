"""Faults of the gradients, and of the gradients of gradients.

May import: NumPy, `conformance.case`, `conformance.fills`, `base.py`, `layouts.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from conformance.adapters.base import Maps
from conformance.case import SPATIAL_AXES, Case, Sizes
from conformance.faults.base import CONVOLUTIONS, Call, Faulty, wrong_answers, wrong_function, wrong_library
from conformance.faults.layouts import in_memory_order
from conformance.fills import Array, Operands

_FIRST = ("value", "adjoint")


@wrong_function(*CONVOLUTIONS, found_by=_FIRST)
def last_image_without_weight_gradient(call: Call) -> Any:
    """The weight's gradient lacks what the last image of the batch adds."""
    images = call.input.shape[0]
    if not call.batched or images < 2:
        return call.right
    rest, last = call.input.narrow(0, 0, images - 1), call.input.narrow(0, images - 1, 1)
    return call.library.cat([call(input=rest), call(input=last, weight=call.weight.detach())])


@wrong_answers(*_FIRST)
def gradient_not_conjugated(torch: Any, case: Case, operands: Operands) -> Maps:
    """The gradients of complex operands follow the formula for real ones."""
    maps: Maps = torch.run(case, operands)
    return {n: a.conj() if n.endswith("gradient") and np.iscomplexobj(a) else a for n, a in maps.items()}


@wrong_answers("maps", "adjoint")
def no_gradient_of_the_bias(torch: Any, case: Case, operands: Operands) -> Maps:
    """The bias has no gradient."""
    maps: Maps = torch.run(case, operands)
    return {name: array for name, array in maps.items() if name != "bias gradient"}


@wrong_answers(*_FIRST)
def gradient_of_the_bias_averaged(torch: Any, case: Case, operands: Operands) -> Maps:
    """The bias's gradient is a mean over images and places."""
    maps: Maps = torch.run(case, operands)
    gradient = maps.get("bias gradient")
    if gradient is not None and maps["output"].size:
        count = maps["output"].size // gradient.size
        maps["bias gradient"] = (gradient / count).astype(gradient.dtype)
    return maps


@wrong_answers(*_FIRST)
def gradient_of_the_input_flipped(torch: Any, case: Case, operands: Operands) -> Maps:
    """The input's gradient is its mirror image in space."""
    maps: Maps = torch.run(case, operands)
    if case.is_convolution and "input gradient" in maps:
        maps["input gradient"] = np.flip(maps["input gradient"], tuple(range(-SPATIAL_AXES[case.op], 0)))
    return maps


@wrong_answers(*_FIRST)
def gradient_divided_by_the_batch(torch: Any, case: Case, operands: Operands) -> Maps:
    """The weight's gradient is a mean over the images of the batch."""
    maps: Maps = torch.run(case, operands)
    if "weight gradient" in maps and (case.batch or 0) > 1:
        gradient = maps["weight gradient"]
        maps["weight gradient"] = (gradient / case.batch).astype(gradient.dtype)
    return maps


@wrong_answers(*_FIRST)
def cotangent_read_as_contiguous(torch: Any, case: Case, operands: Operands) -> Maps:
    """The gradients read the cotangent in the order of its memory, whatever its strides."""

    def draw(name: str, shape: Sizes) -> Array:
        drawn = operands.draw(name, shape)
        return in_memory_order(drawn) if name == "cotangent" else drawn

    maps: Maps = torch.run(case, Operands(operands.arrays, draw))
    return maps


@wrong_library("value")
class SecondDerivativeLacksTheWeight(Faulty):
    """Of the two terms of the second derivative by the cotangent, that of the weight's direction is missing."""

    def second(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.second`."""
        right = super().second(case, operands)

        def draw(name: str, shape: Sizes) -> Array:
            drawn = operands.draw(name, shape)
            return np.zeros_like(drawn) if name == "weight direction" else drawn

        by_cotangent = "second derivative by cotangent"
        if by_cotangent not in right:
            return right
        return right | {by_cotangent: super().second(case, Operands(operands.arrays, draw))[by_cotangent]}


@wrong_library("value")
class SecondDerivativeZero(Faulty):
    """Nothing depends on the gradients, as if no graph had been kept of them."""

    def second(self, case: Case, operands: Operands) -> Maps:  # noqa: ARG002
        """See `Adapter.second`."""
        return {}


@wrong_library("value")
class SecondDerivativeNegated(Faulty):
    """The second derivatives by the input and by the weight have the wrong sign."""

    def second(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.second`."""
        right = super().second(case, operands)
        return {name: array if name.endswith("cotangent") else -array for name, array in right.items()}


@wrong_library("outcome")
class NoSecondDerivative(Faulty):
    """A gradient cannot be differentiated."""

    def second(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.second`."""
        raise NotImplementedError("derivative of a convolution's gradient")
