"""What `load` builds from a file that is not trusted.

May import: the standard library, `pyconv.serialization`.
"""

from __future__ import annotations

import _codecs
from collections import Counter, OrderedDict
from types import TracebackType
from typing import Any

Listed = Any
"""A class or function, or a pair of it and the full name that a file gives it."""

PLAIN: dict[str, Any] = {
    "collections.OrderedDict": OrderedDict,
    "collections.Counter": Counter,
    "_codecs.encode": _codecs.encode,
    "builtins.bytearray": bytearray,
    "builtins.set": set,
    "builtins.complex": complex,
    "__builtin__.bytearray": bytearray,
    "__builtin__.set": set,
    "__builtin__.complex": complex,
}
"""What is allowed beside torch's own tensors, by the name in a file."""

BLOCKED = frozenset({"sys", "os", "posix", "nt"})
"""Modules from which nothing is ever taken."""

_listed: list[Listed] = []


def add_safe_globals(safe_globals: list[Listed]) -> None:
    """Allow files to name more classes and functions.

    Args:
        safe_globals: each a class or function, or a pair of it and the full name that a file gives it.

    Example:
        >>> import fractions
        >>> add_safe_globals([fractions.Fraction])
        >>> get_safe_globals()
        [<class 'fractions.Fraction'>]
        >>> clear_safe_globals()
    """
    _listed.extend(item for item in safe_globals if item not in _listed)


def get_safe_globals() -> list[Listed]:
    """What `add_safe_globals` has allowed."""
    return list(_listed)


def clear_safe_globals() -> None:
    """Forget what `add_safe_globals` has allowed."""
    _listed.clear()


class safe_globals:
    """Allow files to name more classes and functions inside a `with` block.

    Args:
        safe_globals: as of `add_safe_globals`.

    Example:
        >>> import fractions
        >>> with safe_globals([fractions.Fraction]):
        ...     get_safe_globals()
        [<class 'fractions.Fraction'>]
        >>> get_safe_globals()
        []
    """

    def __init__(self, safe_globals: list[Listed]) -> None:
        self._added = list(safe_globals)
        self._before: list[Listed] = []

    def __enter__(self) -> None:
        self._before = get_safe_globals()
        add_safe_globals(self._added)

    def __exit__(self, kind: Any, error: BaseException | None, trace: TracebackType | None) -> None:
        _listed[:] = self._before


def listed() -> dict[str, Any]:
    """What the user has allowed, by full name."""
    found = {}
    for item in _listed:
        if isinstance(item, tuple):
            found[item[1]] = item[0]
        else:
            found[f"{item.__module__}.{item.__qualname__}"] = item
    return found
