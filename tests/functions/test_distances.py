"""Distances, beside NumPy's norms of differences."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck

X = np.random.default_rng(0).normal(size=(3, 4))
INF = float("inf")


def leaf(x):
    return pyconv.tensor(x, requires_grad=True)


@pytest.mark.parametrize("order", [2.0, 1.0, 3.0, INF, 0.0])
def test_distances(order):
    a, b = X, X[:2] * 2 + 1
    got = pyconv.cdist(pyconv.tensor(a), pyconv.tensor(b), order)
    np.testing.assert_allclose(got.numpy(), np.linalg.norm(a[:, None] - b, order, axis=-1), rtol=1e-14)
    assert pyconv.dist(pyconv.tensor(a), pyconv.tensor(b[:1]), order).item() == pytest.approx(
        np.linalg.norm((a - b[:1]).reshape(-1), order)
    )
    if order:
        assert gradcheck(lambda a, b: pyconv.cdist(a, b, order), (leaf(a), leaf(b)))
        assert gradgradcheck(lambda a, b: pyconv.cdist(a, b, order), (leaf(a), leaf(b)))
        assert gradcheck(lambda a, b: pyconv.dist(a, b, order), (leaf(a), leaf(b[:1])))


def test_distances_in_batches_and_to_itself():
    a, b = np.random.default_rng(1).normal(size=(5, 1, 3, 2)), np.random.default_rng(2).normal(size=(4, 6, 2))
    got = pyconv.cdist(pyconv.tensor(a), pyconv.tensor(b))
    np.testing.assert_allclose(got.numpy(), np.linalg.norm(a[..., :, None, :] - b[:, None], axis=-1), rtol=1e-14)
    x = leaf(X)
    pyconv.cdist(x, x).sum().backward()
    assert np.isfinite(x.grad.numpy()).all()
    assert pyconv.cdist(pyconv.zeros(0, 2), pyconv.zeros(3, 2)).shape == (0, 3)


def test_gradients_of_distances_of_many_rows():
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 1, 4, 2)), rng.normal(size=(2, 30, 2))
    assert gradcheck(pyconv.cdist, (leaf(a), leaf(b)))
    assert gradgradcheck(pyconv.cdist, (leaf(a[0, 0]), leaf(b[0])))
    x, y, g = rng.normal(size=(40, 5)), rng.normal(size=(30, 5)), rng.normal(size=(40, 30))
    narrow = [pyconv.tensor(v, dtype=pyconv.float32, requires_grad=True) for v in (x, y)]
    x, y, g = (v.astype(np.float32).astype(np.float64) for v in (x, y, g))
    pyconv.cdist(*narrow).backward(pyconv.tensor(g, dtype=pyconv.float32))
    apart = x[:, None] - y
    each = g[..., None] * apart / np.linalg.norm(apart, axis=-1, keepdims=True)
    np.testing.assert_allclose(narrow[0].grad.numpy(), each.sum(1), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(narrow[1].grad.numpy(), -each.sum(0), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda x: pyconv.cdist(x, x[:, :2]), RuntimeError, "same number of columns. X1: 4 X2: 2"),
        (lambda x: pyconv.cdist(x, x, -1.0), RuntimeError, "cdist only supports non-negative p values"),
        (lambda x: pyconv.cdist(x, x, compute_mode="foo"), ValueError, "foo is not a valid value for compute_mode"),
        (lambda x: x.dist(1), TypeError, r"dist\(\): argument 'other' \(position 1\) must be Tensor, not int"),
    ],
)
def test_errors(call, kind, text):
    with pytest.raises(kind, match=text):
        call(pyconv.tensor(X))
