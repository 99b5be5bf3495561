"""The pool: pieces of one kernel's work on several threads, with BLAS held to one thread meanwhile.

How the work is cut up is the kernel's business and never depends on the number of threads, so that the bits do not
either. Without threadpoolctl BLAS cannot be held: the pieces then run one after the other, and each product takes
the threads that BLAS takes by itself.

May import: the standard library, `pyconv.kernels.blas` and `pyconv.kernels.processors`.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from pyconv.kernels import blas, processors

T = TypeVar("T")


def available() -> int:
    """The processors that this process may use, or OMP_NUM_THREADS where it is set."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    if wanted.isdecimal() and int(wanted):
        return int(wanted)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Job(Generic[T]):
    """Items that any thread may take, until none is left."""

    def __init__(self, work: Callable[[T], None], items: Iterable[T]) -> None:
        self._work = work
        self._items = deque(items)
        self._left = len(self._items)
        self._counting = threading.Lock()
        self._running = threading.Lock()
        self._running.acquire()
        self._errors: list[BaseException] = []

    def take_part(self) -> None:
        """Work on items until none is left to take."""
        while True:
            try:
                item = self._items.popleft()
            except IndexError:
                return
            try:
                if not self._errors:
                    self._work(item)
            except BaseException as error:
                self._errors.append(error)
            with self._counting:
                self._left -= 1
                if not self._left:
                    self._running.release()

    def finish(self) -> None:
        """Wait for the items that other threads took; raise the first error that there was."""
        self._running.acquire()
        if self._errors:
            raise self._errors[0]


class _Pool:
    """Threads that take part in jobs; started when there is a first one, and as many as it needs."""

    def __init__(self) -> None:
        self.count = 0
        self._starting = threading.Lock()
        self._workers: list[threading.Thread] = []
        self._places: set[int] = set()
        self._jobs: SimpleQueue[_Job[Any]] = SimpleQueue()

    def run(self, job: _Job[Any], helpers: int) -> None:
        """The job, by the calling thread and at most `helpers` others, which wake while it is being pinned."""
        if len(self._workers) < helpers:
            self._start(helpers)
        for _ in range(min(helpers, len(self._workers))):
            self._jobs.put(job)
        with processors.pinned() as others:
            self._keep_on(others)
            job.take_part()
            job.finish()

    def _start(self, wanted: int) -> None:
        with self._starting:
            self._places = set()
            while len(self._workers) < wanted:
                worker = threading.Thread(target=self._serve, args=(self._jobs,), name="pyconv", daemon=True)
                try:
                    worker.start()
                except RuntimeError:  # no more threads are to be had, as at the interpreter's end
                    return
                self._workers.append(worker)

    def _keep_on(self, places: set[int]) -> None:
        """Let the workers run on these processors only, if there are any."""
        if places and places != self._places:
            processors.confine((worker.native_id for worker in self._workers if worker.native_id), places)
            self._places = places

    @staticmethod
    def _serve(jobs: SimpleQueue[_Job[Any]]) -> None:
        _here.inside = True
        blas.hold_here()
        while True:
            jobs.get().take_part()


class _Here(threading.local):
    inside = False
    """Whether `each` takes this thread only."""


_here = _Here()
_pool = _Pool()


def count() -> int:
    """How many threads a kernel may take."""
    return _pool.count or available()


def set_count(number: int) -> None:
    """Set how many threads a kernel may take, and BLAS elsewhere where it can be set."""
    blas.set_threads(number)
    _pool.count = number


class together:
    """Inside, BLAS takes one thread and `each` takes several; without threadpoolctl it changes nothing.

    Args:
        alone: whether `each` takes this thread only: where calls are short, threads wait for the interpreter's lock
            longer than they work.

    Example:
        >>> with together():
        ...     each(print, ["an item"])
        an item
    """

    __slots__ = ("_alone", "_inside")

    def __init__(self, *, alone: bool = False) -> None:
        self._alone = alone

    def __enter__(self) -> None:
        blas.hold()
        self._inside = _here.inside
        _here.inside = self._inside or self._alone

    def __exit__(self, *error: object) -> None:
        _here.inside = self._inside
        blas.release()


def each(work: Callable[[T], None], items: Iterable[T]) -> None:
    """`work(item)` for every item, in no order that can be relied on.

    Inside `together` on several threads, where there are several; alone, in a worker of the pool, or without
    threadpoolctl, one after the other.

    Raises:
        BaseException: what the first piece to fail raised; pieces not yet begun are left out.

    Example:
        >>> squares = [0] * 4
        >>> def square(i):
        ...     squares[i] = i * i
        >>> each(square, range(4))
        >>> squares
        [0, 1, 4, 9]
    """
    items = list(items)
    several = len(items) > 1 and not _here.inside and blas.is_held()
    helpers = min(count(), len(items)) - 1 if several else 0  # to count takes 0.05 ms where the cache is cold
    if helpers < 1:
        for item in items:
            work(item)
        return
    _pool.run(_Job(work, items), helpers)


def _after_fork() -> None:
    """A child process has this thread alone."""
    global _pool
    threads, _pool = _pool.count, _Pool()
    _pool.count = threads
    blas.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
