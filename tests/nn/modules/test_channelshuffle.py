"""ChannelShuffle beside the function, and what it prints."""

import numpy as np

import pyconv.nn.functional as F
from pyconv import nn


def test_it_calls_the_function():
    x = np.random.default_rng(0).normal(size=(2, 6, 3))
    assert np.array_equal(nn.ChannelShuffle(3)(x), F.channel_shuffle(x, 3))


def test_what_it_prints():
    assert repr(nn.ChannelShuffle(3)) == "ChannelShuffle(groups=3)"
