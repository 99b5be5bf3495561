"""Banded matrices: few channels a group, many rows, strides, and what is not finite."""

import math

import numpy as np
import pytest

from pyconv.geometry import Conv, Window
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import toeplitz
from tests.kernels.conv.draws import assert_bits_alike, whole

F32 = np.dtype(np.float32)


def draw(seed):
    """A grouped convolution of one to three channels a group, larger than a block of rows in both directions."""
    rng = np.random.default_rng(seed)
    ndim = int(rng.integers(1, 3))
    groups = int(rng.integers(1, 6))
    channels, outputs = (groups * int(n) for n in rng.choice([1, 1, 2, 3], 2))
    kernel = tuple(int(n) for n in rng.choice([1, 2, 3, 5, 8, 17], ndim))
    stride, dilation = (tuple(int(n) for n in rng.choice([1, 1, 2, 3], ndim)) for _ in range(2))
    padding = tuple((int(low), int(high)) for low, high in rng.integers(0, 9, (ndim, 2)))
    window = Window(kernel, stride, padding, dilation)
    size = tuple(
        max(3, extent - low - high) + int(rng.integers(0, 40 // ndim))
        for extent, (low, high) in zip(window.extent, padding, strict=True)
    )
    return Conv(int(rng.integers(1, 4)), channels, outputs, groups, size, window.output(size), window), rng


@pytest.mark.parametrize("block", [toeplitz.BLOCK, 2000])
@pytest.mark.parametrize("seed", range(40))
def test_whole_numbers_come_out_exactly(seed, block, monkeypatch):
    monkeypatch.setattr(toeplitz, "BLOCK", block)
    conv, rng = draw(seed)
    x, w, gy = (whole(rng, shape, np.float32) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    b = whole(rng, (conv.out_channels,), np.float32)
    found = {}
    for name in ("direct", "toeplitz"):
        with maps.use(name):
            found[name] = maps.forward(x, w, b, conv), maps.input_grad(gy, w, conv)
    np.testing.assert_array_equal(found["toeplitz"][0], found["direct"][0])
    np.testing.assert_array_equal(found["toeplitz"][1], found["direct"][1])


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("name", ["forward", "input_grad"])
def test_what_is_not_finite_stays_where_it_is_read(name, value):
    conv = Conv.of((2, 6, 20, 20), (6, 1, 3, 3), None, 1, 1, 1, 6)
    rng = np.random.default_rng(0)
    a, w = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    a[1, 2, 10, 11] = value
    operands = (a, w, None) if name == "forward" else (a, w)
    with maps.use("toeplitz"):
        got = getattr(maps, name)(*operands, conv)
    with maps.use("direct"):
        expected = getattr(maps, name)(*operands, conv)
    reached = np.zeros(conv.x_shape, bool)
    reached[1, 2, 9:12, 10:13] = True
    np.testing.assert_array_equal(np.isfinite(got), ~reached)
    np.testing.assert_array_equal(got[reached], expected[reached])
    np.testing.assert_allclose(got[~reached], expected[~reached], rtol=1e-4, atol=1e-5)


def test_numbers_near_the_largest_are_no_infinities():
    conv = Conv.of((1, 2, 9, 9), (2, 1, 3, 3), None, 1, 1, 1, 2)
    x, w = np.full(conv.x_shape, 1e37, np.float32), np.ones(conv.w_shape, np.float32)
    with maps.use("toeplitz"):
        y = maps.forward(x, w, None, conv)
    assert np.isfinite(y).all()
    np.testing.assert_allclose(y[:, :, 1:-1, 1:-1], 9e37, rtol=1e-6)


@pytest.mark.parametrize("kernel", [3, 7, 31])
def test_errors_of_a_depthwise_kernel_stay_under_the_bound(kernel):
    rng = np.random.default_rng(kernel)
    conv = Conv.of((1, 8, 40, 36), (8, 1, kernel, kernel), None, 1, kernel // 2, 1, 8)
    x, w = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    with maps.use("direct"):
        exact = maps.forward(x.astype(np.float64), w.astype(np.float64), None, conv)
        size = maps.forward(np.abs(x).astype(np.float64), np.abs(w).astype(np.float64), None, conv)
    with maps.use("toeplitz"):
        y = maps.forward(x, w, None, conv)
    assert np.all(np.abs(y - exact) <= (2 + 2 * math.sqrt(conv.terms)) * 2.0**-24 * size)


@pytest.mark.parametrize("shape", [(4, 24, 30, 30), (1, 24, 7, 7), (2, 24, 500)])
def test_the_bits_are_the_same_whatever_the_number_of_threads(shape):
    rng = np.random.default_rng(1)
    ndim = len(shape) - 2
    conv = Conv.of(shape, (24, 1, *(5,) * ndim), None, 1, 2, 1, 24)
    x, w = rng.standard_normal(shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    with maps.use("toeplitz"):
        assert_bits_alike(lambda: (maps.forward(x, w, None, conv), maps.input_grad(x, w, conv)))


def test_operands_may_lie_as_they_like():
    rng = np.random.default_rng(2)
    conv = Conv.of((2, 4, 12, 11), (8, 1, 3, 3), None, 2, 1, 1, 4)
    x, w = whole(rng, conv.x_shape, np.float64), whole(rng, conv.w_shape, np.float64)
    gy = whole(rng, conv.y_shape, np.float64)
    with maps.use("toeplitz"):
        y, gx = maps.forward(x, w, None, conv), maps.input_grad(gy, w, conv)
        for lay in (np.asfortranarray, lambda a: np.flip(np.flip(a, -1).copy(), -1)):
            np.testing.assert_array_equal(maps.forward(lay(x), lay(w), None, conv), y)
            np.testing.assert_array_equal(maps.input_grad(lay(gy), lay(w), conv), gx)


def test_it_declines_what_it_has_no_bands_for():
    volume = Conv.of((1, 4, 6, 6, 6), (4, 1, 3, 3, 3), None, 1, 1, 1, 4)
    image = Conv.of((1, 4, 6, 6), (4, 1, 3, 3), None, 1, 1, 1, 4)
    huge = Conv.of((1, 4096, 64, 64), (4096, 4096, 3, 3), None, 1, 1)
    assert not toeplitz.ALGORITHM.supports(volume, F32)
    assert not toeplitz.ALGORITHM.supports(image, np.dtype(np.int32))
    assert not toeplitz.ALGORITHM.supports(huge, F32)
    assert toeplitz.ALGORITHM.supports(image, F32)
