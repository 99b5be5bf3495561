"""What is counted of a case, and that parts merged in order are the whole."""

import json
import math
from random import Random

import numpy as np
import pytest

from conformance.adapters import Adapter
from conformance.checks.difference import Difference
from conformance.known import Known
from conformance.plan import Plan, judge_part
from conformance.runner import Verdict, judge
from conformance.tally import BAD, STATUSES, Failure, Tally, Worst, bin_of
from conformance.tokens import parse

CASE = parse("conv2d n1 c2 o2 h5x5 k2x2 f32 ints seed1")
VALUE = Difference("value", "output", "1", "2")
SHAPE = Difference("shape", "output", "(1,)", "(2,)")
KNOWN = Known("value", "", "", "", "a reason", "a link")


def _verdict(*differences, tier="exact", mistrusted=False, case=CASE, lacks=None):
    return Verdict(case, tier, ("value", "shape"), differences, mistrusted, None, lacks)


@pytest.mark.parametrize(
    ("verdict", "explained", "status"),
    [
        (_verdict(), [], "passed"),
        (_verdict(mistrusted=True), [], "mistrusted"),
        (_verdict(VALUE), [None], "failed"),
        (_verdict(VALUE, mistrusted=True), [None], "failed"),
        (_verdict(VALUE), [KNOWN], "known"),
        (_verdict(VALUE, SHAPE), [KNOWN, None], "failed"),
        (_verdict(lacks="no groups", tier="none"), [], "lacking"),
    ],
)
def test_the_status_of_a_verdict(verdict, explained, status):
    tally = Tally()
    assert tally.add(0, verdict, explained) == status
    assert tally.counts == {("conv2d", "f32", verdict.tier, status): 1}
    assert tally.total() == tally.total(status) == 1
    assert tally.total(*set(STATUSES) - {status}) == 0


def test_a_failure_keeps_what_is_not_explained():
    tally = Tally()
    tally.add(7, _verdict(VALUE, SHAPE), [KNOWN, None])
    assert tally.failures == [Failure(7, str(CASE), "failed", [SHAPE])]
    assert tally.known == {"a reason": 1}
    assert [tally.checks[check, "cases"] for check in ("value", "shape")] == [1, 1]
    assert [tally.checks[check, "differences"] for check in ("value", "shape")] == [0, 1]


def test_a_known_difference_counts_a_case_once():
    tally = Tally()
    tally.add(0, _verdict(VALUE, VALUE), [KNOWN, KNOWN])
    assert tally.known == {"a reason": 1}
    assert tally.failures == []


def test_options_and_pairs_are_counted_of_valid_cases_alone():
    tally = Tally()
    tally.add(0, _verdict(), [])
    tally.add(1, _verdict(VALUE), [None])
    tally.add(2, _verdict(tier="error"), [])
    tally.add(3, _verdict(tier="none", lacks="no conv2d"), [])
    assert tally.options["conv2d", "kernel", "even", "passed"] == 1
    assert tally.options["conv2d", "kernel", "even", "failed"] == 1
    assert tally.pairs["conv2d", "batch", "1", "kernel", "even"] == 2
    assert sum(n for (_, option, *_), n in tally.options.items() if option == "kernel") == 2
    assert tally.lacking == {"no conv2d": 1}


class Nudged(Adapter):
    """torch with each output multiplied."""

    name = "nudged"

    def __init__(self, torch, factor):
        self.torch, self.factor = torch, factor

    def run(self, case, operands):
        maps = self.torch.run(case, operands)
        return maps | {"output": maps["output"] * self.factor}


def test_errors_and_the_worst_of_them_are_kept_with_their_case(torch):
    line = str(CASE).replace("ints", "real")
    tally = Tally()
    for factor in (1 + 2.0**-23, 1.0, 1 + 2.0**-22):
        tally.add(0, judge(parse(line), torch, Nudged(torch, np.float32(factor)), ("value",)), [])
    worst = tally.worst["conv2d", "f32"]
    assert (worst.case, worst.torch_case) == (line, line)
    assert 0 < worst.torch_ratio < worst.ratio < 1
    bins = [(b, n) for (_, who, b), n in tally.errors.items() if who == "candidate"]
    assert sum(n for _, n in bins) == 3
    assert max(bins)[0] == bin_of(worst.ratio)
    assert tally.outside == []


def test_what_must_be_equal_is_not_measured(torch):
    tally = Tally()
    tally.add(0, judge(CASE, torch, Nudged(torch, np.float32(2)), ("value",)), [None])
    assert (tally.worst, tally.errors, tally.total("failed")) == ({}, {}, 1)


def test_where_torch_is_outside_its_bound_a_line_says_so(torch):
    line = str(CASE).replace("ints", "real")

    class Careless(Nudged):
        def run(self, case, operands):
            return super().run(case, operands) if case.dtype == "f32" else self.torch.run(case, operands)

        def __getattr__(self, name):
            return getattr(self.torch, name)

    tally = Tally()
    tally.add(0, judge(parse(line), Careless(torch, np.float32(1.5)), torch, ("value",)), [])
    (said,) = tally.outside
    assert said.startswith(f"{line} (error/bound: torch ")
    assert tally.worst["conv2d", "f32"].torch_ratio > 1


def test_parts_merged_in_order_are_the_whole_wherever_they_are_cut():
    plan = Plan("tests.conformance.broken_libraries:Negated")
    whole, cuts = judge_part(plan, range(90)), sorted(Random(0).sample(range(1, 90), 5))
    parts = [judge_part(plan, range(a, b)) for a, b in zip([0, *cuts], [*cuts, 90])]
    merged = Tally()
    for part in parts:
        merged.merge(part)
    assert merged == whole
    assert merged.to_json() == whole.to_json()
    assert [failure.number for failure in merged.failures] == sorted(failure.number for failure in whole.failures)


def test_of_two_equally_bad_cases_the_first_is_kept():
    first, second = Tally(), Tally()
    for tally, name in ((first, "a"), (second, "b")):
        tally._keep_worst(("pad", "f32"), Worst(0.5, name, 0.5, name))
    first.merge(second)
    assert first.worst["pad", "f32"].case == "a"


def test_all_of_it_can_be_written_as_json():
    tally = judge_part(Plan("tests.conformance.broken_libraries:Negated"), range(30))
    document = tally.to_json()
    assert json.loads(json.dumps(document)) == document
    assert set(document) == set(vars(tally))
    assert document["counts"] == sorted(document["counts"])
    assert document["failures"][0]["differences"][0]["check"] in ("value", "adjoint")


def test_bins_are_half_octaves():
    assert [bin_of(2.0**n) for n in (-3, 0, 1, 5)] == [-6, 0, 2, 10]
    assert bin_of(1.5) == bin_of(1.42) == 1
    assert bin_of(math.nan) == bin_of(math.inf)


def test_what_is_bad_is_a_status():
    assert set(BAD) < set(STATUSES)
