"""How many threads BLAS takes: held to one as often as is asked for, and then again what it was.

Idle threads of OpenBLAS spin for a tenth of a second after a product, beside whatever comes next. They are let sleep at
once: ResNet-50's inference, where products of the pool and of BLAS's own threads take turns, then takes 0.91 of the
time; its products alone, one after another on BLAS's threads, and a step of ResNet-18 take as long as before.
MobileNetV2's inference, whose depthwise layers are the pool's, takes as long as with all of its products in the pool.

May import: the standard library, and threadpoolctl where it is installed.
"""

from __future__ import annotations

import ctypes
import os
import threading
from functools import lru_cache
from itertools import product
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
    found = list(ThreadpoolController().select(user_api="blas").lib_controllers)
    for library in found:
        _let_sleep(library)
    return [_Direct.of(library) or library for library in found]


class _Direct:
    """OpenBLAS's functions themselves, for the threads that all callers share.

    By way of threadpoolctl to hold it and to release it took 0.04 ms more where a product has filled the cache.

    Args:
        told: tells how many threads it takes.
        telling: sets that.
    """

    def __init__(self, told: Any, telling: Any) -> None:
        self.get_num_threads, self.set_num_threads = told, telling

    @classmethod
    def of(cls, library: Any) -> _Direct | None:
        """Those of a library that threadpoolctl found; None where it is another, or they have unknown names."""
        if getattr(library, "threading_layer", None) != "pthreads":
            return None
        functions = ctypes.PyDLL(library.filepath)
        for prefix, suffix in product(("", "scipy_"), ("", "64_", "_64")):
            names = (f"{prefix}openblas_{kind}_num_threads{suffix}" for kind in ("get", "set"))
            found = [getattr(functions, name, None) for name in names]
            if all(found):
                return cls(*found)
        return None


_SPIN, _TICKS = "OPENBLAS_THREAD_TIMEOUT", "4"
"""OpenBLAS's name for how long idle threads spin, and the least that it takes: two to that power ticks of the clock."""


def _let_sleep(library: Any) -> None:
    """Let idle threads of OpenBLAS sleep at once, unless the environment says how long they spin.

    They are ended, and told when OpenBLAS begins them again for its next product. Another thread's product could lose
    them in the middle: where there are other threads, nothing is done.
    """
    names = ("openblas_read_env", "blas_thread_shutdown_")
    able = getattr(library, "threading_layer", None) == "pthreads" and all(hasattr(library.dynlib, n) for n in names)
    if not able or _SPIN in os.environ or threading.active_count() > 1:
        return
    os.environ[_SPIN] = _TICKS
    try:
        library.dynlib.openblas_read_env()
    finally:
        del os.environ[_SPIN]
    library.dynlib.blas_thread_shutdown_()


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
