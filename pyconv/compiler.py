"""torch.compiler, as far as programs ask it whether they are being compiled: they run as they are written.

May import: the standard library.
"""

from __future__ import annotations

from typing import Any

__all__ = ["disable", "is_compiling", "is_dynamo_compiling"]


def is_compiling() -> bool:
    """False.

    Example:
        >>> is_compiling()
        False
    """
    return False


def is_dynamo_compiling() -> bool:
    """False."""
    return False


def disable(fn: Any = None, recursive: bool = True, *, reason: str | None = None) -> Any:  # noqa: ARG001
    """Mark a function that a compiler would leave out; it runs as it is."""
    return (lambda function: function) if fn is None else fn
