"""torch.fx, as far as models mark what a tracer should not look into: nothing is traced here.

May import: the standard library.
"""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["wrap"]


def wrap(fn_or_name: str | Callable[..., object]) -> str | Callable[..., object]:
    """Mark a function of a module, given or named, that a tracer would take as a whole.

    Raises:
        RuntimeError: what is given is neither a function nor a name.

    Example:
        >>> wrap("len")
        'len'
    """
    if not callable(fn_or_name) and not isinstance(fn_or_name, str):
        raise RuntimeError("Unsupported type for global function! Must be either a callable or string name")
    return fn_or_name
