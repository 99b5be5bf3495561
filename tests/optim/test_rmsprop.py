"""RMSprop: its steps are those of the formula."""

import numpy as np
import pytest

import pyconv
from tests.optim.walk import check, walk


@pytest.mark.parametrize("momentum", [0, 0.9])
@pytest.mark.parametrize("centered", [False, True])
def test_steps_by_the_formula(momentum, centered):
    square = mean = buffer = np.zeros(4)

    def step(x, g, t):
        nonlocal square, mean, buffer
        g = g + 0.1 * x
        square = 0.8 * square + 0.2 * g * g
        mean = 0.8 * mean + 0.2 * g
        change = g / (np.sqrt(square - mean**2 if centered else square) + 1e-3)
        buffer = momentum * buffer + change
        return x - 0.05 * (buffer if momentum else change)

    options = {"momentum": momentum, "centered": centered}
    check(walk("RMSprop", lr=0.05, alpha=0.8, eps=1e-3, weight_decay=0.1, **options), step)


@pytest.mark.parametrize("name", ["lr", "eps", "momentum", "weight_decay", "alpha"])
def test_negative_options_are_refused(name):
    with pytest.raises(ValueError, match=r"Invalid .*: -1"):
        pyconv.optim.RMSprop([pyconv.ones(1)], **{name: -1})
