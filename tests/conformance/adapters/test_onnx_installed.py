"""The adapter to ONNX with the real evaluator; collected where onnx is installed."""

import numpy as np
import pytest

from conformance.adapters.onnx_reference import OnnxReference
from conformance.cases import draw
from conformance.fills import draw as operands
from conformance.runner import judge
from conformance.tokens import parse

ADAPTER = OnnxReference()


def is_sound(case):
    """Whether the evaluator of onnx 1.23 is known to be right about such cases."""
    if case.op == "pad":
        return min(case.padding, default=0) >= 0
    longer = case.is_transposed and (case.output_size is not None or case.output_padding not in (None, 0))
    return case.batch != 0 and not longer and not (case.is_transposed and case.groups not in (None, 1))


def test_it_agrees_with_torch_where_it_is_known_to(torch):
    cases = [
        case for case in (draw(4, number) for number in range(1200)) if ADAPTER.lacks(case) is None and is_sound(case)
    ]
    verdicts = [verdict for verdict in (judge(case, torch, ADAPTER) for case in cases) if verdict.tier != "error"]
    assert len(verdicts) > 100
    assert [(str(v.case), v.differences) for v in verdicts if v.differences] == []


@pytest.mark.parametrize(
    "line",
    [
        "conv2d n1 c2 o2 h5x6 k2x4 psame g2 bias f64",
        "conv_transpose1d n1 c2 o2 h5 k3 s2 op1 bias f16",
        "fold n1 c4 h4 k2 os3",
        "pad n1 c1 h3 p1,2 v1.5",
        "pad n1 c1 h3 p1,2 reflect i8",
    ],
)
def test_the_code_does_what_the_adapter_does(line):
    case = parse(line)
    arrays = operands(case).arrays
    names = {letter: arrays[name] for letter, name in zip("xwb", ("input", "weight", "bias")) if name in arrays}
    exec("\n".join(ADAPTER.code(case)), names)
    assert np.array_equal(names["y"], ADAPTER.run(case, operands(case))["output"])
