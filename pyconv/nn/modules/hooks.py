"""Hooks of modules: those of one, and those of all.

May import: `pyconv.autograd.handles`.
"""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from pyconv.autograd.handles import RemovableHandle, register

Hook = Callable[..., Any]
Table = OrderedDict[int, Hook]
Marks = OrderedDict[int, bool]


class _WrappedHook:
    """A hook, given its module first if there is one, without keeping that alive.

    Args:
        hook: that is called.
        module: whose hook it is, or None for a hook that is not given its module.

    Attributes:
        hook: that is called.
        with_module: whether it is given a module.
        module: gives the module, or None when it is gone.
    """

    def __init__(self, hook: Hook, module: Any = None) -> None:
        self.__setstate__({"hook": hook, "with_module": module is not None, "module": module})

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not self.with_module:
            return self.hook(*args, **kwargs)
        module = self.module()
        if module is None:
            raise RuntimeError("You are trying to call the hook of a dead Module!")
        return self.hook(module, *args, **kwargs)

    def __getstate__(self) -> dict[str, Any]:
        state = {"hook": self.hook, "with_module": self.with_module}
        return state | {"module": self.module()} if self.with_module else state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.hook: Hook = state["hook"]
        self.with_module: bool = state["with_module"]
        if self.with_module:
            if state["module"] is None:
                raise RuntimeError("You are trying to revive the hook of a dead Module!")
            self.module = weakref.ref(state["module"])


class _Global:
    """The hooks of all modules, by number, and which of them are called in which way."""

    def __init__(self) -> None:
        self.forward_pre: Table = OrderedDict()
        self.forward: Table = OrderedDict()
        self.forward_with_kwargs: Marks = OrderedDict()
        self.forward_always_called: Marks = OrderedDict()
        self.backward_pre: Table = OrderedDict()
        self.backward: Table = OrderedDict()
        self.is_full_backward: bool | None = None


GLOBAL = _Global()


def register_module_forward_pre_hook(hook: Hook) -> RemovableHandle:
    """Call `hook(module, args)` before the `forward` of every module."""
    return register(GLOBAL.forward_pre, hook)


def register_module_forward_hook(
    hook: Hook, *, with_kwargs: bool = False, always_call: bool = False
) -> RemovableHandle:
    """Call `hook(module, args, output)` after the `forward` of every module."""
    marks = {"forward_with_kwargs": with_kwargs, "forward_always_called": always_call}
    return _register_marked(GLOBAL.forward, hook, [(vars(GLOBAL)[name], given) for name, given in marks.items()])


def register_module_backward_hook(hook: Hook) -> RemovableHandle:
    """Call `hook(module, grad_input, grad_output)` after the last node of every module; torch deprecates it.

    Raises:
        RuntimeError: a full backward hook of all modules was registered.
    """
    _refuse_both(GLOBAL.is_full_backward is True, "as a global Module hook")
    GLOBAL.is_full_backward = False
    return register(GLOBAL.backward, hook)


def register_module_full_backward_hook(hook: Hook) -> RemovableHandle:
    """Call `hook(module, grad_input, grad_output)` in the backward pass of every module.

    Raises:
        RuntimeError: a backward hook of all modules that is not full was registered.
    """
    _refuse_both(GLOBAL.is_full_backward is False, "as a global Module hook")
    GLOBAL.is_full_backward = True
    return register(GLOBAL.backward, hook)


def register_module_full_backward_pre_hook(hook: Hook) -> RemovableHandle:
    """Call `hook(module, grad_output)` in the backward pass of every module."""
    return register(GLOBAL.backward_pre, hook)


def _refuse_both(registered: bool, where: str) -> None:
    if registered:
        raise RuntimeError(
            f"Cannot use both regular backward hooks and full backward hooks {where}. Please use only one of them."
        )


def _register_marked(
    hooks: Table, hook: Hook, marks: list[tuple[Marks, bool]], *, prepend: bool = False
) -> RemovableHandle:
    """Put a hook into its table, and its number into those that say how it is called."""
    handle = register(hooks, hook, prepend=prepend, extra=[table for table, _ in marks])
    for table, given in marks:
        if given:
            table[handle.id] = True
    return handle


class Hooked:
    """The part of Module that keeps hooks."""

    _backward_hooks: Table
    _backward_pre_hooks: Table
    _is_full_backward_hook: bool | None
    _forward_pre_hooks: Table
    _forward_pre_hooks_with_kwargs: Marks
    _forward_hooks: Table
    _forward_hooks_with_kwargs: Marks
    _forward_hooks_always_called: Marks

    def register_forward_pre_hook(
        self, hook: Hook, *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call a hook before every `forward`.

        Args:
            hook: called as `hook(module, args)`. What it returns, a tuple or a single value, takes the place of the
                arguments, unless it is None.
            prepend: whether it comes before the hooks that are there already.
            with_kwargs: whether it is called as `hook(module, args, kwargs)`, and returns both or None.
        """
        marks = [(self._forward_pre_hooks_with_kwargs, with_kwargs)]
        return _register_marked(self._forward_pre_hooks, hook, marks, prepend=prepend)

    def register_forward_hook(
        self, hook: Hook, *, prepend: bool = False, with_kwargs: bool = False, always_call: bool = False
    ) -> RemovableHandle:
        """Call a hook after every `forward`.

        Args:
            hook: called as `hook(module, args, output)`. What it returns takes the place of the output, unless it is
                None.
            prepend: whether it comes before the hooks that are there already.
            with_kwargs: whether it is called as `hook(module, args, kwargs, output)`.
            always_call: whether it is called after an exception too; the output is then None if there is none yet.
        """
        marks = [(self._forward_hooks_with_kwargs, with_kwargs), (self._forward_hooks_always_called, always_call)]
        return _register_marked(self._forward_hooks, hook, marks, prepend=prepend)

    def register_backward_hook(self, hook: Hook) -> RemovableHandle:
        """Call a hook after the node of the graph that made the output; torch deprecates it.

        Args:
            hook: called as `hook(module, grad_input, grad_output)` with the cotangents of that node's operands and
                results. What it returns takes the place of the first, unless it is None.

        Raises:
            RuntimeError: the module has full backward hooks.
        """
        _refuse_both(self._is_full_backward_hook is True, "on a single Module")
        self._is_full_backward_hook = False
        return register(self._backward_hooks, hook)

    def register_full_backward_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call a hook when the gradients of the inputs of a call are known.

        Args:
            hook: called as `hook(module, grad_input, grad_output)` with tuples. What it returns takes the place of the
                first, unless it is None.
            prepend: whether it comes before the hooks that are there already.

        Raises:
            RuntimeError: the module has backward hooks that are not full.
        """
        _refuse_both(self._is_full_backward_hook is False, "on a single Module")
        self._is_full_backward_hook = True
        return register(self._backward_hooks, hook, prepend=prepend)

    def register_full_backward_pre_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call a hook when the gradients of the outputs of a call are known.

        Args:
            hook: called as `hook(module, grad_output)` with a tuple. What it returns takes its place, unless it is
                None.
            prepend: whether it comes before the hooks that are there already.
        """
        return register(self._backward_pre_hooks, hook, prepend=prepend)

    def _full_backward_hooks(self, full: bool) -> tuple[Hook, ...]:
        """The backward hooks of a call, those that are full or those that are not."""
        every = GLOBAL.backward.values() if GLOBAL.is_full_backward is full else ()
        return (*every, *(self._backward_hooks.values() if self._is_full_backward_hook is full else ()))
