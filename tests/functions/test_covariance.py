"""Covariance and correlation matrices, beside NumPy's."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck

X = np.random.default_rng(0).normal(size=(3, 6))
Z = X + 1j * X[::-1]


@pytest.mark.parametrize("x", [X, Z, X[0]], ids=["real", "complex", "one"])
def test_values(x):
    often, important = np.array([1, 2, 3, 1, 0, 2]), np.linspace(0.5, 1, 6)
    np.testing.assert_allclose(pyconv.tensor(x).cov().numpy(), np.cov(x), rtol=1e-13)
    got = pyconv.cov(pyconv.tensor(x), correction=0, fweights=pyconv.tensor(often), aweights=pyconv.tensor(important))
    np.testing.assert_allclose(got.numpy(), np.cov(x, ddof=0, fweights=often, aweights=important), rtol=1e-12)
    np.testing.assert_allclose(pyconv.tensor(x).corrcoef().numpy(), np.corrcoef(x), rtol=1e-13, atol=1e-15)


def test_derivatives():
    x = pyconv.tensor(X, requires_grad=True)
    weights = pyconv.tensor(np.linspace(0.5, 1, 6), requires_grad=True)
    assert gradcheck(lambda x, w: pyconv.cov(x, aweights=w), (x, weights))
    assert gradgradcheck(lambda x: x.cov(), x)
    assert gradcheck(lambda x: x.cov(), pyconv.tensor(Z, requires_grad=True))
    assert gradcheck(lambda x: x.corrcoef().tril(-1), x)


def test_too_few_observations_are_warned_of():
    with pytest.warns(UserWarning, match=r"^cov\(\): degrees of freedom is <= 0. Correction should be strictly less"):
        assert np.isnan(pyconv.tensor(2.0).cov().item())


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda x: pyconv.cov(x[None]), "to have two or fewer dimensions but got an input with 3 dimensions"),
        (lambda x: pyconv.cov(x.bool()), "bool dtype is not supported for input"),
        (lambda x: pyconv.cov(x, fweights=x[0]), "expected fweights to have integral dtype but got .* Double dtype"),
        (lambda x: pyconv.cov(x, aweights=x[0, :2]), "observations in the input but got 2 != 6"),
        (lambda x: pyconv.cov(x, aweights=-x[0].abs()), "aweights cannot be negative"),
        (lambda x: pyconv.corrcoef(x[None]), r"^corrcoef\(\): expected input to have two or fewer dimensions"),
    ],
)
def test_errors(call, text):
    with pytest.raises(RuntimeError, match=text):
        call(pyconv.tensor(X))
