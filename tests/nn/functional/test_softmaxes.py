"""Samples by the softmax; its values and gradients are with the activations'."""

import numpy as np
import pytest

import pyconv
import pyconv.nn.functional as F

X = np.array([[-4.0, -1.2, -0.3, 0.1], [0.4, 0.7, 3.1, 6.5]])


def test_gumbel_softmax_draws_by_the_logits():
    pyconv.manual_seed(0)
    logits = pyconv.log(pyconv.tensor([0.1, 0.2, 0.7])).expand(4000, 3)
    drawn = F.gumbel_softmax(logits, hard=True)
    assert {*np.unique(drawn.numpy())} == {0, 1}
    np.testing.assert_allclose(drawn.numpy().mean(0), [0.1, 0.2, 0.7], atol=0.03)
    soft = F.gumbel_softmax(logits, tau=0.5)
    np.testing.assert_allclose(soft.numpy().sum(1), 1, 1e-5)
    with pytest.warns(UserWarning, match="`eps` parameter is deprecated"):
        F.gumbel_softmax(logits, eps=0.1)


def test_the_hard_sample_has_the_gradient_of_the_soft_one():
    grads = []
    for hard in (False, True):
        pyconv.manual_seed(1)
        logits = pyconv.tensor(X, requires_grad=True)
        (F.gumbel_softmax(logits, hard=hard) * pyconv.tensor(X)).sum().backward()
        grads.append(logits.grad.numpy())
    np.testing.assert_allclose(*grads)


def test_gumbel_softmax_of_ndarrays_and_numbers():
    assert isinstance(F.gumbel_softmax(X, hard=True), np.ndarray)
    assert F.gumbel_softmax(pyconv.tensor(2.0), hard=True).item() == 1


def test_gumbel_softmax_of_no_integers_draws_nothing():
    assert F.gumbel_softmax(pyconv.empty(0, dtype=pyconv.int8)).tolist() == []
