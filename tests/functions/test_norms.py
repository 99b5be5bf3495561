"""Norms, beside NumPy's; the subgradients at zero are torch's."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.functions.norms import linalg_matrix_norm, linalg_norm, linalg_vector_norm

X = np.random.default_rng(0).normal(size=(3, 4))
Z = X + 1j * X[::-1]
INF = float("inf")
ORDERS = [2, 1, 3, 1.5, 0.5, -1, INF, -INF]


def leaf(x):
    return pyconv.tensor(x, requires_grad=True)


@pytest.mark.parametrize("order", [0, *ORDERS])
@pytest.mark.parametrize("x", [X, Z], ids=["real", "complex"])
def test_vector_norms(order, x):
    got = linalg_vector_norm(pyconv.tensor(x), order, 1)
    np.testing.assert_allclose(got.numpy(), np.linalg.norm(x, order, axis=1), rtol=1e-14)
    assert got.dtype is pyconv.float64


@pytest.mark.parametrize("order", ORDERS)
def test_derivatives_of_vector_norms(order):
    assert gradcheck(lambda x: x.norm(order, 1), leaf(X))
    assert gradgradcheck(lambda x: x.norm(order, 1), leaf(X))
    assert gradcheck(lambda x: x.norm(order), leaf(Z))


@pytest.mark.parametrize("order", ["fro", "nuc", 1, -1, 2, -2, INF, -INF])
def test_matrix_norms(order):
    for x in (X, Z):
        got = linalg_matrix_norm(pyconv.tensor(x), order)
        np.testing.assert_allclose(got.item(), np.linalg.norm(x, order), rtol=1e-14)
        np.testing.assert_allclose(linalg_norm(pyconv.tensor(x), order).item(), got.item(), rtol=1e-15)
    assert linalg_matrix_norm(pyconv.tensor(X), order, keepdim=True).shape == (1, 1)
    assert gradcheck(lambda x: linalg_matrix_norm(x, order), leaf(X))
    assert gradgradcheck(lambda x: linalg_matrix_norm(x, order), leaf(X))


@pytest.mark.parametrize(("order", "expected"), [(2, 0), (1, 0), (3, 0), (INF, 0)])
def test_the_gradient_at_zero(order, expected):
    x = pyconv.zeros(3, requires_grad=True)
    x.norm(order).backward()
    assert x.grad.tolist() == [expected] * 3


def test_the_count_of_others_than_zero_has_no_gradient():
    x = leaf(X)
    x.norm(0).backward()
    assert x.grad is None


def test_norm_by_its_older_names():
    x = pyconv.tensor(X)
    for got in (x.norm(), x.norm("fro"), x.norm(None), pyconv.norm(x, 2, (0, 1)), linalg_norm(x)):
        assert got.item() == pytest.approx(np.linalg.norm(X))
    assert x.norm("nuc").item() == pytest.approx(np.linalg.norm(X, "nuc"))
    out = pyconv.empty(4, dtype=pyconv.float64)
    assert pyconv.norm(x, 1, 0, out=out) is out
    assert x.float().norm(dtype=pyconv.float64).dtype is pyconv.float64


def test_renorm():
    x = pyconv.tensor(X)
    got = x.renorm(2, 0, 1).numpy()
    size = np.linalg.norm(X, axis=1, keepdims=True)
    np.testing.assert_allclose(got, np.where(size > 1, X / (size + 1e-7), X), rtol=1e-14)
    assert gradcheck(lambda x: x.renorm(3, 1, 0.5), leaf(X))
    assert x.renorm_(2, 0, 1) is x


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda x: x.long().norm(), RuntimeError, "Expected a floating point or complex tensor as input. Got Long"),
        (lambda x: x.norm(2, dtype=pyconv.float16), RuntimeError, r"convertible without narrowing .* dtype \(Half\)"),
        (lambda x: x.norm("foo"), RuntimeError, "linalg.matrix_norm: Order foo not supported."),
        (lambda x: x[:0].norm(INF), RuntimeError, "cannot compute the inf norm on an empty tensor"),
        (lambda x: linalg_matrix_norm(x, 3), RuntimeError, "linalg.matrix_norm: Order 3 not supported."),
        (lambda x: linalg_matrix_norm(x[0]), RuntimeError, "must have at least 2 dimensions."),
        (lambda x: linalg_vector_norm(x, "a"), TypeError, r"linalg_vector_norm\(\): argument 'ord' \(position 2\)"),
        (lambda x: x.renorm(2, 0, -1), RuntimeError, "expected maxnorm to be >= 0 but got -1"),
    ],
)
def test_errors(call, kind, text):
    with pytest.raises(kind, match=text):
        call(pyconv.tensor(X))
