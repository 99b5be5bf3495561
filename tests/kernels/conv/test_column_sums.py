"""Gradients with respect to w, a cacheful at a time; what they give for any geometry is `test_agreement`'s as well."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import column_sums, in_cache
from tests.kernels.conv.draws import assert_bits_alike, assert_under_bound, whole

CASES = [
    Conv.of((1, 6, 40, 33), (8, 6, 3, 3), None, 1, 1),
    Conv.of((2, 3, 45, 47), (8, 3, 11, 11), None, 4, 2),
    Conv.of((3, 4, 31, 30), (6, 4, 5, 4), None, (1, 2), (0, 3), (2, 3)),
    Conv.of((1, 5, 29, 43), (6, 5, 3, 3), None, (2, 3), 2, (1, 2)),
    Conv.of((1, 2, 12, 30), (4, 2, 3, 3), None, 1, 12, 12),
]
STEM = Conv.of((8, 3, 64, 64), (64, 3, 7, 7), None, 2, 3)


def gradients(conv, x, gy):
    found = []
    for name in ("direct", "column-sums"):
        with maps.use(name), np.errstate(invalid="ignore"):
            found.append(maps.weight_grad(x, gy, conv))
    return found


@pytest.mark.parametrize("block", [1, 1 << 20])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
@pytest.mark.parametrize("conv", CASES)
def test_whole_numbers_come_out_exactly(conv, dtype, block, monkeypatch):
    monkeypatch.setattr(in_cache, "NARROWEST", 1)
    monkeypatch.setattr(in_cache, "BLOCK", block)
    in_cache.lists_of.cache_clear()
    rng = np.random.default_rng(0)
    np.testing.assert_array_equal(*gradients(conv, whole(rng, conv.x_shape, dtype), whole(rng, conv.y_shape, dtype)))
    in_cache.lists_of.cache_clear()


def test_an_infinity_reaches_the_weights_that_read_it_and_no_others():
    rng, conv = np.random.default_rng(1), CASES[3]
    x, gy = (whole(rng, shape, np.float32, 1, 4) for shape in (conv.x_shape, conv.y_shape))
    x[0, 2, 5, 7] = np.inf
    np.testing.assert_array_equal(*gradients(conv, x, gy))


def test_errors_stay_under_the_bound():
    rng = np.random.default_rng(2)
    x, gy = (rng.standard_normal(shape, np.float32) for shape in (STEM.x_shape, STEM.y_shape))
    with maps.use("column-sums"):
        got = maps.weight_grad(x, gy, STEM)
    assert_under_bound(got, "weight_grad", (x, gy), STEM, STEM.batch * STEM.positions)


def test_threads_do_not_change_bits():
    rng = np.random.default_rng(3)
    x, gy = (rng.standard_normal(shape, np.float32) for shape in (STEM.x_shape, STEM.y_shape))
    with maps.use("column-sums"):
        assert_bits_alike(lambda: [maps.weight_grad(x, gy, STEM)])


def test_sums_that_are_too_large_are_not_supported(monkeypatch):
    dtype = np.dtype(np.float32)
    assert column_sums.ALGORITHM.supports(STEM, dtype)
    monkeypatch.setattr(column_sums, "SUMS", 1 << 16)
    assert not column_sums.ALGORITHM.supports(STEM, dtype)


def test_the_first_layer_of_a_network_is_its():
    assert maps.choose(STEM, np.dtype(np.float32), "weight_grad").name == "column-sums"
