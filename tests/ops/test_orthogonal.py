"""The maps to orthogonal matrices: orthogonality, their derivatives, reflections one by one."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.ops import orthogonal

MAPS = orthogonal.exponential_map, orthogonal.cayley_map, orthogonal.householder_map


def free(shape, seed=0):
    x = np.random.default_rng(seed).normal(size=shape)
    np.einsum("...ii->...i", x[..., : shape[-1], :])[...] = 1
    return x


@pytest.mark.parametrize("mapping", MAPS)
@pytest.mark.parametrize("shape", [(3, 3), (5, 3), (2, 4, 2)])
def test_the_columns_are_orthonormal(mapping, shape):
    q = mapping(free(shape))
    gram = q.swapaxes(-1, -2) @ q
    np.testing.assert_allclose(gram, np.broadcast_to(np.eye(shape[-1]), gram.shape), atol=1e-12)


def test_the_reflections_are_multiplied_in_their_order():
    x = free((4, 3))
    expected = np.eye(4)
    for i in range(3):
        v = np.concatenate((np.zeros(i), [1], x[i + 1 :, i]))
        expected = expected @ (np.eye(4) - 2 * np.outer(v, v) / (v @ v))
    np.testing.assert_allclose(orthogonal.householder_map(x), expected[:, :3], atol=1e-13)


@pytest.mark.parametrize("mapping", MAPS)
def test_both_derivatives_are_those_of_the_function(mapping):
    x = pyconv.tensor(free((4, 2)) * 1.001, requires_grad=True)
    assert gradcheck(mapping, [x])
    assert gradgradcheck(mapping, [x])


def test_a_solution_has_both_derivatives():
    a, b = (pyconv.tensor(free((3, 3), seed), requires_grad=True) for seed in (1, 2))
    assert gradcheck(orthogonal.solve, [a, b])
    assert gradgradcheck(orthogonal.solve, [a, b])
