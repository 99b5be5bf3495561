"""Which levels a case has, whoever wrote it, and which pairs it covers."""

import pytest

from conformance.case import SPATIAL_AXES
from conformance.cases import draw
from conformance.options import covered_pairs, levels, possible_pairs
from conformance.tokens import parse

LEVELS = {
    "conv2d n2 c4 o6 h9x10 k3x5 s2 p1,2 d1 g2 bias reflect f16 real": {
        "batch": "more",
        "channels": "few",
        "groups": "some",
        "kernel": "mixed",
        "stride": "more",
        "padding": "mixed",
        "dilation": "1",
        "bias": "yes",
        "via": "reflect",
        "output": "few",
        "sequences": "tuples",
        "layout": "contiguous",
        "dtype": "f16",
        "fill": "real",
    },
    "conv1d c1 o1 h3 k3 s4 p3 d2 g1 lists strided": {
        "batch": "none",
        "channels": "1",
        "groups": "1",
        "kernel": "odd",
        "stride": "beyond",
        "padding": "some",
        "dilation": "more",
        "bias": "no",
        "via": "function",
        "output": "few",
        "sequences": "ints",
        "layout": "strided",
        "dtype": "f32",
        "fill": "ints",
    },
    "conv_transpose2d n0 c4 o4 h1x1 k2 s3 op2,0 g4 module lists f64": {
        "batch": "0",
        "channels": "few",
        "groups": "depthwise",
        "kernel": "even",
        "stride": "beyond",
        "padding": "absent",
        "dilation": "absent",
        "extra": "mixed",
        "bias": "no",
        "via": "module",
        "input": "1",
        "sequences": "lists",
        "layout": "contiguous",
        "dtype": "f64",
        "fill": "ints",
    },
    "fold n1 c12 h20 k3x2 os7 complex128 real": {
        "batch": "1",
        "channels": "few",
        "kernel": "mixed",
        "stride": "absent",
        "padding": "absent",
        "dilation": "absent",
        "via": "function",
        "output": "few",
        "sequences": "tuples",
        "layout": "contiguous",
        "dtype": "complex128",
        "fill": "real",
    },
    "pad n1 c2 h5x4 p1,-2,0,0,1,1 constant v-1.5 i64": {
        "batch": "1",
        "mode": "constant",
        "value": "other",
        "axes": "2",
        "leading": "padded",
        "amounts": "both",
        "sequences": "tuples",
        "layout": "contiguous",
        "dtype": "i64",
        "fill": "ints",
    },
}


@pytest.mark.parametrize("line", LEVELS)
def test_the_levels_of_a_line(line):
    assert levels(parse(line)) == LEVELS[line]


@pytest.mark.parametrize(
    ("line", "option", "level"),
    [
        ("conv2d n1 c16 o1 h9x9 k3 psame", "channels", "many"),
        ("conv2d n1 c0 o1 h9x9 k3 psame", "channels", "0"),
        ("conv2d n1 c2 o1 h9x9 k3 psame", "padding", "same"),
        ("conv2d n1 c2 o1 h9x9 k3 psame", "output", "many"),
        ("conv2d n1 c2 o1 h4x4 k4 pvalid", "output", "1"),
        ("conv2d n1 c2 o1 h4x4 k2 p2", "padding", "large"),
        ("conv2d n1 c2 o1 h4x4 k2 p0", "padding", "0"),
        ("conv2d n1 c2 o1 h4x4 k2 zeros", "via", "zeros"),
        ("conv2d n1 c2 o1 h4x4 k2 s1,2", "stride", "mixed"),
        ("conv2d n1 c2 o1 h4x4 k2 s1,", "stride", "1"),
        ("conv_transpose1d n1 c2 o1 h4 k2 op0", "extra", "0"),
        ("conv_transpose1d n1 c2 o1 h4 k2 s2 op1", "extra", "some"),
        ("conv_transpose1d n1 c2 o1 h4 k2 s2 os9 module", "extra", "output_size"),
        ("fold n1 c4 h9 k2 os4", "channels", "1"),
        ("unfold n1 c4 h4x4 k2", "channels", "few"),
        ("pad h5 p-1,0 v0.0", "amounts", "crop"),
        ("pad h5 p-1,0 v0.0", "value", "0"),
    ],
)
def test_one_level_of_a_line(line, option, level):
    assert levels(parse(line))[option] == level


def test_the_pairs_of_a_case_are_two_of_its_levels_each():
    found = levels(parse("pad n1 c2 h5 p1,1"))
    pairs = covered_pairs(found)
    assert len(pairs) == len(set(pairs)) == len(found) * (len(found) - 1) / 2
    assert all(found[a] == i and found[b] == j for a, i, b, j in pairs)
    assert ("batch", "1", "axes", "1") in pairs


@pytest.mark.parametrize("op", SPATIAL_AXES)
def test_what_a_drawn_case_covers_is_nearly_always_possible(op):
    pairs = [
        pair
        for number in range(200)
        if number % 4 != 3  # a broken case
        for pair in covered_pairs(levels(draw(1, number, [op])))
    ]
    assert sum(pair in possible_pairs(op) for pair in pairs) > 0.995 * len(pairs)
