"""Bounds: what lies beyond them, and NaN."""

import math

import numpy as np
import pytest

import pyconv
from pyconv.kernels.bounds import at_least, at_most, clip


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("bounds", "expected"), [((0, math.inf), [0, 0, 3, 9, np.inf]), ((0, 6), [0, 0, 3, 6, 6])])
def test_values_beyond_bounds_become_them_and_nan_stays(dtype, bounds, expected):
    x = np.array([-np.inf, -2, 3, 9, np.inf, np.nan], dtype)
    clip(x, bounds)
    assert x.dtype == dtype
    np.testing.assert_array_equal(x, [*expected, np.nan])


ZEROS = np.tile([0.0, -0.0, np.nan, 1.0, -1.0], 13)
"""Longer than a vector of any processor, with a remainder."""


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "bfloat16"])
@pytest.mark.parametrize("zero", [0.0, -0.0])
@pytest.mark.parametrize("step", [1, 2, -1])
@np.errstate(invalid="ignore")
def test_a_value_that_equals_its_bound_stays_itself(dtype, zero, step):
    x = ZEROS.astype(pyconv.bfloat16.numpy if dtype == "bfloat16" else dtype)[::step]
    bound = x.dtype.type(zero)
    for function, beyond in ((at_least, ZEROS[::step] < 0), (at_most, ZEROS[::step] > 0)):
        expected = np.where(beyond, bound, x)
        assert function(x, bound).tobytes() == expected.tobytes()
        held = x.copy()
        assert function(held, bound, out=held) is held
        assert held.tobytes() == expected.tobytes()
