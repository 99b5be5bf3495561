"""Groups by columns of long runs: exact on whole numbers, however they are cut up; what is not finite."""

import itertools
import math

import numpy as np
import pytest

from pyconv.geometry import Conv, Window
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import column_products, frames, runs
from pyconv.kernels.scratch import fresh_buffers
from tests.kernels.conv.draws import assert_bits_alike, whole

F32 = np.dtype(np.float32)


def draw(seed):
    """Two to four groups of two to five channels."""
    rng = np.random.default_rng(seed)
    ndim, groups = int(rng.integers(1, 3)), int(rng.integers(2, 5))
    channels, outputs = (groups * int(n) for n in rng.integers(2, 6, 2))
    kernel = tuple(int(n) for n in rng.choice([1, 2, 3, 5], ndim))
    stride, dilation = (tuple(int(n) for n in rng.choice([1, 1, 2, 3], ndim)) for _ in range(2))
    padding = tuple((int(low), int(high)) for low, high in rng.integers(0, 5, (ndim, 2)))
    window = Window(kernel, stride, padding, dilation)
    size = tuple(
        max(1, extent - low - high) + int(rng.integers(0, 24 // ndim))
        for extent, (low, high) in zip(window.extent, padding, strict=True)
    )
    return Conv(int(rng.integers(1, 5)), channels, outputs, groups, size, window.output(size), window), rng


def all_maps(name, conv, x, w, b, gy):
    with maps.use(name):
        return maps.forward(x, w, b, conv), maps.input_grad(gy, w, conv), maps.weight_grad(x, gy, conv)


@pytest.fixture
def small(monkeypatch):
    """Sets of how many bytes tiles and parts are, and forgets what was cut by them."""

    def cut(room, block):
        monkeypatch.setattr(runs, "ROOM", room)
        for module in (runs, frames):
            monkeypatch.setattr(module, "BLOCK", block)
        forget()

    def forget():
        runs._pieces.cache_clear()
        frames.forms.cache_clear()

    yield cut
    forget()


@pytest.mark.parametrize("block", [frames.BLOCK, 4000, 300])
@pytest.mark.parametrize("room", [runs.ROOM, 2000, 300])
@pytest.mark.parametrize("seed", range(30))
def test_whole_numbers_come_out_exactly(seed, room, block, small, monkeypatch):
    small(room, block)
    monkeypatch.setattr(runs, "FEWEST_ROWS", 3)
    monkeypatch.setattr(runs, "FEWEST_POSITIONS", 20)
    conv, rng = draw(seed)
    x, w, gy = (whole(rng, shape, np.float32) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    b = whole(rng, (conv.out_channels,), np.float32)
    expected = all_maps("direct", conv, x, w, b, gy)
    for found, wanted in zip(all_maps("runs", conv, x, w, b, gy), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("place", [(0, 0), (10, 19), (19, 0), (7, 8)])
def test_what_is_not_finite_stays_where_it_is_read(place, value, stride):
    conv = Conv.of((2, 6, 20, 20), (6, 2, 3, 3), None, stride, 1, 1, 3)
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    gy = rng.standard_normal(conv.y_shape, np.float32)
    x[(1, 2, *place)] = value
    gy[0, 3, place[0] // stride, place[1] // stride] = value
    with np.errstate(invalid="ignore"):
        expected = all_maps("direct", conv, x, w, None, gy)
    for found, wanted in zip(all_maps("runs", conv, x, w, None, gy), expected, strict=True):
        np.testing.assert_array_equal(np.isnan(found), np.isnan(wanted))
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("channels", [3, 16])
def test_errors_stay_under_the_bound(channels):
    rng = np.random.default_rng(channels)
    conv = Conv.of((2, 4 * channels, 28, 28), (4 * channels, channels, 3, 3), None, 1, 1, 1, 4)
    x, w, gy = (rng.standard_normal(shape, np.float32) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    exact = all_maps("direct", conv, *(a.astype(np.float64) for a in (x, w)), None, gy.astype(np.float64))
    size = all_maps(
        "direct", conv, *(np.abs(a).astype(np.float64) for a in (x, w)), None, np.abs(gy).astype(np.float64)
    )
    counts = conv.terms, conv.terms, conv.batch * conv.positions
    for found, wanted, s, terms in zip(all_maps("runs", conv, x, w, None, gy), exact, size, counts, strict=True):
        assert np.all(np.abs(found - wanted) <= (2 + 2 * math.sqrt(terms)) * 2.0**-24 * s)


@pytest.mark.parametrize(("channels", "shape"), [(4, (8, 64, 56, 56)), (16, (9, 64, 28, 28)), (8, (8, 64, 3000))])
@pytest.mark.parametrize("stride", [1, 2])
def test_the_bits_are_the_same_whatever_the_number_of_threads(shape, channels, stride):
    rng = np.random.default_rng(1)
    ndim = len(shape) - 2
    conv = Conv.of(shape, (shape[1], channels, *(3,) * ndim), None, stride, 1, 1, shape[1] // channels)
    x, w, gy = (rng.standard_normal(size, np.float32) for size in (conv.x_shape, conv.w_shape, conv.y_shape))
    assert all(len(runs._pieces(conv, name, 4)) > 1 for name in maps.PASSES)
    assert_bits_alike(lambda: all_maps("runs", conv, x, w, None, gy))


def test_operands_may_lie_as_they_like():
    rng = np.random.default_rng(2)
    conv = Conv.of((2, 4, 12, 11), (8, 2, 3, 3), None, 2, 1, 1, 2)
    x, w, gy = (whole(rng, shape, np.float64) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    expected = all_maps("runs", conv, x, w, None, gy)
    for lay in (np.asfortranarray, lambda a: np.flip(np.flip(a, -1).copy(), -1)):
        for found, wanted in zip(all_maps("runs", conv, lay(x), lay(w), None, lay(gy)), expected, strict=True):
            np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("name", maps.PASSES)
def test_buffers_are_kept_small(name):
    for shape, w_shape, stride in (
        ((8, 256, 112, 112), (256, 8, 3, 3), 1),
        ((1, 64, 224, 224), (4096, 4, 1, 1), 8),
        ((64, 64, 2, 2), (256, 32, 1, 1), 1),
    ):
        conv = Conv.of(shape, w_shape, None, stride, w_shape[2] // 2, 1, shape[1] // w_shape[1])
        row, whole_weights = runs._sizes(conv, name, 4)
        for tiles in runs._pieces(conv, name, 4):
            for groups, images, rows in tiles:
                count = (groups.stop - groups.start) * (images.stop - images.start)
                assert count * row * (rows.stop - rows.start) <= max(runs.ROOM, row)
                assert (groups.stop - groups.start) * whole_weights <= max(runs.ROOM, whole_weights)
                lead = images.stop - images.start, groups.stop - groups.start, runs._depths(conv, name)[1]
                line_of = "input_grad" if name == "input_grad" else "forward"
                reading = frames.Reading(conv, line_of, lead, rows.start, rows.stop, 4)
                for form in itertools.chain(*frames.forms(reading, frames.CHANNELS_FIRST)):
                    assert 4 * math.prod(form.shape) <= frames.BLOCK


def test_halves_and_wholes_give_the_same(monkeypatch):
    conv, rng = draw(1)
    operands = [whole(rng, shape, np.float32) for shape in (conv.x_shape, conv.w_shape)]
    gy = whole(rng, conv.y_shape, np.float32)
    expected = all_maps("direct", conv, *operands, None, gy)
    column_products._cut.cache_clear()
    monkeypatch.setattr(column_products, "UNPACKED", conv.multiplications // conv.groups // conv.batch - 1)
    with fresh_buffers():
        for found, wanted in zip(all_maps("runs", conv, *operands, None, gy), expected, strict=True):
            np.testing.assert_array_equal(found, wanted)
    column_products._cut.cache_clear()


def test_what_is_short_is_one_piece():
    shape, w_shape = (104, 28, 28), (104, 8, 3, 3)
    for batch, pieces in ((1, {1}), (2, {2}), (8, {6, 7, 8})):
        conv = Conv.of((batch, *shape), w_shape, None, 1, 1, 1, 13)
        assert {len(runs._pieces(conv, name, 4)) for name in maps.PASSES} <= pieces


@pytest.mark.parametrize(
    ("channels", "size", "stride"), [(96, 56, 1), (128, 56, 1), (256, 56, 2), (512, 28, 2), (1024, 14, 2), (1024, 7, 1)]
)
def test_one_image_is_two_pieces_of_a_size(channels, size, stride):
    conv = Conv.of((1, channels, size, size), (channels, channels // 32, 3, 3), None, stride, 1, 1, 32)
    pieces = runs._pieces(conv, "forward", 4)
    assert [tile.groups for tiles in pieces for tile in tiles] == [slice(0, 16), slice(16, 32)]


def test_the_number_of_pieces_is_even_where_the_groups_allow_it(small):
    conv = Conv.of((1, 96, 56, 56), (96, 3, 3, 3), None, 1, 1, 1, 32)
    small(1 << 19, frames.BLOCK)
    assert [len(tiles) for tiles in runs._pieces(conv, "forward", 4)] == [1, 1, 1, 1]


def test_it_declines_what_has_no_products_for_it():
    assert runs.ALGORITHM.supports(Conv.of((1, 4, 6, 6), (4, 2, 3, 3), None, 1, 1, 1, 2), F32)
    for shape, w_shape, groups, dtype in (
        ((1, 4, 6, 6, 6), (4, 2, 3, 3, 3), 2, np.float32),
        ((1, 4, 6, 6), (4, 2, 3, 3), 2, np.int32),
        ((1, 4, 6, 6), (4, 4, 3, 3), 1, np.float32),
        ((1, 4, 6, 6), (4, 1, 3, 3), 4, np.float32),
        ((1, 4096, 64, 64), (4096, 2048, 3, 3), 2, np.float32),
    ):
        assert not runs.ALGORITHM.supports(Conv.of(shape, w_shape, None, 1, 1, 1, groups), np.dtype(dtype))
