"""Which pairs were covered, counted again from the cases themselves."""

from collections import Counter

from conformance.adapters import Adapter
from conformance.case import SPATIAL_AXES
from conformance.cases import EVERY_BROKEN, draw
from conformance.options import covered_pairs, levels, possible_pairs
from conformance.report.coverage import coverage
from conformance.tally import Tally
from tests.conformance.report.conftest import count


class _Nothing(Adapter):
    name = "nothing"

    def lacks(self, case):
        return "everything"


def test_what_is_missing_is_what_no_valid_case_has(torch):
    valid = [number for number in range(0, 180, 9) if number // 9 % EVERY_BROKEN != EVERY_BROKEN - 1]
    tally = count(torch, torch, valid)
    (found,) = coverage(tally)
    cases = [draw(0, number, list(SPATIAL_AXES)) for number in valid]
    met = {pair for case in cases for pair in covered_pairs(levels(case))}
    assert found.op == "conv1d"
    assert found.possible == possible_pairs("conv1d")
    assert found.missing == found.possible - met
    assert found.covered == len(found.possible & met) > 0
    assert found.missing


def test_an_operation_that_no_valid_case_has_is_uncovered(torch):
    (found,) = coverage(count(torch, _Nothing(), [8]))
    assert (found.op, found.covered, found.missing) == ("pad", 0, possible_pairs("pad"))


def test_operations_that_are_not_drawn_have_no_coverage():
    assert coverage(Tally(counts=Counter({("no such", "f32", "exact", "passed"): 1}))) == []
