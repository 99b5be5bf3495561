"""The modes of a thread: whether operations are recorded, inference, the search for anomalies.

May import: the standard library, `pyconv.autograd.tasks`.
"""

from __future__ import annotations

import functools
import os
import threading
import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

from pyconv.autograd.tasks import running_node

_GENERATOR = 0x20
"""The flag of the code of generator functions: inspect.CO_GENERATOR."""

F = TypeVar("F", bound=Callable[..., Any])


class Version:
    """A count of the in-place changes of some memory, shared by all that looks at it."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


class InferenceVersion(Version):
    """The count of memory that was made in inference mode: nobody may ask for it."""

    __slots__ = ()


class _State(threading.local):
    enabled = True
    inference = False
    anomaly = False
    check_nan = True


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
        _warn_of_class(function)
        code = getattr(function, "__code__", None)
        if code is not None and code.co_flags & _GENERATOR:
            return _generator_in(self._enabled, function)

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with _Mode(self._enabled):
                return function(*args, **kwargs)

        return wrapped  # type: ignore[return-value]


def _warn_of_class(decorated: Any) -> None:
    if isinstance(decorated, type):
        warnings.warn(
            "Decorating classes is deprecated and will be disabled in future versions. You should only decorate "
            "functions or methods. To preserve the current behavior of class decoration, you can directly decorate "
            "the `__init__` method and nothing else.",
            FutureWarning,
            stacklevel=3,
        )


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


def is_inference_mode_enabled() -> bool:
    """Whether tensors are made for inference alone in this thread."""
    return _state.inference


def new_version() -> Version:
    """The count of changes of new memory."""
    return InferenceVersion() if _state.inference else Version()


class inference_mode(_Mode):
    """Record nothing, and make tensors that can never be part of a graph.

    Args:
        mode: whether to; or a function to decorate.

    Example:
        >>> import pyconv
        >>> with inference_mode():
        ...     x = pyconv.ones(2)
        >>> x.is_inference()
        True
    """

    def __new__(cls, mode: bool | Callable[..., Any] = True) -> Any:
        made = super().__new__(cls)
        if isinstance(mode, bool):
            return made
        made.__init__()  # type: ignore[misc]
        return made(mode)

    def __init__(self, mode: bool = True) -> None:
        super().__init__(not mode)
        self._inference = mode
        self._inferred: list[tuple[bool, bool]] = []

    def __enter__(self) -> None:
        self._inferred.append((_state.enabled, _state.inference))
        _state.enabled, _state.inference = not self._inference, self._inference

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _state.enabled, _state.inference = self._inferred.pop()

    def __call__(self, function: F) -> F:
        _warn_of_class(function)
        mode = self._inference

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with inference_mode(mode):
                return function(*args, **kwargs)

        return wrapped  # type: ignore[return-value]


class set_detect_anomaly:
    """Look for NaN in backward passes and say which forward call an error comes from, or no longer.

    Args:
        mode: whether to, from the call on or inside the `with` block that the call begins.
        check_nan: whether a NaN raises RuntimeError.
    """

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self._before = _state.anomaly, _state.check_nan
        _state.anomaly, _state.check_nan = mode, check_nan

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        _state.anomaly, _state.check_nan = self._before


class detect_anomaly:
    """Look for NaN in backward passes, and say which forward call an error comes from, inside a `with` block.

    Args:
        check_nan: whether a NaN raises RuntimeError.
    """

    def __init__(self, check_nan: bool = True) -> None:
        self._before = _state.anomaly, _state.check_nan
        self._check_nan = check_nan
        warnings.warn(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for "
            "debugging.",
            UserWarning,
            stacklevel=2,
        )

    def __enter__(self) -> None:
        self._before = _state.anomaly, _state.check_nan
        _state.anomaly, _state.check_nan = True, self._check_nan

    def __exit__(self, *_: object) -> None:
        _state.anomaly, _state.check_nan = self._before


def is_anomaly_enabled() -> bool:
    """Whether backward passes say which forward call an error comes from."""
    return _state.anomaly


def is_anomaly_check_nan_enabled() -> bool:
    """Whether they look for NaN too."""
    return _state.check_nan


def traceback() -> tuple[str, Any] | None:
    """Where the call that is under way was made, outside of this package, while anomalies are looked for.

    Returns:
        The lines of the call, and the node whose backward call made it, if one did.
    """
    if not _state.anomaly:
        return None
    import traceback as stack

    package = os.path.dirname(os.path.dirname(__file__))
    lines = stack.format_list([frame for frame in stack.extract_stack() if package not in frame.filename])
    return "".join(lines), running_node()
