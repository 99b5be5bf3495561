"""Hooks by number, and the handles that take them off again.

May import: the standard library.
"""

from __future__ import annotations

import itertools
import weakref
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

Hooks = OrderedDict[int, Any]

_ids = itertools.count()


class RemovableHandle:
    """What registering a hook returns: it removes the hook, at once or at the end of a `with` block.

    Args:
        hooks_dict: the hooks among which the hook will stand, by number.
        extra_dict: a table that says more of the hooks, by number, or a list of them.

    Attributes:
        id: the hook's number.
        hooks_dict_ref: gives the hooks, or None when they are gone.
        extra_dict_ref: likewise the other tables.

    Example:
        >>> hooks = OrderedDict()
        >>> handle = register(hooks, print)
        >>> len(hooks)
        1
        >>> handle.remove()
        >>> len(hooks)
        0
    """

    def __init__(self, hooks_dict: Hooks, *, extra_dict: Any = None) -> None:
        extra = [extra_dict] if isinstance(extra_dict, dict) else extra_dict or ()
        self.id = next(number for number in _ids if number not in hooks_dict)
        self._refer(hooks_dict, extra)

    def _refer(self, hooks: Hooks, extra: Sequence[Any]) -> None:
        self.hooks_dict_ref = weakref.ref(hooks)
        self.extra_dict_ref = tuple(weakref.ref(table) for table in extra)

    def remove(self) -> None:
        """Remove the hook; nothing happens where it is gone already."""
        for reference in (self.hooks_dict_ref, *self.extra_dict_ref):
            table = reference()
            if table is not None:
                table.pop(self.id, None)

    def __getstate__(self) -> tuple[Any, ...]:
        return self.hooks_dict_ref(), self.id, tuple(reference() for reference in self.extra_dict_ref)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        hooks, self.id, *rest = state
        extra = rest[0] if rest and rest[0] is not None else ()
        self._refer(OrderedDict() if hooks is None else hooks, [table for table in extra if table is not None])

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *_: Any) -> None:
        self.remove()


def register(hooks: Hooks, hook: Any, *, prepend: bool = False, extra: Sequence[Any] = ()) -> RemovableHandle:
    """Put a hook behind the others, or before them; `extra` are tables that its handle clears of it too."""
    handle = RemovableHandle(hooks, extra_dict=list(extra))
    hooks[handle.id] = hook
    if prepend:
        hooks.move_to_end(handle.id, last=False)
    return handle
