"""The inverse of the error function in every dtype."""

import ml_dtypes
import numpy as np
import pytest

from pyconv.kernels.special import error
from pyconv.kernels.special.inverse_error import erfinv

RNG = np.random.default_rng(5)


def test_single_precision_is_that_of_double_rounded():
    y = np.concatenate([RNG.uniform(-1, 1, 40_000), 1 - 10.0 ** RNG.uniform(-7, -1, 5_000)]).astype(np.float32)
    assert np.mean(erfinv(y) != error.erfinv(y.astype(np.float64)).astype(np.float32)) < 1e-3
    np.testing.assert_array_max_ulp(erfinv(y), error.erfinv(y.astype(np.float64)).astype(np.float32), 1)


def test_double_precision_inverts_the_error_function():
    x = RNG.uniform(-3, 3, 20_000)
    np.testing.assert_allclose(erfinv(error.erf(x)), x, rtol=0, atol=1e-11)


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.float16, ml_dtypes.bfloat16])
def test_the_ends_and_what_is_beyond(kind):
    y = np.array([1, -1, 1.5, np.nan, 0, 0.5], kind)
    with np.errstate(over="ignore", invalid="ignore"):  # as the primitive has it
        found = erfinv(y)
    assert found.dtype == y.dtype
    np.testing.assert_array_equal(found[:5].astype(np.float64), [np.inf, -np.inf, np.nan, np.nan, 0])
    assert abs(float(found[5]) - 0.4769362762) < np.finfo(np.float16).eps * 8


def test_a_negative_zero_and_no_elements_stay():
    assert np.signbit(erfinv(np.array([-0.0], np.float32)))[0]
    assert erfinv(np.zeros((0, 3), np.float32)).shape == (0, 3)
