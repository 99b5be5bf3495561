"""The Jacobian and the Hessian: shapes, nesting, and matrices known in closed form."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.autograd.functional import hessian, jacobian

A = torch.tensor([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]], dtype=torch.float64)
X = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64)


@pytest.mark.parametrize("options", [{}, {"vectorize": True}, {"vectorize": True, "strategy": "forward-mode"}], ids=str)
def test_of_a_matrix(options):
    found = jacobian(lambda x: A @ x, X, **options)
    np.testing.assert_allclose(found, A)
    assert not found.requires_grad


def test_sizes_follow_one_another():
    assert jacobian(lambda x: x.sum(0) * 2, torch.ones(2, 3)).shape == (3, 2, 3)
    assert jacobian(lambda x: x.sum(), torch.ones(2, 3)).shape == (2, 3)


def test_tuples_where_tuples_were_given():
    found = jacobian(lambda x, y: (x * y, y.sum()), (X, X))
    assert [[tuple(part.shape) for part in row] for row in found] == [[(3, 3), (3, 3)], [(3,), (3,)]]
    assert found[1][1].tolist() == [1.0, 1.0, 1.0]
    assert found[1][0].tolist() == [0.0, 0.0, 0.0]
    (alone,) = jacobian(lambda x: A @ x, (X,))
    np.testing.assert_allclose(alone, A)


@pytest.mark.parametrize(
    "options", [{}, {"vectorize": True}, {"vectorize": True, "outer_jacobian_strategy": "forward-mode"}], ids=str
)
def test_hessian(options):
    found = hessian(lambda x: (A @ x).square().sum() / 2, X, **options)
    np.testing.assert_allclose(found.detach(), A.T @ A)


def test_hessian_of_two():
    (xx, xy), (yx, yy) = hessian(lambda x, y: (x * x * y).sum(), (X, X))
    np.testing.assert_allclose(xx, 2 * torch.diag(X))
    np.testing.assert_allclose(xy, 2 * torch.diag(X))
    np.testing.assert_allclose(yx, xy)
    assert not yy.any()


def test_a_third_derivative():
    x = torch.tensor([2.0], dtype=torch.float64, requires_grad=True)
    found = hessian(lambda x: (x**3).sum(), x, create_graph=True)
    found.backward()
    assert (found.item(), x.grad.item()) == (12.0, 6.0)


def test_refusals():
    with pytest.raises(AssertionError, match=r"^Expected strategy to be either"):
        jacobian(lambda x: x, X, strategy="sideways")
    with pytest.raises(NotImplementedError, match=r"^Computing Jacobian using forward-AD"):
        jacobian(lambda x: x, X, strategy="forward-mode")
    with pytest.raises(RuntimeError, match=r"^Output 0 of the user-provided function is independent of input 1\."):
        jacobian(lambda x, y: x * 2, (X, X), strict=True)
    with pytest.raises(RuntimeError, match=r"^While computing the hessian, found that the jacobian"):
        hessian(lambda x: x.sum(), X, strict=True)
    with pytest.raises(RuntimeError, match=r"^The Tensor returned by the function given to hessian should contain"):
        hessian(lambda x: x * 2, X)
