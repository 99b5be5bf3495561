"""Where the tasks of a run are done: worker processes here, which may crash or hang, or a Dask cluster.

May import: the standard library and `conformance.plan`; Pebble and Dask distributed when they are asked for.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, TimeoutError
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from conformance.plan import libraries

T = TypeVar("T")


class WorkerDied(Exception):
    """The process that ran a task came to its end."""


class TookTooLong(Exception):
    """A task took longer than its time limit."""


class Engine(Protocol):
    """Runs tasks.

    Attributes:
        ahead: how many tasks it should be given at a time.
    """

    ahead: int

    def submit(self, limit: float, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """A future of what the function returns; its exception is WorkerDied or TookTooLong where it is lost.

        Args:
            limit: seconds that it may take.
            function: a public function of a module.
            arguments: of the function, which can be pickled.
        """
        ...


class Here:
    """Runs tasks in this process: nothing is survived, nothing is started, there is no time limit.

    Example:
        >>> Here().submit(10, max, 1, 2).result()
        2
    """

    ahead = 1

    def submit(self, limit: float, function: Callable[..., T], *arguments: Any) -> Future[T]:  # noqa: ARG002
        """See `Engine`."""
        future: Future[T] = Future()
        future.set_result(function(*arguments))
        return future


class Workers:
    """Runs tasks in worker processes of this machine.

    Args:
        pool: a Pebble process pool.
        jobs: how many processes it has.
    """

    def __init__(self, pool: Any, jobs: int) -> None:
        self._pool = pool
        self.ahead = 2 * jobs

    def submit(self, limit: float, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """See `Engine`."""
        from pebble import ProcessExpired

        found = self._pool.schedule(function, args=arguments, timeout=limit)
        return _translated(found, {ProcessExpired: WorkerDied, TimeoutError: TookTooLong})


@contextmanager
def workers(jobs: int, candidate: str) -> Iterator[Workers]:
    """Worker processes with both libraries imported; they are stopped on leaving.

    Args:
        jobs: how many.
        candidate: the library under test.
    """
    from pebble import ProcessPool

    context = multiprocessing.get_context("spawn")
    pool = ProcessPool(max_workers=jobs, initializer=_begin, initargs=[candidate], context=context)
    try:
        yield Workers(pool, jobs)
    finally:
        pool.stop()
        pool.join()


def _begin(candidate: str) -> None:
    """Leave Ctrl-C to the process that asks, and import both libraries."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    libraries(candidate)


class Cluster:
    """Runs tasks on a Dask cluster whose workers have one thread each.

    A worker that is killed loses nothing: its tasks are given to others. One that hangs ends itself, and so becomes
    one that died; a task that kills several workers is lost.

    Args:
        client: of the cluster.
    """

    def __init__(self, client: Any) -> None:
        self._executor = client.get_executor(pure=False)
        self.ahead = 4 * max(len(client.scheduler_info()["workers"]), 1)

    def submit(self, limit: float, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """See `Engine`."""
        from distributed.scheduler import KilledWorker

        found = self._executor.submit(_watched, limit, function, *arguments)
        return _translated(found, {KilledWorker: WorkerDied})


@contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """The Dask cluster at an address such as `tcp://10.0.0.1:8786`."""
    from distributed import Client

    with Client(address) as client:
        yield Cluster(client)


def _watched(limit: float, function: Callable[..., T], *arguments: Any) -> T:
    """Run a task, and end this process where that takes too long."""
    faulthandler.dump_traceback_later(limit, exit=True)
    try:
        return function(*arguments)
    finally:
        faulthandler.cancel_dump_traceback_later()


def _translated(found: Future[T], errors: dict[type[BaseException], type[Exception]]) -> Future[T]:
    """The future with an engine's own exceptions as WorkerDied and TookTooLong."""
    future: Future[T] = Future()

    def done(found: Future[T]) -> None:
        try:
            future.set_result(found.result())
        except CancelledError:
            future.cancel()
            future.set_running_or_notify_cancel()
        except BaseException as error:
            kinds = [new for old, new in errors.items() if isinstance(error, old)]
            future.set_exception(kinds[0](str(error)) if kinds else error)

    found.add_done_callback(done)
    return future
