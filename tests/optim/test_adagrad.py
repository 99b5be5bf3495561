"""Adagrad: its steps are those of the formula."""

import numpy as np
import pytest

import pyconv
from tests.optim.walk import check, walk


def test_steps_by_the_formula():
    total = np.full(4, 0.2)

    def step(x, g, t):
        nonlocal total
        g = g + 0.1 * x
        total = total + g * g
        return x - 0.5 / (1 + (t - 1) * 0.3) * g / (np.sqrt(total) + 1e-3)

    options = {"lr_decay": 0.3, "weight_decay": 0.1, "initial_accumulator_value": 0.2, "eps": 1e-3}
    check(walk("Adagrad", lr=0.5, **options), step)


def test_the_state_is_there_from_the_beginning():
    params = [pyconv.nn.Parameter(pyconv.ones(2, dtype=kind)) for kind in (pyconv.float32, pyconv.complex64)]
    optimizer = pyconv.optim.Adagrad(params, initial_accumulator_value=0.5)
    assert [optimizer.state[param]["sum"][0].item() for param in params] == [0.5, 0.5 + 0.5j]
    assert [optimizer.state[param]["step"].item() for param in params] == [0, 0]
    optimizer.share_memory()


@pytest.mark.parametrize("name", ["lr", "lr_decay", "eps", "weight_decay", "initial_accumulator_value"])
def test_negative_options_are_refused(name):
    with pytest.raises(ValueError, match=r"Invalid .*: -1"):
        pyconv.optim.Adagrad([pyconv.ones(1)], **{name: -1})
