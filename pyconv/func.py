"""torch.func, of which pyconv has the calls of modules with parameters that are not their own.

May import: all of pyconv.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pyconv.functions.joining import stack
from pyconv.nn.utils.stateless import call_with

__all__ = ["functional_call", "stack_module_state"]

State = dict[str, Any]


def functional_call(
    module: Any,
    parameter_and_buffer_dicts: State | Sequence[State],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """Call a module as if its parameters and buffers were others.

    Args:
        module: it has its own again afterwards.
        parameter_and_buffer_dicts: tensors by full name, in one dict or in several that share no name.
        args: the arguments of the call: a tuple, or one alone.
        kwargs: its keyword arguments.
        tie_weights: whether names that mean one tensor in the module are given one tensor here.
        strict: whether every name must be there, and no other.

    Returns:
        What the module returns.

    Raises:
        RuntimeError: names do not match.
        ValueError: these are no dicts, a name stands in several, or names of one tensor are given several.

    Example:
        >>> import pyconv as torch
        >>> layer = torch.nn.PReLU()
        >>> torch.func.functional_call(layer, {"weight": torch.tensor([2.0])}, torch.tensor([-1.0]))
        tensor([-2.])
    """
    state = _joined(parameter_and_buffer_dicts)
    return call_with(module, state, args, kwargs, tie_weights=tie_weights, strict=strict)


def _joined(given: Any) -> State:
    """One dict of what several hold."""
    if isinstance(given, dict):
        return given
    if not isinstance(given, Sequence):
        raise ValueError(
            f"Expected parameter_and_buffer_dicts to be a dict, or a list/tuple of dicts, but got {type(given)}"
        )
    if not all(isinstance(part, dict) for part in given):
        raise ValueError("Expected all elements of parameter_and_buffer_dicts to be dictionaries")
    repeated = [name for name, times in Counter(name for part in given for name in part).items() if times > 1]
    if repeated:
        raise ValueError(f"{repeated} appeared in multiple dictionaries; behavior of functional call is ambiguous")
    return {name: value for part in given for name, value in part.items()}


def stack_module_state(models: Sequence[Any]) -> tuple[State, State]:
    """The parameters and the buffers of modules of one class, stacked along a new first dimension.

    Args:
        models: at least one module, all in the same mode.

    Returns:
        Parameters by name, which are leaves of their own, and buffers.

    Raises:
        RuntimeError: there are none, or they are not alike.

    Example:
        >>> import pyconv as torch
        >>> parameters, buffers = torch.func.stack_module_state([torch.nn.PReLU(), torch.nn.PReLU()])
        >>> parameters, buffers
        ({'weight': tensor([[0.2500],
                [0.2500]], requires_grad=True)}, {})
    """
    if len(models) == 0:
        raise RuntimeError("stack_module_state: Expected at least one model, got 0.")
    if len({bool(model.training) for model in models}) > 1:
        raise RuntimeError("stack_module_state: Expected all models to have the same training/eval mode.")
    if any(type(model) is not type(models[0]) for model in models):
        raise RuntimeError("stack_module_state: Expected all models to be of the same class.")
    parameters = [dict(model.named_parameters()) for model in models]
    buffers = [dict(model.named_buffers()) for model in models]
    return _stacked(parameters), _stacked(buffers)


def _stacked(states: Sequence[State]) -> State:
    return {name: _leaf([state[name] for state in states], name) for name in states[0]}


def _leaf(tensors: Sequence[Any], name: str) -> Any:
    """Tensors stacked, without their history."""
    kinds = {tensor.requires_grad for tensor in tensors}
    if len(kinds) > 1:
        raise RuntimeError(f"Expected {name} from each model to have the same .requires_grad")
    found = stack(tensors)
    return found.detach().requires_grad_() if True in kinds else found
