"""The native forms of normalization: the statistics that they give beside the result."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.functions import normalization

X = np.random.default_rng(0).normal(2, 3, size=(3, 4, 5))


def test_batch_statistics_are_one_for_each_channel():
    y, mean, rstd = normalization.native_batch_norm(X, None, None, None, None, True, 0.1, 0.5)
    np.testing.assert_allclose(mean, X.mean((0, 2)))
    np.testing.assert_allclose(rstd, 1 / np.sqrt(X.var((0, 2)) + 0.5))
    np.testing.assert_allclose(y, (X - mean[:, None]) * rstd[:, None])


def test_running_statistics_are_not_given_back():
    found = normalization.native_batch_norm(X, None, None, np.zeros(4), np.ones(4), False, 0.1, 0.5)
    assert [a.shape for a in found] == [X.shape, (0,), (0,)]


def test_an_empty_batch_has_no_native_form():
    with pytest.raises(RuntimeError, match=r"at least one element, but got input_sizes = \[0, 3\]"):
        normalization.native_batch_norm(np.ones((0, 3)), None, None, None, None, True, 0.1, 0.5)


def test_layer_statistics_keep_the_normalized_dimensions():
    _, mean, rstd = normalization.native_layer_norm(X, (4, 5), None, None, 0.5)
    np.testing.assert_allclose(mean, X.mean((1, 2), keepdims=True))
    np.testing.assert_allclose(rstd, 1 / np.sqrt(X.var((1, 2), keepdims=True) + 0.5))


def test_group_statistics_have_gradients():
    x = pyconv.tensor(X, requires_grad=True)

    def program(x):
        return normalization.native_group_norm(x, None, None, 3, 4, 5, 2, 0.5)

    np.testing.assert_allclose(program(x)[1].detach().numpy(), X.reshape(3, 2, 10).mean(2))
    assert gradcheck(program, [x])
    assert gradgradcheck(program, [x])


def test_sizes_that_do_not_match_the_input_are_refused():
    with pytest.raises(RuntimeError, match=r"Expected X.numel\(\) == N \* C \* HxW to be true"):
        normalization.native_group_norm(X, None, None, 3, 4, 4, 2, 0.5)


def test_a_wrong_type_is_named():
    with pytest.raises(TypeError, match=r"layer_norm\(\): argument 'weight' \(position 3\) must be Tensor, not int"):
        normalization.layer_norm(pyconv.ones(2, 4), (4,), 1)


def test_dtypes_that_do_not_go_together_are_refused():
    x, w, b = pyconv.ones(2, 4), pyconv.ones(4), pyconv.ones(4)
    with pytest.raises(RuntimeError, match="expect parameter to have scalar type of Float"):
        normalization.layer_norm(x, (4,), w.double())
    with pytest.raises(RuntimeError, match="expected scalar type Half but found Float"):
        normalization.layer_norm(x.half(), (4,), w.half(), b)
