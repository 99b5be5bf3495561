"""PixelShuffle and PixelUnshuffle beside the functions, and what they print."""

import numpy as np

import pyconv.nn.functional as F
from pyconv import nn

X = np.random.default_rng(0).normal(size=(2, 4, 6, 2))


def test_they_call_the_functions():
    assert np.array_equal(nn.PixelShuffle(2)(X), F.pixel_shuffle(X, 2))
    assert np.array_equal(nn.PixelUnshuffle(2)(X), F.pixel_unshuffle(X, 2))


def test_what_they_print():
    assert repr(nn.PixelShuffle(3)) == "PixelShuffle(upscale_factor=3)"
    assert repr(nn.PixelUnshuffle(3)) == "PixelUnshuffle(downscale_factor=3)"
