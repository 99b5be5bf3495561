"""The gradient with respect to w as correlations of runs."""

import math

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import correlation
from tests.kernels.conv.draws import assert_bits_alike, whole
from tests.kernels.conv.test_toeplitz import draw


@pytest.mark.parametrize("block", [correlation.BLOCK, 2000])
@pytest.mark.parametrize("seed", range(40))
def test_whole_numbers_come_out_exactly(seed, block, monkeypatch):
    monkeypatch.setattr(correlation, "BLOCK", block)
    conv, rng = draw(seed)
    x, gy = whole(rng, conv.x_shape, np.float32), whole(rng, conv.y_shape, np.float32)
    with maps.use("direct"):
        expected = maps.weight_grad(x, gy, conv)
    with maps.use("correlation"):
        np.testing.assert_array_equal(maps.weight_grad(x, gy, conv), expected)


@pytest.mark.parametrize("where", ["x", "gy"])
def test_an_infinity_reaches_only_what_reads_it(where):
    conv = Conv.of((1, 3, 8, 8), (3, 1, 3, 3), None, 1, 0, 1, 3)
    rng = np.random.default_rng(0)
    x, gy = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.y_shape, np.float32)
    if where == "x":
        x[0, 1, 0, 0] = np.inf  # read by the first tap alone
    else:
        gy[0, 1, 2, 2] = np.inf
    with maps.use("correlation"):
        gw = maps.weight_grad(x, gy, conv)
    finite = np.ones(conv.w_shape, bool)
    if where == "x":
        finite[1, 0, 0, 0] = False
    else:
        finite[1] = False
    np.testing.assert_array_equal(np.isfinite(gw), finite)


@pytest.mark.parametrize("groups", [1, 16])
def test_errors_stay_under_the_bound(groups):
    rng = np.random.default_rng(3)
    conv = Conv.of((2, 16, 33, 30), (16, 16 // groups, 5, 5), None, 1, 2, 1, groups)
    x, gy = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.y_shape, np.float32)
    with maps.use("direct"):
        exact = maps.weight_grad(x.astype(np.float64), gy.astype(np.float64), conv)
        size = maps.weight_grad(np.abs(x).astype(np.float64), np.abs(gy).astype(np.float64), conv)
    with maps.use("correlation"):
        gw = maps.weight_grad(x, gy, conv)
    terms = conv.batch * conv.positions
    assert np.all(np.abs(gw - exact) <= (2 + 2 * math.sqrt(terms)) * 2.0**-24 * size)


@pytest.mark.parametrize("groups", [1, 8])
def test_the_bits_are_the_same_whatever_the_number_of_threads(groups):
    rng = np.random.default_rng(4)
    conv = Conv.of((6, 8, 60, 60), (8, 8 // groups, 3, 3), None, 1, 1, 1, groups)
    x, gy = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.y_shape, np.float32)
    with maps.use("correlation"):
        assert_bits_alike(lambda: (maps.weight_grad(x, gy, conv),))


@pytest.mark.parametrize(
    ("channels", "side", "stride", "name"),
    [(4, 56, 1, "correlation"), (8, 28, 1, "correlation"), (8, 56, 2, "runs"), (32, 7, 1, "runs")],
)
def test_it_serves_groups_without_a_stride_whose_sums_are_long(channels, side, stride, name):
    shape = (1, 32 * channels, side, side)
    conv = Conv.of(shape, (32 * channels, channels, 3, 3), None, stride, 1, 1, 32)
    assert maps.choose(conv, np.dtype(np.float32), "weight_grad").name == name
