"""Where tasks are done: each engine gives what the function returns, and says how one was lost."""

import os
import time
from concurrent.futures import CancelledError, Future, wait

import pytest

from conformance.engine import Here, TookTooLong, WorkerDied, _translated, _watched, workers


@pytest.fixture(scope="module")
def pool():
    """A worker process."""
    with workers(1, "torch") as found:
        yield found


def test_here_a_task_is_done_at_once():
    assert Here().submit(0.0, divmod, 7, 2).result() == (3, 1)
    assert Here.ahead == 1


def test_here_an_exception_is_not_kept():
    with pytest.raises(ZeroDivisionError):
        Here().submit(1.0, divmod, 7, 0)


def test_a_worker_is_another_process_that_is_given_more_than_one_task(pool):
    assert pool.ahead == 2
    futures = [pool.submit(20.0, os.getpid) for _ in range(8)]
    assert os.getpid() not in {future.result() for future in futures}


def test_what_a_task_raises_is_raised(pool):
    with pytest.raises(ZeroDivisionError):
        pool.submit(20.0, divmod, 7, 0).result()


def test_a_task_that_ends_its_process_or_takes_too_long_is_lost_and_the_next_is_not(pool):
    with pytest.raises(WorkerDied):
        pool.submit(20.0, os._exit, 3).result()
    with pytest.raises(TookTooLong):
        pool.submit(0.2, time.sleep, 60).result()
    assert pool.submit(20.0, divmod, 7, 2).result() == (3, 1)


def test_both_libraries_are_imported_before_the_first_task(pool):
    assert "torch" in pool.submit(20.0, eval, "[*__import__('sys').modules]").result()


def test_a_watched_task_ends_its_process_in_time(pool):
    with pytest.raises(WorkerDied):
        pool.submit(20.0, _watched, 0.3, time.sleep, 60).result()
    assert pool.submit(20.0, _watched, 5.0, divmod, 7, 2).result() == (3, 1)


def test_only_an_engines_own_exceptions_are_translated():
    kinds = {KeyError: WorkerDied}
    for error, expected in ((KeyError("gone"), WorkerDied), (ValueError("wrong"), ValueError)):
        found = Future()
        future = _translated(found, kinds)
        found.set_exception(error)
        with pytest.raises(expected):
            future.result(0)


def test_a_cancelled_task_is_done_for_those_who_wait():
    found = Future()
    future = _translated(found, {})
    found.cancel()
    assert wait([future], timeout=5).done == {future}
    with pytest.raises(CancelledError):
        future.result(0)
