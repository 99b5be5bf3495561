"""Hooks on tensors and nodes, as a backward pass calls them.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from pyconv import dtypes
from pyconv.autograd.handles import Hooks, RemovableHandle, register
from pyconv.autograd.node import Node
from pyconv.autograd.traced import LeafHooks, Traced


def register_on_gradient(value: Traced, hook: Callable[[Any], Any]) -> RemovableHandle:
    """Call `hook(gradient)` when the gradient of a value is whole; what it returns takes its place, unless None.

    Raises:
        RuntimeError: the value needs no gradient.
    """
    if not value._requires_grad:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    hooks = _of_leaf(value).before if value._node is None else value._node.hooks_of_output(value._output)
    return register(hooks, hook)


def register_after_accumulation(value: Traced, hook: Callable[[Any], Any]) -> RemovableHandle:
    """Call `hook(leaf)` after a pass has added to the `grad` of a leaf.

    Raises:
        RuntimeError: the value needs no gradient, or is no leaf.
    """
    if not value._requires_grad:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    if value._node is not None:
        raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
    return register(_of_leaf(value).after, hook)


def _of_leaf(value: Traced) -> LeafHooks:
    if value._hooks is None:
        value._hooks = LeafHooks()
    return value._hooks


_NONE: Hooks = OrderedDict()


def hooks_of(node: Node, output: int) -> Hooks:
    """The hooks on the cotangent of a node's result."""
    if node.leaf is not None and node.leaf._hooks is not None:
        return node.leaf._hooks.before
    return _NONE if node.hooks is None else node.hooks.of_output.get(output, _NONE)


def call_on_gradient(hooks: Hooks, g: Traced) -> Traced:
    """A cotangent after hooks on it.

    Raises:
        TypeError: a hook returns something else.
        RuntimeError: one returns a tensor of another shape.
    """
    for hook in tuple(hooks.values()):
        changed = hook(g)
        if changed is not None:
            _check_one(hook, g, changed)
            g = changed
    return g


def _check_one(hook: Any, g: Traced | None, changed: Any) -> None:
    """Refuse what a hook returns where it cannot stand for a cotangent."""
    if changed is None:
        return
    if not isinstance(changed, Traced):
        raise TypeError(f"expected Variable, but hook returned '{type(changed).__name__}'")
    if g is None:
        raise RuntimeError("can't replace a None gradient with a non-None value")
    if changed._array.dtype != g._array.dtype:
        was, got = (dtypes.of(value._array).scalar_name for value in (g, changed))
        raise RuntimeError(
            f"hook '{_name(hook)}' has changed the type of value (was torch.{was}Tensor got torch.{got}Tensor)"
        )
    if changed._array.shape != g._array.shape:
        raise RuntimeError(f"hook '{_name(hook)}' has changed the size of value")


def _name(hook: Any) -> str:
    return str(getattr(hook, "__name__", type(hook).__name__))


def call_after(leaf: Traced) -> None:
    """The hooks that wait for a leaf's `grad`.

    Raises:
        TypeError: a hook returns something that is no tensor.
        RuntimeError: one returns a tensor.
    """
    if leaf._hooks is None:
        return
    for hook in tuple(leaf._hooks.after.values()):
        found = hook(leaf)
        if isinstance(found, Traced):
            raise RuntimeError("Tensor post accumulate grad hooks should return None.")
        if found is not None:
            raise TypeError(f"expected Variable, but hook returned '{type(found).__name__}'")


def call_before(node: Node, cotangents: Sequence[Any]) -> Sequence[Any]:
    """The cotangents of a node's results after the hooks before it."""
    if node.hooks is not None:
        for hook in tuple(node.hooks.before.values()):
            cotangents = _replaced(hook, cotangents, hook(tuple(cotangents)))
    return cotangents


def _replaced(hook: Any, values: Sequence[Any], changed: Any) -> Sequence[Any]:
    """What stands for cotangents after a hook.

    Raises:
        RuntimeError: it returned more or fewer, or one that does not fit.
    """
    if changed is None:
        return values
    given = tuple(changed) if isinstance(changed, (tuple, list)) else (changed,)
    if len(given) != len(values):
        raise RuntimeError(
            f"hook '{_name(hook)}' has returned an incorrect number of values (got {len(given)}, but expected "
            f"{len(values)})"
        )
    for value, other in zip(values, given, strict=True):
        _check_one(hook, value, other)
    return given


def call_on_results(node: Node, results: list[Any], cotangents: Sequence[Any]) -> list[Any]:
    """What a node's VJPs gave, in the order of its edges, after the hooks behind it.

    The hooks see one item for each operand that can have a gradient.
    """
    if node.hooks is None or not node.hooks.after:
        return results
    places = node.operand_places()
    given: Sequence[Any] = tuple(results[i] if i is not None else None for i in places)
    for hook in tuple(node.hooks.after.values()):
        given = _replaced(hook, given, hook(given, tuple(cotangents)))
    return [given[places.index(i)] for i in range(len(results))]
