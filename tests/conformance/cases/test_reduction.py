"""Calls of the reductions: where equal numbers make a result anyone's, there are none."""

from random import Random

import numpy as np
import pytest

from conformance.cases import FAMILIES
from conformance.cases.reduction import is_undefined, without_ties
from conformance.operands import operands_of
from conformance.tokens import parse


@pytest.mark.parametrize("op", ["topk", "kthvalue", "median"])
def test_the_numbers_differ(op):
    for seed in range(100):
        call = FAMILIES[op].draw(Random(seed))
        numbers = operands_of(call).arrays["input"]
        assert not is_undefined(call)
        assert len(np.unique(numbers)) == numbers.size


@pytest.mark.parametrize(
    "line",
    [
        "topk input=4x k=2 ties",
        "topk input=4x k=2 bf16 real",
        "topk input=4x:i8 k=2 real",
        "median input=4x overlapping",
    ],
)
def test_a_call_with_ties_gets_others(line):
    assert is_undefined(parse(line))
    assert not is_undefined(without_ties(parse(line)))


def test_elsewhere_ties_are_defined():
    assert not is_undefined(parse("max input=4x dim=0 ties"))
