"""Warnings that a process gives once.

May import: the standard library.
"""

from __future__ import annotations

import warnings

_given: set[str] = set()
_always: list[bool] = [False]


def give_always(value: bool) -> None:
    """Set whether warnings are given each time."""
    _always[0] = value


def are_always_given() -> bool:
    """Whether warnings are given each time."""
    return _always[0]


def warn_once(text: str, what: str | None = None, stacklevel: int = 4) -> None:
    """Give a UserWarning the first time in a process.

    Args:
        text: of the warning.
        what: the text warns of, where that can be worded in several ways; the text itself by default.
        stacklevel: how many calls up the caller is whose line the warning names.
    """
    if _always[0] or (what or text) not in _given:
        _given.add(what or text)
        warnings.warn(text, UserWarning, stacklevel=stacklevel + 1)
