"""The report's lines: a failure with its repeat command, a case in detail, and sums that add up."""

import numpy as np
import pytest

from conformance import report
from conformance.case import parse
from conformance.cases import draw
from conformance.compare import Raised
from conformance.known import Known
from conformance.runner import run, run_case

LINE = "conv1d n1 c1 o1 h3 k2 f32 ints seed1"


class _Answering:
    name = "answering"

    def __init__(self, answer):
        self.answer = answer

    def run(self, case, operands):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def _verdict(torch, maps=None, line=LINE):
    return run_case(parse(line), torch, torch if maps is None else _Answering(maps))


def test_a_failure_shows_both_sides_and_the_command(torch):
    verdict = _verdict(torch, ValueError("no"))
    assert report.failure(verdict, verdict.differences, "mine").splitlines() == [
        f"FAILED {LINE}",
        "  outcome of error",
        "    torch     no error",
        "    mine      ValueError: no",
        f'  repeat with: python -m conformance --case "{LINE}"',
    ]


def test_a_failure_tells_how_many_and_where(torch):
    right = _verdict(torch).expected
    wrong = right | {"output": right["output"] + np.array([[[0, 7]]], np.float32)}
    verdict = _verdict(torch, wrong)
    text = report.failure(verdict, verdict.differences, "mine", "--candidate torch ")
    assert "  value of output (1 of 2 values, the worst at (0, 0, 1))" in text
    assert f"    torch     {right['output'][0, 0, 1]}\n    mine      {wrong['output'][0, 0, 1]}\n" in text
    assert 'python -m conformance --candidate torch --case "' in text


def test_the_detail_of_a_case(torch):
    right = _verdict(torch).expected
    text = report.detail(_verdict(torch, right | {"output": right["output"] + 1}), "mine")
    assert "torch     output float32 (1, 1, 2), input gradient float32 (1, 1, 3)" in text
    assert "output: 2 of 2 values differ\n  worst at (0, 0, 0)\n" in text
    assert "weight gradient: 0 of 2 values differ" in text


def test_the_detail_of_a_real_case_has_ratios_and_the_double(torch):
    text = report.detail(_verdict(torch, line="conv1d n2 c3 o1 h9 k3 f32 real seed1"), "mine")
    assert "output: error/bound 0." in text
    assert "    double    " in text


def test_the_detail_of_an_error_has_both_texts(torch):
    text = report.detail(_verdict(torch, ValueError("no"), "conv1d n1 c1 o1 h3 k2 s0"), "mine")
    assert "torch     RuntimeError: non-positive stride is not supported\nmine      ValueError: no" in text


@pytest.fixture
def tally(torch):
    counted = report.Tally()
    known = Known("outcome", "", "", "", "because", "there")
    for verdict in run((draw(0, number) for number in range(60)), torch, torch):
        counted.add(verdict, [])
    counted.add(_verdict(torch, ValueError("no")), [None])
    counted.add(_verdict(torch, ValueError("no")), [known])
    return counted


def test_a_case_with_an_unexplained_difference_fails_and_a_known_one_does_not(tally):
    assert (tally.passed, tally.failed) == (61, 1)
    assert [known.reason for known in tally.used] == ["because"]


def test_the_summary_counts_each_case_once_by_operation_and_once_by_dtype(tally):
    lines = report.summary(tally, "mine", 2.0).splitlines()
    rows = [line.split() for line in lines[1:-2]]
    operations = [int(row[2]) for row in rows if row[0].startswith(("conv", "fold", "unfold", "pad"))]
    assert sum(operations) == 62
    assert sum(int(row[2]) for row in rows) == 124
    assert lines[-2:] == ["62 cases in 2.0 s, 31 a second", "61 passed, 1 failed"]


def test_torch_outside_its_bound_is_told_though_nothing_fails(torch):
    class Inexact:
        name = "inexact torch"

        def run(self, case, operands):
            maps = torch.run(case, operands)
            return maps if case.dtype == "f64" else {n: a * np.float32(1.01) for n, a in maps.items()}

    verdict = run_case(parse("conv1d n2 c3 o1 h9 k3 f32 real seed1"), Inexact(), torch)
    counted = report.Tally()
    counted.add(verdict, [None] * len(verdict.differences))
    assert counted.failed == 0
    assert len(counted.outside) == 1
    assert "torch outside the bound: conv1d n2 c3" in report.summary(counted, "mine", 1.0)


def test_an_answer_is_maps_or_an_error(torch):
    assert isinstance(_verdict(torch, line="conv1d n1 c1 o1 h3 k2 s0").expected, Raised)
