"""The bound where only torch's own error is known."""

import numpy as np
import pytest

from conformance.checks.own_error import ROUNDINGS, ROUNDOFF, TIMES, measure


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_an_exact_answer_may_be_missed_by_some_roundings(dtype):
    _, _, allowed = measure(np.array([2, -4], dtype), np.array([2.0, -4.0]))
    assert allowed == ROUNDINGS * ROUNDOFF[np.dtype(dtype).name] * 4


def test_an_error_of_torchs_is_allowed_twice():
    exact, finite, allowed = measure(np.float32([1, 2]), np.array([1.5, 2.0]))
    assert allowed == TIMES * 0.5
    assert exact.tolist() == [1.5, 2.0]
    assert finite.all()


def test_what_the_answer_moves_by_beside_the_operands_counts_as_its_error():
    theirs = np.float32([1, 2])
    _, _, allowed = measure(theirs, np.array([1.0, 2.0]), moved=[np.float32([1, 2.25]), np.float32([np.nan, 2])])
    assert allowed == TIMES * 0.25
    _, _, unmoved = measure(theirs, np.array([1.0, 2.0]), moved=[np.float32([1, 2, 3])])
    assert unmoved < 1e-5


def test_in_double_precision_the_answer_itself_is_exact():
    theirs = np.array([1.0, 2.0])
    exact, _, allowed = measure(theirs, np.float32([1.5, 2.0]), single=True)
    assert exact.tolist() == [1.0, 2.0]
    assert allowed == pytest.approx(3 * 0.5 * 2.0**-29)


def test_what_is_not_finite_has_no_error():
    _, finite, allowed = measure(np.float32([np.inf, np.nan, 1, 5]), np.array([np.inf, np.nan, 1.0, np.inf]))
    assert finite.tolist() == [False, False, True, False]
    assert 0 < allowed < 1e-5


def test_another_shape_says_nothing():
    _, _, allowed = measure(np.float32([1]), np.ones(3))
    assert allowed == ROUNDINGS * ROUNDOFF["float32"]
