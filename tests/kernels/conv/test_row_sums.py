"""Columns of one kernel row times the weights of all rows, and the sum of the products."""

import numpy as np
import pytest

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import row_sums
from tests.kernels.conv.draws import assert_bits_alike, whole

CASES = [
    Conv.of((2, 6, 12, 9), (8, 6, 3, 3), None, 1, 1),
    Conv.of((3, 4, 17, 16), (6, 4, 3, 5), None, 1, (2, 0), (2, 1)),
    Conv.of((1, 3, 9, 7, 8), (4, 3, 3, 2, 3), None, 1, (0, 1, 2)),
    Conv.of((1, 2, 3, 2), (2, 2, 3, 3), None, 1, 3),
]


def _in_small_pieces(monkeypatch, conv, dtype):
    least = 2 * row_sums._halo(conv) * row_sums._row(conv) * dtypes.accumulation(np.dtype(dtype)).itemsize
    monkeypatch.setattr(row_sums, "BLOCK", least)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.complex64])
@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("conv", CASES)
def test_whole_numbers_come_out_exactly(conv, cut, dtype, monkeypatch):
    if cut:
        _in_small_pieces(monkeypatch, conv, dtype)
    rng = np.random.default_rng(0)
    shapes = conv.x_shape, conv.w_shape, (conv.out_channels,), conv.y_shape
    x, w, b, gy = (whole(rng, shape, dtype) for shape in shapes)
    calls = (maps.forward, (x, w, b)), (maps.forward, (x, w, None)), (maps.input_grad, (gy, w))
    for call, operands in calls:
        with maps.use("direct"):
            expected = call(*operands, conv)
        with maps.use("row-sums"):
            np.testing.assert_array_equal(call(*operands, conv), expected)


def test_small_pieces_are_many(monkeypatch):
    conv = CASES[0]
    _in_small_pieces(monkeypatch, conv, np.float32)
    matrix = np.empty((24, 18), np.float32)
    assert row_sums._count(conv, 12, 9, matrix) > 3


def test_operands_may_lie_in_any_order():
    rng, conv = np.random.default_rng(1), CASES[0]
    x, w = (whole(rng, shape, np.float32) for shape in (conv.x_shape, conv.w_shape))
    with maps.use("row-sums"):
        expected = maps.forward(x, w, None, conv)
        turned = (np.moveaxis(np.asarray(np.moveaxis(a, 1, -1), order="C"), -1, 1) for a in (x, w))
        np.testing.assert_array_equal(maps.forward(*turned, None, conv), expected)


def test_results_are_cut_off_at_bounds():
    rng, conv = np.random.default_rng(2), CASES[0]
    x, w, b = (whole(rng, shape, np.float32) for shape in (conv.x_shape, conv.w_shape, (8,)))
    with maps.use("row-sums"):
        np.testing.assert_array_equal(maps.forward(x, w, b, conv, (0, 6)), np.clip(maps.forward(x, w, b, conv), 0, 6))


def test_an_infinite_weight_spoils_no_gradient_that_does_not_read_it():
    conv = Conv.of((1, 1, 3, 3), (1, 1, 3, 3), None, 1, 0)
    w = np.ones(conv.w_shape, np.float32)
    w[0, 0, 2, 2] = np.inf
    with maps.use("row-sums"):
        gx = maps.input_grad(np.ones(conv.y_shape, np.float32), w, conv)
    np.testing.assert_array_equal(gx, w)


@pytest.mark.parametrize("batch", [1, 2])
def test_the_number_of_threads_does_not_change_a_bit(batch):
    rng, conv = np.random.default_rng(3), Conv.of((batch, 64, 56, 56), (64, 64, 3, 3), None, 1, 1)
    x, w, b = (rng.standard_normal(shape, np.float32) for shape in (conv.x_shape, conv.w_shape, (64,)))
    with maps.use("row-sums"):
        assert_bits_alike(lambda: (maps.forward(x, w, b, conv), maps.input_grad(x, w, conv)))


@pytest.mark.parametrize(
    "conv",
    [
        Conv.of((1, 4, 9), (4, 4, 3)),
        Conv.of((1, 4, 9, 9), (4, 4, 1, 3)),
        Conv.of((1, 4, 9, 9), (4, 4, 3, 3), None, (1, 2)),
        Conv.of((1, 512, 9, 9), (512, 512, 3, 3)),
        Conv.of((1, 4, 9, 9), (4, 2, 3, 3), groups=2),
    ],
)
def test_one_dimension_one_row_strides_groups_and_many_weights_are_not_supported(conv):
    assert not row_sums.ALGORITHM.supports(conv, np.dtype(np.float32))
    assert row_sums.ALGORITHM.supports(CASES[0], np.dtype(np.float32))
    assert not row_sums.ALGORITHM.supports(CASES[0], np.dtype(np.int64))


def test_the_gradient_of_5x5_of_32_channels_is_its():
    conv, dtype = Conv.of((1, 32, 56, 56), (64, 32, 5, 5), None, 1, 2), np.dtype(np.float32)
    assert maps.choose(conv, dtype, "input_grad").name == "row-sums"
