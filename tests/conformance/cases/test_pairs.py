"""All-pairs coverage: every two levels that can meet do meet, in few cases, and torch accepts each of them."""

from math import prod
from random import Random

import pytest

from conformance.case import SPATIAL_AXES, Case
from conformance.cases import FAMILIES, pairwise
from conformance.cases.option import Family, Option, excluding, pairs_of
from conformance.cases.pairs import PATIENCE, covering
from conformance.fills import draw as fill

SEEDS = range(4)


def _covered(op, seed):
    family = FAMILIES[op]
    return {pair for case in pairwise(seed, op) for pair in pairs_of(family.levels(case))}


@pytest.mark.parametrize("op", SPATIAL_AXES)
@pytest.mark.parametrize("seed", SEEDS)
def test_all_possible_pairs_are_covered(op, seed):
    assert FAMILIES[op].possible - _covered(op, seed) == frozenset()


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("op", SPATIAL_AXES)
@pytest.mark.parametrize("seed", SEEDS)
def test_torch_accepts_every_covering_case(torch, op, seed):
    for case in pairwise(seed, op):
        assert "output" in torch.run(case, fill(case)), str(case)


@pytest.mark.parametrize("op", SPATIAL_AXES)
def test_they_are_few(op):
    most = sorted(len(option.weights) for option in FAMILIES[op].options)[-2:]
    assert prod(most) / 2 < len(pairwise(0, op)) < 2 * prod(most)


def test_they_are_a_function_of_seed_and_operation():
    family = FAMILIES["fold"]
    assert covering(family, Random("0/fold")) == list(pairwise(0, "fold"))
    assert pairwise(0, "fold") != pairwise(1, "fold")


def test_every_case_covers_a_pair_that_those_before_it_do_not():
    family, seen = FAMILIES["pad"], set()
    for case in pairwise(2, "pad"):
        found = set(pairs_of(family.levels(case))) & family.possible
        assert found - seen
        seen |= found


def _three(realise):
    options = tuple(
        Option(name, {"1": 1, "2": 1}, lambda case, name=name: str(getattr(case, name)))
        for name in ("out_channels", "groups", "seed")
    )
    return Family(options, excluding(options), realise, lambda case: 1.0)


@pytest.mark.parametrize(
    ("realised", "lost"),
    [
        (lambda out, groups, seed: (out, groups, seed if out + groups < 4 else 2), set()),
        (lambda out, groups, seed: (out, min(groups, 3 - out), seed), {("out_channels", "2", "groups", "2")}),
    ],
    ids=["a pair needs a third level", "a pair never comes"],
)
def test_a_pair_that_does_not_come_at_once_is_tried_again_and_given_up_in_the_end(realised, lost):
    def realise(rnd, levels):
        names = ("out_channels", "groups", "seed")
        return Case("pad", **dict(zip(names, realised(*(int(levels[name]) for name in names)))))

    family = _three(realise)
    cases = covering(family, Random(0))
    assert family.possible.difference(*(pairs_of(family.levels(case)) for case in cases)) == lost
    assert len(cases) < PATIENCE
