"""Columns a cacheful at a time; what they give for any geometry is `test_agreement`'s as well."""

import numpy as np
import pytest

from pyconv.geometry import Conv, Window
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import in_cache
from pyconv.kernels.conv.padded_rows import pitch
from tests.kernels.conv.draws import assert_bits_alike, whole

CROPPED = Window((3, 3), (2, 1), ((-2, -3), (-1, 2)), (1, 1))
CASES = [
    Conv.of((1, 6, 40, 33), (8, 6, 3, 3), None, 1, 1),
    Conv.of((2, 3, 45, 47), (8, 3, 11, 11), None, 4, 2),
    Conv.of((3, 4, 31, 30), (6, 4, 5, 4), None, (1, 2), (0, 3), (2, 3)),
    Conv.of((1, 5, 29, 43), (6, 5, 3, 3), None, (2, 3), 2, (1, 2)),
    Conv.of((1, 4, 18, 17), (6, 4, 7, 1), None, 1, (3, 0)),
    Conv.of((2, 4, 18, 17), (6, 4, 1, 7), None, 1, (0, 3)),
    Conv.of((1, 2, 12, 30), (4, 2, 3, 3), None, 1, 12, 12),
    Conv(1, 2, 4, 1, (40, 30), CROPPED.output((40, 30)), CROPPED),
]


def made(conv, dtype, bias=True):
    rng = np.random.default_rng(0)
    x, w, b = (whole(rng, shape, dtype) for shape in (conv.x_shape, conv.w_shape, conv.y_shape[1:2]))
    b = b if bias else None
    with maps.use("direct"):
        expected = maps.forward(x, w, b, conv)
    with maps.use("in-cache"):
        return maps.forward(x, w, b, conv), expected


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
@pytest.mark.parametrize("conv", CASES)
def test_whole_numbers_come_out_exactly(conv, dtype):
    for bias in (True, False):
        np.testing.assert_array_equal(*made(conv, dtype, bias))


@pytest.mark.parametrize("conv", CASES)
def test_rows_that_do_not_fit_are_cut(conv, monkeypatch):
    dtype = np.dtype(np.float64)
    monkeypatch.setattr(in_cache, "NARROWEST", 1)
    monkeypatch.setattr(in_cache, "BLOCK", 2 * conv.terms * conv.output[1] * dtype.itemsize)
    taps, stride, dilation = (values[0] for values in (conv.window.kernel, conv.window.stride, conv.window.dilation))
    rows = (taps - 1) * dilation + 1 + 2 * stride
    monkeypatch.setattr(in_cache, "ROOM", rows * conv.in_channels * pitch(conv) * dtype.itemsize)
    in_cache.lists_of.cache_clear()
    lists = in_cache.lists_of(conv, dtype)
    assert max(some.stop - some.first for part in lists for some in part) <= 3
    np.testing.assert_array_equal(*made(conv, dtype))
    in_cache.lists_of.cache_clear()


@pytest.mark.parametrize("conv", [*CASES, Conv.of((3, 64, 56, 56), (128, 64, 3, 3), None, 2, 1)])
def test_lists_cover_each_row_once_and_are_of_nearly_one_length(conv):
    lists = in_cache.lists_of(conv, np.dtype(np.float32))
    rows = [(s.image, r) for some in lists for s in some for r in range(s.first, s.stop)]
    assert rows == [(image, r) for image in range(conv.batch) for r in range(conv.output[0])]
    sizes = [sum(s.stop - s.first for s in some) for some in lists]
    assert len(sizes) % 2 == 0
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("rows", [1, 3, 100])
@pytest.mark.parametrize("conv", CASES)
def test_pieces_in_products_that_blas_does_not_pack(conv, rows, monkeypatch):
    monkeypatch.setattr(in_cache, "SHORTEST", 1)
    monkeypatch.setattr(in_cache, "UNPACKED", rows * conv.out_channels * conv.terms * conv.output[1])
    rng, dtype = np.random.default_rng(0), np.dtype(np.float32)
    x, w = (whole(rng, shape, dtype) for shape in (conv.x_shape, conv.w_shape))
    result = np.empty((conv.out_channels, conv.positions), dtype)
    columns = in_cache.Columns(conv, 0, conv.output[0], dtype)
    columns.load(x[0])
    columns.multiply(w.reshape(len(w), -1), None, result)
    stacks = [stack for piece in columns._pieces for stack, _ in piece.stacks]
    assert max(stack.shape[2] for stack in stacks) <= rows * conv.output[1]
    with maps.use("direct"):
        np.testing.assert_array_equal(result.reshape(conv.y_shape[1:]), maps.forward(x, w, None, conv)[0])


def test_only_long_products_are_left_unpacked():
    few, many = (Conv.of((1, 3, 224, 224), (o, 3, 3, 3), None, 2, 1) for o in (32, 64))
    assert in_cache._together(few, 56) == 10
    assert in_cache._together(many, 56) == 56


def test_what_another_layer_left_is_not_read():
    first, second = CASES[0], Conv.of((1, 6, 40, 33), (8, 6, 3, 3), None, 1, 2)
    for conv in (first, second, first, second):
        np.testing.assert_array_equal(*made(conv, np.float32))


def test_operands_may_lie_in_any_order():
    rng, conv = np.random.default_rng(1), CASES[0]
    x, w = (whole(rng, shape, np.float32) for shape in (conv.x_shape, conv.w_shape))
    with maps.use("in-cache"):
        expected = maps.forward(x, w, None, conv)
        turned = (np.asarray(np.moveaxis(a, 1, -1), order="C") for a in (x, w))
        np.testing.assert_array_equal(maps.forward(*(np.moveaxis(a, -1, 1) for a in turned), None, conv), expected)


@pytest.mark.parametrize(
    "conv",
    [
        Conv.of((8, 4, 400), (4, 4, 3), None),
        Conv.of((8, 4, 40, 40), (4, 2, 3, 3), None, 1, 0, 1, 2),
        Conv.of((8, 4, 40, 40), (4, 4, 1, 1), None, 2),
        Conv.of((8, 4, 11, 11), (4, 4, 3, 3), None),
        Conv.of((1, 4, 12, 12), (4, 4, 3, 3), None),
        Conv.of((1, 1024, 30, 30), (4, 1024, 3, 3), None),
        Conv.of((1, 64, 30, 9000), (4, 64, 3, 3), None),
    ],
)
def test_one_dimension_groups_points_and_few_positions_are_not_supported(conv):
    assert not in_cache.ALGORITHM.supports(conv, np.dtype(np.float32))
    assert in_cache.ALGORITHM.supports(CASES[0], np.dtype(np.float32))
    assert not in_cache.ALGORITHM.supports(CASES[0], np.dtype(np.float16))
    assert not in_cache.ALGORITHM.supports(CASES[0], np.dtype(np.int64))


def test_bits_do_not_depend_on_threads():
    rng, conv = np.random.default_rng(2), Conv.of((1, 16, 96, 96), (32, 16, 5, 5), None, 2, 2)
    x, w = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    with maps.use("in-cache"):
        assert_bits_alike(lambda: (maps.forward(x, w, None, conv),))


def test_a_strided_first_layer_is_served_by_it():
    conv = Conv.of((1, 3, 224, 224), (64, 3, 11, 11), None, 4, 2)
    assert maps.choose(conv, np.dtype(np.float32), "forward").name == "in-cache"
