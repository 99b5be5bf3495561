"""Weight normalization as an op: norms of slices, derivatives."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.ops.weight_norm import norm_except_dim, weight_norm

V = np.random.default_rng(0).normal(size=(2, 3, 4))


@pytest.mark.parametrize("dim", [0, 1, 2])
def test_every_slice_gets_its_norm(dim):
    g = np.arange(1.0, V.shape[dim] + 1).reshape([-1 if i == dim else 1 for i in range(3)])
    np.testing.assert_allclose(norm_except_dim(weight_norm(V, g, dim), 2, dim), g)


def test_all_together_get_one_norm():
    assert np.linalg.norm(weight_norm(V, np.array(5.0), -1)) == pytest.approx(5)


@pytest.mark.parametrize("dim", [0, 1, 2, -1])
def test_both_derivatives_are_those_of_the_function(dim):
    v = pyconv.tensor(V, requires_grad=True)
    g = pyconv.tensor(norm_except_dim(V, 2, dim) + 1, requires_grad=True)
    assert gradcheck(lambda v, g: weight_norm(v, g, dim), [v, g])
    assert gradgradcheck(lambda v, g: weight_norm(v, g, dim), [v, g])


def test_there_must_be_such_a_dimension():
    with pytest.raises(IndexError, match=r"range of \[-3, 2\], but got 5"):
        norm_except_dim(V, 2, 5)
