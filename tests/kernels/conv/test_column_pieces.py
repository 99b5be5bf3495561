"""Pieces of columns: every position in one product, every copy made."""

import numpy as np
import pytest

from pyconv.kernels.conv.column_pieces import Piece, stacked


@pytest.mark.parametrize("size", [1, 4, 5, 13, 40])
def test_every_position_is_in_one_product(size):
    columns = np.arange(3 * 13).reshape(3, 13)
    seen = []
    for products, some in stacked(columns, 100, size):
        assert products.shape[2] <= size
        together = products.swapaxes(0, 1).reshape(3, -1)
        np.testing.assert_array_equal(together, columns[:, some.start - 100 : some.stop - 100])
        seen += range(some.start, some.stop)
    assert seen == list(range(100, 113))


def test_what_is_read_when_they_are_gathered_is_what_the_columns_hold():
    source, columns = np.zeros((2, 3)), np.full((2, 3), np.nan)
    piece = Piece([(columns[:1], source[1:]), (columns[1:], source[:1])], columns, [], slice(0, 3))
    source[...] = np.arange(6).reshape(2, 3)
    piece.gather()
    np.testing.assert_array_equal(piece.columns, source[::-1])
