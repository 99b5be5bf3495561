"""The shuffles element by element, their derivatives, and what they refuse."""

import itertools

import numpy as np
import pytest

import pyconv
import pyconv.nn.functional as F
from pyconv.autograd import gradcheck, gradgradcheck


def test_pixels_come_from_their_channels():
    x = np.random.default_rng(0).normal(size=(2, 9, 2, 4))
    y = F.pixel_shuffle(x, 3)
    assert y.shape == (2, 1, 6, 12)
    assert y.flags.c_contiguous
    for row, column in itertools.product(range(6), range(12)):
        assert np.array_equal(y[:, 0, row, column], x[:, row % 3 * 3 + column % 3, row // 3, column // 3])
    assert np.array_equal(F.pixel_unshuffle(y, 3), x)


def test_channels_are_taken_in_turn():
    x = np.arange(12).reshape(2, 6, 1)
    assert F.channel_shuffle(x, 3)[0].ravel().tolist() == [0, 2, 4, 1, 3, 5]
    assert np.array_equal(F.channel_shuffle(F.channel_shuffle(x, 3), 2), x)
    assert np.array_equal(F.native_channel_shuffle(x, 2), F.channel_shuffle(x, 2))


@pytest.mark.parametrize(
    ("function", "name", "shape"),
    [
        (lambda x: F.pixel_shuffle(x, 2), "PixelShuffle", (4, 2, 3)),
        (lambda x: F.pixel_unshuffle(x, 2), "PixelUnshuffle", (1, 2, 4, 6)),
        (lambda x: F.channel_shuffle(x, 2), "ChannelShuffle", (2, 6, 2)),
    ],
)
def test_derivatives(function, name, shape):
    x = pyconv.tensor(np.random.default_rng(0).normal(size=shape), requires_grad=True)
    assert function(x).grad_fn.name() == f"{name}Backward0"
    assert gradcheck(function, [x])
    assert gradgradcheck(function, [x])


@pytest.mark.parametrize("shape", [(0, 4, 2, 2), (1, 4, 0, 2)])
def test_nothing_can_be_shuffled(shape):
    x = pyconv.zeros(shape)
    for y in (F.pixel_shuffle(x, 2), F.pixel_unshuffle(x, 2), F.channel_shuffle(x, 2)):
        assert y.numel() == 0


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda x: F.pixel_shuffle(x[0, 0], 2), "expects input to have at least 3 dimensions, but got input with 2"),
        (lambda x: F.pixel_shuffle(x, 3), r"but input.size\(-3\)=4 is not divisible by 9"),
        (lambda x: F.pixel_shuffle(x, 0), "pixel_shuffle expects a positive upscale_factor, but got 0"),
        (lambda x: F.pixel_unshuffle(x, 5), "expects height to be divisible by downscale_factor"),
        (lambda x: F.pixel_unshuffle(x, 6), r"expects width to be divisible .* but input.size\(-1\)=8"),
        (lambda x: F.channel_shuffle(x[0, 0], 2), r"channel_shuffle expects input with > 2 dims"),
        (lambda x: F.channel_shuffle(x, 3), "Number of channels must be divisible by groups. Got 4 channels and 3"),
        (lambda x: F.channel_shuffle(x, 0), "must be positive. Value of groups:0"),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(RuntimeError, match=text):
        call(pyconv.zeros(1, 4, 6, 8))


def test_a_factor_is_an_int():
    with pytest.raises(TypeError, match=r"argument 'upscale_factor' \(position 2\) must be int, not float"):
        F.pixel_shuffle(pyconv.zeros(1, 4, 2, 2), 2.0)
