"""The backward pass that is under way in a thread: its number, what it is for, and the node that it is at.

May import: the standard library.
"""

from __future__ import annotations

import itertools
import threading
from typing import Any


class _State(threading.local):
    running: Any = None
    task = -1
    for_all = True


_state = _State()
_tasks = itertools.count()


class backward_task:
    """Say inside a `with` block that a backward pass is under way, which has a number of its own.

    Args:
        for_all: whether it is for all leaves.
    """

    def __init__(self, for_all: bool) -> None:
        self._for_all = for_all

    def __enter__(self) -> None:
        self._before = _state.task, _state.for_all
        _state.task, _state.for_all = next(_tasks), self._for_all

    def __exit__(self, *_: object) -> None:
        _state.task, _state.for_all = self._before


def current_task() -> int:
    """The number of the backward pass under way; -1 without one."""
    return _state.task


def is_for_all_leaves() -> bool:
    """Whether the backward pass under way is for all leaves, and not for some tensors alone."""
    return _state.for_all


class running:
    """Say inside a `with` block which node's backward call is under way."""

    def __init__(self, node: Any) -> None:
        self._node = node
        self._before: Any = None

    def __enter__(self) -> None:
        self._before, _state.running = _state.running, self._node

    def __exit__(self, *_: object) -> None:
        _state.running = self._before


def running_node() -> Any:
    """The node whose backward call is under way, while anomalies are looked for; None without one."""
    return _state.running
