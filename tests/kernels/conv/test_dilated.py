"""Dilated convolutions phase by phase: exact, whatever the sizes and paddings, and in parts."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import dilated, winograd
from tests.kernels.conv.draws import assert_bits_alike, assert_exact, assert_under_bound, whole

CASES = [
    Conv.of((2, 4, 20, 16), (6, 4, 3, 3), None, 1, 2, 2),
    Conv.of((1, 4, 19, 23), (6, 4, 3, 3), None, 1, 1, (2, 3)),
    Conv.of((3, 4, 11, 9), (4, 4, 3, 2), None, 1, (0, 5), (4, 1)),
    Conv.of((2, 8, 13, 14), (6, 4, 3, 3), None, 1, 4, 3, 2),
    Conv.of((1, 4, 41), (4, 4, 3), None, 1, 7, 5),
    Conv.of((1, 3, 9, 8, 7), (4, 3, 3, 2, 3), None, 1, 2, 2),
    Conv.of((1, 4, 5, 5), (4, 4, 3, 3), None, 1, 6, 6),
]


@pytest.fixture(autouse=True)
def any_channels(monkeypatch):
    """Whole numbers need no many terms to be exact."""
    monkeypatch.setattr(winograd, "FEWEST_CHANNELS", 1)
    monkeypatch.setattr(winograd, "FEWEST_MULTIPLICATIONS", 1)


def both(name, x, w, b, gy, conv):
    with maps.use(name):
        return maps.forward(x, w, b, conv), maps.input_grad(gy, w, conv)


@pytest.mark.parametrize("limit", [1, 4096, dilated.LIMIT])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16])
@pytest.mark.parametrize("conv", CASES)
def test_whole_numbers_come_out_exactly(conv, dtype, limit, monkeypatch):
    monkeypatch.setattr(dilated, "LIMIT", limit)
    for name in ("forward", "input_grad"):
        assert_exact("dilated", name, conv, dtype)


def test_larger_tiles_are_nearly_exact():
    conv, rng = CASES[1], np.random.default_rng(0)
    operands = [
        rng.standard_normal(s, np.float32) for s in (conv.x_shape, conv.w_shape, conv.w_shape[:1], conv.y_shape)
    ]
    for got, expected in zip(both("dilated-high", *operands, conv), both("direct", *operands, conv), strict=True):
        assert 0 < np.abs(got - expected).max() < 1e-4


@pytest.mark.parametrize("name", ["forward", "input_grad"])
def test_errors_stay_under_the_bound(name):
    conv, rng = Conv.of((1, 64, 28, 28), (64, 64, 3, 3), None, 1, 2, 2), np.random.default_rng(0)
    x, w, gy = (rng.standard_normal(s, np.float32) for s in (conv.x_shape, conv.w_shape, conv.y_shape))
    operands = (x, w, None) if name == "forward" else (gy, w)
    with maps.use("dilated"):
        got = getattr(maps, name)(*operands, conv)
    assert_under_bound(got, name, operands, conv, conv.terms, np.float64)


def test_threads_do_not_change_bits():
    conv, rng = Conv.of((2, 64, 28, 28), (64, 64, 3, 3), None, 1, 2, 2), np.random.default_rng(0)
    x, w, gy = (rng.standard_normal(s, np.float32) for s in (conv.x_shape, conv.w_shape, conv.y_shape))
    assert_bits_alike(lambda: both("dilated", x, w, None, gy, conv))


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_what_is_not_finite_stays_where_it_belongs(value):
    conv, rng = CASES[1], np.random.default_rng(0)
    x, w, gy = (whole(rng, s, np.float32) for s in (conv.x_shape, conv.w_shape, conv.y_shape))
    x[0, 0, 9, 9] = gy[0, 0, 9, 9] = value
    w[w == 0] = 1
    for got, expected in zip(both("dilated", x, w, None, gy, conv), both("direct", x, w, None, gy, conv), strict=True):
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("options", [{"stride": 2, "dilation": 2}, {"dilation": 1}])
def test_strides_and_undilated_kernels_are_left_to_others(options):
    conv = Conv.of((1, 8, 20, 20), (8, 8, 3, 3), None, **options)
    assert not dilated.ALGORITHM.supports(conv, np.dtype(np.float32))


def test_the_convolution_back_has_the_phases_turned_round():
    conv = Conv.of((1, 2, 27), (4, 2, 3), None, 1, 1, 2)
    forward, back = (dilated.phase_of(conv, name) for name in ("forward", "input_grad"))
    assert (forward.input, forward.output, forward.window.padding) == ((14,), (13,), ((0, 1),))
    assert (back.input, back.output, back.window.padding) == ((14,), (13,), ((1, 0),))


@pytest.mark.parametrize("name", ["forward", "input_grad"])
def test_it_serves_many_channels(name):
    conv = Conv.of((8, 256, 28, 28), (256, 256, 3, 3), None, 1, 2, 2)
    assert maps.choose(conv, np.dtype(np.float32), name).name == "dilated"
