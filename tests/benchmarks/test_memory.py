"""Both measures of memory see an array."""

import sys

import numpy as np
import pytest

from benchmarks import memory
from benchmarks.memory import resident_growth, traced_peak

SIZE = 16 * 2**20


def test_a_traced_peak_is_the_most_that_is_held_at_once():
    def run():
        for _ in range(3):
            array = np.ones(SIZE, np.uint8)
        return array[:1].copy()

    assert 2 * SIZE <= traced_peak(run) < 2.1 * SIZE  # the next one is made before the last is let go


def test_what_is_there_already_is_not_counted():
    array = np.ones(SIZE, np.uint8)
    assert traced_peak(lambda: array[:10].copy()) < 10**5


def test_the_growth_of_a_process_is_what_a_call_touches(monkeypatch):
    size = 64 * 2**20  # malloc keeps no array of more than 32 MiB for the next
    grown = resident_growth(lambda: np.ones(size, np.uint8))
    if sys.platform == "linux":
        assert grown == pytest.approx(size, rel=0.1)
    monkeypatch.setattr(memory, "_REFERENCES", memory.Path("/nowhere/clear_refs"))
    assert resident_growth(lambda: None) is None
