"""Differences, numerical gradients and integrals, beside NumPy's."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck

X = np.random.default_rng(0).normal(size=(4, 5))


@pytest.mark.parametrize("n", [0, 1, 3, 9])
@pytest.mark.parametrize("dim", [0, -1])
def test_diff(n, dim):
    np.testing.assert_allclose(pyconv.tensor(X).diff(n, dim).numpy(), np.diff(X, n, dim), rtol=1e-14)


def test_diff_with_more_at_the_ends_and_of_bool():
    got = pyconv.diff(
        pyconv.tensor(X), prepend=pyconv.zeros(4, 2, dtype=pyconv.float64), append=pyconv.ones(4, 1).double()
    )
    np.testing.assert_allclose(got.numpy(), np.diff(X, prepend=np.zeros((4, 2)), append=np.ones((4, 1))))
    assert pyconv.tensor([True, False, False]).diff().tolist() == [True, False]
    assert gradcheck(lambda x, y: pyconv.diff(x, 2, 1, y), (leaf(X), leaf(X)))


def leaf(x):
    return pyconv.tensor(x, requires_grad=True)


@pytest.mark.parametrize("order", [1, 2])
def test_gradient(order):
    for spacing, numpy_spacing in ((None, []), (0.5, [0.5]), ((2.0, 0.5), [2.0, 0.5])):
        got = pyconv.gradient(pyconv.tensor(X), spacing=spacing, edge_order=order)
        for ours, theirs in zip(got, np.gradient(X, *numpy_spacing, edge_order=order), strict=True):
            np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-12, atol=1e-14)
    at = np.array([0.0, 1.0, 3.0, 7.0])
    (ours,) = pyconv.gradient(pyconv.tensor(X), spacing=(pyconv.tensor(at),), dim=0, edge_order=order)
    np.testing.assert_allclose(ours.numpy(), np.gradient(X, at, axis=0, edge_order=order), rtol=1e-12, atol=1e-14)
    assert gradcheck(lambda x: pyconv.gradient(x, dim=1, edge_order=order)[0], leaf(X))


@pytest.mark.parametrize("dim", [0, 1])
def test_integrals(dim):
    at = np.cumsum(np.arange(1.0, X.shape[dim] + 1))
    y, x = pyconv.tensor(X), pyconv.tensor(at)
    np.testing.assert_allclose(pyconv.trapezoid(y, dx=0.5, dim=dim).numpy(), np.trapezoid(X, dx=0.5, axis=dim))
    np.testing.assert_allclose(pyconv.trapezoid(y, x, dim=dim).numpy(), np.trapezoid(X, at, axis=dim))
    running = pyconv.cumulative_trapezoid(y, x, dim=dim)
    np.testing.assert_allclose(running.select(dim, -1).numpy(), np.trapezoid(X, at, axis=dim))
    np.testing.assert_allclose(pyconv.trapz(y, dim=dim).numpy(), np.trapezoid(X, axis=dim))
    assert gradcheck(lambda y, x: pyconv.trapezoid(y, x, dim=dim), (leaf(X), leaf(at)))
    assert gradcheck(lambda y: pyconv.cumulative_trapezoid(y, dim=dim), leaf(X))


def test_integrals_of_nothing_and_of_integers():
    assert pyconv.trapezoid(pyconv.zeros(2, 0)).tolist() == [0, 0]
    assert pyconv.trapezoid(pyconv.tensor([1, 2, 4])).item() == 4.5


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda x: pyconv.tensor(1.0).diff(), RuntimeError, "diff expects input to be at least one-dimensional"),
        (lambda x: x.diff(-1), RuntimeError, "order must be non-negative but got -1"),
        (lambda x: x.diff(prepend=x[0]), RuntimeError, "to be the same dimension as input"),
        (lambda x: x.diff(prepend=x[:2]), RuntimeError, r"input.size\(0\) = 4, but got tensor.size\(0\) = 2"),
        (lambda x: pyconv.gradient(x, edge_order=3), RuntimeError, "only supports edge_order=1 and edge_order=2."),
        (lambda x: pyconv.gradient(x, spacing=(1.0,)), RuntimeError, r"'self.dim\(\) = 2', since .* length 1"),
        (lambda x: pyconv.gradient(x.byte()), RuntimeError, "torch.gradient does not support uint8 input."),
        (lambda x: pyconv.trapezoid(x, x[0, :2]), RuntimeError, "There must be one `x` value for each sample point"),
        (lambda x: pyconv.trapezoid(x.bool()), RuntimeError, "received a bool input for `y`"),
        (lambda x: pyconv.trapezoid(pyconv.tensor(2.0)), IndexError, "Dimension specified as -1 but tensor has no"),
    ],
)
def test_errors(call, kind, text):
    with pytest.raises(kind, match=text):
        call(pyconv.tensor(X))
