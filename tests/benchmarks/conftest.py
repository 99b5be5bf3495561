"""The tests of the benchmarks."""

import pytest

from benchmarks import host


@pytest.fixture(autouse=True)
def machine_of_its_own(monkeypatch, tmp_path):
    """A machine whose host takes nothing, so that the rounds are as many as were asked for."""
    monkeypatch.setattr(host, "_STAT", tmp_path / "none")
