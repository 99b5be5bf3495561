"""Rows as products with banded matrices: strides, crops, several blocks, infinities, threads."""

import numpy as np
import pytest

from pyconv.geometry import Conv, Window
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import whole_rows
from tests.kernels.conv.draws import assert_bits_alike, assert_not_finite_alike, assert_under_bound, whole


def draw(seed):
    """Channels by themselves, kernels of up to 8, often strided, padded more on one side than on the other."""
    rng = np.random.default_rng(seed)
    kernel = tuple(int(n) for n in rng.integers(1, 9, 2))
    stride = tuple(int(n) for n in rng.choice([1, 1, 2, 3], 2))
    padding = tuple((int(low), int(high)) for low, high in rng.integers(0, 10, (2, 2)))
    window = Window(kernel, stride, padding, (1, 1))
    size = tuple(
        max(1, extent - low - high) + int(rng.integers(0, 16))
        for extent, (low, high) in zip(window.extent, padding, strict=True)
    )
    channels = int(rng.integers(1, 12))
    return Conv(int(rng.integers(1, 4)), channels, channels, channels, size, window.output(size), window), rng


@pytest.fixture(params=[whole_rows.BLOCK, 512])
def block(request, monkeypatch):
    """The block as it is, or so small that there are several pieces."""
    monkeypatch.setattr(whole_rows, "BLOCK", request.param)
    whole_rows._pieces.cache_clear()
    yield request.param
    whole_rows._pieces.cache_clear()


@pytest.mark.parametrize("dtype", ["float32", "float16", "complex64"])
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.usefixtures("block")
def test_whole_numbers_come_out_exactly(seed, dtype):
    conv, rng = draw(seed)
    x, w, gy = (whole(rng, shape, dtype, -1, 2) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    b = whole(rng, (conv.out_channels,), dtype)
    with maps.use("direct"):
        y, gx = maps.forward(x, w, b, conv), maps.input_grad(gy, w, conv)
    with maps.use("whole-rows"):
        np.testing.assert_array_equal(maps.forward(x, w, b, conv), y)
        np.testing.assert_array_equal(maps.input_grad(gy, w, conv), gx)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("place", ["x", "w"])
def test_what_is_not_finite_stays_where_it_is_read(place, value, stride):
    rng = np.random.default_rng(1)
    conv = Conv.of((2, 6, 14, 14), (6, 1, 5, 5), None, stride, 2, 1, 6)
    x, w = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    gy = rng.standard_normal(conv.y_shape, np.float32)
    (x if place == "x" else w)[1, 0, 4, 3] = value
    gy[0, 2, 3, 6] = value
    assert_not_finite_alike("whole-rows", conv, x, w, gy)


@pytest.mark.parametrize("kernel", [3, 7])
@pytest.mark.parametrize("name", ["forward", "input_grad"])
def test_errors_stay_under_the_bound(name, kernel):
    rng = np.random.default_rng(kernel)
    conv = Conv.of((2, 8, 14, 15), (8, 1, kernel, kernel), None, 1, kernel // 2, 1, 8)
    x, w, gy = (rng.standard_normal(s, np.float32) for s in (conv.x_shape, conv.w_shape, conv.y_shape))
    operands = (x, w, None) if name == "forward" else (gy, w)
    with maps.use("whole-rows"):
        got = getattr(maps, name)(*operands, conv)
    assert_under_bound(got, name, operands, conv, kernel**2)


@pytest.mark.parametrize("stride", [1, 2])
def test_the_bits_are_the_same_whatever_the_number_of_threads(stride):
    rng = np.random.default_rng(2)
    conv = Conv.of((8, 200, 14, 14), (200, 1, 7, 7), None, stride, 3, 1, 200)
    x, w, gy = (rng.standard_normal(s, np.float32) for s in (conv.x_shape, conv.w_shape, conv.y_shape))
    with maps.use("whole-rows"):
        assert_bits_alike(lambda: (maps.forward(x, w, None, conv), maps.input_grad(gy, w, conv)))


def test_operands_may_lie_as_they_like():
    rng = np.random.default_rng(3)
    conv = Conv.of((2, 4, 12, 11), (4, 1, 3, 3), None, 2, 1, 1, 4)
    x, w, gy = (whole(rng, shape, np.float64) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    with maps.use("whole-rows"):
        y, gx = maps.forward(x, w, None, conv), maps.input_grad(gy, w, conv)
        for lay in (np.asfortranarray, lambda a: np.flip(np.flip(a, -1).copy(), -1)):
            np.testing.assert_array_equal(maps.forward(lay(x), lay(w), None, conv), y)
            np.testing.assert_array_equal(maps.input_grad(lay(gy), lay(w), conv), gx)


@pytest.mark.parametrize("name", ["forward", "input_grad"])
def test_pieces_share_out_all_images_and_channels_and_keep_to_the_block(name, block):
    for shape, kernel, stride in (((8, 384, 14, 14), 7, 1), ((3, 70, 28, 20), 5, 2), ((64, 9, 7, 7), 3, 1)):
        conv = Conv.of(shape, (shape[1], 1, kernel, kernel), None, stride, kernel // 2, 1, shape[1])
        image, matrix = whole_rows._sizes(conv, name, 4)
        seen = np.zeros(shape[:2], int)
        for images, channels in whole_rows._pieces(conv, name, 4):
            seen[images, channels] += 1
            count = images.stop - images.start
            assert (channels.stop - channels.start) * (count * image + matrix) <= max(block, count * image + matrix)
            assert count == 1 or count * image + matrix <= block
        np.testing.assert_array_equal(seen, 1)


def test_it_declines_what_it_is_not_made_for():
    f32 = np.dtype(np.float32)
    assert whole_rows.ALGORITHM.supports(Conv.of((1, 4, 9, 9), (4, 1, 3, 3), None, 2, 1, 1, 4), f32)
    for shape, w_shape, dilation, groups, dtype in (
        ((1, 4, 9), (4, 1, 3), 1, 4, f32),
        ((1, 4, 9, 9), (4, 1, 3, 3), 2, 4, f32),
        ((1, 4, 9, 9), (8, 1, 3, 3), 1, 4, f32),
        ((1, 4, 9, 9), (4, 2, 3, 3), 1, 2, f32),
        ((1, 4, 9, 9), (4, 1, 3, 3), 1, 4, np.dtype(np.int32)),
        ((1, 4, 9, 3000), (4, 1, 3, 3), 1, 4, f32),
    ):
        assert not whole_rows.ALGORITHM.supports(Conv.of(shape, w_shape, None, 1, 1, dilation, groups), dtype)
