"""Calling a module: its forward hooks, and the rule that ndarrays in give ndarrays out.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.tensor`.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.mode import no_grad
from pyconv.nn.modules.backward_hooks import BackwardHooks
from pyconv.nn.modules.hooks import GLOBAL, Hook, Hooked
from pyconv.nn.modules.regular_hooks import hang
from pyconv.tensor import Tensor


def _forward_unimplemented(self: Any, *input: Any) -> None:
    """Compute the output; every subclass that is called defines it."""
    raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')


class Call(Hooked):
    """The part of Module that calls `forward`."""

    forward: Callable[..., Any] = _forward_unimplemented
    _modules: dict[str, Any]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        for arg in args:
            if isinstance(arg, Tensor):
                return self._call_impl(*args, **kwargs)
        if not _is_for_arrays((args, kwargs)):
            return self._call_impl(*args, **kwargs)
        args, kwargs = _replaced((args, kwargs), np.ndarray, _wrapped)
        with no_grad():
            return _replaced(self._call_impl(*args, **kwargs), Tensor, lambda tensor: tensor._array)

    def _call_impl(self, *args: Any, **kwargs: Any) -> Any:
        """`forward` between its hooks."""
        own = self._forward_hooks or self._forward_pre_hooks or self._backward_hooks or self._backward_pre_hooks
        if not (own or GLOBAL.forward or GLOBAL.forward_pre or GLOBAL.backward or GLOBAL.backward_pre):
            return self.forward(*args, **kwargs)
        called: set[int] = set()
        result = None
        try:
            for number, hook in (*GLOBAL.forward_pre.items(), *self._forward_pre_hooks.items()):
                args, kwargs = self._before(hook, number in self._forward_pre_hooks_with_kwargs, args, kwargs)
            around = self._around()
            if around is not None:
                args = around.around_inputs(args)
            result = self.forward(*args, **kwargs)
            for number, hook in (*GLOBAL.forward.items(), *self._forward_hooks.items()):
                called.add(number)
                result = self._after(number, hook, args, kwargs, result)
            result = result if around is None else around.around_outputs(result)
            regular = self._full_backward_hooks(False)
            if regular:
                hang(self, regular, args, result)
            return result
        except Exception:
            for place, table, marks in (
                ("global ", GLOBAL.forward, GLOBAL.forward_always_called),
                ("", self._forward_hooks, self._forward_hooks_always_called),
            ):
                for number, hook in table.items():
                    if number in marks and number not in called:
                        result = self._after_error(place, number, hook, args, kwargs, result)
            raise

    def _around(self) -> BackwardHooks | None:
        """The full backward hooks of this call, if there are any."""
        hooks = self._full_backward_hooks(True)
        pre_hooks = (*GLOBAL.backward_pre.values(), *self._backward_pre_hooks.values())
        return BackwardHooks(self, hooks, pre_hooks) if hooks or pre_hooks else None

    def _before(
        self, hook: Hook, with_kwargs: bool, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments after a hook has seen them."""
        changed = hook(self, args, kwargs) if with_kwargs else hook(self, args)
        if changed is None:
            return args, kwargs
        if not with_kwargs:
            return changed if isinstance(changed, tuple) else (changed,), kwargs
        if not (isinstance(changed, tuple) and len(changed) == 2):
            raise RuntimeError(
                f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {changed}."
            )
        return changed

    def _after(self, number: int, hook: Hook, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any) -> Any:
        """The result after a hook has seen it."""
        with_kwargs = number in self._forward_hooks_with_kwargs or number in GLOBAL.forward_with_kwargs
        changed = hook(self, args, kwargs, result) if with_kwargs else hook(self, args, result)
        return result if changed is None else changed

    def _after_error(
        self, place: str, number: int, hook: Hook, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any
    ) -> Any:
        """The result after a hook has seen it that is always called; its own error becomes a warning."""
        try:
            return self._after(number, hook, args, kwargs, result)
        except Exception as error:
            warnings.warn(
                f"{place}module forward hook with ``always_call=True`` raised an exception that was silenced as "
                f"another error was raised in forward: {error}",
                UserWarning,
                stacklevel=3,
            )
            return result


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
