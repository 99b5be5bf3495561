"""The gradient with respect to w from columns of one kernel row."""

import math

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import kernel_rows
from pyconv.kernels.conv.tiles import tiles
from tests.kernels.conv.draws import assert_bits_alike, whole

CASES = [
    Conv.of((2, 6, 40, 33), (8, 6, 3, 3), None, 1, 1),
    Conv.of((8, 4, 17, 16), (6, 4, 3, 5), None, (1, 2), (2, 0), (2, 1)),
    Conv.of((1, 3, 9, 20, 20), (4, 3, 3, 2, 3), None, 1, (0, 1, 2)),
    Conv.of((30, 2, 10, 9), (2, 2, 4, 1), None, 1, (3, 0)),
]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.complex64])
@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("conv", CASES)
def test_whole_numbers_come_out_exactly(conv, cut, dtype, monkeypatch):
    monkeypatch.setattr(kernel_rows, "SHORTEST_SUM", 256)
    if cut:
        row = kernel_rows._row(conv, np.dtype(np.result_type(dtype, np.float32)))
        monkeypatch.setattr(kernel_rows, "BLOCK", (kernel_rows._halo(conv) + 2) * row)
    rng = np.random.default_rng(0)
    x, gy = (whole(rng, shape, dtype) for shape in (conv.x_shape, conv.y_shape))
    with maps.use("direct"):
        expected = maps.weight_grad(x, gy, conv)
    with maps.use("kernel-rows"):
        np.testing.assert_array_equal(maps.weight_grad(x, gy, conv), expected)


def test_operands_may_lie_in_any_order():
    rng, conv = np.random.default_rng(1), CASES[0]
    x, gy = (whole(rng, shape, np.float32) for shape in (conv.x_shape, conv.y_shape))
    with maps.use("kernel-rows"):
        expected = maps.weight_grad(x, gy, conv)
        turned = (np.asarray(np.moveaxis(a, 1, -1), order="C") for a in (x, gy))
        np.testing.assert_array_equal(maps.weight_grad(*(np.moveaxis(a, -1, 1) for a in turned), conv), expected)


def test_errors_stay_under_the_bound():
    rng = np.random.default_rng(3)
    conv = Conv.of((2, 16, 33, 48), (16, 16, 5, 5), None, 1, 2)
    x, gy = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.y_shape, np.float32)
    with maps.use("direct"):
        exact = maps.weight_grad(x.astype(np.float64), gy.astype(np.float64), conv)
        size = maps.weight_grad(np.abs(x).astype(np.float64), np.abs(gy).astype(np.float64), conv)
    with maps.use("kernel-rows"):
        gw = maps.weight_grad(x, gy, conv)
    terms = conv.batch * conv.positions
    assert np.all(np.abs(gw - exact) <= (2 + 2 * math.sqrt(terms)) * 2.0**-24 * size)


@pytest.mark.parametrize(
    "conv",
    [
        Conv.of((8, 4, 16), (4, 4, 3), None),
        Conv.of((8, 4, 40, 40), (4, 2, 3, 3), None, 1, 0, 1, 2),
        Conv.of((8, 4, 40, 40), (4, 4, 1, 3), None),
        Conv.of((8, 4, 40, 40), (4, 4, 3, 3), None, 2),
        Conv.of((1, 4, 30, 30), (4, 4, 3, 3), None),
    ],
)
def test_groups_one_row_strides_and_few_positions_are_not_supported(conv):
    assert not kernel_rows.ALGORITHM.supports(conv, np.dtype(np.float32))
    assert kernel_rows.ALGORITHM.supports(CASES[0], np.dtype(np.float32))
    assert not kernel_rows.ALGORITHM.supports(CASES[0], np.dtype(np.int64))


@pytest.mark.parametrize(("batch", "height"), [(1, 55), (9, 16), (2, 33), (4, 47)])
def test_two_runs_have_nearly_as_many_positions(batch, height):
    conv, dtype = Conv.of((batch, 8, height, 48), (8, 8, 3, 3), None, 1, 1), np.dtype(np.float32)
    parts, runs = list(tiles(conv, kernel_rows._limit(conv, dtype))), kernel_rows._runs(conv, dtype)
    sizes = [sum(tile.count * tile.positions for tile in parts[i::runs]) for i in range(runs)]
    assert runs == 2
    assert max(sizes) <= 1.3 * min(sizes)


def test_bits_do_not_depend_on_threads():
    rng, conv = np.random.default_rng(2), CASES[0]
    x, gy = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.y_shape, np.float32)
    with maps.use("kernel-rows"):
        assert_bits_alike(lambda: (maps.weight_grad(x, gy, conv),))
