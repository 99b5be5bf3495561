"""Gradients with respect to x by phases of the stride; others of any geometry are among those of `test_agreement`."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import in_cache, phase_columns
from tests.kernels.conv.draws import assert_bits_alike, assert_exact, assert_under_bound, assert_weight_meets_no_zeros

F32 = np.dtype(np.float32)
CASES = [
    Conv.of((1, 6, 40, 33), (8, 6, 3, 3), None, 2, 1),
    Conv.of((2, 4, 31, 30), (6, 4, 5, 4), None, (2, 3), (0, 3)),
    Conv.of((1, 4, 60, 61), (6, 4, 7, 7), None, (4, 3), 3),
    Conv.of((1, 4, 40, 34), (6, 4, 3, 1), None, (1, 2), 1),
    Conv.of((2, 2, 64, 55), (4, 2, 5, 2), None, (4, 3)),
    Conv.of((1, 3, 37, 38), (5, 3, 2, 2), None, 2, 1),
]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("conv", CASES)
def test_whole_numbers_come_out_exactly(conv, small, dtype, monkeypatch):
    if small:
        monkeypatch.setattr(in_cache, "NARROWEST", 1)
        monkeypatch.setattr(in_cache, "BLOCK", 4096)
        monkeypatch.setattr(phase_columns, "BLOCK", 3 * conv.terms)
    assert_exact("phases", "input_grad", conv, dtype)


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_an_infinite_weight_does_not_meet_the_zeros_around_gradients(value):
    assert_weight_meets_no_zeros("phases", CASES[0], value)


@pytest.mark.parametrize("conv", [Conv.of((1, 48, 27, 31), (64, 48, k, k), None, 2, k // 2) for k in (3, 5)])
def test_errors_stay_under_the_bound_of_the_taps_of_a_phase(conv):
    rng = np.random.default_rng(1)
    gy, w = (rng.standard_normal(shape, np.float32) for shape in (conv.y_shape, conv.w_shape))
    with maps.use("phases"):
        got = maps.input_grad(gy, w, conv)
    assert_under_bound(got, "input_grad", (gy, w), conv, 64 * ((conv.window.kernel[0] + 1) // 2) ** 2)


def test_threads_do_not_change_bits():
    conv = Conv.of((3, 32, 32, 32), (64, 32, 5, 5), None, 2, 2)
    rng = np.random.default_rng(0)
    gy, w = (rng.standard_normal(shape, np.float32) for shape in (conv.y_shape, conv.w_shape))
    with maps.use("phases"):
        assert_bits_alike(lambda: [maps.input_grad(gy, w, conv)])


@pytest.mark.parametrize(
    "conv",
    [
        Conv.of((1, 6, 40, 33), (8, 6, 3, 3), None, 1, 1),
        Conv.of((1, 6, 40, 33), (8, 3, 3, 3), None, 2, 1, 1, 2),
        Conv.of((1, 6, 40, 33), (8, 6, 3, 3), None, 2, 1, 2),
        Conv.of((1, 6, 400), (8, 6, 3), None, 2, 1),
    ],
)
def test_others_are_not_supported(conv):
    assert not phase_columns.ALGORITHM.supports(conv, F32)


def test_it_serves_images_of_many_positions_and_few_weights():
    assert maps.choose(Conv.of((1, 128, 56, 56), (128, 128, 3, 3), None, 2, 1), F32, "input_grad").name == "phases"
    assert maps.choose(Conv.of((1, 256, 28, 28), (256, 256, 3, 3), None, 2, 1), F32, "input_grad").name != "phases"


def test_taps_that_reach_nothing_but_padding_are_left_to_others():
    conv = Conv.of((1, 1, 1, 1), (1, 1, 1, 1), None, 2, (1, 0))
    assert (conv.output, conv.multiplications) == ((2, 1), 2)
    assert not phase_columns.ALGORITHM.supports(conv, np.dtype(np.float32))
    found = maps.input_grad(np.ones(conv.y_shape, np.float32), np.ones(conv.w_shape, np.float32), conv)
    assert found.tolist() == [[[[0.0]]]]
