"""The product of a 1×1 kernel: a bias that is a column of the weights is the bias."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels.conv import pointwise
from pyconv.kernels.scratch import LIMIT


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


def _layer(batch, channels, outputs, size, groups=1):
    return Conv.of((batch, channels, size, size), (outputs, channels // groups, 1, 1), groups=groups)


@pytest.mark.parametrize(
    ("conv", "joined", "step"),
    [
        (_layer(8, 512, 2048, 7), True, 4),
        (_layer(3, 1024, 1024, 7), True, 3),
        (_layer(8, 128, 512, 28), False, 2),
        (_layer(8, 64, 64, 28), False, 8),
        (_layer(8, 160, 960, 7), False, 8),
        (_layer(1, 512, 2048, 7), False, 1),
        (_layer(8, 2048, 2048, 7, 2), False, 2),
    ],
)
def test_images_are_shared_and_few_positions_laid_side_by_side(conv, joined, step):
    assert pointwise._piles(conv, 4) == (step, joined)


@pytest.mark.parametrize("itemsize", [4, 16])
@pytest.mark.parametrize("batch", [64, 1024, 10000])
def test_what_lies_side_by_side_fits_the_buffers(batch, itemsize):
    conv = _layer(batch, 512, 2048, 7)
    step, joined = pointwise._piles(conv, itemsize)
    assert joined
    assert step * 2048 * 49 * itemsize <= LIMIT
    assert step * 49 >= 192 or itemsize == 16


@pytest.mark.parametrize("step", [1, 2, 5])
@pytest.mark.parametrize("joined", [False, True])
def test_piles_of_images_give_what_all_together_give(monkeypatch, joined, step):
    rng, conv = np.random.default_rng(0), _layer(5, 8, 12, 6)
    x, w, gy = (rng.integers(-4, 5, shape).astype(np.float32) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    b = np.arange(12, dtype=np.float32)
    monkeypatch.setattr(pointwise, "_piles", lambda *_: (step, joined))
    y, gx = np.empty(conv.y_shape, np.float32), np.empty(conv.x_shape, np.float32)
    pointwise.forward(x, w, b, conv, y, (0, 20))
    pointwise.input_grad(gy, w, conv, gx)
    expected = np.einsum("oc,nchw->nohw", w[:, :, 0, 0], x) + b[:, None, None]
    np.testing.assert_array_equal(y, np.clip(expected, 0, 20))
    np.testing.assert_array_equal(gx, np.einsum("oc,nohw->nchw", w[:, :, 0, 0], gy))
