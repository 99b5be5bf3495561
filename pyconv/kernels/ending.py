"""The end of the interpreter: OpenBLAS, taken down while a daemon thread is in a product, may never return.

So from the exit callbacks on, other threads than the one that ends the interpreter begin no pass any more, and those
that are under way are waited for. (NumPy's own products in a daemon thread are not seen here.)

May import: the standard library.
"""

from __future__ import annotations

import atexit
import os
import threading
import time

PATIENCE = 5.0
"""Seconds that the passes under way are waited for."""

_under_way: list[int] = []
_ending: list[int] = []


def begin() -> None:
    """A pass begins in this thread: the interpreter's end waits for it; once that has begun, others stop here."""
    here = threading.get_ident()
    _under_way.append(here)
    if _ending and here not in _ending:
        _under_way.remove(here)
        threading.Event().wait()


def finish() -> None:
    """The pass that began last in this thread is done."""
    _under_way.remove(threading.get_ident())


def end() -> None:
    """Let no other thread begin a pass, and wait for those that are under way."""
    here, until = threading.get_ident(), time.monotonic() + PATIENCE
    _ending.append(here)
    while set(_under_way) - {here} and time.monotonic() < until:
        time.sleep(0.001)


atexit.register(end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_under_way.clear)
