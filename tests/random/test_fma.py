"""The fused multiply-add against exact fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyconv.random import Generator
from pyconv.random.fma import fma32, scale_and_shift


def nearest_float32(exact):
    """The float32 nearest to a fraction; of two, the one whose last bit is clear."""
    guess = np.float32(float(exact))
    around = [np.nextafter(guess, np.float32(-np.inf)), guess, np.nextafter(guess, np.float32(np.inf))]
    return min(around, key=lambda f: (abs(Fraction(float(f)) - exact), f.view(np.int32) & 1))


float32s = st.floats(-(2.0**60), 2.0**60, width=32)


@settings(deadline=None)
@given(st.lists(st.tuples(float32s, float32s, float32s), min_size=1, max_size=8))
def test_float32_products_are_added_with_one_rounding(triples):
    a, b, c = (np.array(column, np.float32) for column in zip(*triples))
    expected = [nearest_float32(Fraction(x) * Fraction(y) + Fraction(z)) for x, y, z in triples]
    np.testing.assert_array_equal(fma32(a, b, c), expected)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_float32_sum_just_beside_the_middle_is_not_rounded_twice(sign):
    a = np.float32([sign * 2.0**-12 * (1 + 2.0**-15)])
    b, c = np.float32(2.0**-12 * (1 - 2.0**-15)), np.float32(sign * (1 + 2.0**-23))
    assert (a.astype(np.float64) * b + c).astype(np.float32) == sign * (1 + 2.0**-22)
    assert fma32(a, b, c) == scale_and_shift(a, b, c) == c


float64s = st.floats(-(2.0**99), 2.0**99).filter(lambda v: v == 0 or abs(v) > 2.0**-99)


@settings(deadline=None)
@given(st.lists(float64s, min_size=1, max_size=8), float64s, float64s)
def test_float64_products_are_added_with_one_rounding(values, scale, shift):
    expected = [float(Fraction(value) * Fraction(scale) + Fraction(shift)) for value in values]
    np.testing.assert_array_equal(scale_and_shift(np.array(values), scale, shift), expected)


def test_two_roundings_would_show():
    values = Generator().rand(1000, np.float64)
    assert (values * 0.7 + 0.3 != scale_and_shift(values, 0.7, 0.3)).mean() > 0.1
