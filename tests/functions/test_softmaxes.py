"""Softmax and its logarithm, beside their formulas."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck

X = np.random.default_rng(0).normal(size=(3, 5))


@pytest.mark.parametrize("dim", [0, 1])
def test_values_and_derivatives(dim):
    expected = np.exp(X) / np.exp(X).sum(dim, keepdims=True)
    x = pyconv.tensor(X, requires_grad=True)
    np.testing.assert_allclose(x.softmax(dim).detach().numpy(), expected, rtol=1e-14)
    np.testing.assert_allclose(pyconv.log_softmax(x, dim).detach().numpy(), np.log(expected), rtol=1e-14)
    for name in ("softmax", "log_softmax"):
        assert gradcheck(lambda x, name=name: getattr(x, name)(dim), x)
        assert gradgradcheck(lambda x, name=name: getattr(x, name)(dim), x)


def test_large_values_do_not_overflow():
    x = pyconv.tensor([1000.0, 1000.0, -1000.0])
    assert x.softmax(0).tolist() == [0.5, 0.5, 0]
    assert x.log_softmax(0)[2].item() == pytest.approx(-2000 - np.log(2))


def test_dtype_and_0d_and_empty():
    x = pyconv.tensor([1, 2])
    assert x.softmax(0, dtype=pyconv.float16).dtype is pyconv.float16
    assert pyconv.softmax(x, 0, pyconv.float64).dtype is pyconv.float64
    assert pyconv.tensor(3.0).softmax(0).item() == 1
    assert pyconv.tensor(3.0).log_softmax(-1).item() == 0
    assert pyconv.zeros(0, 2).softmax(0).shape == (0, 2)


def test_errors():
    with pytest.raises(NotImplementedError, match="\"softmax_lastdim_kernel_impl\" not implemented for 'Long'"):
        pyconv.tensor([1, 2]).softmax(0)
    with pytest.raises(IndexError, match="but got 5"):
        pyconv.tensor([1.0]).log_softmax(5)
