"""The functions that pack what nodes keep, and unpack it again, in a thread.

May import: the standard library.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class _State(threading.local):
    hooks: tuple[tuple[Callable[[Any], Any], Callable[[Any], Any]], ...] = ()
    refusal: str | None = None


_state = _State()


def saving_hooks() -> tuple[Callable[[Any], Any], Callable[[Any], Any]] | None:
    """The functions that pack what nodes keep and unpack it again, if some were set."""
    return _state.hooks[-1] if _state.hooks else None


def push_saving_hooks(packer: Callable[[Any], Any], unpacker: Callable[[Any], Any]) -> None:
    """Set such functions.

    Raises:
        RuntimeError: they are refused.
    """
    if _state.refusal is not None:
        raise RuntimeError(_state.refusal)
    _state.hooks = (*_state.hooks, (packer, unpacker))


def pop_saving_hooks() -> None:
    """Set those again that were set before the last ones."""
    _state.hooks = _state.hooks[:-1]


def refuse_saving_hooks(text: str | None) -> str | None:
    """Refuse more of them with a text, or no longer, and return the text before."""
    before, _state.refusal = _state.refusal, text
    return before
