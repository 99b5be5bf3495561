"""One dimension of tiles: every tile reads and writes what is its own, at the edges too."""

import numpy as np
import pytest

from pyconv.kernels.conv.cook_toom import filtering
from pyconv.kernels.conv.winograd_axis import group, ordered, reads, spread, writes

SIZES = [(2, 3), (3, 3), (4, 3), (2, 5)]


@pytest.mark.parametrize("first", [-9, -1, 0, 3, 30])
@pytest.mark.parametrize(("m", "r"), SIZES)
def test_tiles_read_what_is_there(m, r, first):
    f, size, tiles = filtering(m, r), 23, 6
    line = np.random.default_rng(0).standard_normal(size)
    padded = np.concatenate([np.zeros(40), line, np.zeros(80)])
    seen = np.full((f.points, tiles), np.nan)
    for run in reads(f, size, first, tiles, np.dtype(np.float64)):
        assert 0 <= run.start <= size
        for i in range(run.number):
            start = run.start + i * m
            seen[:, run.first + i] = run.matrix @ line[start : start + run.length]
    windows = np.stack([padded[40 + first + t * m :][: f.points] for t in range(tiles)], 1)
    np.testing.assert_allclose(seen, np.array(f.inputs) @ windows, atol=1e-12)


@pytest.mark.parametrize("together", [1, 2, 3])
@pytest.mark.parametrize(("m", "r"), SIZES)
def test_groups_read_and_write_like_their_tiles(m, r, together):
    f, rng = filtering(m, r), np.random.default_rng(0)
    window = rng.standard_normal(m * (together - 1) + f.points)
    made = (spread(f, together, np.dtype(np.float64)) @ window).reshape(f.points, together)
    for tile in range(together):
        np.testing.assert_allclose(made[:, tile], np.array(f.inputs) @ window[tile * m :][: f.points], atol=1e-12)
    length = 3 * m * together - 1
    products, line = rng.standard_normal((f.points, together, 3)), np.full(length, np.nan)
    for run in writes(f, length, together, np.dtype(np.float64)):
        for i in range(run.number):
            start = run.start + i * run.length
            line[start : start + run.length] = products[..., run.first + i].reshape(-1) @ run.matrix
    tiles = np.einsum("mp,pti->itm", np.array(f.inverse), products).reshape(-1)
    np.testing.assert_allclose(line, tiles[:length], atol=1e-12)


def test_groups_have_few_tiles_that_nobody_wants():
    for m in 2, 3, 4:
        for tiles in range(1, 100):
            size = group(filtering(m, 3), tiles)
            assert 0 <= -(-tiles // size) * size - tiles <= tiles / 32


@pytest.mark.parametrize("columns", range(1, 9))
def test_columns_that_openblas_scatters_are_not_multiplied_in_fortran_order(columns):
    matrix = ordered(np.ones((6, 5)), columns)
    assert matrix.flags.f_contiguous is (columns % 4 == 0)
