"""Columns with the channels innermost: any geometry, several tiles of images, what serves and what does not."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import channels_last
from tests.kernels.conv.draws import of_channels, three_maps, whole

F32 = np.dtype(np.float32)


def draw(seed):
    """A convolution of one group."""
    rng = np.random.default_rng(seed)
    return of_channels(rng, *(int(n) for n in rng.integers(1, 7, 2)), 1), rng


def assert_exact(conv, rng):
    """The three maps of whole numbers are those of `direct`."""
    x, w, gy = (whole(rng, shape, np.float32) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    b = whole(rng, (conv.out_channels,), np.float32)
    expected = three_maps("direct", conv, x, w, b, gy)
    for got, right in zip(three_maps("channels-last", conv, x, w, b, gy), expected, strict=True):
        np.testing.assert_array_equal(got, right)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("singly", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_whole_numbers_come_out_exactly(seed, singly, dtype, monkeypatch):
    conv, rng = draw(seed)
    x, w, gy = (whole(rng, shape, dtype) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    b = whole(rng, (conv.out_channels,), dtype)
    expected = three_maps("direct", conv, x, w, b, gy)
    if singly:
        monkeypatch.setattr(channels_last, "LIMIT", 4 * channels_last._largest(conv))
        assert len(list(channels_last._tiles(conv, F32, conv.batch))) == conv.batch
    for got, right in zip(three_maps("channels-last", conv, x, w, b, gy), expected, strict=True):
        np.testing.assert_array_equal(got, right)


@pytest.mark.parametrize("seed", range(20))
def test_pieces_for_several_threads_come_out_exactly(seed, monkeypatch):
    monkeypatch.setattr("pyconv.kernels.conv.tiles.SHORTEST_PIECES", 1)
    monkeypatch.setattr(channels_last, "FEWEST_POSITIONS", 1)
    conv, rng = draw(200 + seed)
    assert_exact(conv, rng)


def test_images_are_pieces_where_there_are_work_and_positions_enough():
    assert channels_last._most(Conv.of((8, 64, 56, 56), (64, 64, 3, 3), None, 1, 1)) == 2
    assert channels_last._most(Conv.of((8, 512, 7, 7), (512, 512, 3, 3), None, 1, 1)) == 8
    assert channels_last._most(Conv.of((8, 8, 56, 56), (8, 8, 3, 3), None, 1, 1)) == 8


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_columns_may_lie_either_way(seed, turned, monkeypatch):
    conv, rng = draw(100 + seed)
    monkeypatch.setattr(channels_last, "_turns", lambda *_: turned)
    assert_exact(conv, rng)


def test_weights_are_turned_where_the_columns_are_more():
    assert channels_last._turns(Conv.of((8, 16, 8, 8), (16, 16, 3, 3), None, 1, 1), F32)
    assert not channels_last._turns(Conv.of((8, 16, 8, 8), (16, 16, 1, 1)), F32)
    assert not channels_last._turns(Conv.of((8, 256, 4, 4), (256, 256, 3, 3), None, 1, 1), F32)
    assert not channels_last._turns(Conv.of((64, 1024, 8, 8), (1024, 1024, 3, 3), None, 1, 1), F32)


def test_what_it_serves():
    conv = Conv.of((2, 4, 8, 8), (6, 4, 3, 3), None, 1, 1)
    assert channels_last.ALGORITHM.supports(conv, F32)
    assert not channels_last.ALGORITHM.supports(conv, np.dtype(np.int64))
    assert not channels_last.ALGORITHM.supports(Conv.of((2, 4, 8, 8), (6, 2, 3, 3), None, 1, 1, 1, 2), F32)
    assert not channels_last.ALGORITHM.supports(Conv.of((1, 64, 200, 200), (6, 64, 3, 3), None, 1, 1), F32)


@pytest.mark.parametrize("singly", [False, True])
@pytest.mark.parametrize(
    "conv",
    [
        Conv.of((2, 3, 40), (4, 3, 11), None, 4, 2),
        Conv.of((2, 3, 12, 13), (4, 3, 4, 4), None, 2, 1),
        Conv.of((1, 3, 12, 13), (4, 3, 2, 2), None, 3),
        Conv.of((1, 3, 12, 19), (4, 3, 3, 3), None, 2, 2, (1, 2)),
    ],
)
def test_taps_side_by_side_are_taken_in_runs(conv, singly, monkeypatch):
    monkeypatch.setattr(channels_last, "_turns", lambda *_: singly)
    assert_exact(conv, np.random.default_rng(0))


def test_so_many_taps_make_a_run_as_the_stride_says():
    found = list(channels_last._places(Conv.of((1, 1, 40), (1, 1, 11), None, 4)))
    assert [taps for taps, _ in found] == [slice(0, 4), slice(4, 8), slice(8, 11)]
    assert len(list(channels_last._places(Conv.of((1, 1, 40), (1, 1, 11), None, 4, 0, 2)))) == 11


@pytest.mark.parametrize(
    "conv",
    [
        Conv.of((1, 1, 640), (258, 1, 256), None, 128),
        Conv.of((1, 256, 8, 8), (512, 256, 4, 4), None, 2, 1),
    ],
)
def test_it_serves_gradients_of_large_strides_and_small_images(conv):
    assert maps.choose(conv, F32, "input_grad").name == "channels-last"
