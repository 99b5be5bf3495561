"""Where threads may run while the pool works: the caller where it is, the workers elsewhere."""

import os
import threading
from contextlib import nullcontext

import pytest

from pyconv.kernels import blas, processors, threads

LINUX = hasattr(os, "sched_setaffinity")


def allowed():
    return os.sched_getaffinity(0) if LINUX else set()


def test_inside_this_thread_stays_where_it_is_and_outside_it_may_go_where_it_might():
    before = allowed()
    with processors.pinned() as others:
        inside = allowed()
        assert others == (before - inside if len(before) > 1 else set())
        assert len(inside) == min(1, len(before))
    assert allowed() == before


def test_it_may_go_where_it_might_after_an_error_too():
    before = allowed()
    with pytest.raises(KeyError), processors.pinned():
        raise KeyError
    assert allowed() == before


def test_pinned_within_pinned_there_are_no_others():
    before = allowed()
    with processors.pinned(), processors.pinned() as others:
        assert others == set()
    assert allowed() == before


def test_where_the_processor_cannot_be_told_nothing_is_pinned(monkeypatch):
    monkeypatch.setattr(processors, "_current", lambda: None)
    before = allowed()
    with processors.pinned() as others:
        assert others == set()
        assert allowed() == before


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
    monkeypatch.setattr(processors, "pinned", lambda: nullcontext(places))
    monkeypatch.setattr(processors, "confine", lambda ids, to: confined.append((list(ids), to)))
    threads._pool.count = 3
    for _ in range(2):
        threads.each(int, range(3))
    workers = [worker.native_id for worker in threads._pool._workers]
    assert len(workers) == 2
    assert confined == ([(workers, places)] if places else [])
