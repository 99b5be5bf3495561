"""The coordinates of the errors' picture."""

import math
from collections import Counter

from conformance.report.picture import HEIGHT, MARGIN, MIDDLE, REACH, WIDTH, Axis, pictures
from conformance.tally import Tally, Worst, bin_of


def _tally(*entries, worst=()):
    errors = Counter()
    for dtype, who, ratio, number in entries:
        errors[dtype, who, bin_of(ratio)] += number
    return Tally(errors=errors, worst=dict(worst))


def test_heights_are_as_the_counts_and_the_two_stand_back_to_back():
    _, (found,) = pictures(_tally(("f32", "candidate", 0.3, 8), ("f32", "candidate", 0.1, 2), ("f32", "torch", 0.3, 4)))
    short, tall = found.bars["candidate"]
    (down,) = found.bars["torch"]
    assert (tall.height, short.height, down.height) == (REACH, REACH / 4, REACH / 2)
    assert (tall.y + tall.height, down.y) == (MIDDLE - 0.5, MIDDLE + 0.5)
    assert (tall.x, tall.width) == (down.x, down.width)
    assert short.x < tall.x
    assert found.cases == {"candidate": 10, "torch": 4}


def test_the_bars_stand_where_the_axis_says():
    axis, (found,) = pictures(_tally(("f32", "candidate", 1.0, 1), ("f32", "candidate", 0.5, 1)))
    left, right = found.bars["candidate"]
    assert left.x == axis.x(-1) + 0.5
    assert right.x == axis.x(0) + 0.5
    assert right.told == "error/bound 1 to 1.41: 1 case"


def test_what_is_beyond_the_ends_stands_in_the_bars_there():
    entries = [("f32", "candidate", ratio, 1) for ratio in (math.inf, 2.0**30, 2.0**-60, 2.0**-50)]
    axis, (found,) = pictures(_tally(*entries))
    low, high = found.bars["candidate"]
    assert (low.x - 0.5, round(high.x + high.width + 0.5, 2)) == (MARGIN, WIDTH - MARGIN)
    assert low.told.endswith("or less: 2 cases")
    assert high.told.endswith("or more: 2 cases")
    assert (axis.first, axis.last) == (-12, 7)


def test_all_pictures_have_one_axis_and_all_is_inside():
    axis, found = pictures(_tally(("f64", "candidate", 0.001, 3), ("f32", "torch", 0.9, 5)))
    assert [one.dtype for one in found] == ["f64", "f32"]
    assert axis.x(-math.inf) < axis.x(0) < axis.x(math.inf)
    for bar in (bar for one in found for bars in one.bars.values() for bar in bars):
        assert MARGIN <= bar.x <= bar.x + bar.width <= WIDTH - MARGIN
        assert 0 <= bar.y <= bar.y + bar.height <= HEIGHT


def test_the_markers_are_the_worst_of_all_operations():
    worst = {
        ("pad", "f32"): Worst(0.25, "pad a", 0.5, "pad b"),
        ("fold", "f32"): Worst(math.inf, "fold a", 0.1, "fold b"),
        ("fold", "f64"): Worst(0.5, "fold c", 0.0, ""),
    }
    axis, (double, single) = pictures(
        _tally(("f32", "torch", 0.5, 1), ("f64", "candidate", 0.5, 1), worst=worst.items())
    )
    assert (single.worst["candidate"].case, single.worst["candidate"].x) == ("fold a", axis.x(math.inf))
    assert (single.worst["torch"].case, single.worst["torch"].x) == ("pad b", axis.x(-1))
    assert list(double.worst) == ["candidate"]


def test_the_ticks_are_powers_of_four_and_one_is_the_bound():
    ticks = {label: x for x, label in Axis(-7, 3).ticks}
    assert list(ticks) == ["1/64", "1/16", "1/4", "1", "4"]
    assert ticks["1"] == Axis(-7, 3).x(0)
    assert "1" in [label for _, label in Axis(-8, 2).ticks]


def test_without_an_error_there_is_no_picture():
    assert pictures(Tally())[1] == []
