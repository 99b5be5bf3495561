"""Draws that the families share."""

from random import Random

from conformance.case import DTYPES
from conformance.cases.options import draw_batch, draw_channels, draw_numbers, spell, spell_groups


def _many(draw, count=500):
    rnd = Random(0)
    return [draw(rnd) for _ in range(count)]


def test_channels_divide_by_the_groups():
    for channels, out_channels, groups in _many(lambda rnd: draw_channels(rnd, roomy=False)):
        assert channels % groups == out_channels % groups == 0
        assert min(channels, out_channels, groups) > 0


def test_roomy_channels_are_many():
    assert min(channels for channels, _, _ in _many(lambda rnd: draw_channels(rnd, roomy=True))) >= 8


def test_batches():
    assert set(_many(draw_batch)) == {0, 1, 2, 3, None}


def test_numbers_take_every_dtype_or_no_integers():
    assert {numbers["dtype"] for numbers in _many(draw_numbers)} == set(DTYPES)
    floats = {numbers["dtype"] for numbers in _many(lambda rnd: draw_numbers(rnd, integers=False))}
    assert floats == set(DTYPES) - {"i8", "i16", "i32", "i64", "u8"}


def test_an_argument_is_spelled_in_every_way_that_means_it():
    assert set(_many(lambda rnd: spell(rnd, (2, 2), 1))) == {2, (2, 2)}
    assert set(_many(lambda rnd: spell(rnd, (1, 1), 1))) == {None, 1, (1, 1)}
    assert set(_many(lambda rnd: spell(rnd, (2, 2), 1, short=True))) == {2, (2, 2), (2,)}
    assert set(_many(lambda rnd: spell(rnd, (1, 2), 1))) == {(1, 2)}


def test_groups_of_one_are_at_times_left_out():
    assert set(_many(lambda rnd: spell_groups(rnd, 1))) == {None, 1}
    assert set(_many(lambda rnd: spell_groups(rnd, 2))) == {2}
