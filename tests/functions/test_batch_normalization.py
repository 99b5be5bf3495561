"""The native form of batch normalization, which gives statistics too."""

import numpy as np
import pytest

import pyconv
from pyconv.functions import batch_normalization

X = np.random.default_rng(0).normal(2, 3, size=(3, 4, 5))


def test_batch_statistics_are_one_for_each_channel():
    y, mean, rstd = batch_normalization.native_batch_norm(X, None, None, None, None, True, 0.1, 0.5)
    np.testing.assert_allclose(mean, X.mean((0, 2)))
    np.testing.assert_allclose(rstd, 1 / np.sqrt(X.var((0, 2)) + 0.5))
    np.testing.assert_allclose(y, (X - mean[:, None]) * rstd[:, None])


def test_running_statistics_are_not_given_back():
    found = batch_normalization.native_batch_norm(X, None, None, np.zeros(4), np.ones(4), False, 0.1, 0.5)
    assert [a.shape for a in found] == [X.shape, (0,), (0,)]


def test_an_empty_batch_has_no_native_form():
    with pytest.raises(RuntimeError, match=r"at least one element, but got input_sizes = \[0, 3\]"):
        batch_normalization.native_batch_norm(np.ones((0, 3)), None, None, None, None, True, 0.1, 0.5)


@pytest.mark.parametrize("needing", ["x", "weight", "bias"])
@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("shape", [(), (1, 1)])
def test_only_the_backward_pass_asks_for_a_weight_of_one_dimension(shape, training, needing):
    x, weight, bias = pyconv.ones(2, 1, 3), pyconv.ones(shape), pyconv.ones(1)
    {"x": x, "weight": weight, "bias": bias}[needing].requires_grad_()
    running = pyconv.zeros(1), pyconv.ones(1)
    y = pyconv.batch_norm(x, weight, bias, *running, training, 0.1, 1e-5, False)
    with pytest.raises(RuntimeError, match=f"TensorAccessor expected 1 dims but tensor has {len(shape)}$"):
        y.sum().backward()


def test_only_the_backward_pass_asks_for_a_bias_that_a_vector_can_be_expanded_to():
    x, weight = pyconv.ones(2, 3), pyconv.ones(3)
    for bias in (pyconv.ones(3, 1), pyconv.ones(1, 1, 3)):
        y = pyconv.batch_norm(x, weight, bias.requires_grad_(), None, None, True, 0.1, 1e-5, False)
        with pytest.raises(RuntimeError, match=r"at index 2 - got \[3\] but expected shape compatible with \["):
            y.sum().backward()
    y = pyconv.batch_norm(x[:, :1], None, pyconv.ones((), requires_grad=True), None, None, True, 0.1, 1e-5, False)
    y.sum().backward()
