"""The tiles of minimal filtering: every one in one piece, and every piece in parts."""

import numpy as np
import pytest

from pyconv.kernels.conv.cook_toom import filtering
from pyconv.kernels.conv.winograd_tiles import Operands, pieces, shares

SHAPES = {
    "one row": ((1, 2, 1, 23), (1, 3)),
    "2-D": ((3, 2, 13, 17), (3, 3)),
    "3-D": ((2, 2, 5, 9, 8), (3, 3, 3)),
    "kernels of 2 and 4": ((2, 3, 11, 14), (2, 4)),
}


def operands(shape, kernel, outputs, low):
    """A convolution of `shape` with one output channel; where a kernel has one tap there is nothing before it."""
    filters = tuple(filtering(min(outputs, 7 - k) if k > 1 else 1, k) for k in kernel)
    lows = tuple(low if k > 1 else 0 for k in kernel)
    size = tuple(n + 2 * p - k + 1 for n, p, k in zip(shape[2:], lows, kernel, strict=True))
    rng = np.random.default_rng(0)
    x = rng.integers(1, 100, shape).astype(np.float32)
    w = np.ones((1, shape[1], *kernel), np.float32)
    return Operands(filters, x, w, False, 1, None, lows, np.empty((shape[0], 1, *size), np.float32))


@pytest.mark.parametrize("wanted", [1, 3, 8])
@pytest.mark.parametrize("limit", [1, 7, 40, 1000])
@pytest.mark.parametrize(("shape", "kernel"), SHAPES.values(), ids=SHAPES)
def test_pieces_cover_every_tile_once(shape, kernel, limit, wanted):
    given = operands(shape, kernel, 2, 1)
    seen = np.zeros((shape[0], *given.tiles), int)
    count = 0
    for piece in pieces(given, limit, wanted):
        count += 1
        box = tuple(slice(f, f + n) for f, n in zip(piece.first, piece.tiles, strict=True))
        seen[(piece.images, *box)] += 1
        assert piece.count <= max(limit, piece.lead[0] * int(np.prod(piece.tiles[2:])))
    np.testing.assert_array_equal(seen, 1)
    assert 2 * count >= min(wanted, shape[0] * given.tiles[0])


@pytest.mark.parametrize(
    ("height", "limit", "expected"),
    [(56, 250, [7] * 4), (56, 112, [4] * 7), (36, 112, [3] * 6), (10, 28, [1] * 5)],
)
def test_two_threads_end_together_where_that_costs_little(height, limit, expected):
    given = operands((1, 1, height, 56), (3, 3), 2, 1)
    assert [piece.tiles[0] for piece in pieces(given, limit, 2)] == expected


@pytest.mark.parametrize(
    ("shape", "kernel"), [((2, 3, 20, 9), (3, 3)), ((7, 3, 4, 9), (3, 3)), ((5, 2, 6, 6, 7), (3, 3, 3))]
)
def test_parts_write_every_transformed_input_once(shape, kernel):
    given = operands(shape, kernel, 2, 1)
    (piece,) = pieces(given, 10**6, 1)
    made = np.zeros(given.shape(piece, shape[1]))
    found = shares(piece, made)
    assert 1 < len(found) <= 4
    assert sum(block.count for block, _ in found) == piece.count
    for block, goal in found:
        assert np.shares_memory(goal, made)
        assert goal[0, 0, 0].size == block.count // block.tiles[-1] * shape[1]
        goal += 1
    np.testing.assert_array_equal(made, 1)
