"""A small run with all that can happen to a case, and its report."""

import pytest

from conformance.adapters import Adapter
from conformance.case import SPATIAL_AXES
from conformance.cases import draw
from conformance.checks.difference import Difference
from conformance.known import Known
from conformance.report import Report
from conformance.runner import judge
from conformance.tally import Failure, Tally

CRASHED = "conv3d n1 c1 o1 h2x2x2 k1 f64 ints seed1"
SLOW = "pad h3 p1,1 f32 ints seed2"
KNOWN = Known("value", "^pad", "", "", "pads are <odd>", "https://example.org/odd?a=1&b=2")
STALE = Known("value", "^fold", "", "", "long mended", "no link")
TEXT = 'lists <are> not "taken" & so on'


class Bent(Adapter):
    """torch, bent: float32 results of conv2d are too large, unfold raises, pad differs, complex128 is lacking."""

    name = "bent"

    def __init__(self, torch):
        self.torch = torch

    def lacks(self, case):
        return "no complex128" if case.dtype == "complex128" else None

    def run(self, case, operands):
        maps = self.torch.run(case, operands)
        if case.op == "unfold" and case.lists:
            raise TypeError(TEXT)
        if case.op == "pad" and maps["output"].size:
            return maps | {"output": maps["output"] + 1}
        return {n: 2 * a if (case.op, case.dtype, n) == ("conv2d", "f32", "output") else a for n, a in maps.items()}


def count(torch, candidate, numbers):
    """The tally of these numbers, in which differences of pad's values are known."""
    tally = Tally()
    for number in numbers:
        verdict = judge(draw(0, number, list(SPATIAL_AXES)), torch, candidate)
        tally.add(number, verdict, [KNOWN if KNOWN.explains(verdict.case, d) else None for d in verdict.differences])
    return tally


@pytest.fixture(scope="package")
def tally(torch):
    counted = count(torch, Bent(torch), range(300))
    first, second = counted.failures[:2]
    first.shrunk = second.shrunk = "unfold n1 c1 h1x1 k1 lists f32 ints seed0"
    first.cause, first.snippet = "the lists & tuples <differ>", "import torch\n\nprint(1 < 2)\n"
    for line, status in ((CRASHED, "crashed"), (SLOW, "timed out")):
        op, *_, dtype, _, _ = line.split()
        counted.counts[op, dtype, "none", status] += 1
        counted.failures.append(Failure(300, line, status))
    counted.failures[3].differences.append(Difference("value", "output", "a\x00b", "c\x1bd"))
    return counted


@pytest.fixture(scope="package")
def report(tally):
    settings = {"seed": 0, "ops": ["conv2d", "pad"], "budget": None}
    environment = {"numpy": "2.4.0", "cpu": "Some <Processor>"}
    return Report("bent", tally, settings, environment, 2.0, (KNOWN, STALE), (STALE,), options="--candidate bent ")
