"""Functions, measured: pyconv's alone, where torch is not asked for."""

import pytest

from benchmarks.functions.function import Function, normal
from benchmarks.functions.measured import measure_function
from benchmarks.rivals import find


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("benchmarks.timing.SETTLE", 0)


@pytest.mark.parametrize("name", ["forward", "forward+backward"])
def test_a_function_has_its_times_and_its_error(name):
    function = Function("exponential", "exp", (normal(30),))
    found = measure_function("own", function, 2, name, [find("naive")], rounds=2)
    assert (found.suite, found.layer, found.batch, found.name) == ("own", "exponential", 2, name)
    assert len(found.seconds) == 2
    assert 0 < found.error < 8
    assert found.workspace > 0
    assert found.beside == {}
    assert found.refused == {"naive": "no such functions"}


def test_random_results_have_no_error():
    function = Function("dropout", "nn.functional.dropout", (normal(30),), random=True)
    assert measure_function("own", function, 2, "forward", [], rounds=1).error is None


def test_torch_stands_beside():
    pytest.importorskip("torch")
    found = measure_function("own", Function("root", "abs", (normal(30),)), 2, "forward", [find("torch")], rounds=2)
    assert found.beside["torch"].ratio > 0
    assert found.beside["torch"].error == found.error == 0
    assert found.refused == {}
