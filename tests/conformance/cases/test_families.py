"""The families of calls: the levels are drawn as they are named, their pairs are covered, torch takes what is valid."""

from collections import Counter
from random import Random

import pytest

from conformance.cases import EVERY_BROKEN, FAMILIES, draw, is_undefined, pairwise
from conformance.cases.option import pairs_of
from conformance.checks.call_reference import reference_of
from conformance.checks.difference import Raised
from conformance.operations import GROUPS, OPERATIONS
from conformance.tokens import parse

_REFUSED = {"div": 0.25, "remainder": 0.25, "fmod": 0.25, "floor_divide": 0.25, "pow": 0.25, "argmin": 0.25}
"""How much torch may refuse where it depends on the numbers, such as a division of integers by zero."""


@pytest.mark.parametrize("group", GROUPS)
def test_every_operation_of_a_group_has_a_family_and_its_calls_their_lines(group):
    for op in GROUPS[group]:
        rnd = Random(op)
        for _ in range(10):
            call = FAMILIES[op].draw(rnd)
            assert call.op == op
            assert parse(str(call)) == call


@pytest.mark.parametrize("group", GROUPS)
def test_a_drawn_call_has_the_levels_that_it_was_drawn_for(group):
    for op in GROUPS[group]:
        family, rnd, misses, draws = FAMILIES[op], Random(op), Counter(), 60
        for _ in range(draws):
            levels = family.choose(rnd)
            found = family.levels(family.draw(rnd, levels))
            misses.update((name, levels[name], found[name]) for name in levels if found[name] != levels[name])
        assert sum(misses.values()) <= 0.03 * draws * len(family.options), (op, misses)


@pytest.mark.parametrize("group", GROUPS)
def test_all_possible_pairs_are_covered(group):
    for op in GROUPS[group]:
        found = {pair for call in pairwise(0, op) for pair in pairs_of(FAMILIES[op].levels(call))}
        assert FAMILIES[op].possible - found == frozenset(), op


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("group", GROUPS)
def test_torch_takes_nearly_every_covering_call(torch, group):
    for op in GROUPS[group]:
        calls = pairwise(0, op)[:40]
        refused = [str(call) for call in calls if isinstance(reference_of(call, torch).outcome, Raised)]
        assert len(refused) <= _REFUSED.get(op, 0.2) * len(calls), (op, refused)


def test_of_each_operation_every_fourth_call_is_broken():
    ops = list(OPERATIONS)
    for op in ops:
        family = FAMILIES[op]
        turns = range(EVERY_BROKEN - 1, 8 * EVERY_BROKEN, EVERY_BROKEN)
        broken = [draw(0, turn, [op]) for turn in turns]
        valid = [family.draw(Random(f"0/{turn}/{op}")) for turn in turns]
        assert sum(one != other for one, other in zip(broken, valid)) >= 6, op


def test_nothing_undefined_is_drawn():
    ops = ["max_pool2d", "topk", "median", "kthvalue"]
    assert not any(is_undefined(draw(0, number, ops)) for number in range(2000))
