"""What is known of images and kernels: it lets ordinary data pass, and never what a transform would spoil."""

import math

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import fft
from pyconv.kernels.conv.margin import ROOM, Margin


def operands(seed=0, channels=16, side=24, kernel=9):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((1, channels, side, side), np.float32)
    w = rng.standard_normal((4, channels, kernel, kernel), np.float32) / np.float32(kernel)
    return x, w, Conv.of(x.shape, w.shape, None, 1, kernel // 2)


def spotted(x):
    x[0, 0, 12, 12] = 1e6
    return x


def faint(x):
    x[..., 12:] *= np.float32(1e-6)
    return x


IMAGES = {
    "normal": (lambda x: x, True),
    "rectified": (lambda x: np.maximum(x, 0), True),
    "small": (lambda x: x * np.float32(1e-20), True),
    "offset": (lambda x: x + 100, True),
    "one huge element": (spotted, False),
    "half of it faint": (faint, False),
    "half of it zero": (lambda x: x * (np.arange(24) < 12), False),
    "infinite": (lambda x: x + np.float32(np.inf), False),
}


def passes(x, w, conv):
    """Whether the transforms were left at float32."""
    out = np.empty(conv.y_shape, np.float32)
    low = tuple(low for low, _ in conv.window.padding)
    tiles = fft.choose_tiles(conv, "forward", fft.FLOAT32)
    margin = Margin.of(x, w, low, conv.output, tiles.length)
    return margin.is_wide() and fft._run(fft.Operands(x, w, None, out, low, tiles, fft.FLOAT32, margin))


@pytest.mark.parametrize(("change", "expected"), IMAGES.values(), ids=IMAGES)
def test_what_passes(change, expected):
    x, w, conv = operands()
    assert passes(change(x).astype(np.float32), w, conv) is expected


def test_terms_that_add_up_are_left_to_float64():
    x, w, conv = operands()
    assert not passes(np.abs(x), np.abs(w), conv)


@pytest.mark.parametrize("change", [change for change, _ in IMAGES.values()], ids=IMAGES)
def test_errors_stay_under_the_bound(change):
    x, w, conv = operands(1)
    x = change(x).astype(np.float32)
    if not np.isfinite(x).all():
        x = np.where(np.isfinite(x), x, np.float32(1e30))
    with maps.use("direct"):
        exact = maps.forward(x.astype(np.float64), w.astype(np.float64), None, conv)
        size = maps.forward(np.abs(x).astype(np.float64), np.abs(w).astype(np.float64), None, conv)
    with maps.use("fft"):
        got = maps.forward(x, w, None, conv)
    bound = (2 + 2 * math.sqrt(math.prod(w.shape[1:]))) * 2.0**-24 * size
    assert np.all(np.abs(got - exact) <= bound)


def test_windows_are_summed_with_zeros_around():
    x = np.abs(np.random.default_rng(2).standard_normal((2, 3, 6, 8))).astype(np.float32)
    w = np.random.default_rng(3).standard_normal((4, 3, 3, 5)).astype(np.float32)
    margin = Margin.of(x, w, (2, -1), (7, 3), 7)
    padded = np.pad(x.sum(1, dtype=np.float64), ((0, 0), (2, 3), (0, 0)))[:, :, 1:]
    expected = [min(image[r : r + 3, c : c + 5].sum() for r in range(7) for c in range(3)) for image in padded]
    sizes = (2 + 2 * math.sqrt(45)) / 45 * np.abs(w).sum((1, 2, 3))
    np.testing.assert_allclose(margin.allowed, np.outer(expected, sizes) / ROOM, rtol=1e-5)
    power, squares = (x**2).sum(3).max(2) / 7, (w**2).sum((2, 3))
    np.testing.assert_allclose(margin.noise, np.sqrt(power @ squares.T), rtol=1e-5)
