"""Calls of the poolings: the windows fit, what torch leaves to chance is not drawn."""

from random import Random

import pytest

from conformance.cases import FAMILIES
from conformance.cases.pooling import is_undefined, without_dilation
from conformance.operands import operands_of
from conformance.tokens import parse

OPS = ("max_pool1d", "max_pool2d", "max_pool3d")


@pytest.mark.parametrize("op", OPS)
def test_every_window_has_a_part_of_the_input(op):
    calls = [FAMILIES[op].draw(Random(seed)) for seed in range(300)]
    assert not any(map(is_undefined, calls))
    assert sum(call.text("dilation") not in ("absent", "1") for call in calls) > 50


@pytest.mark.parametrize(
    ("line", "undefined"),
    [
        ("max_pool2d input=1x3x2 kernel_size=2 dilation=(1,3)", True),
        ("max_pool2d input=1x3x3 kernel_size=2 dilation=(1,3)", False),
        ("max_pool2d input=1x0x3 kernel_size=2 dilation=2", False),
        ("avg_pool2d input=1x1x1 kernel_size=2", False),
    ],
)
def test_a_dilation_beyond_the_input_is_undefined(line, undefined):
    assert is_undefined(parse(line)) is undefined
    assert not is_undefined(without_dilation(parse(line)))


def test_indices_lie_in_the_output(torch):
    for seed in range(40):
        call = FAMILIES["max_unpool2d"].draw(Random(seed))
        if call.layout is None and call.shapes()["input"][0]:
            torch.run(call, operands_of(call))
