"""What counts as a difference: bounds by torch's own error, bits for what draws, NaN and whole numbers in place."""

from functools import partial

import numpy as np
import pytest

from conformance.opinfo.compare import Witness, compare
from conformance.opinfo.ops import judged


def _checks(theirs, ours, witness=None, **more):
    theirs, ours = np.asarray(theirs), np.asarray(ours)
    witness = Witness({"a": theirs}) if witness is None else witness
    return [d.check for d in compare({"a": theirs}, {"a": ours}, witness, **more)]


@pytest.mark.parametrize(
    ("dtype", "roundoff"), [(np.float16, 2**-11), (np.float32, 2**-24), (np.float64, 2**-53), (np.complex64, 2**-24)]
)
def test_eight_roundings_of_the_largest_value_pass_and_ten_do_not(dtype, roundoff):
    theirs = np.array([0.25, 1], dtype)
    witness = Witness({"a": theirs}, single=dtype is np.float64)
    for roundings, expected in ((8, []), (10, ["value"])):
        assert _checks(theirs, theirs + np.array([roundings * roundoff, 0], dtype), witness) == expected


def test_twice_torchs_own_error_passes_and_more_does_not():
    exact = np.array([1.0, 2.0])
    theirs = np.float32([1.001, 2.0])
    assert _checks(theirs, np.float32([1.0, 2.0019]), Witness({"a": exact})) == []
    assert _checks(theirs, np.float32([1.0, 2.0021]), Witness({"a": exact})) == ["value"]


def test_in_double_precision_torchs_error_is_that_of_single_precision_by_the_ratio_of_roundoffs():
    theirs, seen = np.array([1.0]), Witness({"a": np.float32([1.001])}, single=True)
    own = float(abs(np.float32(1.001) - 1)) * 2**-29
    assert _checks(theirs, theirs + 2.9 * own, seen) == []
    assert _checks(theirs, theirs + 3.1 * own, seen) == ["value"]


def test_a_single_precision_that_overflows_hides_no_difference_in_double():
    theirs, seen = np.array([1e300, 1.0]), Witness({"a": np.float32([np.inf, 1])}, single=True)
    assert _checks(theirs, np.array([1e300, 1.0]), seen) == []
    assert _checks(theirs, np.array([2e300, 1.0]), seen) == ["value"]
    assert _checks(theirs, np.array([np.inf, 1.0]), seen) == ["value"]


def test_what_draws_numbers_is_equal_to_the_last_bit():
    theirs = np.float32([0.5, np.nan])
    assert _checks(theirs, theirs.copy(), exact=True) == []
    assert _checks(theirs, np.nextafter(theirs, np.float32(1)), exact=True) == ["value"]


@pytest.mark.parametrize("ours", [[np.nan, np.inf, 1], [1, np.inf, np.inf], [np.nan, -np.inf, 1], [np.nan, 1, 1]])
def test_nan_and_infinities_are_where_torch_has_them(ours):
    theirs = np.float32([np.nan, np.inf, 1])
    assert _checks(theirs, np.float32(ours)) == ([] if np.array_equal(theirs, ours, equal_nan=True) else ["value"])


def test_a_value_that_only_the_library_overflows_is_a_difference():
    assert _checks(np.float16([60000]), np.float16([np.inf]), Witness({"a": np.array([60001.0])})) == ["value"]


@pytest.mark.parametrize("theirs", [np.array([3, -4]), np.array([True, False])])
def test_whole_numbers_and_truth_values_are_equal(theirs):
    assert _checks(theirs, theirs.copy()) == []
    assert _checks(theirs, theirs[::-1]) == ["value"]


def test_values_of_empty_are_anyones_but_not_its_dtype_and_shape():
    assert _checks(np.ones(2), np.zeros(2), values=False) == []
    assert _checks(np.ones(2), np.zeros(3, np.float32), values=False) == ["dtype", "shape"]


def test_a_missing_gradient_is_a_difference():
    found = compare({"a": np.ones(1), "gradient 0": np.ones(1)}, {"a": np.ones(1)}, Witness({}))
    assert [d.check for d in found] == ["maps"]


def test_what_torchs_answer_moves_by_is_allowed_but_not_a_jump():
    theirs = np.float32([1.0, 0.5])
    near, far = ({"a": theirs + np.float32([0, step])} for step in (2**-15, 2**-13))
    ours = theirs + np.float32([0, 2**-15])
    assert _checks(theirs, ours, Witness({"a": theirs})) == ["value"]
    assert _checks(theirs, ours, Witness({"a": theirs}, moved=(near,))) == []
    assert _checks(theirs, ours, Witness({"a": theirs}, moved=(far,))) == ["value"]


def test_torchs_error_is_asked_for_where_values_differ_and_neighbours_where_it_does_not_explain_them():
    asked = []

    def see(exact):
        asked.append("witness")
        return Witness({"a": exact})

    def moved(way):
        asked.append("neighbour")
        return {"a": theirs}

    def checks(ours, exact):
        asked.clear()
        return [d.check for d in judged({"a": theirs}, {"a": ours}, partial(see, exact), moved)]

    theirs = np.float32([1.0, np.nan])
    assert (checks(theirs.copy(), theirs), asked) == ([], [])
    near = np.float32([1 + 2**-22, np.nan])
    assert (checks(near, theirs), asked) == ([], ["witness"])
    assert (checks(theirs + 1, theirs), set(asked)) == (["value"], {"witness", "neighbour"})
    assert [d.check for d in judged({"a": theirs}, {"a": near}, None, moved)] == ["value"]
