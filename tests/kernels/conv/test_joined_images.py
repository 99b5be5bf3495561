"""Small images side by side; what they give for any geometry is `test_agreement`'s as well."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import joined_images
from tests.kernels.conv.draws import assert_bits_alike, assert_under_bound, whole

CASES = [
    Conv.of((3, 6, 8, 9), (8, 6, 3, 3), None, 1, 1),
    Conv.of((5, 16, 9, 9), (7, 16, 5, 5), None, 2, 2),
    Conv.of((6, 5, 7, 10), (4, 5, 3, 5), None, (2, 1), (1, 2)),
    Conv.of((4, 3, 12, 12), (6, 3, 4, 3), None, (1, 3), (0, 3), (2, 2)),
    Conv.of((2, 2, 3, 3), (4, 2, 3, 3), None, 1, 3),
]
LAYER = Conv.of((8, 128, 8, 8), (128, 128, 3, 3), None, 1, 1)
SINGLE = np.dtype(np.float32)


@pytest.fixture(autouse=True)
def any_size(monkeypatch):
    monkeypatch.setattr(joined_images, "SMALLEST", 1)
    joined_images._pieces.cache_clear()
    yield
    joined_images._pieces.cache_clear()


def both(conv, x, w, b, gy):
    found = []
    for name in ("direct", "joined-images"):
        with maps.use(name), np.errstate(invalid="ignore"):
            found.append((maps.forward(x, w, b, conv), maps.weight_grad(x, gy, conv)))
    return zip(*found, strict=True)


def operands(conv, fill):
    return [fill(shape) for shape in (conv.x_shape, conv.w_shape, (conv.out_channels,), conv.y_shape)]


@pytest.mark.parametrize("images", [1, 2, 100])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
@pytest.mark.parametrize("conv", CASES)
def test_whole_numbers_come_out_exactly(conv, dtype, images, monkeypatch):
    size = conv.terms * conv.positions * np.dtype(dtype).itemsize
    monkeypatch.setattr(joined_images, "BLOCK", images * size)
    rng = np.random.default_rng(0)
    for expected, got in both(conv, *operands(conv, lambda shape: whole(rng, shape, dtype))):
        np.testing.assert_array_equal(got, expected)


def test_images_take_turns_with_those_of_another_geometry():
    rng = np.random.default_rng(1)
    for conv in CASES * 2:
        for expected, got in both(conv, *operands(conv, lambda shape: whole(rng, shape, np.float32))):
            np.testing.assert_array_equal(got, expected)


def test_images_need_not_be_contiguous():
    rng, conv = np.random.default_rng(2), CASES[0]
    x, w, b, gy = operands(conv, lambda shape: whole(rng, shape, np.float32))
    x, gy = (np.asfortranarray(a) for a in (x, gy))
    for expected, got in both(conv, x, w, b, gy):
        np.testing.assert_array_equal(got, expected)


def test_an_infinity_reaches_what_reads_it_and_nothing_else():
    rng, conv = np.random.default_rng(3), CASES[2]
    x, w, b, gy = operands(conv, lambda shape: whole(rng, shape, np.float32, 1, 4))
    x[1, 2, 5, 7] = np.inf
    for expected, got in both(conv, x, w, b, gy):
        np.testing.assert_array_equal(got, expected)


def test_errors_stay_under_the_bound():
    rng = np.random.default_rng(4)
    x, w, _, gy = operands(LAYER, lambda shape: rng.standard_normal(shape, np.float32))
    with maps.use("joined-images"):
        y, gw = maps.forward(x, w, None, LAYER), maps.weight_grad(x, gy, LAYER)
    assert_under_bound(y, "forward", (x, w, None), LAYER, LAYER.terms)
    assert_under_bound(gw, "weight_grad", (x, gy), LAYER, LAYER.batch * LAYER.positions)


def test_threads_do_not_change_bits():
    rng = np.random.default_rng(5)
    x, w, b, gy = operands(LAYER, lambda shape: rng.standard_normal(shape, np.float32))
    with maps.use("joined-images"):
        assert_bits_alike(lambda: [maps.forward(x, w, b, LAYER), maps.weight_grad(x, gy, LAYER)])


@pytest.mark.parametrize("batch", range(2, 40))
def test_pieces_cover_every_image_once(batch):
    conv = Conv.of((batch, 128, 8, 8), (8, 128, 3, 3), None, 1, 1)
    pieces = joined_images._pieces(conv, SINGLE)
    assert [image for piece in pieces for image in range(piece.start, piece.stop)] == list(range(batch))
    assert len(pieces) > 1


def test_one_image_a_large_one_and_many_weights_are_not_supported():
    supports = joined_images.ALGORITHM.supports
    assert supports(LAYER, SINGLE)
    for n, channels, size in ((1, 128, 8), (8, 128, 10), (8, 512, 8)):
        shape = (n, channels, size, size)
        assert not supports(Conv.of(shape, (channels, channels, 3, 3), None, 1, 1), SINGLE)


def test_small_images_of_many_channels_are_its():
    assert {maps.choose(LAYER, SINGLE, name).name for name in ("forward", "weight_grad")} == {"joined-images"}
