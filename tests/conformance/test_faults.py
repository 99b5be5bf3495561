"""The harness finds each planted fault soon, says what it is, and finds nothing between torch and torch."""

import pytest

from conformance.cases import draw
from conformance.runner import run
from tests.conformance.faults import FAULTS, Faulty

LIMIT = 600
CHECKS = {
    "flipped kernel": {"value"},
    "same on the wrong side": {"value"},
    "missing bias": {"value"},
    "swapped groups": {"value"},
    "wrong gradient of the weight": {"value"},
    "gradient not conjugated": {"value"},
    "wider result": {"dtype"},
    "saturated integers": {"value"},
    "lost precision": {"value"},
    "rounded too early": {"value"},
    "unbatched with a batch": {"shape"},
    "no gradient of the bias": {"maps"},
    "reflected with the edge": {"value"},
    "other words": {"error text"},
    "other sizes in the text": {"error text"},
    "other exception": {"error type"},
    "no error": {"outcome"},
}


def _first_found(torch, candidate):
    for verdict in run((draw(0, number) for number in range(LIMIT)), torch, candidate):
        if verdict.differences:
            return verdict
    return None


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_and_named(torch, name):
    verdict = _first_found(torch, Faulty(name, torch, FAULTS[name]))
    assert verdict is not None, f"not found in {LIMIT} cases"
    assert {difference.check for difference in verdict.differences} == CHECKS[name]


def test_torch_does_not_differ_from_torch(torch):
    verdicts = list(run((draw(1, number) for number in range(LIMIT)), torch, torch))
    assert [str(verdict.case) for verdict in verdicts if verdict.differences] == []
    assert {verdict.tier for verdict in verdicts} == {"exact", "real", "error"}
