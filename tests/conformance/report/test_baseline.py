"""What is worse than before is told, and nothing else."""

from collections import Counter

import pytest

from conformance.checks.difference import Difference
from conformance.report import Report
from conformance.report.baseline import compare
from conformance.tally import Failure, Tally, Worst

LINE = "conv2d n1 c2 o2 h5x5 k3 f32 ints seed1"
OTHER = "conv2d n1 c2 o2 h5x5 k3 f32 ints seed2"


def _failure(line, check="value", shrunk=None, status="failed"):
    differences = [Difference(check, "output", "1", "2")] if status == "failed" else []
    return Failure(0, line, status, differences, shrunk)


def _json(*failures, **tables):
    return Report("mine", Tally(failures=list(failures), **tables)).to_json()


def _worst(ratio, torch_ratio=0.1):
    return _json(worst={("conv2d", "f32"): Worst(ratio, LINE, torch_ratio, LINE)})


def test_a_run_is_no_worse_than_itself(report):
    assert compare(report.to_json(), report.to_json()) == []


def test_a_new_failure_is_told_by_its_case_and_its_check():
    assert compare(_json(), _json(_failure(LINE))) == [
        f"failed, and did not fail before: {LINE}",
        "conv2d now fails the check 'value': 1",
    ]


def test_a_failure_that_is_gone_is_not_told():
    assert compare(_json(_failure(LINE)), _json()) == []


@pytest.mark.parametrize(("before", "after"), [((LINE, None), (LINE, OTHER)), ((LINE, OTHER), (OTHER, None))])
def test_a_failure_is_known_by_its_line_or_by_what_it_shrinks_to(before, after):
    old, new = (_json(_failure(line, shrunk=shrunk)) for line, shrunk in (before, after))
    assert compare(old, new) == []


def test_another_case_of_a_check_that_failed_before_is_told_once():
    assert compare(_json(_failure(LINE)), _json(_failure(LINE), _failure(OTHER))) == [
        f"failed, and did not fail before: {OTHER}"
    ]


def test_a_case_that_now_fails_another_check_is_told_by_the_check():
    assert compare(_json(_failure(LINE)), _json(_failure(LINE, "dtype"))) == ["conv2d now fails the check 'dtype': 1"]
    crashed = _json(_failure(LINE, status="crashed"))
    assert compare(_json(_failure(LINE)), crashed) == ["conv2d now has crashed cases: 1"]


def test_cases_that_shrink_to_one_are_one_sentence():
    found = compare(_json(), _json(*(_failure(f"{LINE}{n}", shrunk=OTHER) for n in range(5))))
    assert found[0] == f"failed, and did not fail before: {OTHER} (and 4 more like it)"
    assert len(found) == 2


def test_very_many_new_failures_are_counted():
    found = compare(_json(), _json(*(_failure(f"{LINE}{n}") for n in range(50))))
    assert found[20:] == ["30 more cases fail that did not before", "conv2d now fails the check 'value': 50"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (0.4, 0.7, True),
        (0.4, 0.59, False),  # less than the growth
        (0.1, 0.45, False),  # under half of the bound
        (0.4, float("inf"), True),
        (float("inf"), float("inf"), False),
    ],
)
def test_the_worst_error_may_grow_a_little_or_where_it_is_harmless(before, after, told):
    found = compare(_worst(before), _worst(after))
    assert found == ([f"the worst error of conv2d f32 grew from 0.40 to {after:.2f} of its bound: {LINE}"] * told)


def test_the_growth_is_the_callers_to_choose():
    assert compare(_worst(0.4), _worst(0.7), growth=2.0) == []
    assert len(compare(_worst(0.4), _worst(0.52), growth=1.2)) == 1


def test_an_error_that_is_no_larger_than_torchs_is_not_told():
    assert compare(_worst(0.4), _worst(0.7, torch_ratio=0.7)) == []


def test_an_operation_that_was_not_measured_before_has_not_grown():
    assert compare(_json(), _worst(0.9)) == []


def test_what_the_candidate_newly_lacks_is_told():
    old, new = _json(lacking=Counter({"no groups": 4})), _json(lacking=Counter({"no groups": 9, "no pad": 2}))
    assert compare(old, new) == ["the candidate now lacks 'no pad': 2 cases were not asked"]


@pytest.mark.parametrize("wrong", [{"schema": 0}, {}, [], {"schema": "1"}])
def test_another_version_is_a_clear_error(wrong):
    with pytest.raises(ValueError, match=r"the baseline is of another version: .*, should be 1"):
        compare(wrong, _json())
    with pytest.raises(ValueError, match="the report of this run is of another version"):
        compare(_json(), wrong)
