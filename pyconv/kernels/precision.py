"""How exact products of float32 are: 'highest', or 'high' and 'medium', which allow algorithms that round more.

May import: the standard library.
"""

from __future__ import annotations


class _State:
    precision = "highest"


def get() -> str:
    """The word that was set last; 'highest' at first."""
    return _State.precision


def put(word: str) -> None:
    """Set the word: 'highest', 'high' or 'medium'."""
    _State.precision = word


def is_loose() -> bool:
    """Whether algorithms that round more are allowed."""
    return _State.precision != "highest"
