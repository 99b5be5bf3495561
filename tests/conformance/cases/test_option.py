"""A family of options: levels are read off a case, chosen without contradiction, and realised."""

from collections import Counter
from random import Random

import pytest

from conformance.case import SPATIAL_AXES, Case
from conformance.cases import FAMILIES
from conformance.cases.option import Family, Option, excluding, pairs_of

BATCH = Option("batch", {"none": 1, "some": 3}, lambda case: "none" if case.batch is None else "some")
BIAS = Option("bias", {"no": 1, "yes": 1}, lambda case: "yes" if case.bias else "no")
FILL = Option("fill", {"ints": 1, "real": 1}, lambda case: case.fill)
OPTIONS = (BATCH, BIAS, FILL)


def _realise(rnd, levels):
    batch = None if levels["batch"] == "none" else 1
    return Case("pad", batch=batch, bias=levels["bias"] == "yes", fill=levels["fill"], seed=rnd.randrange(1000))


def _family(*rules, realise=_realise, share=lambda case: 1.0):
    return Family(OPTIONS, excluding(OPTIONS, *rules), realise, share)


def test_the_levels_of_a_case():
    assert _family().levels(Case("pad", batch=2)) == {"batch": "some", "bias": "no", "fill": "ints"}


def test_every_pair_is_possible_but_those_that_are_excluded():
    assert len(_family().possible) == 12
    rule = ("batch", "none", "bias", "yes")
    assert _family().possible - _family(rule).possible == {rule}


def test_a_rule_may_name_many_levels_all_but_some_and_the_options_in_any_order():
    pairs = {("batch", "none", "fill", "ints"), ("batch", "some", "fill", "ints")}
    assert excluding(OPTIONS, ("fill", "ints", "batch", "none some")) == pairs
    assert excluding(OPTIONS, ("fill", "!real", "batch", "!unknown")) == pairs


def test_what_a_rule_says_of_other_options_or_levels_is_left_out():
    assert excluding(OPTIONS, ("stride", "1", "bias", "yes")) == frozenset()
    assert excluding(OPTIONS, ("fill", "complex", "bias", "yes")) == frozenset()


def test_an_excluded_pair_disagrees_in_both_directions():
    family = _family(("batch", "none", "bias", "yes"))
    assert not family.agrees({"batch": "none"}, "bias", "yes")
    assert not family.agrees({"bias": "yes"}, "batch", "none")
    assert family.agrees({"bias": "no", "fill": "real"}, "batch", "none")


def test_levels_are_chosen_by_their_weights_and_never_contradict():
    family, rnd = _family(("batch", "none", "bias", "yes")), Random(0)
    chosen = [family.choose(rnd) for _ in range(600)]
    assert not any(pair in family.excluded for levels in chosen for pair in pairs_of(levels))
    counts = Counter(levels["batch"] for levels in chosen)
    assert 0.1 < counts["none"] / 600 < 0.25


def test_what_is_fixed_is_kept_and_the_rest_follows_it():
    family, rnd = _family(("batch", "none", "bias", "yes")), Random(0)
    for _ in range(50):
        levels = family.choose(rnd, {"bias": "yes"})
        assert (levels["bias"], levels["batch"]) == ("yes", "some")


def test_a_case_that_misses_a_level_is_drawn_again():
    def careless(rnd, levels):
        return _realise(rnd, {**levels, "bias": rnd.choice(("yes", "no"))})

    family, rnd = _family(realise=careless), Random(0)
    drawn = [family.draw(rnd, {"bias": "yes"}) for _ in range(100)]
    assert sum(case.bias for case in drawn) > 95


def test_what_cannot_be_realised_gives_what_comes_nearest():
    def stubborn(rnd, levels):
        return _realise(rnd, {**levels, "bias": "no"})

    case = _family(realise=stubborn).draw(Random(0), {"bias": "yes", "batch": "none", "fill": "real"})
    assert (case.bias, case.batch, case.fill) == (False, None, "real")


def test_of_cases_with_the_levels_one_without_many_zeros_is_taken():
    family = _family(share=lambda case: case.seed / 1000)
    rnd = Random(0)
    assert sum(family.draw(rnd).seed > 550 for _ in range(100)) > 95


def test_pairs_are_in_the_order_of_the_options():
    assert pairs_of({"a": "1", "b": "2", "c": "3"}) == [
        ("a", "1", "b", "2"),
        ("a", "1", "c", "3"),
        ("b", "2", "c", "3"),
    ]


@pytest.mark.parametrize("op", SPATIAL_AXES)
def test_a_drawn_case_has_the_levels_that_it_was_drawn_for(op):
    family, rnd = FAMILIES[op], Random(op)
    misses, draws = Counter(), 300
    for _ in range(draws):
        levels = family.choose(rnd)
        found = family.levels(family.draw(rnd, levels))
        misses.update(name for name in levels if found[name] != levels[name])
    assert sum(misses.values()) < 0.025 * draws * len(family.options)
    assert max(misses.values(), default=0) < 0.25 * draws


@pytest.mark.parametrize("op", SPATIAL_AXES)
def test_every_level_is_drawn_and_no_other(op):
    family, rnd = FAMILIES[op], Random(op)
    found = [family.levels(family.draw(rnd)) for _ in range(1000)]
    for option in family.options:
        assert {levels[option.name] for levels in found} == set(option.weights)
