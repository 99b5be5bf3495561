"""How the columns are cut up; what they give is `test_agreement`'s."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import im2col


@pytest.mark.parametrize(("outputs", "kernel", "most"), [(64, 3, 1 << 21), (96, 3, 1 << 22), (64, 1, 1 << 22)])
def test_narrow_products_of_many_terms_have_smaller_tiles(monkeypatch, outputs, kernel, most):
    conv = Conv.of((1, 64, 150, 150), (outputs, 64, kernel, kernel))
    sizes, columns = [], im2col._columns

    def seen(*arguments):
        made = columns(*arguments)
        sizes.append(made.nbytes)
        return made

    monkeypatch.setattr(im2col, "_columns", seen)
    with maps.use("im2col"):
        maps.forward(np.ones(conv.x_shape, np.float32), np.ones(conv.w_shape, np.float32), None, conv)
    assert most // 2 < max(sizes) <= most


def test_tiles_are_made_once():
    conv = Conv.of((2, 8, 20, 20), (8, 8, 3, 3))
    first, again = (im2col._parts(conv, np.dtype(np.float32), 100, 50) for _ in range(2))
    assert first is again


def test_columns_that_one_thread_gathers_are_counted_twice():
    shared, alone = (Conv.of((1, 256, n, n), (256, 256, 3, 3), None, 1, 1) for n in (28, 14))
    assert im2col._by_positions(shared)
    assert not im2col._by_positions(alone)
    moved = [im2col.ALGORITHM.estimate(conv, np.dtype(np.float32), "forward").traffic for conv in (shared, alone)]
    assert moved[0] < 3 * moved[1]


@pytest.mark.parametrize(
    ("batch", "channels", "size", "run"), [(8, 512, 7, 196), (8, 128, 14, 392), (1, 512, 14, 49), (64, 512, 7, 392)]
)
def test_pieces_that_read_many_weights_have_many_positions_where_there_are_as_many(batch, channels, size, run):
    conv = Conv.of((batch, channels, size, size), (channels, channels, 3, 3), None, 1, 1)
    assert im2col._run(conv) == run
