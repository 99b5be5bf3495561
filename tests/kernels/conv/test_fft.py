"""The discrete Fourier transform of tiles: exact on whole numbers, accurate, and honest about infinities."""

import numpy as np
import pytest

from pyconv.geometry import Conv, Window
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import fft
from tests.kernels.conv.draws import assert_bits_alike, assert_under_bound, whole


@pytest.fixture(autouse=True)
def tiles_anew():
    """Tiles that were chosen for other buffers are forgotten."""
    fft.choose_tiles.cache_clear()
    yield
    fft.choose_tiles.cache_clear()


def draw(seed):
    """A dense convolution at stride 1, padded more on one side than on the other."""
    rng = np.random.default_rng(seed)
    kernel = tuple(int(n) for n in rng.integers(1, 14, 2))
    padding = tuple((int(low), int(high)) for low, high in rng.integers(0, 15, (2, 2)))
    window = Window(kernel, (1, 1), padding, (1, 1))
    size = tuple(
        max(1, extent - low - high) + int(rng.integers(0, 40))
        for extent, (low, high) in zip(window.extent, padding, strict=True)
    )
    batch, channels, outputs = (int(n) for n in rng.integers(1, 6, 3))
    return Conv(batch, channels, outputs, 1, size, window.output(size), window), rng


@pytest.mark.parametrize(("block", "few"), [(fft.SHARED, fft.FEW), (20000, 0)])
@pytest.mark.parametrize("seed", range(20))
def test_whole_numbers_come_out_exactly(seed, block, few, monkeypatch):
    conv, rng = draw(seed)
    x, w, gy = (whole(rng, shape, np.float32) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    b = whole(rng, (conv.out_channels,), np.float32)
    with maps.use("direct"):
        y, gx = maps.forward(x, w, b, conv), maps.input_grad(gy, w, conv)
    monkeypatch.setattr(fft, "SHARED", block)
    monkeypatch.setattr(fft, "FEW", few)
    for name, operands, expected in (("forward", (x, w, b), y), ("input_grad", (gy, w), gx)):
        out = np.full_like(expected, 7)
        getattr(fft, name)(*operands, conv, out)
        np.testing.assert_array_equal(out, expected)


@pytest.mark.parametrize("shared", [fft.SHARED, 300_000], ids=["whole", "in parts"])
@pytest.mark.parametrize("kernel", [5, 11, 21])
@pytest.mark.parametrize("name", ["forward", "input_grad"])
def test_errors_stay_under_the_bound(name, kernel, shared, monkeypatch):
    rng = np.random.default_rng(kernel)
    conv = Conv.of((2, 6, 30, 35), (8, 6, kernel, kernel), None, 1, kernel // 2)
    x, w, gy = (rng.standard_normal(s, np.float32) for s in (conv.x_shape, conv.w_shape, conv.y_shape))
    operands = (x, w, None) if name == "forward" else (gy, w)
    monkeypatch.setattr(fft, "SHARED", shared)
    got = np.full(conv.y_shape if name == "forward" else conv.x_shape, np.nan, np.float32)
    getattr(fft, name)(*operands, conv, got)
    terms = kernel**2 * (6 if name == "forward" else 8)
    assert_under_bound(got, name, operands, conv, terms)


def test_outputs_are_fully_written_and_inputs_left_alone():
    rng = np.random.default_rng(3)
    conv = Conv.of((2, 3, 20, 17), (5, 3, 6, 4), None, 1, 2)
    x, w = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    before = x.copy(), w.copy()
    found = [np.full(conv.y_shape, fill, np.float32) for fill in (np.nan, 1)]
    for out in found:
        fft.forward(x, w, None, conv, out)
    np.testing.assert_array_equal(*found)
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(w, before[1])


def test_what_reads_only_zeros_is_zero():
    rng = np.random.default_rng(0)
    conv = Conv.of((1, 3, 40, 40), (4, 3, 9, 9), None, 1, 4)
    x, w = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    x[:, :, 15:] = 0
    with maps.use("fft"):
        y = maps.forward(x, w, None, conv)
    assert not y[:, :, 19:].any()
    assert y[:, :, :19].all()


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_what_is_not_finite_stays_where_it_is_read(value):
    rng = np.random.default_rng(1)
    conv = Conv.of((1, 2, 24, 24), (3, 2, 5, 5), None, 1, 2)
    x, w = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    x[0, 1, 12, 12] = value
    with maps.use("fft"):
        y = maps.forward(x, w, None, conv)
    reached = np.zeros(conv.y_shape, bool)
    reached[:, :, 10:15, 10:15] = True
    np.testing.assert_array_equal(np.isfinite(y), ~reached)


def test_the_bits_are_the_same_whatever_the_number_of_threads():
    rng = np.random.default_rng(2)
    conv = Conv.of((2, 24, 30, 30), (40, 24, 7, 7), None, 1, 3)
    x, w = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.w_shape, np.float32)
    with maps.use("fft"):
        assert_bits_alike(lambda: (maps.forward(x, w, None, conv),))


@pytest.mark.parametrize(
    "options", [{"stride": 2}, {"dilation": 2}, {"groups": 2}], ids=["stride", "dilation", "groups"]
)
def test_it_declines_what_it_cannot_serve(options):
    conv = Conv.of((1, 4, 30, 30), (4, 4 // options.get("groups", 1), 7, 7), None, **options)
    plain = Conv.of((1, 4, 30, 30), (4, 4, 7, 7))
    assert not fft.ALGORITHM.supports(conv, np.dtype(np.float32))
    assert fft.ALGORITHM.supports(plain, np.dtype(np.float32))
    assert not fft.ALGORITHM.supports(plain, np.dtype(np.float64))
