"""Buffers that are used again: a fresh allocation of their size would cost page faults on every call.

Each thread has its own, and keeps those that it used last. A buffer that is dropped lives on in the arrays over it, so
that a kernel may hold one while another takes its name. On pages of 2 MiB, which Linux gives arrays of 4 MiB and more,
all of them made no difference: 0.99 and 1.00 of the processor's time over eighteen layers, a copy of the same 0.99 and
1.01.

May import: NumPy and the standard library.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")

LIMIT = 8 << 20
"""Bytes that one buffer may take: a kernel holds at most three at a time, which keeps it under 32 MiB."""
KEPT = 32 << 20
"""Bytes that a thread keeps for its next calls."""
MOST = 256
"""Results of `kept` that a thread holds at most."""
LINE = 64
"""Bytes of a cache line, or a multiple of them."""


class _Local(threading.local):
    """This thread's buffers, the one that was used last at the end."""

    def __init__(self) -> None:
        self.buffers: dict[str, np.ndarray[Any, Any]] = {}
        self.kept: dict[Hashable, Any] = {}


_local = _Local()


def scratch(name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """An uninitialised C-contiguous array over this thread's buffer `name`, valid until its next use.

    Args:
        name: which buffer; two names never share memory.
        shape: the shape of the array.
        dtype: its dtype.

    Example:
        >>> a = scratch("columns", (4, 8), np.dtype(np.float32))
        >>> scratch("columns", (2,), np.dtype(np.float64)).base is a.base
        True
    """
    size = math.prod(shape) * dtype.itemsize
    buffers = _local.buffers
    buffer = buffers.pop(name, None)
    if buffer is None or buffer.size < size:
        _local.kept.clear()
        buffer = _aligned(size)
        if size <= LIMIT:
            _make_room(buffers, size)
    if size <= LIMIT:
        buffers[name] = buffer
    return np.ndarray(shape, dtype, buffer)


def kept(key: Hashable, make: Callable[[], T]) -> T:
    """What `make()` made of this thread's buffers, the same again until one of the buffers is another.

    To lay a view over a buffer takes a microsecond, and several where other data has filled the cache; while it lasts,
    no other thread has the interpreter.

    Args:
        key: what it is made of.
        make: makes it, of buffers of at most `LIMIT` bytes. Their contents are not kept.

    Example:
        >>> first = kept("a view", lambda: scratch("columns", (4, 8), np.dtype(np.float32)).T)
        >>> kept("a view", lambda: None) is first
        True
    """
    found = _local.kept
    if key not in found:
        made = make()
        if len(found) >= MOST:
            found.clear()
        found[key] = made
    return found[key]


def _make_room(buffers: dict[str, np.ndarray[Any, Any]], size: int) -> None:
    """Drop buffers until `size` bytes more may be kept, beginning with the one whose last use is longest ago."""
    kept = sum(buffer.size for buffer in buffers.values())
    while buffers and kept + size > KEPT:
        kept -= buffers.pop(next(iter(buffers))).size


def _aligned(size: int) -> np.ndarray[Any, Any]:
    """Fresh bytes that begin a cache line: vectors that straddle lines take twice as long to add in the cache."""
    made = np.empty(size + LINE, np.uint8)
    start = -made.ctypes.data % LINE
    return made[start : start + size]


@contextmanager
def fresh_buffers() -> Iterator[None]:
    """Inside, this thread allocates its buffers anew; the old ones are back afterwards.

    Example:
        >>> old = scratch("columns", (2,), np.dtype(np.uint8))
        >>> with fresh_buffers():
        ...     np.shares_memory(old, scratch("columns", (2,), np.dtype(np.uint8)))
        False
    """
    before = _local.buffers, _local.kept
    _local.buffers, _local.kept = {}, {}
    try:
        yield
    finally:
        _local.buffers, _local.kept = before
