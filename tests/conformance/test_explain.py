"""A failure made small, explained and shown, in all the maps that one can be found in."""

import pytest

from conformance import plan as plans
from conformance.adapters import TorchAdapter
from conformance.checks.difference import Difference
from conformance.explain import explained, representatives
from conformance.plan import Plan, judge_part
from conformance.tally import Failure


class Wrong(TorchAdapter):
    """torch with the sign of the output wrong, or only that of second derivatives."""

    where = "output"

    def run(self, case, operands):
        maps = super().run(case, operands)
        return maps | {"output": -maps["output"]} if self.where == "output" else maps

    def second(self, case, operands):
        maps = super().second(case, operands)
        return {name: -array for name, array in maps.items()} if self.where == "second" else maps


@pytest.fixture
def wrong(monkeypatch, torch):
    """A library with one fault, in place of what every plan would load."""
    library = Wrong()
    monkeypatch.setattr(plans, "libraries", lambda _: (torch, library))
    monkeypatch.setattr("conformance.explain.libraries", lambda _: (torch, library))
    return library


@pytest.mark.parametrize(("where", "check"), [("output", "value"), ("second", "second")])
def test_a_failure_is_made_small_and_its_cause_is_told(wrong, where, check):
    wrong.where = where
    plan = Plan("torch", ops=("conv2d",), checks=(check,))
    failures = judge_part(plan, range(40)).failures
    found = explained(plan, failures[0])
    assert found.shrunk.startswith("conv1d ")
    assert len(found.shrunk) < len(found.case)
    assert "opposite sign" in found.cause
    assert "import torch" in found.snippet


def test_one_failure_of_each_kind_stands_for_the_others():
    value, shape = (Difference(check, "output", "1", "2") for check in ("value", "shape"))
    lines = ["pad c1 h3 p1,1", "fold c1 h1 k1 os1"]
    failures = [
        Failure(n, line, "failed", [d]) for n, (line, d) in enumerate(zip(lines * 2, [value, value, value, shape]))
    ]
    assert [failure.number for failure in representatives(failures)] == [0, 1, 3]
    assert len(representatives(failures, most=1)) == 1
    assert representatives([Failure(0, "pad c1", "crashed")]) == []
