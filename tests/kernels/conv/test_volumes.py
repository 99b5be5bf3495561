"""Three dimensions plane by plane; what they give for any geometry is `test_agreement`'s as well."""

import numpy as np
import pytest

from pyconv.geometry import Conv, Window
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import in_cache, volumes
from tests.kernels.conv.draws import assert_bits_alike, assert_under_bound, whole

CROPPED = Window((3, 3, 3), (2, 1, 2), ((-1, -2), (-1, 2), (1, 0)), (1, 1, 1))
CASES = [
    Conv.of((2, 3, 6, 20, 24), (8, 3, 3, 5, 5), None, (1, 2, 2), (1, 2, 2)),
    Conv.of((1, 2, 9, 28, 26), (4, 2, 3, 3, 4), None, (2, 1, 2), (4, 1, 0), (3, 2, 1)),
    Conv.of((1, 4, 5, 16, 20), (6, 4, 1, 3, 3), None, 1, 0),
    Conv.of((1, 2, 3, 16, 20), (6, 2, 3, 3, 3), None, (2, 1, 1), (7, 1, 1)),
    Conv(1, 2, 4, 1, (9, 20, 30), CROPPED.output((9, 20, 30)), CROPPED),
]
STEM = Conv.of((1, 3, 8, 56, 56), (64, 3, 3, 7, 7), None, (1, 2, 2), (1, 3, 3))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
@pytest.mark.parametrize("room", [2 << 20, 1 << 13])
@pytest.mark.parametrize("conv", CASES)
def test_whole_numbers_come_out_exactly(conv, room, dtype, monkeypatch):
    monkeypatch.setattr(in_cache, "ROOM", room)
    in_cache.lists_of.cache_clear()
    rng = np.random.default_rng(0)
    x, w, b = (whole(rng, shape, dtype) for shape in (conv.x_shape, conv.w_shape, conv.y_shape[1:2]))
    for bias in (b, None):
        with maps.use("direct"):
            expected = maps.forward(x, w, bias, conv)
        flat = np.empty(conv.y_shape, dtype)
        volumes.forward(x, w, bias, conv, flat)
        np.testing.assert_array_equal(flat, expected)
    in_cache.lists_of.cache_clear()


def test_images_in_another_memory_order_are_read_as_they_are():
    rng, conv = np.random.default_rng(1), CASES[0]
    w, turned = whole(rng, conv.w_shape, np.float32), whole(rng, conv.x_shape[::-1], np.float32).T
    with maps.use("direct"):
        expected = maps.forward(turned, w, None, conv)
    with maps.use("volumes"):
        np.testing.assert_array_equal(maps.forward(turned, w, None, conv), expected)


def test_errors_stay_under_the_bound():
    rng = np.random.default_rng(3)
    x, w = (rng.standard_normal(shape, np.float32) for shape in (STEM.x_shape, STEM.w_shape))
    with maps.use("volumes"):
        assert_under_bound(maps.forward(x, w, None, STEM), "forward", (x, w, None), STEM, STEM.terms)


def test_bits_do_not_depend_on_threads():
    rng = np.random.default_rng(4)
    x, w = (rng.standard_normal(shape, np.float32) for shape in (STEM.x_shape, STEM.w_shape))
    with maps.use("volumes"):
        assert_bits_alike(lambda: [maps.forward(x, w, None, STEM)])


@pytest.mark.parametrize(
    "conv",
    [
        Conv.of((8, 4, 40, 40), (4, 4, 3, 3), None),
        Conv.of((8, 4, 9, 40, 40), (4, 2, 3, 3, 3), None, 1, 0, 1, 2),
        Conv.of((8, 4, 9, 40, 40), (4, 4, 3, 1, 1), None),
        Conv.of((1, 512, 2, 7, 7), (512, 512, 3, 3, 3), None, 1, 1),
        Conv.of((1, 16, 9, 300, 300), (8, 16, 3, 3, 3), None),
    ],
)
def test_two_dimensions_groups_small_and_large_planes_are_not_supported(conv):
    assert not volumes.ALGORITHM.supports(conv, np.dtype(np.float32))
    assert volumes.ALGORITHM.supports(CASES[0], np.dtype(np.float32))
    assert not volumes.ALGORITHM.supports(CASES[0], np.dtype(np.float16))
    assert not volumes.ALGORITHM.supports(CASES[0], np.dtype(np.int64))


def test_it_serves_few_channels():
    few, many = STEM, Conv.of((1, 64, 16, 56, 56), (128, 64, 3, 3, 3), None, 2, 1)
    chosen = [maps.choose(conv, np.dtype(np.float32), "forward").name for conv in (few, many)]
    assert chosen == ["volumes", "im2col"]
