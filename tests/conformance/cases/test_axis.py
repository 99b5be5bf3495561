"""Sizes drawn from the output back are valid and take the rests into account."""

from random import Random

import pytest

from conformance.cases.axis import Axis, draw_axes, draw_positions, draw_size


def test_the_windows_of_an_axis():
    axis = Axis(kernel=3, stride=2, padding=1, dilation=2)
    assert axis.extent == 5
    assert [axis.positions(size) for size in (3, 4, 5, 6)] == [1, 1, 2, 2]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_drawn_size_has_room_for_the_windows(count):
    rnd = Random(count)
    rests = set()
    for _ in range(400):
        for axis in draw_axes(rnd, count):
            wanted = draw_positions(rnd, count, roomy=False)
            size = draw_size(rnd, axis, wanted)
            assert size >= 1
            assert axis.positions(size) >= wanted or size == 1
            rests.add((size + 2 * axis.padding - axis.extent) % axis.stride)
    assert {0, 1, 2} <= rests


def test_a_drawn_size_keeps_to_the_least():
    assert draw_size(Random(0), Axis(1, 1, 3, 1), 1, least=4) == 4


def test_half_of_the_draws_are_alike_on_every_axis():
    rnd = Random(0)
    alike = sum(len(set(draw_axes(rnd, 3))) == 1 for _ in range(400))
    assert 180 < alike < 260


def test_roomy_axes_are_longer():
    rnd = Random(0)
    assert min(draw_positions(rnd, 2, roomy=True) for _ in range(50)) >= 6
