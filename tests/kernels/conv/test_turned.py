"""Gradients with respect to x by a forward pass; what they give for any geometry is `test_agreement`'s as well."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import turned
from tests.kernels.conv.draws import assert_bits_alike, assert_exact, assert_weight_meets_no_zeros

CASES = [
    Conv.of((1, 6, 40, 33), (8, 6, 3, 3), None, 1, 1),
    Conv.of((3, 4, 31, 30), (6, 4, 5, 4), None, 1, (0, 3), (2, 3)),
    Conv.of((1, 4, 18, 17), (6, 4, 7, 1), None, 1, (3, 0)),
    Conv.of((1, 2, 12, 30), (4, 2, 3, 3), None, 1, 12, 12),
    Conv.of((1, 2, 12, 30), (4, 2, 3, 3), None, 1, 4),
]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
@pytest.mark.parametrize("conv", CASES)
def test_whole_numbers_come_out_exactly(conv, dtype, monkeypatch):
    monkeypatch.setattr(turned, "BLOCK", 3 * conv.out_channels * conv.window.taps)
    assert_exact("turned", "input_grad", conv, dtype)


@pytest.mark.parametrize("conv", CASES)
def test_a_convolution_turned_twice_is_the_same(conv):
    assert turned.turned(turned.turned(conv)) == conv


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_an_infinite_weight_does_not_meet_the_zeros_around_gradients(value):
    assert_weight_meets_no_zeros("turned", CASES[0], value)


def test_threads_do_not_change_bits():
    conv = Conv.of((8, 64, 16, 16), (64, 64, 3, 3), None, 1, 1)
    rng = np.random.default_rng(0)
    gy, w = (rng.standard_normal(shape, np.float32) for shape in (conv.y_shape, conv.w_shape))
    with maps.use("turned"):
        assert_bits_alike(lambda: [maps.input_grad(gy, w, conv)])


def test_strides_are_not_supported():
    conv = Conv.of((1, 6, 40, 33), (8, 6, 3, 3), None, 2, 1)
    assert not turned.ALGORITHM.supports(conv, np.dtype(np.float32))


def test_it_serves_small_images_of_a_batch():
    conv = Conv.of((8, 64, 16, 16), (64, 64, 3, 3), None, 1, 1)
    assert maps.choose(conv, np.dtype(np.float32), "input_grad").name == "turned"
