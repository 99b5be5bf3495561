"""One window along one axis: how often it fits, what comes out, and what it reaches."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.cases.axis import Axis, Reach, least_share

AXES = st.builds(Axis, st.integers(1, 5), st.integers(1, 4), st.integers(0, 5), st.integers(1, 3))


def _windows(axis, size):
    """The places of the taps of each window, counted from the input's first element."""
    start = range(-axis.padding, size + axis.padding - axis.extent + 1, axis.stride)
    return [[first + tap * axis.dilation for tap in range(axis.kernel)] for first in start]


def test_the_windows_of_an_axis():
    axis = Axis(kernel=3, stride=2, padding=1, dilation=2)
    assert axis.extent == 5
    assert [axis.positions(size) for size in (3, 4, 5, 6)] == [1, 1, 2, 2]


@given(AXES, st.integers(1, 9))
def test_the_smallest_size_has_room_for_the_windows_and_one_less_has_not(axis, positions):
    size = axis.size(positions)
    assert axis.positions(size) == positions
    assert axis.positions(size - 1) == positions - 1


@given(AXES, st.integers(1, 9), st.integers(0, 3))
def test_a_transposed_convolution_comes_back_from_its_output(axis, size, extra):
    length = axis.transposed(size, extra)
    assert length == axis.size(size) + extra
    assert axis.positions(length) == size + extra // axis.stride


def test_the_output_of_a_transposed_convolution_is_torchs():
    assert Axis(kernel=3, stride=2, padding=1, dilation=2).transposed(4, 1) == 10


@given(AXES, st.integers(1, 9))
def test_what_is_reached_is_counted_as_by_hand(axis, size):
    windows = _windows(axis, size)
    inside = [[0 <= place < size for place in window] for window in windows]
    touched = {place for window in windows for place in window} & set(range(size))
    reach = axis.reach(size)
    if not windows:
        assert reach == Reach(0.0, 0.0, 0.0, 0.0)
        return
    assert reach.output == pytest.approx(np.mean([any(window) for window in inside]))
    assert reach.input == pytest.approx(len(touched) / size)
    assert reach.weight == pytest.approx(np.mean([any(column) for column in zip(*inside)]))
    assert reach.windows == pytest.approx(np.mean(inside))


def test_a_kernel_that_never_fits_reaches_nothing():
    assert Axis(kernel=5).reach(3) == Reach(0.0, 0.0, 0.0, 0.0)
    assert Axis(kernel=1).reach(0) == Reach(0.0, 0.0, 0.0, 0.0)


def test_the_least_share_is_that_of_the_map_with_the_most_zeros():
    narrow, wide = Reach(0.5, 1.0, 1.0, 0.25), Reach(1.0, 0.75, 0.5, 0.5)
    assert least_share([narrow, narrow]) == 0.25
    assert least_share([wide]) == least_share([wide, Reach(1.0, 1.0, 1.0, 1.0)]) == 0.5
    assert least_share([narrow], windows=True) == 0.25
    assert least_share([wide, wide], windows=True) == 0.25
