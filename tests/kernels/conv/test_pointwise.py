"""The product of a 1×1 kernel: a bias that is a column of the weights is the bias."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels.conv import pointwise


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("batch", "groups"), [(1, 1), (3, 1), (2, 4)])
def test_a_bias_among_the_weights_is_added(monkeypatch, batch, groups, dtype):
    rng = np.random.default_rng(3)
    x = rng.standard_normal((batch, 8, 10, 9)).astype(dtype)
    w, b = rng.standard_normal((40, 8 // groups, 1, 1)).astype(dtype), rng.standard_normal(40).astype(dtype)
    conv = Conv.of(x.shape, w.shape, b.shape, groups=groups)
    found = []
    for fewest in (1, 1 << 30):
        monkeypatch.setattr(pointwise, "FEWEST_RESULTS", fewest)
        assert pointwise._widens(conv, x.itemsize) == (fewest == 1)
        found.append(np.empty(conv.y_shape, dtype))
        pointwise.forward(x, w, b, conv, found[-1])
    np.testing.assert_allclose(*found, 16 * np.finfo(dtype).eps, 16 * np.finfo(dtype).eps)
    assert np.abs(found[0]).max() > np.abs(b).max()


def test_an_infinite_bias_stays_in_its_channel():
    x, w, b = np.ones((1, 1, 300, 300), np.float32), np.ones((4, 1, 1, 1), np.float32), np.zeros(4, np.float32)
    b[1], b[2] = np.inf, np.nan
    conv = Conv.of(x.shape, w.shape, b.shape)
    assert pointwise._widens(conv, x.itemsize)
    y = np.empty(conv.y_shape, np.float32)
    pointwise.forward(x, w, b, conv, y)
    np.testing.assert_array_equal(y[0, :, 0, 0], [1, np.inf, np.nan, 1])


def test_large_operands_are_not_copied():
    assert not pointwise._widens(Conv.of((1, 16, 400, 400), (64, 16, 1, 1)), 4)
    assert not pointwise._widens(Conv.of((1, 64, 56, 56), (64, 64, 1, 1)), 4)
