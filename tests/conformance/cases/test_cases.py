"""A case is a function of seed, number and operation."""

from conformance.case import SPATIAL_AXES
from conformance.cases import draw
from conformance.cases.pad import is_undefined


def test_a_number_gives_the_same_case_in_any_order():
    forwards = [draw(3, number) for number in range(60)]
    backwards = [draw(3, number) for number in reversed(range(60))]
    assert forwards == backwards[::-1]
    assert draw(4, 0) != forwards[0]


def test_operations_come_in_turn():
    assert [draw(0, number).op for number in range(9)] == list(SPATIAL_AXES)
    assert [draw(0, number, ["pad", "fold"]).op for number in range(3)] == ["pad", "fold", "pad"]


def test_a_choice_of_operations_does_not_change_their_cases():
    assert draw(0, 1, ["conv1d", "conv2d"]) == draw(0, 1)


def test_nothing_undefined_is_drawn():
    assert not any(is_undefined(draw(0, number, ["pad"])) for number in range(2000))
