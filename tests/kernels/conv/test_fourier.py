"""The three matrices of a correlation by Fourier transforms."""

import numpy as np
import pytest

from pyconv.kernels.conv.fourier import Tiles, matrices, multiply, pairs

SIZES = [(1, 1), (1, 2), (2, 1), (3, 4), (4, 4), (5, 13), (11, 30), (31, 56)]


@pytest.mark.parametrize(("taps", "outputs"), SIZES)
def test_products_of_combinations_make_a_correlation(taps, outputs):
    rng = np.random.default_rng(taps)
    tiles = Tiles(taps, outputs, 1)
    found = matrices(tiles, np.dtype(np.float64))
    kernel, tile = rng.standard_normal(taps), rng.standard_normal(tiles.length)
    assert tiles.length == taps + outputs - 1
    assert [m.shape for m in found] == [(tiles.points, taps), (tiles.points, tiles.length), (tiles.points, outputs)]
    parts = np.einsum("fa,gb->afbg", *((m @ v).reshape(-1, 2) for m, v in ((found.kernel, kernel), (found.tile, tile))))
    products = np.empty((2, tiles.frequencies, tiles.frequencies))
    multiply(parts, products)
    y = np.stack([np.diag(p) for p in products], 1).reshape(-1) @ found.output
    np.testing.assert_allclose(y, np.correlate(tile, kernel), atol=1e-13 * tiles.length)


def test_float32_is_the_nearest_to_float64():
    wide, narrow = (matrices(Tiles(7, 9, 1), np.dtype(kind)) for kind in ("f8", "f4"))
    for a, b in zip(wide, narrow, strict=True):
        np.testing.assert_array_equal(a.astype(np.float32), b)


@pytest.mark.parametrize("points", [2, 4, 30, 54, 76, 88])
@pytest.mark.parametrize("most", [1, 3, 8, 100])
def test_pairs_of_points_are_shared_out_evenly(points, most):
    found = pairs(points, most)
    assert [i for part in found for i in range(points)[part]] == list(range(points))
    sizes = [(part.stop - part.start) / 2 for part in found]
    assert all(size.is_integer() and size <= most for size in sizes)
    assert max(sizes) - min(sizes) <= 1
    assert len(found) % 2 == 0 or len(found) == points // 2
