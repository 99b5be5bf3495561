"""Upsample and its kin beside the function, and what they print."""

import copy

import numpy as np
import pytest

import pyconv.nn.functional as F
from pyconv import nn

X = np.random.default_rng(0).normal(size=(1, 2, 3, 4))


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        (nn.Upsample(scale_factor=2), {"scale_factor": 2}),
        (nn.Upsample(size=(4, 5), mode="bicubic"), {"size": (4, 5), "mode": "bicubic"}),
        (nn.Upsample(None, (1.5, 2), "bilinear", False, True), {"size": (4, 8), "mode": "bilinear"}),
        (nn.UpsamplingNearest2d(size=5), {"size": 5}),
        (nn.UpsamplingBilinear2d(scale_factor=2), {"scale_factor": 2, "mode": "bilinear", "align_corners": True}),
    ],
)
def test_they_call_the_function(module, arguments):
    assert np.array_equal(module(X), F.interpolate(X, **arguments))


@pytest.mark.parametrize(
    ("module", "text"),
    [
        (nn.Upsample(scale_factor=2), "Upsample(scale_factor=2.0, mode='nearest')"),
        (nn.Upsample(size=3, mode="linear"), "Upsample(size=3, mode='linear')"),
        (nn.UpsamplingNearest2d(size=(4, 6)), "UpsamplingNearest2d(size=(4, 6), mode='nearest')"),
        (nn.UpsamplingBilinear2d(None, (2, 3)), "UpsamplingBilinear2d(scale_factor=(2.0, 3.0), mode='bilinear')"),
    ],
)
def test_what_they_print(module, text):
    assert repr(module) == text


def test_a_state_from_before_recomputes_the_factor():
    module = nn.Upsample(scale_factor=2)
    state = copy.copy(module.__dict__)
    del state["recompute_scale_factor"]
    module.__setstate__(state)
    assert module.recompute_scale_factor is True
