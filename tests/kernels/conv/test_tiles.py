"""Tiles: what is read of an unpadded array is what is read of a padded one."""

import numpy as np
import pytest

from pyconv.geometry import Conv, Window
from pyconv.kernels.conv.tiles import read, reads, split_channels, tiles
from pyconv.kernels.window import pad
from tests.kernels.conv.draws import geometry, whole


def same_reads(conv, x, limit):
    padded, images = pad(x, conv.window.padding), split_channels(x, conv.groups)
    for tile in tiles(conv, limit):
        np.testing.assert_array_equal(read(images, conv, tile), reads(padded, conv, tile))


@pytest.mark.parametrize("limit", [1, 3, 1000])
@pytest.mark.parametrize("ndim", [1, 2, 3])
@pytest.mark.parametrize("seed", range(8))
def test_a_tile_is_read_as_if_all_were_padded(seed, ndim, limit):
    rng = np.random.default_rng(seed)
    conv = geometry(rng, ndim)
    same_reads(conv, whole(rng, conv.x_shape, np.float32), limit)


@pytest.mark.parametrize("padding", [((-1, 3), (2, -2)), ((-2, -1), (0, 0)), ((9, 9), (8, 0)), ((0, 9), (0, 8))])
def test_padding_may_crop_and_be_wider_than_the_image(padding):
    window = Window((3, 2), (2, 1), padding, (1, 1))
    conv = Conv(2, 4, 6, 2, (7, 6), window.output((7, 6)), window)
    x = np.arange(1.0, 337).reshape(conv.x_shape)
    same_reads(conv, x, 1)
    same_reads(conv, x, 5)
