"""Windows drawn for levels, and sizes drawn from the output back: they are valid and take the rests into account."""

from itertools import product
from random import Random

import pytest

from conformance.cases.axis import Axis
from conformance.cases.options import DILATION, KERNEL, PADDING, STRIDE
from conformance.cases.window import draw_axes, draw_positions, draw_size, positions_level

NAMES = ("kernel", "stride", "padding", "dilation")
LEVELS = [dict(zip(NAMES, levels)) for levels in product(*(o.weights for o in (KERNEL, STRIDE, PADDING, DILATION)))]
PLAIN = [levels for levels in LEVELS if "mixed" not in levels.values()]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_drawn_size_has_room_for_the_windows(count):
    rnd = Random(count)
    rests = set()
    for levels in PLAIN if count == 1 else LEVELS:
        for axis in draw_axes(rnd, count, levels):
            (wanted,) = draw_positions(rnd, 1, "few")
            size = draw_size(rnd, axis, wanted)
            assert size >= 1
            assert axis.positions(size) >= wanted
            rests.add((size + 2 * axis.padding - axis.extent) % axis.stride)
    assert {0, 1, 2} <= rests


@pytest.mark.parametrize("count", [1, 2, 3])
def test_an_axis_for_each_dimension_alike_on_all_but_for_what_is_mixed(count):
    rnd = Random(count)
    for levels in PLAIN if count == 1 else LEVELS:
        axes = draw_axes(rnd, count, levels)
        assert len(axes) == count
        for name in NAMES:
            alike = len({getattr(axis, name) for axis in axes}) == 1
            assert alike == (levels[name] != "mixed" or count == 1)


def test_the_values_of_a_level():
    rnd = Random(0)
    for levels in PLAIN:
        (axis,) = draw_axes(rnd, 1, levels)
        assert {"1": axis.kernel == 1, "odd": axis.kernel % 2 == 1 < axis.kernel, "even": axis.kernel % 2 == 0}[
            levels["kernel"]
        ]
        assert (axis.stride == 1) == (levels["stride"] in ("absent", "1"))
        assert (axis.stride > max(axis.kernel, 1)) or levels["stride"] != "beyond"
        assert (axis.padding == 0) == (levels["padding"] in ("absent", "0"))
        assert (axis.padding >= axis.extent) or levels["padding"] != "large"
        assert (axis.dilation == 1) == (levels["dilation"] in ("absent", "1"))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_numbers_of_windows(count):
    rnd = Random(0)
    drawn = {level: {draw_positions(rnd, count, level) for _ in range(200)} for level in ("1", "few", "many")}
    assert drawn["1"] == {(1,) * count}
    assert max(max(positions) for positions in drawn["few"]) <= 6
    assert min(min(positions) for positions in drawn["many"]) >= 7
    assert {positions_level(positions) for positions in drawn["many"]} == {"many"}
    assert {positions_level(positions) for positions in drawn["few"]} == {"1", "few"}


def test_a_size_is_rarely_lost_in_its_padding():
    rnd, axis = Random(0), Axis(kernel=3, padding=4)
    sizes = [draw_size(rnd, axis, 2) for _ in range(200)]
    assert sum(size >= 12 for size in sizes) > 120
    assert min(sizes) == 1


def test_the_level_of_a_number_of_windows():
    assert [positions_level(n) for n in ((1,), (1, 1, 1), (1, 2), (6, 6), (7, 1))] == ["1", "1", "few", "few", "many"]
