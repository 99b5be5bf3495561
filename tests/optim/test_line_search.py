"""The line search: what it finds satisfies the strong Wolfe conditions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyconv.optim.line_search import LARGEST_SLOPE, LEAST_DECREASE, Point, strong_wolfe

FUNCTIONS = {
    "parabola": (lambda t: (t - 3) ** 2, lambda t: 2 * (t - 3)),
    "quartic": (lambda t: (t - 1) ** 4 - t, lambda t: 4 * (t - 1) ** 3 - 1),
    "waves": (lambda t: np.sin(5 * t) - t + t**2 / 4, lambda t: 5 * np.cos(5 * t) - 1 + t / 2),
    "barrier": (lambda t: t**2 / 10 - np.log1p(t), lambda t: t / 5 - 1 / (1 + t)),
}


def line(name):
    """A function that gives points, and a list of the places it was asked for."""
    value, slope = FUNCTIONS[name]
    asked = []

    def evaluate(t):
        asked.append(t)
        return Point(t, float(value(t)), np.array([slope(t)]), np.float64(slope(t)))

    return evaluate, asked


@pytest.mark.parametrize("name", ["parabola", "quartic", "barrier"])
@given(first=st.floats(1e-3, 50))
def test_the_point_found_satisfies_the_conditions(name, first):
    evaluate, asked = line(name)
    start = evaluate(0.0)
    found, evaluations = strong_wolfe(evaluate, start, first, 1.0, 50)
    assert evaluations == len(asked) - 1
    assert found.loss <= start.loss + LEAST_DECREASE * found.t * start.slope
    assert abs(found.slope) <= LARGEST_SLOPE * abs(start.slope)


@given(first=st.floats(1e-3, 50))
def test_a_wavy_function_is_lowered(first):
    evaluate, _ = line("waves")

    def shifted(t):
        there = evaluate(0.5 + t)
        return Point(t, there.loss, there.grad, there.slope)

    start = shifted(0.0)
    found, _ = strong_wolfe(shifted, start, first, 1.0, 50)
    assert found.loss < start.loss


@pytest.mark.parametrize("budget", [0, 1, 2, 5])
def test_the_budget_is_kept(budget):
    evaluate, asked = line("parabola")
    start = evaluate(0.0)
    found, evaluations = strong_wolfe(evaluate, start, 1e-6, 1.0, budget)
    assert evaluations == len(asked) - 1 <= budget + 1
    assert found.loss <= start.loss
