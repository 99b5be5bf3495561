"""Whether operations are recorded: `no_grad`, `enable_grad`, `set_grad_enabled`, for each thread.

May import: the standard library.
"""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class _State(threading.local):
    enabled = True


_state = _State()


def is_grad_enabled() -> bool:
    """Whether operations on tensors that require gradients are recorded in this thread."""
    return _state.enabled


class _Mode:
    """A context manager, and a decorator, that sets the mode and puts the old one back."""

    def __init__(self, enabled: bool) -> None:
        self._enabled = enabled
        self._previous: list[bool] = []

    def __enter__(self) -> None:
        self._previous.append(_state.enabled)
        _state.enabled = self._enabled

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _state.enabled = self._previous.pop()

    def __call__(self, function: F) -> F:
        if inspect.isgeneratorfunction(function):
            return _generator_in(self._enabled, function)

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with _Mode(self._enabled):
                return function(*args, **kwargs)

        return wrapped  # type: ignore[return-value]


def _generator_in(enabled: bool, function: F) -> F:
    """A generator function whose body alone runs in a mode, not what happens while it waits."""

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        generator = function(*args, **kwargs)
        resume = functools.partial(next, generator)
        while True:
            with _Mode(enabled):
                try:
                    value = resume()
                except StopIteration as stop:
                    return stop.value
            try:
                sent = yield value
            except BaseException as error:
                resume = functools.partial(generator.throw, error)
            else:
                resume = functools.partial(generator.send, sent)

    return wrapped  # type: ignore[return-value]


class no_grad(_Mode):
    """Record nothing inside a `with` block, or inside a function that it decorates.

    Example:
        >>> import pyconv
        >>> x = pyconv.ones(2, requires_grad=True)
        >>> with pyconv.no_grad():
        ...     y = x * 2
        >>> y.requires_grad
        False
    """

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        mode = super().__new__(cls)
        if function is None:
            return mode
        mode.__init__()  # type: ignore[misc]
        return mode(function)

    def __init__(self) -> None:
        super().__init__(False)


class enable_grad(_Mode):
    """Record inside a `with` block, or inside a function that it decorates, even where `no_grad` holds."""

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        mode = super().__new__(cls)
        if function is None:
            return mode
        mode.__init__()  # type: ignore[misc]
        return mode(function)

    def __init__(self) -> None:
        super().__init__(True)


class set_grad_enabled(_Mode):
    """Record or not, from the call on, or inside the `with` block that the call begins.

    Args:
        mode: whether to record.

    Raises:
        TypeError: `mode` is no bool.

    Example:
        >>> import pyconv
        >>> with set_grad_enabled(False):
        ...     pyconv.is_grad_enabled()
        False
    """

    def __init__(self, mode: bool) -> None:
        if not isinstance(mode, bool):
            raise TypeError(
                f"set_grad_enabled(): argument 'enabled' (position 1) must be bool, not {type(mode).__name__}"
            )
        super().__init__(mode)
        self._before = _state.enabled
        _state.enabled = mode

    def __enter__(self) -> None:
        _state.enabled = self._enabled
        self._previous.append(self._before)

    def __call__(self, function: F) -> F:
        _state.enabled = self._before
        return super().__call__(function)

    def __repr__(self) -> str:
        return f"torch.autograd.grad_mode.set_grad_enabled(mode={self._enabled})"
