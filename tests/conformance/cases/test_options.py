"""Options that the families share: every level is drawn as it is named, and read off a case as it was drawn."""

from random import Random

import pytest

from conformance.case import SPATIAL_AXES
from conformance.cases import FAMILIES
from conformance.cases.options import draw_batch, draw_channels, spell


def _many(draw, count=500):
    rnd = Random(0)
    return [draw(rnd) for _ in range(count)]


@pytest.mark.parametrize("groups", ["absent", "1", "some", "depthwise"])
@pytest.mark.parametrize("channels", ["few", "many"])
def test_channels_divide_by_the_groups(channels, groups):
    for drawn in _many(lambda rnd: draw_channels(rnd, channels, groups), 100):
        count = drawn["groups"] or 1
        assert drawn["channels"] % count == drawn["out_channels"] % count == 0
        assert (drawn["channels"] >= 16) == (channels == "many")


def test_batches():
    assert {level: draw_batch(Random(0), level) for level in ("none", "0", "1")} == {"none": None, "0": 0, "1": 1}
    assert set(_many(lambda rnd: draw_batch(rnd, "more"))) == {2, 3}


def test_an_argument_is_spelled_in_every_way_that_means_it():
    assert set(_many(lambda rnd: spell(rnd, (2, 2), "ints"))) == {2}
    assert set(_many(lambda rnd: spell(rnd, (2, 2), "tuples"))) == {2, (2, 2)}
    assert set(_many(lambda rnd: spell(rnd, (2, 2), "tuples", short=True))) == {2, (2, 2), (2,)}
    assert set(_many(lambda rnd: spell(rnd, (1, 2), "lists"))) == {(1, 2)}
    assert spell(Random(0), (1, 1), "tuples", absent=True) is None


@pytest.mark.parametrize("op", SPATIAL_AXES)
def test_a_case_has_nearly_always_the_levels_that_it_was_drawn_for(op):
    family, rnd = FAMILIES[op], Random(op)
    asked = [family.choose(rnd) for _ in range(300)]
    hits = [family.levels(family.draw(rnd, levels)) == levels for levels in asked]
    assert sum(hits) > 0.75 * len(hits)


@pytest.mark.parametrize("op", SPATIAL_AXES)
def test_no_excluded_pair_is_chosen(op):
    family, rnd = FAMILIES[op], Random(op)
    for _ in range(200):
        levels = family.choose(rnd)
        pairs = {(a, levels[a], b, levels[b]) for a in levels for b in levels if a != b}
        assert not pairs & family.excluded
