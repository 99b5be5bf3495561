"""Gradients that may be missing: zeros in their place, or an error where a function was to depend on its inputs.

May import: `pyconv.autograd`, `pyconv.functions`, `pyconv.tensor`.
"""

from __future__ import annotations

from typing import Any

from pyconv.autograd import grad
from pyconv.autograd.functional.arguments import Tensors
from pyconv.tensor.creation import zeros_like

_NOT_ALLOWED = "This is not allowed in strict mode"

_NO_GRADIENT = {
    "outputs": (
        "Output {i} of the user-provided function does not require gradients. The outputs must be computed in a "
        "differentiable manner from the input when running in strict mode."
    ),
    "grad_inputs": (
        "The gradient with respect to input {i} is independent of the inputs of the user-provided function. "
        f"{_NOT_ALLOWED}."
    ),
    "jacobian": (
        "While computing the hessian, found that the jacobian of the user-provided function with respect to input "
        f"{{i}} is independent of the input. {_NOT_ALLOWED}. You should ensure that your function is twice "
        "differentiable and that the jacobian depends on the inputs (this would be violated by a linear function for "
        "example)."
    ),
}
"""What is said of a tensor without a gradient, by what it is."""

_MISSING = {
    "back": f"The output of the user-provided function is independent of input {{i}}. {_NOT_ALLOWED}.",
    "back_trick": (
        "The gradient with respect to the input is independent of entry {i} in the grad_outputs when using the double "
        f"backward trick to compute forward mode gradients. {_NOT_ALLOWED}."
    ),
    "double_back": f"The jacobian of the user-provided function is independent of input {{i}}. {_NOT_ALLOWED}.",
    "double_back_trick": (
        f"The hessian of the user-provided function is independent of entry {{i}} in the grad_jacobian. {_NOT_ALLOWED} "
        "as it prevents from using the double backward trick to replace forward mode AD."
    ),
}
"""What is said of a gradient that there is not, by the pass that was to give it."""


def check(tensors: Tensors, kind: str, strict: bool) -> None:
    """Refuse, in strict mode, what does not depend on the inputs.

    Raises:
        RuntimeError: a tensor is missing or requires no gradient.
    """
    if not strict:
        return
    for i, x in enumerate(tensors):
        if x is None:
            raise RuntimeError(_MISSING["back"].format(i=i))
        if not x.requires_grad:
            raise RuntimeError(_NO_GRADIENT[kind].format(i=i))


def gradients(outputs: Tensors, inputs: Tensors, vectors: Tensors | None, create_graph: bool, **kept: Any) -> Tensors:
    """`grad` of those outputs that have a history; None where an input has no part in them."""
    given = (None,) * len(outputs) if vectors is None else vectors
    pairs = [(y, g) for y, g in zip(outputs, given, strict=True) if y is not None and y.requires_grad]
    if not pairs:
        return (None,) * len(inputs)
    roots, cotangents = zip(*pairs, strict=True)
    found: Tensors = grad(roots, inputs, cotangents, allow_unused=True, create_graph=create_graph, **kept)
    return found


def filled(found: Tensors, like: Tensors, strict: bool, create_graph: bool, stage: str) -> Tensors:
    """Gradients, zeros for those that are missing.

    Raises:
        RuntimeError: in strict mode, one is missing, or has no history where a graph was asked for.
    """
    if strict:
        _check_found(found, create_graph, stage)
    return tuple(zeros_like(x) if g is None else g for g, x in zip(found, like, strict=True))


def _check_found(found: Tensors, create_graph: bool, stage: str) -> None:
    for i, g in enumerate(found):
        if g is None:
            raise RuntimeError(_MISSING[stage].format(i=i))
        if create_graph and not g.requires_grad:
            what = "hessian" if "double" in stage else "jacobian"
            raise RuntimeError(
                f"The {what} of the user-provided function is independent of input {i}. {_NOT_ALLOWED} when "
                "create_graph=True."
            )
