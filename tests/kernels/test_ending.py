"""The interpreter's end waits for passes under way, and lets no other thread begin one."""

import threading
import time

import pytest

from pyconv.kernels import ending


@pytest.fixture(autouse=True)
def own_lists(monkeypatch):
    monkeypatch.setattr(ending, "_under_way", [])
    monkeypatch.setattr(ending, "_ending", [])


def test_it_waits_for_what_is_under_way():
    begun, seen = threading.Event(), []

    def work():
        ending.begin()
        begun.set()
        time.sleep(0.05)
        seen.append("done")
        ending.finish()

    worker = threading.Thread(target=work)
    worker.start()
    begun.wait()
    ending.end()
    assert seen == ["done"]
    worker.join()


def test_afterwards_the_ending_thread_alone_goes_on():
    ending.end()
    ending.begin()
    ending.finish()
    other = threading.Thread(target=ending.begin, daemon=True)
    other.start()
    other.join(0.05)
    assert other.is_alive()
    assert ending._under_way == []


def test_it_does_not_wait_for_ever(monkeypatch):
    monkeypatch.setattr(ending, "PATIENCE", 0.01)
    ending._under_way.append(-1)
    ending.end()
    assert ending._under_way == [-1]
