"""Stacked rows: sizes that are cut unevenly, infinities, the bound, threads, what is declined."""

import numpy as np
import pytest

from pyconv.geometry import Conv, Window
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import stacked_rows
from tests.kernels.conv.draws import assert_bits_alike, assert_not_finite_alike, assert_under_bound, whole


def draw(seed):
    """Depthwise, images of up to 70 columns, padded more on one side than on the other, kernels of up to 7."""
    rng = np.random.default_rng(seed)
    kernel = tuple(int(n) for n in rng.integers(1, 8, 2))
    padding = tuple((int(low), int(high)) for low, high in rng.integers(0, 9, (2, 2)))
    window = Window(kernel, (1, 1), padding, (1, 1))
    size = tuple(
        max(1, extent - low - high) + int(rng.integers(0, room))
        for extent, (low, high), room in zip(window.extent, padding, (25, 70), strict=True)
    )
    channels, batch = int(rng.integers(1, 7)), int(rng.integers(1, 8))
    return Conv(batch, channels, channels, channels, size, window.output(size), window), rng


def square(batch, channels, side, kernel, **options):
    return Conv.of((batch, channels, side, side), (channels, 1, kernel, kernel), None, groups=channels, **options)


def exactly(conv, rng, dtype):
    x, w, gy = (whole(rng, shape, dtype, -1, 2) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    b = whole(rng, (conv.out_channels,), dtype)
    with maps.use("direct"):
        y, gx = maps.forward(x, w, b, conv), maps.input_grad(gy, w, conv)
    with maps.use("stacked-rows"):
        np.testing.assert_array_equal(maps.forward(x, w, b, conv), y)
        np.testing.assert_array_equal(maps.input_grad(gy, w, conv), gx)


@pytest.mark.parametrize("block", [stacked_rows.BLOCK, 512])
@pytest.mark.parametrize("dtype", ["float32", "float16", "complex64"])
@pytest.mark.parametrize("seed", range(12))
def test_whole_numbers_come_out_exactly(seed, dtype, block, monkeypatch):
    monkeypatch.setattr(stacked_rows, "BLOCK", block)
    exactly(*draw(seed), dtype)


@pytest.mark.parametrize("batch", [1, 5])
@pytest.mark.parametrize("side", [8, 14, 16, 32])
def test_rows_that_fill_the_products_and_images_side_by_side(side, batch):
    exactly(square(batch, 5, side, 3, padding=1), np.random.default_rng(side), "float32")


def test_another_layer_of_the_same_thread_leaves_no_rows_behind():
    rng = np.random.default_rng(3)
    full, bordered = square(1, 4, 38, 5), square(1, 4, 34, 5, padding=2)
    for conv in (bordered, full, bordered):
        exactly(conv, rng, "float32")


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("place", ["x", "w"])
def test_what_is_not_finite_stays_where_it_is_read(place, value):
    rng = np.random.default_rng(1)
    conv = square(2, 6, 24, 7, padding=3)
    x, w = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    gy = rng.standard_normal(conv.y_shape, np.float32)
    (x if place == "x" else w)[1, 0, 4, 5] = value
    assert_not_finite_alike("stacked-rows", conv, x, w, gy)


@pytest.mark.parametrize("kernel", [3, 5, 7])
@pytest.mark.parametrize("name", ["forward", "input_grad"])
def test_errors_stay_under_the_bound(name, kernel):
    rng = np.random.default_rng(kernel)
    conv = square(2, 8, 30, kernel, padding=kernel // 2)
    x, w, gy = (rng.standard_normal(s, np.float32) for s in (conv.x_shape, conv.w_shape, conv.y_shape))
    operands = (x, w, None) if name == "forward" else (gy, w)
    with maps.use("stacked-rows"):
        got = getattr(maps, name)(*operands, conv)
    assert_under_bound(got, name, operands, conv, kernel**2)


def test_the_bits_are_the_same_whatever_the_number_of_threads(monkeypatch):
    monkeypatch.setattr(stacked_rows, "BLOCK", 1 << 16)
    rng = np.random.default_rng(2)
    conv = square(3, 24, 40, 7, padding=3)
    x, w = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    with maps.use("stacked-rows"):
        assert_bits_alike(lambda: (maps.forward(x, w, None, conv),))


@pytest.mark.parametrize("options", [{"stride": 2}, {"dilation": 2}], ids=["stride", "dilation"])
def test_it_declines_what_it_cannot_serve(options):
    f32 = np.dtype(np.float32)
    assert stacked_rows.ALGORITHM.supports(square(1, 4, 30, 7), f32)
    assert not stacked_rows.ALGORITHM.supports(square(1, 4, 30, 7, **options), f32)
    assert not stacked_rows.ALGORITHM.supports(Conv.of((1, 4, 30, 30), (8, 1, 7, 7), None, groups=4), f32)
    assert not stacked_rows.ALGORITHM.supports(square(1, 4, 30, 7), np.dtype(np.int32))


def test_the_planner_takes_it_for_large_kernels_and_wide_images():
    f32 = np.dtype(np.float32)
    for conv in (square(1, 240, 28, 5, padding=2), square(8, 192, 28, 7, padding=3), square(1, 96, 56, 7, padding=3)):
        assert maps.choose(conv, f32, "forward").name == "stacked-rows"
        assert maps.choose(conv, f32, "input_grad").name == "stacked-rows"
    assert maps.choose(square(1, 384, 14, 7, padding=3), f32, "forward").name != "stacked-rows"
