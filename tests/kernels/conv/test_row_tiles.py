"""Tiles of groups, images and blocks of rows."""

import numpy as np
import pytest

from pyconv.kernels.conv.row_tiles import PARTS, row_tiles


@pytest.mark.parametrize("room", [1, 10, 64, 1000, 10**6])
@pytest.mark.parametrize("counts", [(1, 1, 1), (3, 5, 7), (8, 1, 4), (1, 40, 2)])
def test_tiles_cover_once_and_keep_to_the_room(counts, room):
    seen = np.zeros(counts, int)
    size = 10
    for tiles in row_tiles(*counts, size, room):
        assert len({(tile.groups.start, tile.groups.stop) for tile in tiles}) == 1
        for tile in tiles:
            seen[tile.images, tile.groups, tile.blocks] += 1
            taken = np.zeros(counts, int)
            taken[tile.images, tile.groups, tile.blocks] = size
            assert taken.sum() <= max(room, size)
    np.testing.assert_array_equal(seen, 1)


def test_there_are_pieces_for_several_threads():
    assert len(row_tiles(8, 1, 16, 10, 40)) >= PARTS
    assert len(row_tiles(1, 64, 1, 10, 80)) >= PARTS
