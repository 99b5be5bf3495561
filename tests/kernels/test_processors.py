"""Where threads may run: off the caller's processor, and nowhere else changed."""

import os
import threading

import pytest

from pyconv.kernels import blas, processors, threads

LINUX = hasattr(os, "sched_setaffinity")


def test_the_others_are_all_but_one_of_those_allowed():
    allowed = os.sched_getaffinity(0) if LINUX else set()
    others = processors.others()
    assert others <= allowed
    assert len(allowed - others) == (1 if LINUX else 0)


def test_where_the_processor_cannot_be_told_there_are_no_others(monkeypatch):
    monkeypatch.setattr(processors, "_current", lambda: None)
    assert processors.others() == set()


def test_a_thread_that_has_ended_is_left_out():
    ended = threading.Thread(target=int)
    ended.start()
    ended.join()
    processors.confine([ended.native_id], {0})


@pytest.mark.parametrize("places", [{0}, set()])
def test_workers_go_where_the_caller_is_not(monkeypatch, places):
    confined = []
    monkeypatch.setattr(blas, "_libraries", list)
    monkeypatch.setattr(blas, "is_held", lambda: True)
    monkeypatch.setattr(threads, "_pool", threads._Pool())
    monkeypatch.setattr(processors, "others", lambda: places)
    monkeypatch.setattr(processors, "confine", lambda ids, to: confined.append((list(ids), to)))
    threads._pool.count = 3
    for _ in range(2):
        threads.each(int, range(3))
    workers = [worker.native_id for worker in threads._pool._workers]
    assert len(workers) == 2
    assert confined == ([(workers, places)] if places else [])
