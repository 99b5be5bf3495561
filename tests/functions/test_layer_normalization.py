"""Layer normalization, its native form, and dtypes that do not go together."""

import numpy as np
import pytest

import pyconv
from pyconv.functions import layer_normalization

X = np.random.default_rng(0).normal(2, 3, size=(3, 4, 5))


def test_layer_statistics_keep_the_normalized_dimensions():
    _, mean, rstd = layer_normalization.native_layer_norm(X, (4, 5), None, None, 0.5)
    np.testing.assert_allclose(mean, X.mean((1, 2), keepdims=True))
    np.testing.assert_allclose(rstd, 1 / np.sqrt(X.var((1, 2), keepdims=True) + 0.5))


def test_a_wrong_type_is_named():
    with pytest.raises(TypeError, match=r"layer_norm\(\): argument 'weight' \(position 3\) must be Tensor, not int"):
        layer_normalization.layer_norm(pyconv.ones(2, 4), (4,), 1)


def test_dtypes_that_do_not_go_together_are_refused():
    x, w, b = pyconv.ones(2, 4), pyconv.ones(4), pyconv.ones(4)
    with pytest.raises(RuntimeError, match="expect parameter to have scalar type of Float"):
        layer_normalization.layer_norm(x, (4,), w.double())
    with pytest.raises(RuntimeError, match="expected scalar type Half but found Float"):
        layer_normalization.layer_norm(x.half(), (4,), w.half(), b)
