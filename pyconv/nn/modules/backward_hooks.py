"""Backward hooks of a module: two identity nodes in the graph, before the module's inputs and behind its outputs.

May import: `pyconv.autograd`, `pyconv.tensor`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from pyconv.autograd.function import Function
from pyconv.autograd.mode import is_grad_enabled
from pyconv.tensor import Tensor

UserHook = Callable[..., Any]


class BackwardHookFunction(Function):
    """The identity of tensors, whose node the hooks are hung on."""

    @staticmethod
    def forward(ctx: Any, *args: Any) -> Any:
        """The tensors, those that need no gradient marked so."""
        ctx.mark_non_differentiable(*(arg for arg in args if not arg.requires_grad))
        return args

    @staticmethod
    def backward(ctx: Any, *args: Any) -> Any:  # noqa: ARG004
        """The cotangents as they came."""
        return args


class BackwardHooks:
    """The hooks of one call of a module.

    Args:
        module: that is called.
        hooks: each called as `hook(module, grad_input, grad_output)` once the gradients of the inputs are known.
        pre_hooks: each called as `hook(module, grad_output)` once the gradients of the outputs are known.
    """

    def __init__(self, module: Any, hooks: Sequence[UserHook], pre_hooks: Sequence[UserHook]) -> None:
        self.module = module
        self.hooks = hooks
        self.pre_hooks = pre_hooks
        self.grad_outputs: Any = None
        self.inputs: list[int] | None = None
        self.outputs: list[int] | None = None
        self.input_count = self.output_count = 0

    def around_inputs(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments of the call, behind the node that knows their gradients."""
        found, self.inputs, node = _behind_node(args)
        self.input_count = len(args)
        if node is not None:
            node.register_hook(self._at_inputs)
        return found

    def around_outputs(self, result: Any) -> Any:
        """The result of the call, behind the node that knows its gradients."""
        if not isinstance(result, (Tensor, tuple)):
            warnings.warn(
                "For backward hooks to be called, module output should be a Tensor or a tuple of Tensors but received "
                f"{type(result)}",
                stacklevel=4,
            )
        items = result if isinstance(result, tuple) else (result,)
        found, self.outputs, node = _behind_node(items)
        self.output_count = len(items)
        if node is not None:
            node.register_hook(self._at_outputs)
        if hasattr(result, "_fields"):
            return type(result)(*found)
        return found if isinstance(result, tuple) else found[0]

    def _at_outputs(self, _: Any, given: tuple[Any, ...]) -> Any:
        self.grad_outputs = _spread(self.outputs, given, self.output_count)
        for hook in self.pre_hooks:
            changed = hook(self.module, self.grad_outputs)
            if changed is not None:
                self.grad_outputs = _counted(
                    changed, self.output_count, "Backward pre hook returned an invalid number of grad_output"
                )
        found = self.grad_outputs
        if self.inputs is None:
            self._without_inputs()
        return tuple(found[i] for i in self.outputs or ())

    def _without_inputs(self) -> None:
        """Call the hooks at once where no input needs a gradient."""
        if self.hooks:
            warnings.warn(
                "Full backward hook is firing when gradients are computed with respect to module outputs since no "
                "inputs require gradients. See https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html#"
                "torch.nn.Module.register_full_backward_hook for more details.",
                stacklevel=5,
            )
        for hook in self.hooks:
            found = hook(self.module, (None,) * self.input_count, self.grad_outputs)
            if found is not None and not (isinstance(found, tuple) and all(g is None for g in found)):
                raise RuntimeError(
                    "Backward hook for Modules where no input requires gradient should always return None or None "
                    "for all gradients."
                )
        self.grad_outputs = None

    def _at_inputs(self, given: tuple[Any, ...], _: Any) -> Any:
        if self.grad_outputs is None:
            return None
        found: Any = _spread(self.inputs, given, self.input_count)
        for hook in self.hooks:
            changed = hook(self.module, found, self.grad_outputs)
            if changed is not None:
                found = _counted(changed, self.input_count, "Backward hook returned an invalid number of grad_input")
        self.grad_outputs = None
        return tuple(found[i] for i in self.inputs or ())


def _behind_node(values: tuple[Any, ...]) -> tuple[tuple[Any, ...], list[int] | None, Any]:
    """Values with their tensors behind an identity node, where those stand, and the node, if one needs a gradient."""
    places = [i for i, value in enumerate(values) if isinstance(value, Tensor)]
    if not (is_grad_enabled() and any(values[i].requires_grad for i in places)):
        return values, None, None
    tensors = BackwardHookFunction.apply(*(values[i] for i in places))
    found = list(values)
    for i, tensor in zip(places, tensors, strict=True):
        found[i] = tensor
    node = next(tensor.grad_fn for tensor in tensors if tensor.grad_fn is not None)
    return tuple(found), places, node


def _spread(places: list[int] | None, values: Sequence[Any], count: int) -> tuple[Any, ...]:
    found: list[Any] = [None] * count
    for i, value in zip(places or (), values, strict=False):
        found[i] = value
    return tuple(found)


def _counted(changed: Any, expected: int, complaint: str) -> tuple[Any, ...]:
    found = changed if isinstance(changed, tuple) else (changed,)
    if len(found) != expected:
        raise RuntimeError(f"{complaint}, got {len(found)}, but expected {expected}")
    return found
