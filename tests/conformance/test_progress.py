"""How far a run is: plain lines now and then, or a bar at a terminal."""

import io
from collections import Counter

import pytest

from conformance import progress
from conformance.progress import Lines, shown
from conformance.tally import Tally


def _tally(**statuses):
    return Tally(counts=Counter({("pad", "f32", "exact", name.replace("_", " ")): n for name, n in statuses.items()}))


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self):
        return True


def test_a_line_says_how_many_cases_are_done_and_how_many_failed():
    stream = io.StringIO()
    lines = Lines(10, stream, every=0.0)
    lines(_tally(passed=3, mistrusted=1))
    lines(_tally(failed=1, crashed=1, timed_out=1, known=1))
    assert stream.getvalue() == "4 of 10 cases, 0 failed\n8 of 10 cases, 3 failed\n"


def test_lines_come_only_now_and_then(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    stream = io.StringIO()
    lines = Lines(100, stream)
    for seconds in range(1, 31):
        now[0] = float(seconds)
        lines(_tally(passed=1))
    assert stream.getvalue() == "".join(f"{n} of 100 cases, 0 failed\n" for n in (10, 20, 30))


def test_where_there_is_no_terminal_lines_are_printed(monkeypatch):
    monkeypatch.setattr(progress.sys, "stderr", io.StringIO())
    with shown(5) as told:
        assert isinstance(told, Lines)


def test_where_there_is_no_rich_lines_are_printed_at_a_terminal_too(monkeypatch):
    monkeypatch.setattr(progress.sys, "stderr", Terminal())
    monkeypatch.setattr(progress, "find_spec", lambda name: None)
    with shown(5) as told:
        assert isinstance(told, Lines)


@pytest.mark.parametrize(("status", "text"), [("passed", "0 failed"), ("failed", "4 failed")])
def test_a_terminal_shows_a_bar(monkeypatch, status, text):
    stream = Terminal()
    monkeypatch.setattr(progress.sys, "stderr", stream)
    with shown(5) as told:
        told(_tally(**{status: 4}))
    assert "4/5" in stream.getvalue()
    assert text in stream.getvalue()
