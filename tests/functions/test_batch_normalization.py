"""The native form of batch normalization, which gives statistics too."""

import numpy as np
import pytest

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
