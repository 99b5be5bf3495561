"""Broken calls: every way comes, the lines are lines, torch refuses many of them."""

from random import Random

import pytest

from conformance.cases import FAMILIES
from conformance.cases.call_errors import BREAKERS, WRONG, break_call
from conformance.checks.call_reference import reference_of
from conformance.checks.difference import Raised
from conformance.operations import OPERATIONS
from conformance.tokens import parse

CALL = parse("max_pool2d input=2x3x8x9 kernel_size=(3,2) stride=2 padding=1")


def test_a_broken_call_has_a_line():
    for number, op in enumerate(OPERATIONS):
        rnd = Random(number)
        for turn in range(len(BREAKERS)):
            call = break_call(rnd, FAMILIES[op].draw(rnd), turn)
            assert parse(str(call)) == call


@pytest.mark.parametrize("place", range(len(BREAKERS)))
def test_each_way_changes_the_call(place):
    broken = [BREAKERS[place](Random(seed), CALL) for seed in range(20)]
    assert sum(call != CALL for call in broken) >= 15


def test_a_call_without_anything_can_be_broken():
    for breaker in BREAKERS:
        assert breaker(Random(0), parse("relu")).op == "relu"


def test_an_argument_of_a_known_name_gets_a_value_that_it_must_not_have():
    found = {break_call(Random(seed), parse("max_pool1d input=1x4 stride=2"), 0).text("stride") for seed in range(60)}
    assert {str(value).replace(" ", "") for value in WRONG["stride"]} <= found


@pytest.mark.filterwarnings("ignore")
def test_torch_refuses_about_half_and_in_many_ways(torch):
    calls = [break_call(Random(seed), CALL, seed) for seed in range(90)]
    outcomes = [reference_of(call, torch).outcome for call in calls]
    refused = [outcome for outcome in outcomes if isinstance(outcome, Raised)]
    assert 0.3 * len(calls) < len(refused) < 0.9 * len(calls)
    assert {outcome.kind for outcome in refused} >= {"RuntimeError", "TypeError"}
    assert len({outcome.text for outcome in refused}) > 10
