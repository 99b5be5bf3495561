"""Kernels larger than their images: all paddings, infinities, threads."""

import numpy as np
import pytest

from pyconv.geometry import Conv, Window
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import swapped
from tests.kernels.conv.draws import assert_bits_alike, assert_not_finite_alike, assert_under_bound, whole


def draw(seed):
    """A depthwise convolution whose kernel has more elements than its images, padded by any amount."""
    rng = np.random.default_rng(seed)
    size = tuple(int(n) for n in rng.integers(1, 7, 2))
    output = tuple(int(n) for n in rng.integers(1, 7, 2))
    kernel = tuple(max(a, b) + int(rng.integers(1, 7)) for a, b in zip(size, output, strict=True))
    total = [k + b - 1 - a for k, a, b in zip(kernel, size, output, strict=True)]
    low = [int(rng.integers(0, n + 1)) for n in total]
    padding = tuple((a, n - a) for a, n in zip(low, total, strict=True))
    window, channels = Window(kernel, (1, 1), padding, (1, 1)), int(rng.integers(1, 7))
    return Conv(int(rng.integers(1, 4)), channels, channels, channels, size, output, window), rng


@pytest.mark.parametrize("channels", [swapped.CHANNELS, 2])
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "complex64"])
@pytest.mark.parametrize("seed", range(12))
def test_whole_numbers_come_out_exactly(seed, dtype, channels, monkeypatch):
    conv, rng = draw(seed)
    x, w, gy = (whole(rng, shape, dtype) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    b = whole(rng, (conv.out_channels,), dtype)
    with maps.use("direct"):
        y, gx = maps.forward(x, w, b, conv), maps.input_grad(gy, w, conv)
    monkeypatch.setattr(swapped, "CHANNELS", channels)
    with maps.use("swapped"):
        np.testing.assert_array_equal(maps.forward(x, w, b, conv), y)
        np.testing.assert_array_equal(maps.input_grad(gy, w, conv), gx)


@pytest.mark.parametrize("value", [np.inf, np.nan])
@pytest.mark.parametrize("place", ["x", "w"])
def test_what_is_not_finite_is_as_in_a_direct_sum(place, value):
    rng = np.random.default_rng(1)
    conv = Conv.of((2, 5, 7, 7), (5, 1, 13, 13), None, 1, 6, 1, 5)
    x, w = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    gy = rng.standard_normal(conv.y_shape, np.float32)
    (x if place == "x" else w)[1, 0, 4, 6] = value
    assert_not_finite_alike("swapped", conv, x, w, gy)


@pytest.mark.parametrize("name", ["forward", "input_grad"])
def test_errors_stay_under_the_bound(name):
    rng = np.random.default_rng(3)
    conv = Conv.of((2, 300, 7, 7), (300, 1, 13, 13), None, 1, 6, 1, 300)
    x, w, gy = (rng.standard_normal(s, np.float32) for s in (conv.x_shape, conv.w_shape, conv.y_shape))
    operands = (x, w, None) if name == "forward" else (gy, w)
    with maps.use("swapped"):
        got = getattr(maps, name)(*operands, conv)
    # 49 elements of the image are all that an output has
    assert_under_bound(got, name, operands, conv, 49)


def test_the_bits_are_the_same_whatever_the_number_of_threads(monkeypatch):
    rng = np.random.default_rng(2)
    conv = Conv.of((3, 600, 7, 7), (600, 1, 13, 13), None, 1, 6, 1, 600)
    monkeypatch.setattr(swapped, "SHORTEST", 0)
    x, w = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    with maps.use("swapped"):
        assert_bits_alike(lambda: (maps.forward(x, w, None, conv),))


def test_it_declines_what_it_cannot_serve():
    def supports(x_shape, w_shape, *options):
        return swapped.ALGORITHM.supports(Conv.of(x_shape, w_shape, None, *options), np.dtype(np.float32))

    assert supports((1, 4, 7, 7), (4, 1, 13, 13), 1, 6, 1, 4)
    assert not supports((1, 4, 7, 7), (4, 1, 13, 13), 2, 6, 1, 4)
    assert not supports((1, 4, 14, 14), (4, 1, 13, 13), 1, 6, 1, 4)
    assert not supports((1, 4, 7, 7), (4, 2, 13, 13), 1, 6, 1, 2)
