"""Orthogonal matrices, weight norm and spectral norm as parametrizations."""

import numpy as np
import pytest

import pyconv
from pyconv import nn
from pyconv.nn.utils import parametrizations as P
from pyconv.nn.utils import parametrize


@pytest.mark.parametrize("trivial", [True, False])
@pytest.mark.parametrize("shape", [(3, 3), (3, 5), (5, 3)])
@pytest.mark.parametrize("name", ["matrix_exp", "cayley", "householder"])
def test_the_matrix_stays_orthogonal(name, shape, trivial):
    layer = nn.Linear(*shape, dtype=pyconv.float64)
    P.orthogonal(layer, orthogonal_map=name, use_trivialization=trivial)
    with pyconv.no_grad():
        layer.parametrizations.weight.original.add_(0.01)
    layer(pyconv.ones(1, shape[0], dtype=pyconv.float64)).sum().backward()
    w = layer.weight.detach().numpy()
    gram = w.T @ w if w.shape[0] > w.shape[1] else w @ w.T
    if name != "householder":
        np.testing.assert_allclose(gram, np.eye(min(shape)), atol=1e-10)
    assert layer.parametrizations.weight.original.grad is not None


def test_an_orthogonal_matrix_is_kept():
    q = np.linalg.qr(np.random.default_rng(0).normal(size=(4, 4)))[0]
    layer = P.orthogonal(nn.Linear(4, 4, dtype=pyconv.float64))
    layer.weight = pyconv.tensor(q)
    np.testing.assert_allclose(layer.weight.detach().numpy(), q, atol=1e-12)


def test_bad_calls_are_refused_in_the_words_of_torch():
    with pytest.raises(ValueError, match=r'has to be one of "matrix_exp", "cayley", "householder". Got: x'):
        P.orthogonal(nn.Linear(2, 2), orthogonal_map="x")
    with pytest.raises(ValueError, match=r"Expected a matrix or batch of matrices. Got a tensor of 1 dimensions."):
        P.orthogonal(nn.Linear(2, 2), "bias")
    with pytest.raises(ValueError, match="has no parameter or buffer with name 'w'"):
        P.spectral_norm(nn.Linear(2, 2), "w")
    with pytest.raises(IndexError, match=r"Dimension out of range \(expected to be in range of \[-2, 1\] but got 2\)"):
        P.spectral_norm(nn.Linear(2, 2), dim=2)


def test_weight_norm_loads_what_the_older_one_saved():
    layer = P.weight_norm(nn.Linear(2, 3))
    v = pyconv.arange(6.0).view(3, 2) + 1
    layer.load_state_dict({"bias": pyconv.zeros(3), "weight_g": pyconv.ones(3, 1), "weight_v": v})
    expected = v.numpy() / np.linalg.norm(v.numpy(), axis=1, keepdims=True)
    np.testing.assert_allclose(layer.weight.detach().numpy(), expected, rtol=1e-6)


def test_spectral_norm_iterates_in_training_alone():
    layer = P.spectral_norm(nn.Linear(4, 5), n_power_iterations=30)
    assert np.linalg.svd(layer.weight.detach().numpy())[1][0] == pytest.approx(1, abs=1e-3)
    layer.eval()
    u = layer.parametrizations.weight[0]._u.clone()
    assert layer.weight.shape == (5, 4)
    assert layer.parametrizations.weight[0]._u.tolist() == u.tolist()
    parametrize.remove_parametrizations(layer, "weight")
    assert list(layer.state_dict()) == ["bias", "weight"]


def test_a_vector_is_divided_by_its_length():
    layer = P.spectral_norm(nn.Linear(2, 3), "bias")
    assert np.linalg.norm(layer.bias.detach().numpy()) == pytest.approx(1)
