"""NAdam: its steps are those of the formula."""

import numpy as np
import pytest

import pyconv
from tests.optim.walk import follow, walk


@pytest.mark.parametrize("decoupled", [False, True])
def test_steps_by_the_formula(decoupled):
    mean = square = np.zeros(4)
    momenta = 0.8 * (1 - 0.5 * 0.96 ** (np.arange(14) * 0.1))

    def step(x, g, t):
        nonlocal mean, square
        if decoupled:
            x = x * (1 - 0.05 * 0.1)
        else:
            g = g + 0.1 * x
        mean = 0.8 * mean + 0.2 * g
        square = 0.7 * square + 0.3 * g * g
        product = np.prod(momenta[1 : t + 1])
        ahead = momenta[t + 1] * mean / (1 - product * momenta[t + 1]) + (1 - momenta[t]) * g / (1 - product)
        return x - 0.05 * ahead / (np.sqrt(square / (1 - 0.7**t)) + 1e-3)

    options = {"momentum_decay": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": decoupled}
    path = walk("NAdam", lr=0.05, betas=(0.8, 0.7), eps=1e-3, **options)
    # the product of the momenta is kept in single precision
    np.testing.assert_allclose(path, follow(step), 1e-7)


@pytest.mark.parametrize("options", [{"lr": -1}, {"betas": (-1, 0.5)}, {"momentum_decay": -1}, {"weight_decay": -1}])
def test_options_out_of_range_are_refused(options):
    with pytest.raises(ValueError, match=r"Invalid .*: -1"):
        pyconv.optim.NAdam([pyconv.ones(1)], **options)
