"""Depthwise convolutions with the channels innermost: any geometry, how it is cut, and what is not finite."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import depthwise
from pyconv.kernels.conv import depthwise_pieces as pieces
from tests.kernels.conv.draws import of_channels, three_maps, whole

F32 = np.dtype(np.float32)
PASSES = ("forward", "input_grad", "weight_grad")


def draw(seed):
    """A depthwise convolution."""
    rng = np.random.default_rng(seed)
    return of_channels(rng, *[int(rng.integers(1, 7))] * 3), rng


@pytest.mark.parametrize(
    "limits", [{}, {"BLOCK": 400, "RUN": 2}, {"BLOCK": 2000, "RUN": 1, "SHORT": 0, "LONG": 0, "LOOP": 40}]
)
@pytest.mark.parametrize("seed", range(40))
def test_whole_numbers_come_out_exactly(seed, limits, monkeypatch):
    for name, value in limits.items():
        monkeypatch.setattr(pieces, name, value)
    pieces.pieces_of.cache_clear()
    conv, rng = draw(seed)
    x, w, gy = (whole(rng, shape, np.float32) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    b = whole(rng, (conv.groups,), np.float32)
    for got, expected in zip(
        three_maps("depthwise", conv, x, w, b, gy), three_maps("direct", conv, x, w, b, gy), strict=True
    ):
        np.testing.assert_array_equal(got, expected)
    pieces.pieces_of.cache_clear()


@pytest.mark.parametrize("name", PASSES)
@pytest.mark.parametrize("shape", [(1, 960, 7, 7), (8, 96, 56, 56), (2, 8, 300, 300)])
def test_pieces_cover_once_and_keep_to_the_block(name, shape):
    conv = Conv.of(shape, (shape[1], 1, 3, 3), None, 1, 1, 1, shape[1])
    seen = np.zeros(shape[:3], int)
    for piece in pieces.pieces_of(conv, name, 4):
        seen[piece.images, piece.channels, piece.rows] += 1
        counts = [part.stop - part.start for part in (piece.images, piece.channels, piece.rows)]
        assert 4 * counts[0] * counts[1] * pieces.size_of(conv, name, counts[2]) <= pieces.BLOCK
    np.testing.assert_array_equal(seen, 1)


@pytest.mark.parametrize(
    ("channels", "size", "stride", "run"), [(144, 56, 1, 7), (384, 14, 1, 2), (960, 7, 1, 1), (144, 56, 2, 1)]
)
def test_few_channels_make_an_inner_loop_of_neighbours(channels, size, stride, run):
    conv = Conv.of((1, channels, size, size), (channels, 1, 3, 3), None, stride, 1, 1, channels)
    sums = [line for piece in pieces.pieces_of(conv, "forward", 4) for line in piece.sums]
    assert {line.run for line in sums} == {run}


def test_rows_are_turned_back_some_at_a_time(monkeypatch):
    y, goal = np.arange(2 * 5 * 3 * 32, dtype=np.float32).reshape(2, 5, 3, 32), np.empty((2, 32, 5, 3), np.float32)
    monkeypatch.setattr(depthwise, "SETS", 2)
    monkeypatch.setattr(depthwise, "WAYS", 6)
    depthwise._turn_back(y, goal)
    np.testing.assert_array_equal(goal, y.transpose(0, 3, 1, 2))


def test_large_work_is_cut_for_several_threads():
    conv = Conv.of((8, 96, 56, 56), (96, 1, 7, 7), None, 1, 3, 1, 96)
    assert len(pieces.pieces_of(conv, "forward", 4)) >= pieces.PARTS


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("name", ["forward", "input_grad"])
def test_what_is_not_finite_stays_where_it_is_read(name, value):
    conv = Conv.of((2, 6, 9, 9), (6, 1, 3, 3), None, 2, 1, 1, 6)
    rng = np.random.default_rng(0)
    x, w, gy = (rng.standard_normal(shape, np.float32) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    x[1, 2, 4, 5] = gy[1, 2, 2, 3] = value
    operands = (x, w, None) if name == "forward" else (gy, w)
    with maps.use("depthwise"):
        got = getattr(maps, name)(*operands, conv)
    with maps.use("direct"):
        expected = getattr(maps, name)(*operands, conv)
    np.testing.assert_array_equal(np.isfinite(got), np.isfinite(expected))
    np.testing.assert_array_equal(np.isnan(got), np.isnan(expected))


@pytest.mark.parametrize("conv", [
    Conv.of((1, 4, 8, 8), (8, 1, 3, 3), None, 1, 1, 1, 4),
    Conv.of((1, 4, 8, 8), (4, 2, 3, 3), None, 1, 1, 1, 2),
    Conv.of((1, 4, 8, 8), (4, 4, 3, 3)),
])  # fmt: skip
def test_only_one_channel_a_group(conv):
    assert not depthwise.ALGORITHM.supports(conv, F32)


def test_whole_numbers_are_not_supported():
    conv = Conv.of((1, 4, 8, 8), (4, 1, 3, 3), None, 1, 1, 1, 4)
    assert depthwise.ALGORITHM.supports(conv, F32)
    assert not depthwise.ALGORITHM.supports(conv, np.dtype(np.int64))


@pytest.mark.parametrize("batch", [1, 8])
def test_it_serves_what_is_not_written_phase_by_phase(batch):
    conv = Conv.of((batch, 144, 56, 56), (144, 1, 3, 3), None, 2, 1, 1, 144)
    assert maps.choose(conv, np.dtype(np.float32), "input_grad").name == "toeplitz"
    conv = Conv.of((batch, 960, 7, 7), (960, 1, 3, 3), None, 1, 1, 1, 960)
    assert maps.choose(conv, np.dtype(np.float32), "input_grad").name == "depthwise"
