"""Bounds: what lies beyond them, and NaN."""

import math

import numpy as np
import pytest

from pyconv.kernels.bounds import clip


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("bounds", "expected"), [((0, math.inf), [0, 0, 3, 9, np.inf]), ((0, 6), [0, 0, 3, 6, 6])])
def test_values_beyond_bounds_become_them_and_nan_stays(dtype, bounds, expected):
    x = np.array([-np.inf, -2, 3, 9, np.inf, np.nan], dtype)
    clip(x, bounds)
    assert x.dtype == dtype
    np.testing.assert_array_equal(x, [*expected, np.nan])
