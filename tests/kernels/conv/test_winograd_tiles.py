"""The tiles of minimal filtering: every one in one piece, and for each of them what it reads."""

import numpy as np
import pytest

from pyconv.kernels.conv.cook_toom import filtering
from pyconv.kernels.conv.winograd_tiles import Operands, pieces, read, rows

SHAPES = {
    "one row": ((1, 2, 1, 23), (1, 3)),
    "2-D": ((3, 2, 13, 17), (3, 3)),
    "3-D": ((2, 1, 5, 9, 8), (3, 3, 3)),
    "kernels of 2 and 4": ((2, 3, 11, 14), (2, 4)),
}
EDGES = {"no padding": 0, "padding": 2, "cropped": -1}


def operands(shape, kernel, outputs, low):
    """A convolution of `shape` with one output channel; where a kernel has one tap there is nothing before it."""
    filters = tuple(filtering(outputs if k > 1 else 1, k) for k in kernel)
    lows = tuple(low if k > 1 else 0 for k in kernel)
    size = tuple(n + 2 * p - k + 1 for n, p, k in zip(shape[2:], lows, kernel, strict=True))
    rng = np.random.default_rng(0)
    x = rng.integers(1, 100, shape).astype(np.float32)
    w = np.ones((1, shape[1], *kernel), np.float32)
    return Operands(filters, x, w, False, 1, None, lows, np.empty((shape[0], 1, *size), np.float32))


@pytest.mark.parametrize("wanted", [1, 3, 8])
@pytest.mark.parametrize(("limit", "longest"), [(1, 1), (7, 30), (40, 40), (1000, 1000)])
@pytest.mark.parametrize(("shape", "kernel"), SHAPES.values(), ids=SHAPES)
def test_pieces_cover_every_tile_once(shape, kernel, limit, longest, wanted):
    given = operands(shape, kernel, 2, 1)
    seen = np.zeros((shape[0], *given.tiles), int)
    count = 0
    for piece in pieces(given, limit, longest, wanted):
        count += 1
        for block in rows(piece, limit):
            box = tuple(slice(f, f + n) for f, n in zip(block.first, block.tiles, strict=True))
            seen[(block.images, *box)] += 1
            assert block.count <= max(limit, block.lead[-1] * int(np.prod(block.tiles[2:])))
    np.testing.assert_array_equal(seen, 1)
    assert 2 * count >= min(wanted, shape[0] * given.tiles[0])


@pytest.mark.parametrize("outputs", [2, 4])
@pytest.mark.parametrize("low", EDGES.values(), ids=EDGES)
@pytest.mark.parametrize(("shape", "kernel"), SHAPES.values(), ids=SHAPES)
def test_what_tiles_read(shape, kernel, outputs, low):
    given = operands(shape, kernel, outputs, low)
    margin = 20
    padded = np.pad(given.x, [(0, 0), (0, 0), *((margin, margin) for _ in kernel)])
    dims = len(kernel)
    for piece in pieces(given, 12, 12, 3):
        image = read(given, piece)
        n = piece.images.stop - piece.images.start
        assert image.shape[-1] == n * shape[1]
        for tile in np.ndindex(piece.tiles):
            starts = [
                margin + (f + t) * m - p for f, t, m, p in zip(piece.first, tile, given.steps, given.low, strict=True)
            ]
            inputs = padded[(piece.images, slice(None), *(slice(s, s + k) for s, k in zip(starts, given.spans)))]
            top = tile[0] * given.steps[0]
            got = image[(slice(top, top + given.spans[0]), *(slice(None),) * (dims - 1), *tile[1:])]
            expected = inputs.transpose(*range(2, 2 + dims), 0, 1).reshape(*given.spans, -1)
            np.testing.assert_array_equal(got, expected)
