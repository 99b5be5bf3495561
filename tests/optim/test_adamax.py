"""Adamax: its steps are those of the formula."""

import numpy as np
import pytest

import pyconv
from tests.optim.walk import check, walk


def test_steps_by_the_formula():
    mean = largest = np.zeros(4)

    def step(x, g, t):
        nonlocal mean, largest
        g = g + 0.1 * x
        mean = 0.8 * mean + 0.2 * g
        largest = np.maximum(0.7 * largest, np.abs(g) + 1e-3)
        return x - 0.05 / (1 - 0.8**t) * mean / largest

    check(walk("Adamax", lr=0.05, betas=(0.8, 0.7), eps=1e-3, weight_decay=0.1), step)


@pytest.mark.parametrize("options", [{"lr": -1}, {"eps": -1}, {"betas": (-1, 0.5)}, {"weight_decay": -1}])
def test_options_out_of_range_are_refused(options):
    with pytest.raises(ValueError, match=r"Invalid .*: -1"):
        pyconv.optim.Adamax([pyconv.ones(1)], **options)
