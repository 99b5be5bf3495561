"""Passes over a loader's data with worker processes.

Each worker has a queue of tasks; all answer into one queue. A batch that comes before its turn waits. May import:
the standard library, `pyconv.utils.data`.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import queue
import time
from typing import Any

from pyconv.utils.data.iterators import BaseIterator
from pyconv.utils.data.worker import POLL_SECONDS, Caught, Ended, Job, Resume, work

_JOIN_SECONDS = 5.0


class MultiProcessIterator(BaseIterator):
    """A pass whose samples worker processes take; with persistent workers, one pass after the other.

    Raises:
        RuntimeError: a worker died, or took longer than the timeout.
    """

    def __init__(self, loader: Any) -> None:
        super().__init__(loader)
        self._prefetch = loader.prefetch_factor
        self._persistent = loader.persistent_workers
        self._in_order = loader.in_order
        self._stopped = False
        self._creator = os.getpid()
        context: Any = loader.multiprocessing_context or multiprocessing
        self._results = context.Queue()
        self._done = context.Event()
        self._tasks: list[Any] = []
        self._workers: list[Any] = []
        for number in range(self._num_workers):
            self._start(context, number, loader.worker_init_fn)
        self._begin()

    def _start(self, context: Any, number: int, init_fn: Any) -> None:
        options = (self._dataset, *self._options, self._base_seed, init_fn, number, self._num_workers)
        tasks = context.Queue()
        tasks.cancel_join_thread()
        arguments = (Job(self._fetcher, *options), tasks, self._results, self._done)
        worker = context.Process(target=work, args=arguments, daemon=True)
        worker.start()
        self._tasks.append(tasks)
        self._workers.append(worker)

    def _begin(self) -> None:
        self._sent = self._received = 0
        self._owner: dict[int, int] = {}
        self._early: dict[int, Any] = {}
        self._active = [True] * self._num_workers
        self._turns = itertools.cycle(range(self._num_workers))
        for _ in range(self._prefetch * self._num_workers):
            self._send()

    def reset(self, loader: Any) -> None:
        """Begin another pass with the same workers."""
        super().reset(loader)
        for tasks in self._tasks:
            tasks.put(Resume())
        waiting = self._num_workers
        while waiting:
            answer, _ = self._receive()
            waiting -= isinstance(answer, Resume)
        self._begin()

    def _send(self) -> None:
        """Give the next indices to a worker, if there are any and one can take them."""
        worker = self._free_worker()
        if worker is None:
            return
        try:
            indices = next(self._sampler_iter)
        except StopIteration:
            return
        self._owner[self._sent] = worker
        self._tasks[worker].put((self._sent, indices))
        self._sent += 1

    def _free_worker(self) -> int | None:
        """The next worker in turn that still has data and, where order does not matter, not too much to do."""
        most = self._prefetch * self._num_workers // max(sum(self._active), 1)
        for worker in itertools.islice(self._turns, self._num_workers):
            if self._active[worker] and (self._in_order or list(self._owner.values()).count(worker) < most):
                return worker
        return None

    def _next_data(self) -> Any:
        while True:
            if self._in_order:
                self._skip_ended()
            if not self._owner and not self._early:
                if not self._persistent:
                    self._stop()
                raise StopIteration
            if self._received in self._early:
                return self._hand_out(self._received, self._early.pop(self._received))
            number, data = self._receive()
            if isinstance(data, Ended):
                self._end(number, data.worker)
            elif self._in_order and number != self._received:
                self._early[number] = data
                del self._owner[number]
            else:
                del self._owner[number]
                return self._hand_out(number, data)

    def _skip_ended(self) -> None:
        """Pass over tasks that a worker whose data have ended will not answer."""
        while self._received in self._owner and not self._active[self._owner[self._received]]:
            del self._owner[self._received]
            self._received += 1
        while self._received < self._sent and self._received not in self._owner and self._received not in self._early:
            self._received += 1

    def _end(self, number: int, worker: int) -> None:
        self._active[worker] = False
        if not self._persistent:
            self._tasks[worker].put(None)
        for waiting in [n for n, owner in self._owner.items() if owner == worker]:
            del self._owner[waiting]
        self._owner.pop(number, None)
        self._send()

    def _hand_out(self, number: int, data: Any) -> Any:
        self._received = number + 1 if self._in_order else self._received
        self._send()
        if isinstance(data, Caught):
            data.reraise()
        return data

    def _receive(self) -> Any:
        """The next answer of any worker."""
        limit = time.monotonic() + self._timeout if self._timeout > 0 else None
        while True:
            wait = POLL_SECONDS if limit is None else min(POLL_SECONDS, max(limit - time.monotonic(), 0))
            try:
                return self._results.get(timeout=wait)
            except queue.Empty:
                self._check_workers()
            if limit is not None and time.monotonic() >= limit:
                raise RuntimeError(f"DataLoader timed out after {self._timeout} seconds")

    def _check_workers(self) -> None:
        dead = [w for w, active in zip(self._workers, self._active, strict=True) if active and not w.is_alive()]
        if dead:
            pids = ", ".join(str(worker.pid) for worker in dead)
            self._stop()
            raise RuntimeError(f"DataLoader worker (pid(s) {pids}) exited unexpectedly")

    def _stop(self) -> None:
        """End the workers."""
        if self._stopped:
            return
        self._stopped = True
        self._done.set()
        for tasks in self._tasks:
            tasks.put(None)
        for worker in self._workers:
            worker.join(_JOIN_SECONDS)
            if worker.is_alive():
                worker.terminate()
        for tasks in (*self._tasks, self._results):
            tasks.cancel_join_thread()
            tasks.close()

    def __del__(self) -> None:
        if getattr(self, "_stopped", True) is False and self._creator == os.getpid():
            self._stop()
