"""Bounds: what lies beyond them, NaN, and large arrays in pieces."""

import math

import numpy as np
import pytest

from pyconv.kernels import threads
from pyconv.kernels.bounds import clip, cut_off
from pyconv.kernels.pieces import LARGE


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("bounds", "expected"), [((0, math.inf), [0, 0, 3, 9, np.inf]), ((0, 6), [0, 0, 3, 6, 6])])
def test_values_beyond_bounds_become_them_and_nan_stays(dtype, bounds, expected):
    x = np.array([-np.inf, -2, 3, 9, np.inf, np.nan], dtype)
    clip(x, bounds)
    assert x.dtype == dtype
    np.testing.assert_array_equal(x, [*expected, np.nan])


@pytest.mark.parametrize("size", [3, LARGE + 5])
def test_pieces_are_the_whole(size):
    x = np.random.default_rng(0).standard_normal((size, 2), np.float32)
    expected = np.clip(x, -0.5, 0.25)
    with threads.kept():
        threads.keep()
        cut_off(x, (-0.5, 0.25))
    np.testing.assert_array_equal(x, expected)
