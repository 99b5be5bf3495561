"""Two maps of one name: what passes, what is found, and how it is said."""

import math

import numpy as np
import pytest

from conformance.checks import values as checks
from conformance.checks.difference import Difference
from conformance.checks.values import Pair, Yardstick, yardstick


def _pair(expected, got, values=None, bound=None):
    measured = None if values is None else Yardstick(np.array(values), np.array(bound))
    return Pair("output", np.array(expected), np.array(got), measured)


def check_values(pair):
    return next(checks.compare_values(pair), None)


def check_dtype(pair):
    return next(checks.compare_dtype(pair), None)


def check_shape(pair):
    return next(checks.compare_shape(pair), None)


def check_maps(expected, got):
    return next(checks.compare_maps(expected, got), None)


def test_equal_values_pass_and_a_signed_zero_is_a_zero():
    assert check_values(_pair([0.0, 1.0], [-0.0, 1.0])) is None


def test_a_different_value_is_shown_with_its_place():
    difference = check_values(_pair([[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.5], [3.0, 9.0]]))
    assert difference == Difference("value", "output", "4.0", "9.0", "2 of 4 values, the worst at (1, 1)")


def test_integers_differ_by_one_bit():
    big = 2**62
    assert check_values(_pair([big], [big + 1])).detail == "1 of 1 values, the worst at (0,)"


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_is_a_difference_in_both_tiers(bad):
    assert check_values(_pair([1.0], [bad])) is not None
    assert check_values(_pair([1.0], [bad], [1.0], [1.0])) is not None


def test_an_error_under_the_bound_passes():
    assert check_values(_pair([1.0], [1.25], [1.0], [0.25])) is None
    assert check_values(_pair([1.0], [1.26], [1.0], [0.25])) is not None


def test_an_error_is_measured_from_the_reference_and_not_from_torch():
    assert check_values(_pair([1.2], [0.8], [1.0], [0.25])) is None


def test_an_error_no_larger_than_torchs_passes():
    assert check_values(_pair([2.0], [0.5], [1.0], [0.25])) is None
    assert check_values(_pair([0.5], [2.0], [1.0], [0.25])) is not None


def test_the_parts_of_a_complex_number_are_measured_apart():
    assert check_values(_pair([0j], [0.25 + 0.25j], [0j], [0.25])) is None
    assert check_values(_pair([0j], [0.26j], [0j], [0.25])) is not None


def test_an_empty_map_has_no_worst_element():
    assert _pair(np.zeros((0, 3)), np.zeros((0, 3))).worst.ratio == 0
    assert check_values(_pair(np.zeros((0, 3)), np.zeros((0, 3)))) is None


def test_shape_and_dtype():
    narrow, wide = np.zeros(3, np.float32), np.zeros((1, 3))
    assert check_dtype(_pair(narrow, wide)) == Difference("dtype", "output", "float32", "float64")
    assert check_shape(_pair(narrow, wide)) == Difference("shape", "output", "(3,)", "(1, 3)")
    assert check_values(_pair(narrow, wide)) is None
    assert check_dtype(_pair(narrow, narrow)) is check_shape(_pair(narrow, narrow)) is None


def test_a_missing_map():
    one, two = {"output": np.zeros(1)}, {"output": np.zeros(1), "input gradient": np.zeros(1)}
    assert check_maps(one, one) is None
    assert check_maps(two, one) == Difference("maps", "all", "output, input gradient", "output")


def test_where_torch_itself_is_wrong_the_exact_value_counts():
    right = np.array([2.0, 3.0])
    wrong = Pair("output", np.array([2.0, 9.0]), np.array([2.0, 9.0]), exact=right)
    assert check_values(wrong).detail == "1 of 2 values, the worst at (1,)"
    assert check_values(Pair("output", np.array([2.0, 9.0]), right, exact=right)) is None
    assert wrong.worst.torch_ratio == math.inf


def test_the_tolerance_is_what_would_pass():
    assert _pair([1.0], [1.0]).tolerance == 0
    assert _pair([1.0], [1.0], [1.0], [0.25]).tolerance == [0.25]
    assert _pair([2.0], [1.0], [1.0], [0.25]).tolerance == math.inf


@pytest.mark.parametrize(
    ("dtype", "roundoff", "factor"),
    [
        ("f32", 2.0**-24, 2 + 2 * math.sqrt(9)),
        ("bf16", 2.0**-8, 2 + 2 * math.sqrt(9)),
        ("complex64", 2.0**-24, 2 + 2 * math.sqrt(18)),
        ("f64", 2.0**-53, 2 * (2 + 2 * math.sqrt(9))),
        ("complex128", 2.0**-53, 2 * (2 + 2 * math.sqrt(18))),
    ],
)
def test_the_bound_of_nine_terms_of_magnitude_five(dtype, roundoff, factor):
    made = yardstick(dtype, np.zeros(2), np.array([5.0, 1.0]), np.array([9.0, 3.0]))
    assert made.bound == pytest.approx(np.array([5.0, 1.0]) * roundoff * factor, rel=1e-12)


def test_a_subnormal_result_may_be_off_by_half_of_the_smallest():
    made = yardstick("f16", np.zeros(1), np.array([1e-7]), np.ones(1))
    assert made.bound[0] > 2.0**-25
