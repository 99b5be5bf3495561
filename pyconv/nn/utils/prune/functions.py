"""Pruning methods as functions of a module, pruning of several parameters at once, and the way back.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyconv.nn.utils.convert_parameters import parameters_to_vector
from pyconv.nn.utils.prune.method import PruningContainer, methods_of
from pyconv.nn.utils.prune.methods import (
    CustomFromMask,
    Identity,
    L1Unstructured,
    LnStructured,
    RandomStructured,
    RandomUnstructured,
)
from pyconv.tensor.creation import ones_like

__all__ = [
    "custom_from_mask",
    "global_unstructured",
    "identity",
    "is_pruned",
    "l1_unstructured",
    "ln_structured",
    "random_structured",
    "random_unstructured",
    "remove",
]


def identity(module: Any, name: str) -> Any:
    """Give the parameter `name` of a module a mask of ones.

    Example:
        >>> import pyconv
        >>> sorted(identity(pyconv.nn.Linear(2, 1, bias=False), "weight").state_dict())
        ['weight_mask', 'weight_orig']
    """
    Identity.apply(module, name)
    return module


def random_unstructured(module: Any, name: str, amount: float) -> Any:
    """Prune elements of the parameter `name` of a module at random.

    Args:
        module: that has the parameter.
        name: of the parameter.
        amount: how many, an int, or which part of them, a float.

    Raises:
        TypeError: the amount is no number.
        ValueError: it is out of range.

    Example:
        >>> import pyconv
        >>> (random_unstructured(pyconv.nn.Linear(4, 1), "weight", 0.5).weight == 0).sum()
        tensor(2)
    """
    RandomUnstructured.apply(module, name, amount)
    return module


def l1_unstructured(module: Any, name: str, amount: float, importance_scores: Any = None) -> Any:
    """Prune the elements of the smallest absolute values of the parameter `name` of a module.

    Args:
        module: that has the parameter.
        name: of the parameter.
        amount: how many, an int, or which part of them, a float.
        importance_scores: what to judge by; the parameter itself by default.

    Raises:
        TypeError: the amount is no number.
        ValueError: it is out of range.
        AssertionError: the scores have another shape.

    Example:
        >>> import pyconv
        >>> scores = pyconv.tensor([[1.0, 3.0, 2.0]])
        >>> l1_unstructured(pyconv.nn.Linear(3, 1), "weight", 1, scores).weight_mask
        tensor([[0., 1., 1.]])
    """
    L1Unstructured.apply(module, name, amount=amount, importance_scores=importance_scores)
    return module


def random_structured(module: Any, name: str, amount: float, dim: int) -> Any:
    """Prune channels of the parameter `name` of a module at random.

    Args:
        module: that has the parameter.
        name: of the parameter.
        amount: how many, an int, or which part of them, a float.
        dim: along which dimension they lie.

    Raises:
        TypeError: the amount is no number.
        ValueError: it is out of range, or the parameter has no channels.
        IndexError: there is no such dimension.

    Example:
        >>> import pyconv
        >>> random_structured(pyconv.nn.Linear(4, 3), "weight", 1, 0).weight_mask.sum()
        tensor(8.)
    """
    RandomStructured.apply(module, name, amount, dim)
    return module


def ln_structured(module: Any, name: str, amount: float, n: Any, dim: int, importance_scores: Any = None) -> Any:
    """Prune the channels of the smallest norms of the parameter `name` of a module.

    Args:
        module: that has the parameter.
        name: of the parameter.
        amount: how many, an int, or which part of them, a float.
        n: which norm.
        dim: along which dimension they lie.
        importance_scores: what to judge by; the parameter itself by default.

    Raises:
        TypeError: the amount is no number.
        ValueError: it is out of range, or the parameter has no channels.
        IndexError: there is no such dimension.
        AssertionError: the scores have another shape.

    Example:
        >>> import pyconv
        >>> scores = pyconv.tensor([[1.0, 2.0], [0.0, 0.5]])
        >>> ln_structured(pyconv.nn.Linear(2, 2), "weight", 1, 1, 0, scores).weight_mask
        tensor([[1., 1.],
                [0., 0.]])
    """
    LnStructured.apply(module, name, amount, n, dim, importance_scores=importance_scores)
    return module


def global_unstructured(
    parameters: Any, pruning_method: Any, importance_scores: dict[Any, Any] | None = None, **kwargs: Any
) -> None:
    """Prune several parameters as if they were one.

    Args:
        parameters: pairs of a module and the name of its parameter.
        pruning_method: the class of an unstructured method.
        importance_scores: what to judge by, by such a pair; the parameter itself by default.
        kwargs: of the method.

    Raises:
        TypeError: the parameters are not iterable, the scores no dict, or the method is structured.

    Example:
        >>> import pyconv
        >>> layers = [pyconv.nn.Linear(3, 1), pyconv.nn.Linear(2, 1)]
        >>> global_unstructured([(layer, "weight") for layer in layers], L1Unstructured, amount=2)
        >>> sum((layer.weight == 0).sum() for layer in layers)
        tensor(2)
    """
    if not isinstance(parameters, Iterable):
        raise TypeError("global_unstructured(): parameters is not an Iterable")
    scores = importance_scores if importance_scores is not None else {}
    if not isinstance(scores, dict):
        raise TypeError("global_unstructured(): importance_scores must be of type dict")
    given = [scores.get((module, name), getattr(module, name)) for module, name in parameters]
    masks = [getattr(module, f"{name}_mask", ones_like(getattr(module, name))) for module, name in parameters]
    relevant, default = parameters_to_vector(given), parameters_to_vector(masks)
    container = PruningContainer()
    container._tensor_name = "temp"
    method = pruning_method(**kwargs)
    method._tensor_name = "temp"
    if method.PRUNING_TYPE != "unstructured":
        raise TypeError(
            f'Only "unstructured" PRUNING_TYPE supported for the `pruning_method`. Found method {pruning_method} of '
            f"type {method.PRUNING_TYPE}"
        )
    container.add_pruning_method(method)
    found = container.compute_mask(relevant, default)
    start = 0
    for module, name in parameters:
        parameter = getattr(module, name)
        stop = start + parameter.numel()
        custom_from_mask(module, name, mask=found[start:stop].view_as(parameter))
        start = stop


def custom_from_mask(module: Any, name: str, mask: Any) -> Any:
    """Prune the parameter `name` of a module by a mask of its shape.

    Raises:
        AssertionError: it has another shape.

    Example:
        >>> import pyconv
        >>> custom_from_mask(pyconv.nn.Linear(1, 1), "bias", pyconv.tensor([0])).bias == 0
        tensor([True])
    """
    CustomFromMask.apply(module, name, mask)
    return module


def remove(module: Any, name: str) -> Any:
    """Make the pruned values of the parameter `name` the parameter itself again.

    Raises:
        ValueError: it is not pruned.

    Example:
        >>> import pyconv
        >>> layer = random_unstructured(pyconv.nn.Linear(2, 1), "weight", 1)
        >>> [name for name, _ in remove(layer, "weight").named_parameters()]
        ['bias', 'weight']
    """
    for key, method in methods_of(module).items():
        if method._tensor_name == name:
            method.remove(module)
            del module._forward_pre_hooks[key]
            return module
    raise ValueError(f"Parameter '{name}' of module {module} has to be pruned before pruning can be removed")


def is_pruned(module: Any) -> bool:
    """Whether a module, or one below it, has a parameter that is pruned.

    Example:
        >>> import pyconv
        >>> is_pruned(pyconv.nn.Linear(2, 1))
        False
    """
    return any(methods_of(submodule) for submodule in module.modules())
