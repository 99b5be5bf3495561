"""Products of strips of the image: blocks, crops, infinities, threads."""

import numpy as np
import pytest

from pyconv.geometry import Conv, Window
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import strips
from tests.kernels.conv.draws import assert_bits_alike, assert_not_finite_alike, assert_under_bound, whole


def draw(seed):
    """Groups, kernels of up to 13, padded more on one side than on the other, or cropped."""
    rng = np.random.default_rng(seed)
    kernel = tuple(int(n) for n in rng.integers(1, 14, 2))
    padding = tuple((int(low), int(high)) for low, high in rng.integers(0, 15, (2, 2)))
    window = Window(kernel, (1, 1), padding, (1, 1))
    size = tuple(
        max(1, extent - low - high) + int(rng.integers(0, 25))
        for extent, (low, high) in zip(window.extent, padding, strict=True)
    )
    groups, depth, height = int(rng.integers(1, 7)), int(rng.choice([1, 1, 2])), int(rng.choice([1, 1, 3]))
    batch = int(rng.integers(1, 4))
    return Conv(batch, groups * depth, groups * height, groups, size, window.output(size), window), rng


@pytest.mark.parametrize("block", [strips.BLOCK, 512])
@pytest.mark.parametrize("dtype", ["float32", "float16", "complex64"])
@pytest.mark.parametrize("seed", range(12))
def test_whole_numbers_come_out_exactly(seed, dtype, block, monkeypatch):
    conv, rng = draw(seed)
    x, w, gy = (whole(rng, shape, dtype, -1, 2) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    b = whole(rng, (conv.out_channels,), dtype)
    with maps.use("direct"):
        y, gx = maps.forward(x, w, b, conv), maps.input_grad(gy, w, conv)
    monkeypatch.setattr(strips, "BLOCK", block)
    with maps.use("strips"):
        np.testing.assert_array_equal(maps.forward(x, w, b, conv), y)
        np.testing.assert_array_equal(maps.input_grad(gy, w, conv), gx)


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("place", ["x", "w"])
def test_what_is_not_finite_stays_where_it_is_read(place, value):
    rng = np.random.default_rng(1)
    conv = Conv.of((2, 6, 24, 24), (6, 1, 11, 11), None, 1, 5, 1, 6)
    x, w = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    gy = rng.standard_normal(conv.y_shape, np.float32)
    (x if place == "x" else w)[1, 0, 4, 7] = value
    assert_not_finite_alike("strips", conv, x, w, gy)


@pytest.mark.parametrize("kernel", [5, 13, 31])
@pytest.mark.parametrize("name", ["forward", "input_grad"])
def test_errors_stay_under_the_bound(name, kernel):
    rng = np.random.default_rng(kernel)
    conv = Conv.of((1, 8, 40, 33), (8, 1, kernel, kernel), None, 1, kernel // 2, 1, 8)
    x, w, gy = (rng.standard_normal(s, np.float32) for s in (conv.x_shape, conv.w_shape, conv.y_shape))
    operands = (x, w, None) if name == "forward" else (gy, w)
    with maps.use("strips"):
        got = getattr(maps, name)(*operands, conv)
    assert_under_bound(got, name, operands, conv, kernel**2)


def test_the_bits_are_the_same_whatever_the_number_of_threads():
    rng = np.random.default_rng(2)
    conv = Conv.of((3, 24, 30, 30), (24, 1, 11, 11), None, 1, 5, 1, 24)
    x, w = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    with maps.use("strips"):
        assert_bits_alike(lambda: (maps.forward(x, w, None, conv),))


@pytest.mark.parametrize("options", [{"stride": 2}, {"dilation": 2}], ids=["stride", "dilation"])
def test_it_declines_what_it_cannot_serve(options):
    conv = Conv.of((1, 4, 30, 30), (4, 1, 7, 7), None, groups=4, **options)
    plain = Conv.of((1, 4, 30, 30), (4, 1, 7, 7), None, groups=4)
    assert not strips.ALGORITHM.supports(conv, np.dtype(np.float32))
    assert strips.ALGORITHM.supports(plain, np.dtype(np.float32))
    assert not strips.ALGORITHM.supports(plain, np.dtype(np.int32))


def test_large_depthwise_kernels_are_its_own():
    conv = Conv.of((1, 128, 56, 56), (128, 1, 31, 31), None, 1, 15, 1, 128)
    assert all(maps.choose(conv, np.dtype(np.float32), name).name == "strips" for name in ("forward", "input_grad"))
