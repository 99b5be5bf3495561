"""The adapter to Chainer with the real library; collected where chainer is installed."""

import warnings

import numpy as np
import pytest

from conformance.adapters.chainer import Chainer
from conformance.cases import draw
from conformance.checks import CHECKS
from conformance.fills import draw as operands
from conformance.runner import judge
from conformance.tokens import parse

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    ADAPTER = Chainer()


def test_it_agrees_with_torch_where_it_is_known_to(torch):
    cases = [draw(4, number) for number in range(900)]
    cases = [case for case in cases if ADAPTER.lacks(case) is None and (case.op != "pad" or case.mode is None)]
    verdicts = [judge(case, torch, ADAPTER, tuple(CHECKS)) for case in cases]
    verdicts = [verdict for verdict in verdicts if verdict.tier != "error"]
    assert len(verdicts) > 100
    assert [(str(v.case), v.differences) for v in verdicts if v.differences] == []


@pytest.mark.parametrize(
    "line",
    [
        "conv2d n1 c2 o2 h5x6 k3x5 psame g2 bias f64",
        "conv_transpose1d n1 c2 o2 h5 k3 s2 op1 bias f16",
        "unfold n1 c4 h4x5 k2 d1,2",
        "pad n1 c1 h3 p1,2 v1.5",
        "pad n1 c1 h3 p1,2 reflect",
    ],
)
def test_the_code_does_what_the_adapter_does(line):
    case = parse(line)
    arrays = operands(case).arrays
    names = {letter: arrays[name] for letter, name in zip("xwb", ("input", "weight", "bias")) if name in arrays}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec("\n".join(ADAPTER.code(case)), names)
    assert np.array_equal(names["y"], ADAPTER.run(case, operands(case))["output"])
