"""GELU in single precision beside the normal distribution in double, and at the ends of the range."""

import numpy as np
import pytest

from pyconv.kernels.gelu import gelu, gelu_slope
from pyconv.kernels.special.error import erfc

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

X = np.linspace(-9, 9, 100001).astype(np.float32)
WIDE = X.astype(np.float64)
PHI = erfc(WIDE * -np.sqrt(0.5)) / 2
UNIT = 2.0**-24


def test_values():
    bound = 3 * UNIT * np.abs(WIDE)
    assert (np.abs(gelu(X) - WIDE * PHI) <= bound).all()
    np.testing.assert_allclose(gelu(WIDE), WIDE * PHI, atol=1e-15)


def test_slopes():
    wanted = PHI + WIDE * np.exp(-WIDE * WIDE / 2) / np.sqrt(2 * np.pi)
    assert (np.abs(gelu_slope(X) - wanted) <= 4 * UNIT).all()
    np.testing.assert_allclose(gelu_slope(WIDE), wanted, atol=1e-15)


def test_beyond_where_the_polynomial_was_fitted():
    far = np.geomspace(6, 3e38, 10001).astype(np.float32)
    np.testing.assert_array_equal(gelu(far), far)
    assert (np.abs(gelu(-far)) < 1e-7).all()
    assert (np.abs(gelu_slope(far[far > 10]) - 1) < 1e-7).all()


def test_zeros_and_what_is_no_number():
    found = gelu(np.array([0.0, -0.0, np.nan, np.inf, -100.0], np.float32))
    assert np.signbit(found[:2]).tolist() == [False, True]
    assert np.isnan(found[2])
    assert found[3] == np.inf
    assert found[4] == 0
    assert gelu(np.empty((0, 3), np.float32)).shape == (0, 3)
