"""The adapter to MyGrad with the real library; collected where mygrad is installed."""

import numpy as np
import pytest

from conformance.adapters.mygrad import MyGrad
from conformance.cases import draw
from conformance.fills import draw as operands
from conformance.runner import judge
from conformance.tokens import parse

ADAPTER = MyGrad()
UNSOUND = ("overlapping", "fortran")


def is_sound(case):
    """Whether MyGrad 2.5 is known to be right about such cases."""
    return set(case.axes(case.dilation)) == {1} and case.layout not in UNSOUND


def test_it_agrees_with_torch_where_it_is_known_to(torch):
    cases = [draw(4, number, ["conv1d", "conv2d", "conv3d"]) for number in range(2000)]
    cases = [case for case in cases if ADAPTER.lacks(case) is None and is_sound(case)]
    verdicts = [verdict for verdict in (judge(case, torch, ADAPTER) for case in cases) if verdict.tier != "error"]
    assert len(verdicts) > 100
    assert [(str(v.case), v.differences) for v in verdicts if v.differences] == []


@pytest.mark.parametrize("line", ["conv2d n1 c2 o2 h5x6 k3 psame bias f64", "conv1d n2 c1 o3 h9 k3 s2 i8"])
def test_the_code_does_what_the_adapter_does(line):
    case = parse(line)
    arrays = operands(case).arrays
    names = {letter: arrays[name] for letter, name in zip("xwb", ("input", "weight", "bias")) if name in arrays}
    exec("\n".join(ADAPTER.code(case)), names)
    assert np.array_equal(names["y"], ADAPTER.run(case, operands(case))["output"])
