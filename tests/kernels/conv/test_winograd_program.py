"""Tiles transformed by calls that are laid out once: what they write, and that they are used again."""

import numpy as np
import pytest

from pyconv.kernels.conv import winograd_program
from pyconv.kernels.conv.cook_toom import filtering
from pyconv.kernels.conv.winograd_axis import group
from pyconv.kernels.conv.winograd_program import matrix_of, program, read, run
from pyconv.kernels.conv.winograd_tiles import Blocks, Operands
from pyconv.kernels.scratch import fresh_buffers

SIZES = {"one row": ((1, 1), (2, 3)), "2-D": ((2, 3), (2, 3)), "uneven": ((3, 3), (4, 2)), "3-D": ((2, 3),) * 3}
EDGES = {"no padding": 0, "padding": 2, "cropped": -1}


def operands(sizes, channels=2, rows=3, low=0):
    filters = tuple(filtering(m, r) for m, r in sizes)
    kernel, lows = tuple(r for _, r in sizes), tuple(low if r > 1 else 0 for _, r in sizes)
    x = np.random.default_rng(0).standard_normal((4, channels, *(20 for _ in kernel)))
    out = np.zeros((4, rows, *(21 - r + 2 * p for r, p in zip(kernel, lows, strict=True))))
    return Operands(filters, x, np.ones((rows, channels, *kernel)), False, 1, None, lows, out)


def blocks(given):
    """One at the beginning of every dimension but the last, one behind it, and one at the end."""
    for images, first, count in (slice(0, 3), 0, 2), (slice(1, 2), 2, 3), (slice(2, 4), None, 2):
        starts = tuple(t - min(t, count) if first is None else min(first, t - min(t, count)) for t in given.tiles[:-1])
        counts = tuple(min(t, count) for t in given.tiles[:-1])
        yield Blocks(images, (*starts, 0), (*counts, given.tiles[-1]))


def in_order(given, block, values, channels):
    """(points, T, …) → (points, n, *tiles, channels)."""
    together, across = group(given.filters[-1], block.tiles[-1]), given.across(block)
    inner = block.tiles[-2::-1]
    made = values.reshape(given.points, together, across // together, *inner, block.lead[0], channels)
    made = made.swapaxes(1, 2).reshape(given.points, across, *inner, block.lead[0], channels)[:, : block.tiles[-1]]
    dims = len(given.filters)
    return made.transpose(0, 1 + dims, *range(dims, 0, -1), 2 + dims)


@pytest.mark.parametrize("low", EDGES.values(), ids=EDGES)
@pytest.mark.parametrize("dtype", [np.float64, np.float16])
@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_inputs_are_transformed_tile_by_tile(sizes, dtype, low):
    given = operands(sizes, low=low)
    object.__setattr__(given, "x", given.x.astype(dtype))
    margin = 30
    padded = np.pad(given.x.astype(np.float64), [(0, 0), (0, 0), *((margin, margin) for _ in sizes)])
    matrix = matrix_of(given.filters, "inputs", np.dtype(np.float64))
    for block in blocks(given):
        with fresh_buffers():
            steps = program(given, block)
            steps.made[...] = np.nan
            read(given, block, steps.reading)
            run(steps.inputs)
            made = in_order(given, block, steps.made.copy(), 2)
        for tile in np.ndindex(block.tiles):
            along = zip(tile, block.first, given.steps, given.spans, given.low, strict=True)
            box = tuple(slice(s := margin + (t + f) * m - p, s + n) for t, f, m, n, p in along)
            seen = padded[(block.images, slice(None), *box)]
            expected = np.einsum("pk,nck->pnc", matrix, seen.reshape(*seen.shape[:2], -1))
            close = 1e-12 if dtype == np.float64 else 1e-5
            np.testing.assert_allclose(made[(slice(None), slice(None), *tile)], expected, rtol=close, atol=close)


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_products_are_transformed_back(sizes):
    given = operands(sizes)
    for block in blocks(given):
        with fresh_buffers():
            steps = program(given, block)
            steps.products[...] = np.random.default_rng(0).standard_normal(steps.products.shape)
            products = in_order(given, block, steps.products.copy(), 3)
            run(steps.outputs)
            values = steps.values.copy()
        expected = np.einsum("ip,p...->i...", matrix_of(given.filters, "inverse", given.dtype), products)
        expected = expected.reshape(*given.steps, *products.shape[1:])
        for tile in np.ndindex(block.tiles):
            for phase in np.ndindex(given.steps):
                column = tile[-1] * given.steps[-1] + phase[-1]
                if column < given.width(block):
                    got = values[(*phase[:-1], *tile[-2::-1], slice(None), slice(None), column)]
                    wanted = expected[(*phase, slice(None), *tile)]
                    np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-12)


def test_blocks_that_lie_alike_share_their_views():
    given, other = operands(SIZES["2-D"], rows=4), operands(SIZES["2-D"])
    inner, next_to_it, edge = (Blocks(slice(0, 1), (first, 0), (2, 9)) for first in (1, 3, 7))
    padded = operands(SIZES["2-D"], low=1)
    with fresh_buffers():
        steps = program(given, inner)
        assert program(given, next_to_it) is steps
        assert program(other, inner) is not steps
        assert program(padded, Blocks(slice(0, 1), (0, 0), (2, 10))) is not program(
            padded, Blocks(slice(0, 1), (2, 0), (2, 10))
        )
        assert program(given, edge) is program(given, inner)


def test_views_of_buffers_that_are_not_kept_are_not_either(monkeypatch):
    monkeypatch.setattr(winograd_program, "LIMIT", 1000)
    given, block = operands(SIZES["2-D"]), Blocks(slice(0, 1), (0, 0), (3, 9))
    with fresh_buffers():
        assert program(given, block) is not program(given, block)
