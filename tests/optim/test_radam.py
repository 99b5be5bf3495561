"""RAdam: its steps are those of the formula, plain momentum until the mean square can be relied upon."""

import numpy as np
import pytest

import pyconv
from tests.optim.walk import check, walk


@pytest.mark.parametrize("decoupled", [False, True])
def test_steps_by_the_formula(decoupled):
    mean = square = np.zeros(4)
    longest = 2 / (1 - 0.9) - 1
    adaptive = []

    def step(x, g, t):
        nonlocal mean, square
        if decoupled:
            x = x * (1 - 0.05 * 0.1)
        else:
            g = g + 0.1 * x
        mean = 0.8 * mean + 0.2 * g
        square = 0.9 * square + 0.1 * g * g
        change = mean / (1 - 0.8**t)
        length = longest - 2 * t * 0.9**t / (1 - 0.9**t)
        adaptive.append(length > 5)
        if length > 5:
            r = np.sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length))
            change = change * r * np.sqrt(1 - 0.9**t) / (np.sqrt(square) + 1e-3)
        return x - 0.05 * change

    options = {"weight_decay": 0.1, "decoupled_weight_decay": decoupled}
    check(walk("RAdam", lr=0.05, betas=(0.8, 0.9), eps=1e-3, **options), step)
    assert adaptive == sorted(adaptive)
    assert {*adaptive} == {False, True}


@pytest.mark.parametrize("options", [{"lr": -1}, {"eps": -1}, {"betas": (0.5, -1)}, {"weight_decay": -1}])
def test_options_out_of_range_are_refused(options):
    with pytest.raises(ValueError, match=r"Invalid .*: -1"):
        pyconv.optim.RAdam([pyconv.ones(1)], **options)
