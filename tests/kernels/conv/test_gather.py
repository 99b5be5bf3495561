"""Columns from padded rows: in every order, long runs or single rows, strides, and buffers used again."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels.conv import frames, gather
from pyconv.kernels.conv.frames import CHANNELS_FIRST, IMAGES_LAST, TAPS_FIRST
from pyconv.kernels.conv.gather import Reader, Tile, copy_rows
from pyconv.kernels.window import pad, sliding

F32 = np.dtype(np.float32)


def expected(x, conv, tile):
    """(n, g, depth, *kernel, rows, columns) by a sliding view."""
    padded = pad(x, conv.window.padding)
    padded = padded.reshape(conv.batch, conv.groups, -1, *padded.shape[2:])
    return sliding(padded, conv.window, conv.output)[tile.images, tile.groups, ..., tile.rows, :]


def gathered(x, conv, tiles, order, dtype):
    """The columns of each tile, in the order of `expected`."""
    reader = Reader(x.reshape(conv.batch, conv.groups, -1, *conv.input), conv, "forward", order, dtype)
    for tile in tiles:
        ((part,),) = reader.load(tile).parts
        part.fill()
        size = (
            tile.images.stop - tile.images.start,
            tile.groups.stop - tile.groups.start,
            conv.terms // conv.window.taps,
            *conv.window.kernel,
        )
        made = part.matrix.reshape(*(size[i] for i in order), -1).transpose(*(order.index(i) for i in range(5)), 5)
        yield made.reshape(*size, -1, part.width)[..., : conv.output[1]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16])
@pytest.mark.parametrize("order", [CHANNELS_FIRST, TAPS_FIRST, IMAGES_LAST])
@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "dilation"),
    [(3, 1, 1, 1), (3, 2, 1, 1), ((5, 2), (1, 3), (0, 2), (2, 1)), (2, 2, 0, 3), (1, (3, 4), 0, 1), (3, 1, 4, 1)],
)
def test_columns_are_what_the_taps_read(kernel, stride, padding, dilation, order, dtype):
    rng = np.random.default_rng(0)
    kernel = (kernel, kernel) if isinstance(kernel, int) else kernel
    conv = Conv.of((3, 6, 9, 10), (4, 3, *kernel), None, stride, padding, dilation, 2)
    x = rng.integers(-9, 9, conv.x_shape).astype(dtype)
    wide = np.dtype(np.float32 if dtype is np.float16 else dtype)
    middle = conv.output[0] // 2
    tiles = [
        Tile(slice(g, g + 1), images, rows)
        for rows in (slice(0, middle), slice(middle, conv.output[0]))
        for images in (slice(0, 2), slice(2, 3), slice(1, 3))
        for g in range(2)
    ]
    for tile, found in zip(tiles, gathered(x, conv, tiles, order, wide), strict=True):
        np.testing.assert_array_equal(found, expected(x, conv, tile))


@pytest.mark.parametrize("waste", [1.0, 2.0])
def test_runs_and_rows_give_the_same(waste, monkeypatch):
    monkeypatch.setattr(frames, "WASTE", waste)
    frames.forms.cache_clear()
    conv = Conv.of((1, 4, 7, 5), (4, 2, 3, 3), None, 1, 1, 1, 2)
    x = np.arange(140.0).reshape(conv.x_shape)
    tile = Tile(slice(0, 2), slice(0, 1), slice(0, 7))
    (found,) = gathered(x, conv, [tile], CHANNELS_FIRST, x.dtype)
    np.testing.assert_array_equal(found, expected(x, conv, tile))
    frames.forms.cache_clear()


def test_rows_may_lie_as_they_like():
    conv = Conv.of((2, 4, 8, 6), (4, 2, 3, 3), None, 2, 1, 1, 2)
    tile = Tile(slice(0, 2), slice(0, 2), slice(0, 4))
    plain = np.arange(384.0).reshape(conv.x_shape)
    for x in (plain[..., ::-1], plain.swapaxes(2, 3).copy().swapaxes(2, 3)):
        (found,) = gathered(x, conv, [tile], CHANNELS_FIRST, x.dtype)
        np.testing.assert_array_equal(found, expected(x, conv, tile))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
@pytest.mark.parametrize("step", [2, 3])
@pytest.mark.parametrize("length", [12, 13])
def test_a_split_has_every_phase(length, step, dtype):
    flat = np.arange(length).astype(dtype)
    phases = np.empty((step, length // step), dtype)
    gather._split(flat, phases)
    for i in range(step):
        np.testing.assert_array_equal(phases[i], flat[i::step][: length // step])


def test_copied_rows_keep_every_bit():
    source = np.array([[np.nan, -0.0, np.inf], [1, 2, 3]], np.float32)
    goal = np.zeros((2, 5), np.float32)
    copy_rows(source, goal[:, 1:4])
    assert goal[:, 1:4].tobytes() == source.tobytes()
    np.testing.assert_array_equal(goal[:, [0, 4]], 0)
