"""The matrix exponential: against eigenvalues, and its derivatives."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.ops.matrix_exp import matrix_exp


@pytest.mark.parametrize("scale", [0.0, 1e-3, 1.0, 30.0])
def test_a_symmetric_matrix_has_the_exponential_of_its_eigenvalues(scale):
    a = np.random.default_rng(0).normal(size=(4, 4)) * scale
    a = a + a.T
    eigenvalues, vectors = np.linalg.eigh(a)
    expected = vectors * np.exp(eigenvalues) @ vectors.T
    np.testing.assert_allclose(matrix_exp(a), expected, atol=1e-12 * np.abs(expected).max())


def test_a_skew_matrix_has_an_orthogonal_one():
    a = np.random.default_rng(0).normal(size=(2, 5, 5))
    q = matrix_exp(a - a.swapaxes(1, 2))
    np.testing.assert_allclose(q @ q.swapaxes(1, 2), np.broadcast_to(np.eye(5), q.shape), atol=1e-13)


@pytest.mark.parametrize("dtype", [np.float64, np.complex128])
def test_both_derivatives_are_those_of_the_function(dtype):
    a = np.random.default_rng(1).normal(size=(2, 3, 3)).astype(dtype)
    a = pyconv.tensor(a * 1j + a if dtype == np.complex128 else a, requires_grad=True)
    assert gradcheck(matrix_exp, [a])
    assert gradgradcheck(matrix_exp, [a])
