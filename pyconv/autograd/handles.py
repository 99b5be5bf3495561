"""Hooks by number, and the handles that take them off again.

May import: the standard library.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict
from typing import Any

Hooks = OrderedDict[int, Any]

_ids = itertools.count()


class RemovableHandle:
    """What registering a hook returns: it removes the hook, at once or at the end of a `with` block.

    Args:
        hooks: the hooks among which the hook will stand, by number.

    Attributes:
        id: the hook's number.

    Example:
        >>> hooks = OrderedDict()
        >>> handle = register(hooks, print)
        >>> len(hooks)
        1
        >>> handle.remove()
        >>> len(hooks)
        0
    """

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks
        self.id = next(number for number in _ids if number not in hooks)

    def remove(self) -> None:
        """Remove the hook; nothing happens where it is gone already."""
        self._hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *_: Any) -> None:
        self.remove()


def register(hooks: Hooks, hook: Any, *, prepend: bool = False) -> RemovableHandle:
    """Put a hook behind the others, or before them."""
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    if prepend:
        hooks.move_to_end(handle.id, last=False)
    return handle
