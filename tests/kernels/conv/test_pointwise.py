"""The product of a 1×1 kernel: a bias that is a column of the weights is the bias."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels import threads
from pyconv.kernels.conv import im2col, pointwise


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


LAYERS = [
    ((1, 40, 12, 11), 136, 1, 1),
    ((2, 40, 12, 11), 72, 2, 1),
    ((1, 16, 16, 16), 48, 1, 3),
    ((1, 64, 7, 7), 260, 1, 3),
]


@pytest.mark.parametrize(("shape", "outputs", "groups", "kernel"), LAYERS)
def test_pieces_of_a_product_are_the_whole(monkeypatch, shape, outputs, groups, kernel):
    rng = np.random.default_rng(5)
    conv = Conv.of(shape, (outputs, shape[1] // groups, kernel, kernel), (outputs,), padding=kernel // 2, groups=groups)
    x, w, b = (rng.integers(-8, 9, s).astype(np.float32) for s in (conv.x_shape, conv.w_shape, outputs))
    name, module = ("pointwise", pointwise) if kernel == 1 else ("im2col", im2col)
    monkeypatch.setattr(module, "FEWEST_SHARED", 1)
    pieces, each = [], threads.each
    monkeypatch.setattr(threads, "each", lambda work, items: each(work, [pieces.append(i) or i for i in items]))
    with maps.use(name):
        expected = maps.forward(x, w, b, conv)
        pieces.clear()
        with threads.kept():
            found = maps.forward(x, w, b, conv)
            bounded = maps.forward(x, w, b, conv, (0, 6))
    assert len(pieces) == (4 if threads.blas.can_be_held() else 0 if kernel == 1 else 2)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(bounded, np.clip(expected, 0, 6))


def test_a_long_product_is_the_pools_once_it_has_worked(monkeypatch):
    if not threads.blas.can_be_held():
        pytest.skip("BLAS's threads cannot be held")
    monkeypatch.setattr(maps, "LONG", 1)
    x, w, gate = (
        np.ones((1, 64, 80, 80), np.float32),
        np.ones((64, 64, 1, 1), np.float32),
        np.ones((64, 1, 3, 3), np.float32),
    )
    shared: list[bool] = []
    monkeypatch.setattr(threads, "shares", lambda: shared.append(threads._here.together > 0))
    with threads.kept():
        for weights, groups in ((w, 1), (gate, 64), (w, 1)):
            maps.forward(x, weights, None, Conv.of(x.shape, weights.shape, padding=groups // 64, groups=groups))
        assert threads.is_held()
    assert shared == [False, True]


@pytest.mark.parametrize(("groups", "held"), [(1, False), (32, True)])
def test_a_pass_of_groups_keeps_a_network_to_the_pool_and_a_dense_one_does_not(groups, held):
    conv = Conv.of((4, 32, 56, 56), (32, 32 // groups, 3, 3), None, 1, 1, 1, groups)
    x, w = (np.ones(shape, np.float32) for shape in (conv.x_shape, conv.w_shape))
    with threads.kept():
        with maps.use("taps"):
            maps.forward(x, w, None, conv)
        assert threads.is_held() is (held and threads.blas.can_be_held())
