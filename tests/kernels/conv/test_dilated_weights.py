"""Weights' gradients of dilated kernels phase by phase: exact, whatever the sizes and paddings, and in parts."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import dilated, dilated_weights, winograd_weights
from tests.kernels.conv.draws import assert_bits_alike, assert_exact, assert_under_bound

CASES = [
    Conv.of((2, 4, 20, 16), (6, 4, 3, 3), None, 1, 2, 2),
    Conv.of((1, 4, 19, 23), (6, 4, 3, 3), None, 1, 1, (2, 3)),
    Conv.of((3, 4, 11, 9), (4, 4, 3, 2), None, 1, (0, 5), (4, 1)),
    Conv.of((1, 3, 9, 8, 7), (4, 3, 3, 2, 3), None, 1, 2, 2),
    Conv.of((1, 4, 5, 5), (4, 4, 3, 3), None, 1, 6, 6),
]


@pytest.fixture(autouse=True)
def any_sizes(monkeypatch):
    """Whole numbers need no many terms to be exact."""
    for name in ("CHANNELS", "POSITIONS", "MULTIPLICATIONS"):
        monkeypatch.setattr(winograd_weights, f"FEWEST_{name}", 1)


def found(name, x, gy, conv):
    with maps.use(name):
        return maps.weight_grad(x, gy, conv)


@pytest.mark.parametrize("limit", [1, 4096, dilated.LIMIT])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16])
@pytest.mark.parametrize("conv", CASES)
def test_whole_numbers_come_out_exactly(conv, dtype, limit, monkeypatch):
    monkeypatch.setattr(dilated, "LIMIT", limit)
    assert_exact("dilated-weights", "weight_grad", conv, dtype)


@pytest.mark.parametrize("limit", [1 << 14, dilated.LIMIT])
@pytest.mark.parametrize("sizes", [(1, 27, 2), (4, 20, 3)])
def test_errors_stay_under_the_bound(sizes, limit, monkeypatch):
    monkeypatch.setattr(dilated, "LIMIT", limit)
    batch, size, d = sizes
    conv = Conv.of((batch, 64, size, size), (32, 64, 3, 3), None, 1, d, d)
    rng = np.random.default_rng(0)
    x, gy = (rng.standard_normal(shape, np.float32) for shape in (conv.x_shape, conv.y_shape))
    got = found("dilated-weights", x, gy, conv)
    assert_under_bound(got, "weight_grad", (x, gy), conv, conv.batch * conv.positions, np.float64)


def test_threads_do_not_change_bits():
    conv, rng = Conv.of((2, 64, 28, 28), (64, 64, 3, 3), None, 1, 2, 2), np.random.default_rng(0)
    x, gy = (rng.standard_normal(shape, np.float32) for shape in (conv.x_shape, conv.y_shape))
    assert_bits_alike(lambda: found("dilated-weights", x, gy, conv))


@pytest.mark.parametrize("value", [np.inf, np.nan])
@pytest.mark.parametrize("conv", CASES)
def test_what_is_not_finite_stays_where_it_belongs(conv, value):
    rng = np.random.default_rng(0)
    x, gy = (rng.standard_normal(shape, np.float32) for shape in (conv.x_shape, conv.y_shape))
    x[0, 0].flat[0] = value
    np.testing.assert_array_equal(found("dilated-weights", x, gy, conv), found("direct", x, gy, conv))


@pytest.mark.parametrize("options", [{"stride": 2, "dilation": 2}, {"dilation": 1}])
def test_strides_and_undilated_kernels_are_left_to_others(options):
    conv = Conv.of((1, 8, 20, 20), (8, 8, 3, 3), None, **options)
    assert not dilated_weights.ALGORITHM.supports(conv, np.dtype(np.float32))
