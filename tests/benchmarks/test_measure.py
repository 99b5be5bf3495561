"""A task beside a rival: every number that is kept of it."""

import numpy as np
import pytest

from benchmarks.exact import Error
from benchmarks.layers import Layer, Task
from benchmarks.measure import beside, measure
from benchmarks.rivals import find

LAYER = Layer(4, (8, 8), 6, 3, 1, 1)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("benchmarks.timing.SETTLE", 0)


class Doubled:
    """A rival whose results are wrong by a factor of two."""

    name = "doubled"
    version = "1"

    def set_threads(self, count):
        pass

    def run(self, task):
        if task.name != "forward":
            raise NotImplementedError("no gradients")
        naive = find("naive").run(task)
        return lambda: 2 * naive()

    def array(self, result):
        return result


def test_a_measure_holds_times_errors_and_memory_of_both_sides(quick):
    found = measure("own", Task(LAYER, 2), [find("naive"), Doubled()], rounds=3)
    assert (found.suite, found.layer, found.batch, found.name) == ("own", "4×8² → 6, 3×3", 2, "forward")
    assert len(found.seconds) == 3
    assert 0 <= found.error < found.bound == 2 + 2 * 36**0.5
    assert found.workspace >= 0
    naive, doubled = found.beside["naive"], found.beside["doubled"]
    assert naive.ratio == min(found.seconds) / min(naive.seconds)
    assert naive.quotients == tuple(a / b for a, b in zip(found.seconds, naive.seconds))
    assert naive.error < found.bound < doubled.error
    assert doubled.rms < 1e-3
    assert not found.refused


def test_what_a_rival_lacks_is_kept(quick):
    found = measure("own", Task(LAYER, 1, "weight_grad"), [Doubled()], rounds=1)
    assert found.beside == {}
    assert found.refused == {"doubled": "no gradients"}
    assert found.error < found.bound


@pytest.mark.parametrize("name", ["forward", "forward+backward"])
def test_the_functional_interface_is_measured_too(quick, name):
    found = measure("own", Task(LAYER, 2, name, functional=True), [], rounds=1)
    assert found.error < found.bound


def test_the_errors_of_a_transposed_layer_are_those_of_its_own_passes(quick):
    layer = Layer(4, (5,), 6, 3, 2, 1, transposed=True, output_padding=1)
    for name in ("forward", "input_grad", "weight_grad"):
        found = measure("own", Task(layer, 2, name), [], rounds=1)
        assert found.error < found.bound


def test_quotients_are_of_the_rounds_that_both_sides_have():
    found = beside([2.0, 3.0, 8.0], [1.0, 2.0], Error(1, 0.5), Error(4, 0.25), peak=7)
    assert found.ratio == 2
    assert found.quotients == (2, 1.5)
    assert found.median == 1.75
    assert (found.error, found.rms, found.peak) == (4, 2, 7)


def test_errors_of_nothing_have_a_quotient():
    exact = Error(0, 0)
    assert beside([1.0], [1.0], exact, exact).rms == 1
    assert beside([1.0], [1.0], Error(1, 1), exact).rms == np.inf
