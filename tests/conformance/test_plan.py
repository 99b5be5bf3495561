"""A run's cases by number, its own known differences, and a part of it judged here."""

import pickle

import pytest

from conformance.cases import draw
from conformance.plan import Plan, judge_number, judge_part, libraries
from conformance.tally import Tally

BENT = "tests.conformance.broken_libraries:Negated"
REGRESSIONS = ("pad c1 h3 p1,1 f32 ints seed4", "conv1d n1 c2 o2 h5 k3 f32 ints seed5")
KNOWN = """
[[difference]]
check = "value|adjoint|algorithms"
case = "^conv1d"
torch = ""
candidate = ""
reason = "a sign"
link = "a link"
"""


def test_numbers_from_zero_are_drawn_and_negative_ones_are_regressions():
    plan = Plan(seed=3, ops=("pad", "fold"), regressions=REGRESSIONS)
    assert [str(plan.case(number)) for number in (-2, -1)] == list(REGRESSIONS)
    assert [plan.case(number) for number in range(5)] == [draw(3, number, ["pad", "fold"]) for number in range(5)]


def test_a_plan_is_small_when_it_is_sent():
    plan = Plan("torch", 3, ("pad",), ("value",), REGRESSIONS)
    assert pickle.loads(pickle.dumps(plan)) == plan
    assert len(pickle.dumps(plan)) < 500


def test_a_plan_that_names_no_file_has_no_known_differences(tmp_path):
    (tmp_path / "known.toml").write_text(KNOWN)
    assert Plan().entries() == []
    assert [entry.reason for entry in Plan(known=tmp_path / "known.toml").entries()] == ["a sign"]


def test_libraries_are_made_once():
    assert libraries("torch") is libraries("torch")
    assert [library.name for library in libraries("pyconv")] == ["torch", "pyconv"]


def test_a_library_that_is_not_there_is_told():
    with pytest.raises(ImportError, match="no_such_library"):
        libraries("no_such_library")


def test_a_case_goes_through_the_checks_that_the_plan_asks_for():
    assert judge_number(Plan("torch", checks=("shape",)), 0).checks == ("shape",)
    assert len(judge_number(Plan("torch"), 0).checks) > 5


def test_a_part_counts_all_of_its_cases_and_keeps_the_wrong_ones():
    tally = judge_part(Plan(BENT, regressions=REGRESSIONS, checks=("value",)), range(-2, 3))
    assert tally.total() == 5
    assert [(failure.number, failure.case) for failure in tally.failures[:2]] == list(zip((-2, -1), REGRESSIONS))
    assert tally.counts["conv1d", "f32", "exact", "failed"] == 1


def test_a_known_difference_is_no_failure(tmp_path):
    (tmp_path / "known.toml").write_text(KNOWN)
    plan = Plan(BENT, regressions=REGRESSIONS, checks=("value",), known=tmp_path / "known.toml")
    tally = judge_part(plan, (-2, -1))
    assert [failure.number for failure in tally.failures] == [-2]
    assert tally.known == {"a sign": 1}
    assert tally.total("known") == 1


def test_parts_in_order_are_the_whole():
    plan, whole = Plan(BENT), Tally()
    for numbers in (range(40), range(40, 55), [55], [], range(56, 60)):
        whole.merge(judge_part(plan, numbers))
    assert whole.failures
    assert whole.to_json() == judge_part(plan, range(60)).to_json()
