"""Answers are the same in all their bits, or the first place where they are not is told."""

import numpy as np
import pytest

from conformance.checks.difference import Difference, Raised
from conformance.checks.repeat import same_bits, unlike

ONE, TWO = {"output": np.array([1.0, 2.0])}, {"output": np.array([1.0, 3.0])}
ERROR = Raised("ValueError", "no")


def _found(first, again):
    return list(same_bits("repeat", "then", first, again))


def test_the_first_value_that_differs_is_told():
    assert _found(ONE, TWO) == [Difference("repeat", "output", "2.0", "then: 3.0", "first at (1,)")]
    assert _found(ONE, {"output": ONE["output"].copy()}) == []


@pytest.mark.parametrize("dtype", [np.float32, np.complex64])
def test_no_number_twice_is_the_same_and_two_zeros_are_not(dtype):
    first = {"output": np.array([np.nan, 0.0, 1.0], dtype)}
    again = {"output": np.array([np.nan, -0.0, 1.0], dtype)}
    assert _found(first, first) == []
    assert [d.detail for d in _found(first, again)] == ["first at (1,)"]


def test_a_number_of_no_axes_has_a_place_too():
    assert [d.detail for d in _found({"output": np.array(1.0)}, {"output": np.array(2.0)})] == ["first at ()"]


def test_another_shape_or_dtype_with_the_same_bytes_is_told():
    plain = np.zeros(4, np.float32)
    for other, text in ((plain.reshape(2, 2), "float32 (2, 2)"), (plain.view(np.int32), "int32 (4,)")):
        (difference,) = _found({"output": plain}, {"output": other})
        assert (difference.expected, difference.got) == ("float32 (4,)", f"then: {text}")


def test_maps_are_told_in_their_order():
    names = ["output", "input gradient", "weight gradient", "bias gradient"]
    found = _found(dict.fromkeys(names, ONE["output"]), dict.fromkeys(names, TWO["output"]))
    assert [difference.where for difference in found] == names


def test_an_error_now_and_then_is_told_and_its_text_is_free():
    assert _found(ERROR, Raised("ValueError", "no, again")) == []
    assert _found(ERROR, ONE) == [Difference("repeat", "error", "ValueError: no", "then: no error")]
    assert _found(ONE, ERROR) == [Difference("repeat", "error", "no error", "then: ValueError: no")]


def test_bits_of_strided_arrays_are_compared_where_they_are():
    wide = np.arange(12.0).reshape(3, 4)
    other = wide.copy()
    other[2, 2] = -1
    assert np.argwhere(unlike(wide[:, ::2], other[:, ::2])).tolist() == [[2, 1]]
    assert not unlike(wide[:, 1::2], other[:, 1::2]).any()
