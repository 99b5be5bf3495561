"""ASGD: its steps and its mean are those of the formula."""

import numpy as np
import pytest

import pyconv
from tests.optim.walk import GRADS, START, follow, walk


def test_steps_by_the_formula():
    def step(x, g, t):
        rate = 0.05 / (1 + 0.3 * 0.05 * (t - 1)) ** 0.5
        return x * (1 - 0.3 * rate) - rate * (g + 0.1 * x)

    path = walk("ASGD", lr=0.05, lambd=0.3, alpha=0.5, weight_decay=0.1)
    np.testing.assert_allclose(path, follow(step), 1e-6)


def test_the_mean_begins_after_t0():
    param = pyconv.nn.Parameter(pyconv.tensor(START))
    optimizer = pyconv.optim.ASGD([param], lr=0.05, t0=4)
    for grad in GRADS:
        param.grad = pyconv.tensor(grad)
        optimizer.step()
    path = walk("ASGD", lr=0.05, t0=4)
    np.testing.assert_allclose(optimizer.state[param]["ax"].numpy(), path[5:].mean(0), 1e-6)
    assert optimizer.state[param]["mu"].item() == pytest.approx(1 / 8)


@pytest.mark.parametrize("name", ["lr", "weight_decay"])
def test_negative_options_are_refused(name):
    with pytest.raises(ValueError, match=r"Invalid .*: -1"):
        pyconv.optim.ASGD([pyconv.ones(1)], **{name: -1})
