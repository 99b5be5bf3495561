"""Runs take turns, and slow ones fewer of them."""

import pytest

from benchmarks import timing
from benchmarks.timing import interleaved


@pytest.fixture
def clock(monkeypatch):
    """A clock that only the runs move."""
    now = [0.0]
    monkeypatch.setattr(timing.time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(timing.time, "sleep", lambda seconds: None)

    def taking(seconds, calls):
        def run():
            calls.append(seconds)
            now[0] += seconds

        return run

    return taking


def test_each_run_has_its_turn_in_each_round(clock):
    calls = []
    assert interleaved([clock(0.25, calls), clock(0.5, calls)], rounds=3) == [[0.25] * 3, [0.5] * 3]
    assert calls == [0.25, 0.25, 0.5, 0.5] + [0.25, 0.25, 0.5, 0.5] * 3  # each warms up before it is timed


def test_a_short_run_is_repeated_within_a_reading(clock):
    calls = []
    ((seconds,),) = interleaved([clock(2**-12, calls)], rounds=1)
    assert seconds == 2**-12
    assert len(calls) == 2 + 1 + 9  # 9 of 0.24 ms span 2 ms


def test_a_long_run_is_not_repeated_to_warm_up(clock):
    calls = []
    interleaved([clock(4.0, calls)], rounds=2)
    assert len(calls) == 1 + 2


def test_a_slow_run_has_fewer_turns(clock):
    calls = []
    slow, quick = interleaved([clock(15.0, calls), clock(0.5, calls)], rounds=5)
    assert len(slow) == 2
    assert len(quick) == 5


def test_a_round_that_the_host_disturbed_is_one_more(clock, monkeypatch):
    shares = iter([0.0, 0.5, 0.04, 0.0])
    monkeypatch.setattr(timing.host, "share_since", lambda before: next(shares))
    assert interleaved([clock(0.5, [])], rounds=3) == [[0.5] * 4]


def test_a_host_that_disturbs_them_all_does_not_keep_the_rounds_from_ending(clock, monkeypatch):
    monkeypatch.setattr(timing.host, "share_since", lambda before: 1.0)
    assert interleaved([clock(0.5, []), clock(0.25, [])], rounds=3) == [[0.5] * 6, [0.25] * 6]


def test_the_wait_at_each_turn_can_be_left_out(monkeypatch):
    waits = []
    monkeypatch.setattr(timing.time, "sleep", waits.append)
    interleaved([lambda: None], rounds=2, settle=0)
    interleaved([lambda: None], rounds=1)
    assert waits == [0, 0, timing.SETTLE]
