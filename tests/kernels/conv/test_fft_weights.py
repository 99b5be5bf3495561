"""Gradients with respect to large kernels by Fourier transforms: right, accurate, and left alone where they are not."""

import math

import numpy as np
import pytest

from pyconv.geometry import Conv, Window
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import fft, fft_weights, im2col
from tests.kernels.conv.draws import assert_bits_alike


def draw(seed):
    """A dense convolution at stride 1, padded more on one side than on the other, with many positions."""
    rng = np.random.default_rng(seed)
    kernel = tuple(int(n) for n in rng.integers(4, 14, 2))
    padding = tuple((int(rng.integers(0, k)), int(rng.integers(0, k))) for k in kernel)
    window = Window(kernel, (1, 1), padding, (1, 1))
    size = tuple(
        max(1, extent - low - high) + int(rng.integers(24, 40))
        for extent, (low, high) in zip(window.extent, padding, strict=True)
    )
    channels, outputs, batch = (int(n) for n in rng.integers(1, 6, 3))
    return Conv(batch + 1, channels, outputs, 1, size, window.output(size), window), rng


def reference(x, gy, conv, convert=lambda a: a.astype(np.float64)):
    with maps.use("direct"):
        return maps.weight_grad(convert(x), convert(gy), conv)


@pytest.fixture
def left(monkeypatch):
    """How often it was left to im2col."""
    calls, original = [], im2col.weight_grad

    def counted(*operands):
        calls.append(1)
        original(*operands)

    monkeypatch.setattr(im2col, "weight_grad", counted)
    return calls


@pytest.mark.parametrize(("shared", "few"), [(fft.SHARED, fft.FEW), (200_000, 0)], ids=["whole", "in parts"])
@pytest.mark.parametrize("seed", range(12))
def test_errors_stay_under_the_bound(seed, shared, few, left, monkeypatch):
    conv, rng = draw(seed)
    x, gy = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.y_shape, np.float32)
    monkeypatch.setattr(fft, "SHARED", shared)
    monkeypatch.setattr(fft, "FEW", few)
    fft.choose_tiles.cache_clear()
    out = np.full(conv.w_shape, np.nan, np.float32)
    fft_weights.weight_grad(x, gy, conv, out)
    fft.choose_tiles.cache_clear()
    bound = (2 + 2 * math.sqrt(conv.batch * conv.positions)) * 2.0**-24
    size = reference(x, gy, conv, lambda a: np.abs(a).astype(np.float64))
    assert np.all(np.abs(out - reference(x, gy, conv)) <= bound * size)
    assert not left


@pytest.mark.parametrize("value", [1e6, np.inf, np.nan])
@pytest.mark.parametrize("place", ["x", "gy"])
def test_what_would_spoil_the_rest_is_left_to_columns(place, value, left):
    rng = np.random.default_rng(0)
    conv = Conv.of((1, 2, 36, 36), (3, 2, 5, 5), None, 1, 2)
    x, gy = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.y_shape, np.float32)
    (x if place == "x" else gy)[0, 1, 0, 0] = value
    with np.errstate(invalid="ignore"):
        with maps.use("fft_weights"):
            got = maps.weight_grad(x, gy, conv)
        expected = reference(x, gy, conv)
    assert left
    np.testing.assert_array_equal(np.isfinite(got), np.isfinite(expected))
    finite = np.isfinite(expected)
    np.testing.assert_allclose(got[finite], expected[finite], rtol=1e-4, atol=1e-3)


def test_the_bits_are_the_same_whatever_the_number_of_threads():
    rng = np.random.default_rng(2)
    conv = Conv.of((2, 24, 30, 30), (40, 24, 7, 7), None, 1, 3)
    x, gy = rng.standard_normal(conv.x_shape, np.float32), rng.standard_normal(conv.y_shape, np.float32)
    with maps.use("fft_weights"):
        assert_bits_alike(lambda: (maps.weight_grad(x, gy, conv),))


def test_it_declines_what_it_cannot_serve():
    def supports(x_shape, w_shape, *options):
        return fft_weights.ALGORITHM.supports(Conv.of(x_shape, w_shape, None, *options), np.dtype(np.float32))

    assert supports((1, 4, 40, 40), (4, 4, 7, 7))
    assert not supports((1, 4, 40, 40), (4, 4, 7, 7), 2)
    assert not supports((1, 4, 40, 40), (4, 2, 7, 7), 1, 0, 1, 2)
    assert not supports((1, 4, 24, 24), (4, 4, 7, 7))
