"""Known differences: an entry explains just what its patterns match."""

from dataclasses import replace

import pytest

from conformance.checks.difference import Difference
from conformance.known import Known, find, load
from conformance.tokens import parse

CASE = parse("conv2d n1 c1 o1 h3x3 k2 d0 f32 ints seed1")
DIFFERENCE = Difference("error text", "error", "RuntimeError: dilation [0, 0]", "RuntimeError: dilation 0")
KNOWN = Known("error text", r"\bd0\b", "dilation", "^RuntimeError: dilation", "backend", "torch-facts")


def test_an_entry_explains_a_difference_that_all_its_patterns_match():
    assert KNOWN.explains(CASE, DIFFERENCE)
    assert find([KNOWN], CASE, DIFFERENCE) is KNOWN


@pytest.mark.parametrize(
    "changed", [{"check": "error type"}, {"case": r"\bd1\b"}, {"torch": "stride"}, {"candidate": "^ValueError"}]
)
def test_one_pattern_that_does_not_match_is_enough(changed):
    assert find([replace(KNOWN, **changed)], CASE, DIFFERENCE) is None


def test_an_entry_for_one_of_several_results_explains_no_other():
    entry = replace(KNOWN, where="^error$")
    assert entry.explains(CASE, DIFFERENCE)
    assert not entry.explains(CASE, replace(DIFFERENCE, where="result 0"))


@pytest.mark.parametrize(
    ("expected", "got", "explained"),
    [
        ("1.0", "1.0009", True),
        ("1.0", "1.0011", False),
        ("(1+1j)", "(1+1.001j)", True),
        ("1.0", "nan", False),
        ("one", "1.0", False),
        ("0.0", "1e-30", False),
    ],
)
def test_numbers_may_be_apart_by_a_part_of_torchs(expected, got, explained):
    entry = Known("value", "", "", "", "last bits", "torch-facts", apart=1e-3)
    assert entry.explains(CASE, Difference("value", "output", expected, got)) is explained


def test_the_first_of_two_entries_explains():
    other = replace(KNOWN, reason="other")
    assert find([other, KNOWN], CASE, DIFFERENCE) is other


def test_a_file_is_read(tmp_path):
    path = tmp_path / "known.toml"
    path.write_text(
        "[[difference]]\ncheck = 'value'\ncase = 'a'\ntorch = 'b'\ncandidate = 'c'\nreason = 'd'\nlink = 'e'\n"
    )
    assert load(path) == [Known("value", "a", "b", "c", "d", "e")]


def test_an_incomplete_entry_is_refused(tmp_path):
    path = tmp_path / "known.toml"
    path.write_text("[[difference]]\ncheck = 'value'\n")
    with pytest.raises(TypeError):
        load(path)


def test_every_entry_that_ships_has_a_reason_and_a_link():
    assert all(entry.reason and entry.link for entry in load())
