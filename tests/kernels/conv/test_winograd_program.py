"""Tiles transformed by calls that are laid out once: what they write, and that they are used again."""

import numpy as np
import pytest

from pyconv.kernels.conv import winograd_program
from pyconv.kernels.conv.cook_toom import filtering
from pyconv.kernels.conv.winograd_program import matrix_of, program, run, sums
from pyconv.kernels.conv.winograd_tiles import Operands
from pyconv.kernels.scratch import fresh_buffers

SIZES = {"one row": ((1, 1), (2, 3)), "2-D": ((2, 3), (2, 3)), "uneven": ((3, 3), (4, 2)), "3-D": ((2, 3),) * 3}


def operands(sizes, channels=2, rows=3):
    filters = tuple(filtering(m, r) for m, r in sizes)
    kernel = tuple(r for _, r in sizes)
    x = np.zeros((4, channels, *(20 for _ in kernel)))
    out = np.zeros((4, rows, *(21 - r for r in kernel)))
    return Operands(filters, x, np.ones((rows, channels, *kernel)), False, 1, None, (0,) * len(kernel), out)


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_inputs_are_transformed_tile_by_tile(sizes):
    given, tiles = operands(sizes), tuple(range(2, 2 + len(sizes)))
    with fresh_buffers():
        steps = program(given, 3, tiles)
        steps.image[...] = np.random.default_rng(0).standard_normal(steps.image.shape)
        image = steps.image.copy()
        run(steps.inputs)
        made = steps.made.reshape(given.points, 2, 3, *tiles[:-1], tiles[-1] + given.extra)
    matrix = matrix_of(given.filters, "inputs", given.dtype)
    for tile in np.ndindex(tiles):
        box = tuple(slice(t * m, t * m + n) for t, m, n in zip(tile, given.steps, given.spans, strict=True))
        expected = np.einsum("pk,cnk->pcn", matrix, image[(..., *box)].reshape(2, 3, -1))
        np.testing.assert_allclose(made[(..., *tile)], expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_products_are_transformed_back(sizes):
    given = operands(sizes)
    with fresh_buffers():
        steps = program(given, 1, tuple(3 for _ in sizes))
        steps.products[...] = np.random.default_rng(0).standard_normal(steps.products.shape)
        products = steps.products.copy()
        run(steps.outputs)
        expected = np.einsum("ip,p...->i...", matrix_of(given.filters, "inverse", given.dtype), products)
        np.testing.assert_allclose(steps.values, expected, rtol=1e-12, atol=1e-12)


def test_nothing_undefined_is_left_behind_the_last_tile():
    for sizes in ((2, 3), (2, 3)), ((4, 3), (4, 3)):
        given = operands(sizes)
        with fresh_buffers():
            steps = program(given, 1, (3, 3))
            steps.made[...] = np.nan
            steps.image[...] = 1
            run(steps.inputs)
            assert np.isfinite(steps.made).all()


def test_a_thread_lays_out_its_views_once():
    given, other = operands(SIZES["2-D"], rows=4), operands(SIZES["2-D"])
    with fresh_buffers():
        steps = [program(some, 1, (3, 3)) for some in (given, other, given, other)]
        assert steps[2] is steps[0]
        assert steps[1] is not steps[0]


def test_views_of_buffers_that_are_not_kept_are_not_either(monkeypatch):
    monkeypatch.setattr(winograd_program, "LIMIT", 1000)
    given = operands(SIZES["2-D"])
    with fresh_buffers():
        assert program(given, 1, (3, 3)) is not program(given, 1, (3, 3))


def test_sums_stand_for_the_rows_that_have_no_other_coefficients():
    d = np.random.default_rng(0).standard_normal(4)
    found = [operation(d[i], d[j]) for operation, i, j in sums(filtering(2, 3))]
    np.testing.assert_array_equal(found, np.array(filtering(2, 3).inputs) @ d)
    assert not sums(filtering(4, 3))
    assert not sums(filtering(1, 1))
