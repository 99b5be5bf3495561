"""Variances and quantiles, beside NumPy's."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck

X = np.random.default_rng(0).normal(size=(3, 5))
FREEDOM = "degrees of freedom is <= 0. Correction should be strictly less than the reduction factor"


@pytest.mark.parametrize("dim", [None, 0, 1, (0, 1)])
@pytest.mark.parametrize("correction", [0, 1, 1.5])
@pytest.mark.parametrize("name", ["var", "std"])
def test_values_and_derivatives(name, dim, correction):
    def call(x):
        return getattr(x, name)(dim, correction=correction)

    x = pyconv.tensor(X, requires_grad=True)
    np.testing.assert_allclose(call(x).detach().numpy(), getattr(np, name)(X, axis=dim, ddof=correction), rtol=1e-14)
    assert gradcheck(call, x)
    assert gradgradcheck(call, x)


def test_the_ways_to_say_it():
    x = pyconv.tensor(X)
    biased = np.var(X)
    for got in (x.var(False), x.var(unbiased=False), x.var(correction=0), pyconv.var(x, None, False)):
        assert got.item() == pytest.approx(biased)
    assert x.std(0, True, True).shape == (1, 5)
    var, mean = pyconv.var_mean(x, 1, keepdim=True)
    assert var.shape == mean.shape == (3, 1)
    np.testing.assert_allclose(pyconv.std_mean(x)[0].item(), X.std(ddof=1))
    complexes = X + 1j * X[::-1]
    np.testing.assert_allclose(pyconv.tensor(complexes).var().item(), complexes.var(ddof=1))


def test_a_large_mean_costs_nothing():
    assert pyconv.tensor([1e4, 1e4 + 1, 1e4 + 2]).var().item() == 1


def test_too_few_elements_are_warned_of():
    x = pyconv.tensor([2.0], requires_grad=True)
    with pytest.warns(UserWarning, match=rf"^var\(\): {FREEDOM}"):
        y = x.var()
    assert np.isnan(y.item())
    y.backward()
    assert np.isnan(x.grad.item())
    with pytest.warns(UserWarning, match=rf"^std\(\): {FREEDOM}"):
        assert pyconv.tensor([1.0, 3.0]).std(0, correction=2).item() == np.inf


def test_the_deviation_of_equal_elements_has_no_gradient():
    x = pyconv.tensor([3.0, 3.0], requires_grad=True)
    x.std().backward()
    assert x.grad.tolist() == [0, 0]


@pytest.mark.parametrize("interpolation", ["linear", "lower", "higher", "midpoint", "nearest"])
@pytest.mark.parametrize("q", [0.0, 0.3, 0.55, 1.0])
@pytest.mark.parametrize("dim", [None, 0, 1])
def test_quantiles(q, dim, interpolation):
    x = pyconv.tensor(X, requires_grad=True)
    got = x.quantile(q, dim, interpolation=interpolation)
    np.testing.assert_allclose(got.detach().numpy(), np.quantile(X, q, axis=dim, method=interpolation), rtol=1e-14)
    assert gradcheck(lambda x: x.quantile(q, dim, interpolation=interpolation), x)


def test_quantiles_of_several_shares_and_of_nan():
    x = np.where(X > 1, np.nan, X)
    q = np.array([0.25, 0.75])
    got = pyconv.nanquantile(pyconv.tensor(x), pyconv.tensor(q), 1, keepdim=True)
    np.testing.assert_allclose(got.numpy(), np.nanquantile(x, q, axis=1, keepdims=True), rtol=1e-14)
    assert np.isnan(pyconv.tensor(x).quantile(0.5).item())
    assert np.isnan(pyconv.tensor([np.nan]).nanquantile(0.5).item())


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda x: x.long().var(), "std and var only support floating point and complex dtypes"),
        (lambda x: pyconv.std_mean(x.long()), "std_mean only support floating point and complex dtypes"),
        (lambda x: x.quantile(1.5), r"quantile\(\) q must be in the range \[0, 1\] but got 1.5"),
        (lambda x: x.half().quantile(0.5), "input tensor must be either float or double dtype"),
        (lambda x: x.quantile(pyconv.tensor([0.5])), "q tensor must be same dtype as the input tensor"),
        (lambda x: x.quantile(0.5, interpolation="foo"), "interpolation must be one of linear, .*, but got foo"),
        (lambda x: x[:0].quantile(0.5), "input tensor must be non-empty"),
    ],
)
def test_errors(call, text):
    with pytest.raises(RuntimeError, match=text):
        call(pyconv.tensor(X))


def test_more_taken_from_the_count_than_there_is_leaves_nothing():
    with pytest.warns(UserWarning, match="degrees of freedom is <= 0"):
        assert pyconv.tensor([1.0, 2.0]).var(correction=3).item() == np.inf
    assert pyconv.tensor([1.0, 2.0]).std(correction=float("nan")).item() == np.inf


def test_the_variance_of_one_complex_number_has_a_complex_gradient():
    z = pyconv.tensor(2 + 1j, requires_grad=True)
    with pytest.warns(UserWarning, match="degrees of freedom is <= 0"):
        z.var().backward()
    assert z.grad.dtype is pyconv.complex64


def test_a_complex_spread_is_the_sum_of_those_of_its_parts():
    """With no degrees of freedom torch 2.13 gives NaN where one of the parts does not vary at all."""
    z = pyconv.tensor([1 + 2j, 3 + 2j])
    assert pyconv.var(z).item() == 2
    with pytest.warns(UserWarning, match="degrees of freedom is <= 0"):
        spreads = [pyconv.std(x, correction=2).item() for x in (z, pyconv.tensor([1 + 2j, 3 + 4j]))]
    assert str(spreads) == "[nan, inf]"
