"""Padding by a rule: which element each position copies, and the sum back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyconv.kernels.pad import gather, scatter, source

NUMPYS = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@pytest.mark.parametrize("mode", NUMPYS)
@given(low=st.integers(0, 4), high=st.integers(0, 4))
def test_added_elements_are_numpys(mode, low, high):
    x = np.arange(5)
    np.testing.assert_array_equal(x[source(mode, 5, low, high)], np.pad(x, (low, high), mode=NUMPYS[mode]))


@pytest.mark.parametrize(
    ("mode", "low", "high", "expected"),
    [
        # Recorded from torch 2.13.0: F.pad(torch.arange(5.)[None, None], (low, high), mode=mode).
        ("reflect", -2, 3, [2, 3, 4, 3, 2, 1]),
        ("reflect", 3, -2, [3, 2, 1, 0, 1, 2]),
        ("reflect", -4, 4, [4, 3, 2, 1, 0]),
        ("replicate", -2, 3, [2, 3, 4, 4, 4, 4]),
        ("replicate", 5, -4, [0, 0, 0, 0, 0, 0]),
        ("circular", -2, 3, [2, 3, 4, 2, 3, 4]),
        ("circular", 3, -2, [0, 1, 2, 0, 1, 2]),
        ("circular", -2, -2, [2]),
    ],
)
def test_cropping(mode, low, high, expected):
    assert source(mode, 5, low, high).tolist() == expected


@pytest.mark.parametrize("axis", [0, 1, 2])
@given(st.lists(st.integers(0, 4), min_size=0, max_size=9))
def test_scatter_is_the_transpose_of_gather(axis, index):
    rng = np.random.default_rng(0)
    x = rng.integers(-5, 6, (5, 5, 5)).astype(float)
    at = np.array(index, np.int64)
    y = gather(x, at, axis)
    g = rng.integers(-5, 6, y.shape).astype(float)
    assert np.vdot(g, y) == np.vdot(scatter(g, at, axis, 5), x)


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
@pytest.mark.parametrize(("low", "high"), [(2, 3), (4, 0), (0, 4), (-1, 2)])
@pytest.mark.parametrize("axis", [0, 1])
def test_cotangents_are_added_in_the_order_of_positions(mode, low, high, axis):
    index = source(mode, 5, low, high)
    g = np.random.default_rng(0).standard_normal((len(index), len(index))).astype(np.float32)
    wanted = np.zeros((5, len(index)), np.float32)
    np.add.at(wanted, index, g)
    found = scatter(g if axis == 0 else g.T, index, axis, 5)
    np.testing.assert_array_equal(found if axis == 0 else found.T, wanted)


def test_cotangents_of_many_positions_are_added_up():
    index = source("replicate", 5, 40, 3)
    g = np.random.default_rng(0).standard_normal((2, len(index)))
    wanted = np.zeros((5, 2))
    np.add.at(wanted, index, g.T)
    np.testing.assert_allclose(scatter(g, index, 1, 5), wanted.T, atol=1e-13)
