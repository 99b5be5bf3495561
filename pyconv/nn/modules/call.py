"""Calling a module: its forward hooks, and the rule that ndarrays in give ndarrays out.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.tensor`, `pyconv.autograd.handles`.
"""

from __future__ import annotations

import copy
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from pyconv import dtypes
from pyconv.autograd.handles import RemovableHandle, register
from pyconv.autograd.mode import no_grad
from pyconv.nn.modules.backward_hooks import BackwardHooks
from pyconv.tensor import Tensor


class _Hook(NamedTuple):
    """A hook, and how it is to be called."""

    function: Callable[..., Any]
    with_kwargs: bool
    always_call: bool = False

    def __call__(self, module: Any, args: tuple[Any, ...], kwargs: dict[str, Any], *result: Any) -> Any:
        given = (args, kwargs) if self.with_kwargs else (args,)
        return self.function(module, *given, *result)


class _Global:
    """The hooks of all modules."""

    def __init__(self) -> None:
        self.forward: OrderedDict[int, _Hook] = OrderedDict()
        self.forward_pre: OrderedDict[int, _Hook] = OrderedDict()
        self.backward: OrderedDict[int, Callable[..., Any]] = OrderedDict()
        self.backward_pre: OrderedDict[int, Callable[..., Any]] = OrderedDict()


_global = _Global()


def register_module_forward_pre_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, args)` before the `forward` of every module."""
    return register(_global.forward_pre, _Hook(hook, False))


def register_module_forward_hook(
    hook: Callable[..., Any], *, with_kwargs: bool = False, always_call: bool = False
) -> RemovableHandle:
    """Call `hook(module, args, output)` after the `forward` of every module."""
    return register(_global.forward, _Hook(hook, with_kwargs, always_call))


def register_module_full_backward_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, grad_input, grad_output)` in the backward pass of every module."""
    return register(_global.backward, hook)


def register_module_full_backward_pre_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, grad_output)` in the backward pass of every module."""
    return register(_global.backward_pre, hook)


def _forward_unimplemented(self: Any, *input: Any) -> None:
    """Compute the output; every subclass that is called defines it."""
    raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')


class Call:
    """The part of Module that calls `forward`."""

    forward: Callable[..., Any] = _forward_unimplemented

    _backward_hooks: OrderedDict[int, Callable[..., Any]]
    _backward_pre_hooks: OrderedDict[int, Callable[..., Any]]
    _forward_pre_hooks: OrderedDict[int, _Hook]
    _forward_hooks: OrderedDict[int, _Hook]

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call a hook before every `forward`.

        Args:
            hook: called as `hook(module, args)`. What it returns, a tuple or a single value, takes the place of the
                arguments, unless it is None.
            prepend: whether it comes before the hooks that are there already.
            with_kwargs: whether it is called as `hook(module, args, kwargs)`, and returns both or None.
        """
        return register(self._forward_pre_hooks, _Hook(hook, with_kwargs), prepend=prepend)

    def register_forward_hook(
        self,
        hook: Callable[..., Any],
        *,
        prepend: bool = False,
        with_kwargs: bool = False,
        always_call: bool = False,
    ) -> RemovableHandle:
        """Call a hook after every `forward`.

        Args:
            hook: called as `hook(module, args, output)`. What it returns takes the place of the output, unless it is
                None.
            prepend: whether it comes before the hooks that are there already.
            with_kwargs: whether it is called as `hook(module, args, kwargs, output)`.
            always_call: whether it is called after an exception too; the output is then None if there is none yet.
        """
        return register(self._forward_hooks, _Hook(hook, with_kwargs, always_call), prepend=prepend)

    def register_full_backward_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call a hook when the gradients of the inputs of a call are known.

        Args:
            hook: called as `hook(module, grad_input, grad_output)` with tuples. What it returns takes the place of the
                first, unless it is None.
            prepend: whether it comes before the hooks that are there already.
        """
        return register(self._backward_hooks, hook, prepend=prepend)

    def register_full_backward_pre_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call a hook when the gradients of the outputs of a call are known.

        Args:
            hook: called as `hook(module, grad_output)` with a tuple. What it returns takes its place, unless it is
                None.
            prepend: whether it comes before the hooks that are there already.
        """
        return register(self._backward_pre_hooks, hook, prepend=prepend)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not _is_for_arrays((args, kwargs)):
            return self._call_impl(*args, **kwargs)
        args, kwargs = _replaced((args, kwargs), np.ndarray, _wrapped)
        with no_grad():
            return _replaced(self._call_impl(*args, **kwargs), Tensor, lambda tensor: tensor._array)

    def _call_impl(self, *args: Any, **kwargs: Any) -> Any:
        """`forward` between its hooks."""
        own = self._forward_hooks or self._forward_pre_hooks or self._backward_hooks or self._backward_pre_hooks
        if not (own or _global.forward or _global.forward_pre or _global.backward or _global.backward_pre):
            return self.forward(*args, **kwargs)
        called: set[int] = set()
        result = None
        try:
            for hook in (*_global.forward_pre.values(), *self._forward_pre_hooks.values()):
                args, kwargs = self._before(hook, args, kwargs)
            around = self._around()
            if around is not None:
                args = around.around_inputs(args)
            result = self.forward(*args, **kwargs)
            for number, hook in (*_global.forward.items(), *self._forward_hooks.items()):
                called.add(number)
                changed = hook(self, args, kwargs, result)
                result = result if changed is None else changed
            return result if around is None else around.around_outputs(result)
        except Exception:
            self._after_error(called, args, kwargs, result)
            raise

    def _around(self) -> BackwardHooks | None:
        """The backward hooks of this call, if there are any."""
        hooks = (*_global.backward.values(), *self._backward_hooks.values())
        pre_hooks = (*_global.backward_pre.values(), *self._backward_pre_hooks.values())
        return BackwardHooks(self, hooks, pre_hooks) if hooks or pre_hooks else None

    def _before(
        self, hook: _Hook, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments after a hook has seen them."""
        changed = hook(self, args, kwargs)
        if changed is None:
            return args, kwargs
        if not hook.with_kwargs:
            return changed if isinstance(changed, tuple) else (changed,), kwargs
        if not (isinstance(changed, tuple) and len(changed) == 2):
            raise RuntimeError(
                f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {changed}."
            )
        return changed

    def _after_error(self, called: set[int], args: tuple[Any, ...], kwargs: dict[str, Any], result: Any) -> None:
        """Call the hooks that are always called, but those that were; their own errors become warnings."""
        for number, hook in self._forward_hooks.items():
            if not hook.always_call or number in called:
                continue
            try:
                changed = hook(self, args, kwargs, result)
                result = result if changed is None else changed
            except Exception as error:
                warnings.warn(
                    "module forward hook with ``always_call=True`` raised an exception that was silenced as another "
                    f"error was raised in forward: {error}",
                    UserWarning,
                    stacklevel=3,
                )


def _is_for_arrays(value: Any) -> bool:
    """Whether there are ndarrays and no Tensors in nested sequences and dicts."""
    leaves = tuple(_leaves(value))
    return any(isinstance(leaf, np.ndarray) for leaf in leaves) and not any(isinstance(v, Tensor) for v in leaves)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    else:
        yield value


def _wrapped(array: Any) -> Tensor:
    """A tensor over an ndarray.

    Raises:
        TypeError: torch has no such dtype.
    """
    dtypes.of(array)
    return Tensor._wrap(array)


def _replaced(value: Any, kind: type, replace: Callable[[Any], Any]) -> Any:
    """Nested sequences and dicts with `replace` of every value of a kind."""
    if isinstance(value, kind):
        return replace(value)
    if isinstance(value, (tuple, list)):
        items = [_replaced(item, kind, replace) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, dict):
        replaced = copy.copy(value)
        replaced.update((key, _replaced(item, kind, replace)) for key, item in value.items())
        return replaced
    return value
