"""What a worker process does, and what it knows of itself.

May import: NumPy, the standard library, `pyconv.random`, `pyconv.utils.data`.
"""

from __future__ import annotations

import os
import queue
import random
import sys
import traceback
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from pyconv.random import manual_seed

POLL_SECONDS = 1.0
"""How often a process that waits looks whether the other side still lives."""


class WorkerInfo:
    """What a worker process knows of itself: its number, how many there are, its seed, its copy of the dataset."""

    id: int
    num_workers: int
    seed: int
    dataset: Any

    def __init__(self, **known: Any) -> None:
        self.__dict__.update(known)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise RuntimeError(f"Cannot assign attributes to {type(self).__name__} objects")

    def __repr__(self) -> str:
        return f"WorkerInfo({', '.join(f'{name}={value}' for name, value in self.__dict__.items())})"


_worker_info: WorkerInfo | None = None


def get_worker_info() -> WorkerInfo | None:
    """What this worker process knows of itself; None in the main process.

    Example:
        >>> get_worker_info() is None
        True
    """
    return _worker_info


class _Message(str):
    """A text that prints as it is where its repr is asked for, as KeyError does."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class Caught:
    """An exception of a worker, as it can be sent."""

    def __init__(self, where: str) -> None:
        kind, error, trace = sys.exc_info()
        assert kind is not None
        self.kind = kind
        self.text = "".join(traceback.format_exception(kind, error, trace))
        self.where = where

    def reraise(self) -> NoReturn:
        """Raise it again, of the same type where one can be made of a text alone."""
        text = f"Caught {self.kind.__name__} {self.where}.\nOriginal {self.text}"
        if self.kind is not KeyError and getattr(self.kind, "message", None):
            make: Any = self.kind
            raise make(message=text)
        try:
            error = self.kind(_Message(text) if self.kind is KeyError else text)
        except Exception:
            raise RuntimeError(text) from None
        raise error


@dataclass(frozen=True)
class Resume:
    """The request to begin another pass, and its answer."""


@dataclass(frozen=True)
class Ended:
    """A worker's iterable dataset has no more samples."""

    worker: int


@dataclass(frozen=True)
class Job:
    """What a worker needs to know."""

    fetcher: Any
    dataset: Any
    batched: bool
    collate_fn: Any
    drop_last: bool
    base_seed: int
    init_fn: Any
    worker: int
    workers: int

    def new_fetcher(self) -> Any:
        """A fetcher at the dataset's beginning."""
        return self.fetcher(self.dataset, self.batched, self.collate_fn, self.drop_last)


def work(job: Job, tasks: Any, results: Any, done: Any) -> None:
    """Answer the tasks of a queue until None comes or the main process is gone.

    Args:
        job: what to do.
        tasks: a queue of (number, indices), Resume and None.
        results: a queue for (number, batch), where an exception is Caught and the end Ended.
        done: an event that says that no more is wanted.
    """
    try:
        _begin(job)
        _answer(job, tasks, results, done)
    except KeyboardInterrupt:
        return
    if done.is_set():
        results.cancel_join_thread()
        results.close()


def _begin(job: Job) -> None:
    """Seed the generators, each worker's and each library's differently."""
    global _worker_info
    seed = job.base_seed + job.worker
    random.seed(seed)
    manual_seed(seed)
    halves = [job.worker, job.base_seed & 0xFFFFFFFF, job.base_seed >> 32, 0]
    np.random.seed(np.random.SeedSequence(halves).generate_state(4))
    _worker_info = WorkerInfo(id=job.worker, num_workers=job.workers, seed=seed, dataset=job.dataset)


def _answer(job: Job, tasks: Any, results: Any, done: Any) -> None:
    parent = os.getppid()
    where = f"in DataLoader worker process {job.worker}"
    fetcher, failure, ended = None, None, False
    try:
        if job.init_fn is not None:
            job.init_fn(job.worker)
        fetcher = job.new_fetcher()
    except Exception:
        failure = Caught(where)
    while os.getppid() == parent:
        try:
            task = tasks.get(timeout=POLL_SECONDS)
        except queue.Empty:
            if done.is_set():
                return
            continue
        if task is None:
            return
        if isinstance(task, Resume):
            results.put((task, None))
            fetcher, ended = job.new_fetcher(), False
        elif not done.is_set() and not ended:
            number, indices = task
            found = failure if failure is not None else _fetched(job, fetcher, indices, where)
            failure, ended = None, isinstance(found, Ended)
            results.put((number, found))


def _fetched(job: Job, fetcher: Any, indices: Any, where: str) -> Any:
    try:
        return fetcher.fetch(indices)
    except StopIteration:
        return Ended(job.worker) if job.fetcher.__name__ == "IterableFetcher" else Caught(where)
    except Exception:
        return Caught(where)
