"""Which processors the system lets a thread run on.

Linux often wakes a thread that waits for work on the processor of the one that woke it, and moves it only milliseconds
later: until then both share that processor. It does so most of all in the tenth of a second for which OpenBLAS's own
threads go on spinning after a product on the others. Measured on two processors: right after such a product 18 layers
that the pool works on took 0.86 of the time (minima; medians 0.94) with the workers kept off the caller's processor,
some 0.6, and by themselves 0.97; ResNet-50's convolutions one after the other took the same.

May import: the standard library.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1)
def _current() -> Callable[[], Any] | None:
    """The system's call that tells on which processor this thread runs; None where there is none, or no affinity."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    call = getattr(ctypes.CDLL(None), "sched_getcpu", None)
    if call is not None:
        call.argtypes = ()
    return call


def others() -> set[int]:
    """The processors that this thread may use, but for the one that it is on; empty where that is not known.

    Example:
        >>> len(others()) < os.cpu_count()
        True
    """
    current = _current()
    return set() if current is None else os.sched_getaffinity(0) - {current()}


def confine(threads: Iterable[int], to: set[int]) -> None:
    """Let the threads of these numbers run on these processors only, where the system allows it."""
    with suppress(OSError):
        for thread in threads:
            os.sched_setaffinity(thread, to)
