"""The native form of group normalization, which gives statistics too."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.functions import group_normalization

X = np.random.default_rng(0).normal(2, 3, size=(3, 4, 5))


def test_group_statistics_have_gradients():
    x = pyconv.tensor(X, requires_grad=True)

    def program(x):
        return group_normalization.native_group_norm(x, None, None, 3, 4, 5, 2, 0.5)

    np.testing.assert_allclose(program(x)[1].detach().numpy(), X.reshape(3, 2, 10).mean(2))
    assert gradcheck(program, [x])
    assert gradgradcheck(program, [x])


def test_sizes_that_do_not_match_the_input_are_refused():
    with pytest.raises(RuntimeError, match=r"Expected X.numel\(\) == N \* C \* HxW to be true"):
        group_normalization.native_group_norm(X, None, None, 3, 4, 4, 2, 0.5)
