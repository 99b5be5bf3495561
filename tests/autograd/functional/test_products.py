"""Products with the Jacobian and the Hessian: against matrices known in closed form."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.autograd.functional import hvp, jvp, vhp, vjp

A = torch.tensor([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]], dtype=torch.float64)
X = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64)
V = torch.tensor([1.0, 10.0, -3.0], dtype=torch.float64)
U = torch.tensor([2.0, -1.0], dtype=torch.float64)


def quadratic(x):
    """½ xᵀ(AᵀA)x, with Hessian AᵀA."""
    return (A @ x).square().sum() / 2


def test_with_the_jacobian():
    y, left = vjp(lambda x: A @ x, X, U)
    np.testing.assert_allclose(left, U @ A)
    same, right = jvp(lambda x: A @ x, X, V)
    np.testing.assert_allclose(right, A @ V)
    np.testing.assert_allclose(y, same)


@pytest.mark.parametrize("product", [vhp, hvp])
def test_with_the_hessian(product):
    y, found = product(quadratic, X, V)
    np.testing.assert_allclose(found, A.T @ (A @ V))
    assert y.item() == quadratic(X).item()
    assert not found.requires_grad


@pytest.mark.parametrize("product", [vjp, jvp, vhp, hvp])
def test_results_can_be_differentiated_where_a_graph_is_asked_for(product):
    x = torch.tensor([2.0], dtype=torch.float64, requires_grad=True)
    y, found = product(lambda x: (x**4).sum(), x, create_graph=True)
    (slope,) = torch.autograd.grad(found, x)
    order = 1 if product in (vjp, jvp) else 2
    assert slope.item() == {1: 48.0, 2: 48.0}[order]
    assert found.item() == {1: 32.0, 2: 48.0}[order]
    assert y.requires_grad


def test_several_inputs_and_outputs():
    (a, b), (ga, gb) = vjp(lambda x, y: (x * y, x), (X, V), (V, X))
    np.testing.assert_allclose(a, X * V)
    np.testing.assert_allclose(b, X)
    np.testing.assert_allclose(ga, V * V + X)
    np.testing.assert_allclose(gb, X * V)


def test_an_input_without_influence_gives_zeros_or_is_refused():
    for product in (vjp, vhp, hvp):
        _, (_, zero) = product(lambda x, y: (x**3).sum(), (X, V), None if product is vjp else (X, V))
        assert not zero.any()
    with pytest.raises(RuntimeError, match=r"^The output of the user-provided function is independent of input 1\."):
        vjp(lambda x, y: x.sum(), (X, V), strict=True)


def test_refusals():
    with pytest.raises(RuntimeError, match=r"^v has invalid size: should be torch\.Size\(\[2\]\) but got torch"):
        vjp(lambda x: A @ x, X, V)
    with pytest.raises(RuntimeError, match=r"^The vector v can only be None if the user-provided function returns"):
        vjp(lambda x: A @ x, X)
    with pytest.raises(RuntimeError, match=r"^The vector v can only be None if the input to the user-provided"):
        jvp(lambda x: A @ x, X)
    with pytest.raises(RuntimeError, match=r"^The Tensor returned by the function given to hvp should contain a sing"):
        hvp(lambda x: A @ x, X, V)
    with pytest.raises(TypeError, match=r"^The inputs given to vhp must be either a Tensor or a tuple of Tensors but"):
        vhp(quadratic, [X], V)
