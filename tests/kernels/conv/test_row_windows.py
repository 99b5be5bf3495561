"""Windows on the columns of one kernel row; what they give for any geometry is `test_agreement`'s as well."""

import numpy as np
import pytest

from pyconv.geometry import Conv, Window
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import row_windows
from tests.kernels.conv.draws import assert_bits_alike, assert_under_bound, whole

CROPPED = Window((3, 3), (2, 1), ((-2, -3), (-1, 2)), (1, 1))
CASES = [
    Conv.of((1, 6, 40, 33), (8, 6, 3, 3), None, 1, 1),
    Conv.of((2, 3, 45, 47), (8, 3, 11, 11), None, 4, 2),
    Conv.of((3, 4, 31, 30), (6, 4, 5, 4), None, (1, 2), (0, 3), (2, 3)),
    Conv.of((1, 5, 29, 43), (6, 5, 3, 3), None, (2, 3), 2, (1, 2)),
    Conv.of((1, 4, 40, 17), (6, 4, 7, 1), None, 1, (3, 0)),
    Conv.of((1, 2, 12, 30), (4, 2, 3, 3), None, 1, 12, 12),
    Conv.of((1, 3, 61, 20), (4, 3, 3, 3), None, 4, 1, 6),
    Conv.of((1, 2, 3, 200), (4, 2, 3, 3), None, 1, 1),
    Conv(1, 2, 4, 1, (40, 30), CROPPED.output((40, 30)), CROPPED),
]
TURNED = [conv for conv in CASES if set(conv.window.stride) == {1}]
THIN = Conv.of((1, 16, 112, 112), (32, 16, 3, 3), None, 1, 1)


@pytest.fixture(params=[5 << 18, 1 << 13], ids=["in one piece", "in many"])
def block(request, monkeypatch):
    monkeypatch.setattr(row_windows, "BLOCK", request.param)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
@pytest.mark.parametrize("width", [1, 64, 200])
@pytest.mark.parametrize("conv", CASES)
@pytest.mark.usefixtures("block")
def test_whole_numbers_come_out_exactly(conv, width, dtype, monkeypatch):
    monkeypatch.setattr(row_windows, "WIDTH", width)
    rng = np.random.default_rng(0)
    x, w, b = (whole(rng, shape, dtype) for shape in (conv.x_shape, conv.w_shape, conv.y_shape[1:2]))
    for bias in (b, None):
        with maps.use("direct"):
            expected = maps.forward(x, w, bias, conv)
        with maps.use("row-windows"):
            np.testing.assert_array_equal(maps.forward(x, w, bias, conv), expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
@pytest.mark.parametrize("conv", TURNED)
@pytest.mark.usefixtures("block")
def test_gradients_of_whole_numbers_come_out_exactly(conv, dtype):
    rng = np.random.default_rng(0)
    gy, w = whole(rng, conv.y_shape, dtype), whole(rng, conv.w_shape, dtype)
    with maps.use("direct"):
        expected = maps.input_grad(gy, w, conv)
    with maps.use("turned-windows"):
        np.testing.assert_array_equal(maps.input_grad(gy, w, conv), expected)


@pytest.mark.parametrize("conv", CASES)
@pytest.mark.usefixtures("block")
def test_each_row_is_written_once(conv):
    form = row_windows.form(conv, conv.output[0], 4)
    windows = row_windows.Windows(conv, 0, conv.output[0], np.dtype(np.float32))
    rows = []
    for piece in windows._pieces:
        parts = [part for _, part in piece.parts] or [piece.rows]
        assert (piece.products is None) == (form.places(conv) == conv.output[1])
        rows += [row for part in parts for row in range(part.start, part.stop, part.step or 1)]
    assert sorted(rows) == list(range(conv.output[0]))


def test_rows_lie_side_by_side_where_they_are_short():
    short, long = (Conv.of((1, 16, n, n), (16, 16, 3, 3), None, 1, 1) for n in (16, 64))
    assert row_windows.form(short, 16, 4)[:3] == (1, 1, 4)
    assert row_windows.form(long, 64, 4)[:3] == (1, 1, 1)
    assert row_windows.form(Conv.of((1, 16, 64, 64), (16, 16, 3, 3), None, 1, 2, 2), 64, 4)[:3] == (2, 1, 1)
    assert row_windows.form(Conv.of((1, 16, 64, 64), (16, 16, 3, 3), None, 4, 2, 6), 16, 4)[:3] == (3, 2, 2)


def test_what_another_layer_left_is_not_read():
    rng = np.random.default_rng(1)
    for conv in (CASES[0], CASES[5], CASES[6], CASES[0], CASES[6]):
        x, w = whole(rng, conv.x_shape, np.float32), whole(rng, conv.w_shape, np.float32)
        with maps.use("direct"):
            expected = maps.forward(x, w, None, conv)
        with maps.use("row-windows"):
            np.testing.assert_array_equal(maps.forward(x, w, None, conv), expected)


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_an_infinite_weight_does_not_meet_the_zeros_around_gradients(value):
    rng, conv = np.random.default_rng(1), TURNED[0]
    gy, w = whole(rng, conv.y_shape, np.float32, 1, 4), whole(rng, conv.w_shape, np.float32)
    w[1, 2, 0, 0] = value
    with np.errstate(invalid="ignore"):
        with maps.use("direct"):
            expected = maps.input_grad(gy, w, conv)
        with maps.use("turned-windows"):
            np.testing.assert_array_equal(maps.input_grad(gy, w, conv), expected)


def test_errors_stay_under_the_bound():
    rng = np.random.default_rng(2)
    x, gy, w = (rng.standard_normal(shape, np.float32) for shape in (THIN.x_shape, THIN.y_shape, THIN.w_shape))
    with maps.use("row-windows"):
        assert_under_bound(maps.forward(x, w, None, THIN), "forward", (x, w, None), THIN, THIN.terms)
    with maps.use("turned-windows"):
        assert_under_bound(maps.input_grad(gy, w, THIN), "input_grad", (gy, w), THIN, 9 * THIN.out_channels)


def test_bits_do_not_depend_on_threads():
    rng = np.random.default_rng(3)
    x, gy, w = (rng.standard_normal(shape, np.float32) for shape in (THIN.x_shape, THIN.y_shape, THIN.w_shape))
    with maps.use("row-windows"):
        assert_bits_alike(lambda: [maps.forward(x, w, None, THIN)])
    with maps.use("turned-windows"):
        assert_bits_alike(lambda: [maps.input_grad(gy, w, THIN)])


@pytest.mark.parametrize(
    "conv",
    [
        Conv.of((8, 4, 400), (4, 4, 3), None),
        Conv.of((8, 4, 40, 40), (4, 2, 3, 3), None, 1, 0, 1, 2),
        Conv.of((8, 4, 40, 40), (4, 4, 1, 3), None),
        Conv.of((1, 1024, 30, 64), (4, 1024, 3, 3), None),
        Conv.of((1, 64, 30, 9000), (4, 64, 3, 3), None),
        Conv.of((1, 512, 7, 7), (512, 512, 3, 3), None),
    ],
)
def test_one_dimension_groups_single_rows_and_large_ones_are_not_supported(conv):
    assert not row_windows.ALGORITHM.supports(conv, np.dtype(np.float32))
    assert row_windows.ALGORITHM.supports(CASES[0], np.dtype(np.float32))
    assert not row_windows.ALGORITHM.supports(CASES[0], np.dtype(np.float16))
    assert not row_windows.ALGORITHM.supports(CASES[0], np.dtype(np.int64))


def test_gradients_with_a_stride_are_not_supported():
    assert row_windows.ALGORITHM.supports(CASES[1], np.dtype(np.float32))
    assert not row_windows.TURNED.supports(CASES[1], np.dtype(np.float32))


def test_it_serves_few_channels_in_wide_images():
    chosen = [maps.choose(THIN, np.dtype(np.float32), name).name for name in maps.PASSES[:2]]
    assert chosen == ["row-windows", "turned-windows"]


def test_many_weights_are_left_to_others():
    conv = Conv.of((1, 256, 14, 14), (256, 256, 3, 3), None, 1, 1)
    assert row_windows.TURNED.supports(conv, np.dtype(np.float32))
    assert maps.choose(conv, np.dtype(np.float32), "input_grad").name == "channels-last"
