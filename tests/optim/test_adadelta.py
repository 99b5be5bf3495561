"""Adadelta: its steps are those of the formula."""

import numpy as np
import pytest

import pyconv
from tests.optim.walk import check, walk


def test_steps_by_the_formula():
    square = changes = np.zeros(4)

    def step(x, g, t):
        nonlocal square, changes
        g = g + 0.1 * x
        square = 0.7 * square + 0.3 * g * g
        change = np.sqrt(changes + 1e-3) / np.sqrt(square + 1e-3) * g
        changes = 0.7 * changes + 0.3 * change * change
        return x - 0.5 * change

    check(walk("Adadelta", lr=0.5, rho=0.7, eps=1e-3, weight_decay=0.1), step)


@pytest.mark.parametrize(("name", "value"), [("lr", -1), ("rho", -1), ("rho", 1.5), ("eps", -1), ("weight_decay", -1)])
def test_options_out_of_range_are_refused(name, value):
    with pytest.raises(ValueError, match=f"Invalid .*: {value}"):
        pyconv.optim.Adadelta([pyconv.ones(1)], **{name: value})
