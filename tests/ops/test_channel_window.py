"""Means over neighbouring channels: derivatives, integers."""

import numpy as np

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.ops.channel_window import channel_mean


def test_both_derivatives_are_those_of_the_function():
    x = pyconv.tensor(np.random.default_rng(0).normal(size=(2, 5, 2)), requires_grad=True)
    assert gradcheck(lambda x: channel_mean(x, before=2, after=1), [x])
    assert gradgradcheck(lambda x: channel_mean(x, before=2, after=1).square(), [x])


def test_integers_are_cut_off():
    assert channel_mean(np.array([[3, 4]]), before=1, after=0).tolist() == [[1, 3]]
