"""Rprop: its steps are those of the formula."""

import numpy as np
import pytest

import pyconv
from tests.optim.walk import check, walk


def test_steps_by_the_formula():
    before, size = np.zeros(4), np.full(4, 0.05)

    def step(x, g, t):
        nonlocal before, size
        agreed = np.sign(g * before)
        size = np.clip(size * np.choose(agreed.astype(int) + 1, [0.4, 1, 1.5]), 0.01, 0.1)
        before = np.where(agreed < 0, 0, g)
        return x - size * np.sign(before)

    check(walk("Rprop", lr=0.05, etas=(0.4, 1.5), step_sizes=(0.01, 0.1)), step)


def test_the_parts_of_a_complex_parameter_have_sizes_of_their_own():
    param = pyconv.nn.Parameter(pyconv.tensor([1 + 1j]))
    optimizer = pyconv.optim.Rprop([param], lr=0.25)
    for grad in (1 + 1j, 1 - 1j):
        param.grad = pyconv.tensor([grad])
        optimizer.step()
    assert param.item() == pytest.approx(1 - 0.25 - 0.3 + 0.75j)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"lr": -1}, "Invalid learning rate: -1"),
        ({"etas": (0, 2)}, "Invalid eta values: 0, 2"),
        ({"etas": (0.5, 1)}, "Invalid eta values: 0.5, 1"),
    ],
)
def test_options_out_of_range_are_refused(options, text):
    with pytest.raises(ValueError, match=text):
        pyconv.optim.Rprop([pyconv.ones(1)], **options)
