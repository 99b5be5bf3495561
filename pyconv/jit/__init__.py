"""torch.jit, as far as programs ask it whether they are being compiled: nothing is, they run as they are written.

May import: `pyconv.nn`.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar

from pyconv.nn.modules.module import Module

F = TypeVar("F")


class TracerWarning(Warning):
    """The category of what tracing would warn of; programs filter it."""


def is_scripting() -> bool:
    """Whether a compiled program is running: never.

    Example:
        >>> is_scripting()
        False
    """
    return False


def is_tracing() -> bool:
    """Whether a program is being traced: never."""
    return False


def unused(fn: F) -> F:
    """Mark a method that a compiler would leave out; it runs as it is."""
    return fn


def ignore(drop: Any = False, **kwargs: Any) -> Any:  # noqa: ARG001
    """Mark a method that a compiler would leave to Python; it runs as it is."""
    return drop if callable(drop) else lambda fn: fn


def export(fn: F) -> F:
    """Mark a method that a compiler would take along; it runs as it is."""
    return fn


def _overload(fn: F) -> F:
    """Mark a signature of a function that has several; the last definition runs."""
    return fn


_overload_method = _overload


def script_method(fn: F) -> F:
    """Mark a method of a `ScriptModule`; it runs as it is."""
    return fn


def annotate(the_type: Any, the_value: F) -> F:  # noqa: ARG001
    """A value, whose type a compiler would be told.

    Example:
        >>> annotate(list, [1])
        [1]
    """
    return the_value


def script(obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG001
    """A function, class or module as it is: there is no compiler, and the same is computed."""
    return obj


class ScriptModule(Module):
    """A module whose methods torch would compile; they run as they are."""


__all__ = [
    "Final",
    "ScriptModule",
    "TracerWarning",
    "annotate",
    "export",
    "ignore",
    "is_scripting",
    "is_tracing",
    "script",
    "script_method",
    "unused",
]
