"""How many threads BLAS takes: held to one as often as is asked for, and then again what it was.

May import: the standard library, and threadpoolctl where it is installed.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any, ClassVar


class _Holders:
    lock = threading.Lock()
    count = 0
    before: ClassVar[list[int]] = []


@lru_cache(maxsize=1)
def _libraries() -> list[Any]:
    """The BLAS libraries that threadpoolctl finds in this process; none without it."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return []
    return list(ThreadpoolController().select(user_api="blas").lib_controllers)


def can_be_held() -> bool:
    """Whether there is a BLAS library whose threads can be set."""
    return bool(_libraries())


def is_held() -> bool:
    """Whether BLAS takes one thread by somebody's wish."""
    return _Holders.count > 0 and can_be_held()


def hold() -> None:
    """One thread, until `release` has been called as often."""
    with _Holders.lock:
        if not _Holders.count:
            _Holders.before = [library.get_num_threads() for library in _libraries()]
            _set([1] * len(_Holders.before))
        _Holders.count += 1


def release() -> None:
    """Undo one `hold`, unless it was the parent's of a process that was forked."""
    with _Holders.lock:
        if _Holders.count:
            _Holders.count -= 1
            if not _Holders.count:
                _set(_Holders.before)


def hold_here() -> None:
    """One thread in the calling thread for good, for libraries that count threads for each caller (OpenMP's)."""
    for library in _libraries():
        if getattr(library, "threading_layer", None) == "openmp":
            library.set_num_threads(1)


def set_threads(number: int) -> None:
    """What BLAS takes where nobody holds it."""
    with _Holders.lock:
        numbers = [number] * len(_libraries())
        if _Holders.count:
            _Holders.before = numbers
        else:
            _set(numbers)


def after_fork() -> None:
    """In a child process none of those who held are there."""
    _Holders.lock = threading.Lock()
    if _Holders.count:
        _Holders.count = 0
        _set(_Holders.before)


def _set(numbers: list[int]) -> None:
    for library, number in zip(_libraries(), numbers, strict=True):
        # threadpoolctl 3.8 lets only the thread that set a number first set another; the lock above is what it is for
        if hasattr(library, "clear_controlling_thread"):
            library.clear_controlling_thread(force=True)
        library.set_num_threads(number)
