"""The fit finds the constants that times were made of, and scores choices."""

import numpy as np
import pytest

from benchmarks import model
from benchmarks.layers import Layer, Task
from benchmarks.model import Sample, costs, fitted, residuals, terms, using
from pyconv.kernels import conv as kernels
from pyconv.kernels.conv import plan

TASKS = [
    Task(Layer(channels, (side, side), channels, kernel, 1, kernel // 2), 1, dtype=np.dtype(dtype))
    for channels, side, kernel in ((4, 6, 3), (64, 28, 3), (256, 14, 1), (8, 64, 5), (1, 5, 1), (32, 32, 7))
    for dtype in (np.float32, np.int32)
]


def modelled(task):
    """A sample whose times are what the cost model says, with its constants as they are."""
    found = kernels.candidates(task.conv, task.dtype, task.operation)
    return Sample(task, {algorithm.name: costs(task, algorithm) * 1e-9 for algorithm in found})


def test_the_terms_and_constants_make_the_cost():
    factors = [1 / value if name.endswith("_RATE") else value for name, value in model.constants().items()]
    for task in TASKS:
        for algorithm in kernels.candidates(task.conv, task.dtype, task.operation):
            assert terms(task, algorithm) @ factors == pytest.approx(costs(task, algorithm))


def test_a_fit_finds_the_constants_that_the_times_are_made_of():
    before = model.constants()
    true = {name: value * times for (name, value), times in zip(before.items(), (1.7, 0.4, 2.5, 0.3, 1.2, 0.8, 2.0))}
    with using(true):
        samples = [modelled(task) for task in TASKS]
    assert model.constants() == before
    found = fitted(samples)
    assert found == {name: pytest.approx(value, rel=0.2) for name, value in true.items()}


def test_a_constant_that_no_time_shows_stays():
    found = fitted([modelled(task) for task in TASKS if task.dtype == np.float32])
    assert found["INTEGER_RATE"] == pytest.approx(plan.INTEGER_RATE)


def test_the_choice_is_the_planners_and_its_excess_is_over_the_best():
    task = TASKS[2]
    choice = kernels.choose(task.conv, task.dtype, task.operation).name
    sample = modelled(task)
    assert sample.choice() == sample.best() == choice
    assert sample.excess() == 1
    slower = Sample(task, sample.seconds | {choice: 3 * min(s for n, s in sample.seconds.items() if n != choice)})
    assert slower.choice() == choice != slower.best()
    assert slower.excess() == pytest.approx(3)


def test_residuals_are_times_over_costs():
    samples = [Sample(s.task, {name: 2 * value for name, value in s.seconds.items()}) for s in map(modelled, TASKS)]
    found = residuals(samples)
    assert ("im2col", "forward") in found
    assert all(value == pytest.approx(2) for values in found.values() for value in values)


def test_paces_follow_the_times():
    samples = [modelled(task) for task in TASKS if task.dtype.kind == "f"]
    slower = {"im2col": 2.0, "pointwise": 7.0}
    found = [Sample(s.task, {n: t * slower.get(n, 1) for n, t in s.seconds.items()}) for s in samples]
    assert max(sample.excess() for sample in found) > 1.5
    paces = model.paced(found)
    assert paces["im2col"] == 1
    with using({"PACES": paces}):
        assert [sample.excess() for sample in found] == [1] * len(found)


def test_paces_with_which_nothing_is_lost_are_kept():
    samples = [modelled(task) for task in TASKS]
    found = model.paced(samples)
    assert found == {name: plan.PACES.get(name, 1.0) for name in found}
