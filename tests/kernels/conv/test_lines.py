"""Phases of a dimension: every tap reads where a convolution's definition says, every element is written once."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels.conv.lines import line
from tests.kernels.conv.draws import geometry


def draw(seed):
    return geometry(np.random.default_rng(seed), 1)


def read(target, i):
    """(tap, source element) for element `i` of a phase."""
    taps = range(100)[target.taps][: target.number]
    return [(tap, target.offset + n * target.move) for n, tap in enumerate(taps)]


@pytest.mark.parametrize("seed", range(60))
def test_the_forward_pass_reads_what_each_tap_reads(seed):
    conv = draw(seed)
    window = conv.window
    made = line(conv, 0, "forward")
    (target,) = made.targets
    assert (target.first, target.step, target.length) == (0, 1, conv.output[0])
    for tap, offset in read(target, 0):
        assert offset == tap * window.dilation[0] - window.padding[0][0]
    assert made.step == window.stride[0]
    assert made.size == conv.input[0]
    assert target.number == window.kernel[0]


@pytest.mark.parametrize("seed", range(60))
def test_the_gradient_reads_gy_from_where_each_tap_wrote(seed):
    conv = draw(seed)
    window = conv.window
    expected = {
        (o * window.stride[0] + tap * window.dilation[0] - window.padding[0][0], tap, o)
        for o in range(conv.output[0])
        for tap in range(window.kernel[0])
    }
    expected = {triple for triple in expected if 0 <= triple[0] < conv.input[0]}
    made = line(conv, 0, "input_grad")
    found = [
        (target.first + i * target.step, tap, i + offset)
        for target in made.targets
        for i in range(target.length)
        for tap, offset in read(target, i)
        if 0 <= i + offset < made.size
    ]
    assert len(found) == len(set(found))
    assert set(found) == expected
    written = [target.first + i * target.step for target in made.targets for i in range(target.length)]
    assert sorted(written) == list(range(conv.input[0]))


@pytest.mark.parametrize("name", ["forward", "input_grad"])
@pytest.mark.parametrize("seed", range(60))
def test_zeros_between_two_lines_serve_both(seed, name):
    made = line(draw(seed), 0, name)
    assert made.pitch % made.step == made.margin % made.step == 0
    assert made.pitch >= made.size
    for target in made.targets:
        for i in range(target.length):
            for _, offset in read(target, i):
                place = i * made.step + offset
                assert made.low <= offset <= made.high
                assert place >= -made.margin
                if not 0 <= place < made.size:
                    assert made.size <= place % made.pitch


def test_past_the_last_dimension_there_is_one_element():
    conv = Conv.of((2, 3, 9), (6, 3, 3))
    made = line(conv, 1, "forward")
    assert (made.size, made.length, made.pitch, made.low, made.high) == (1, 1, 1, 0, 0)
