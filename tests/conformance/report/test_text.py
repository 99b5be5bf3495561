"""The plain lines: a failure with its repeat command, a case in detail, and sums that add up."""

from collections import Counter
from dataclasses import replace

import numpy as np

from conformance.adapters import Adapter
from conformance.checks.difference import Difference
from conformance.report import detail, failure, summary
from conformance.report.text import closing, ratio_text
from conformance.runner import judge
from conformance.tally import Failure, Tally
from conformance.tokens import parse

LINE = "conv1d n1 c1 o1 h3 k2 f32 ints seed1"


class _Answering(Adapter):
    name = "answering"

    def __init__(self, answer):
        self.answer = answer

    def run(self, case, operands):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def _verdict(torch, answer=None, line=LINE):
    return judge(parse(line), torch, torch if answer is None else _Answering(answer), ["outcome", "value"])


def test_a_failure_shows_both_sides_and_the_command(torch):
    verdict = _verdict(torch, ValueError("no"))
    found = Failure(0, str(verdict.case), "failed", list(verdict.differences))
    assert failure(found, "mine").splitlines() == [
        f"FAILED {LINE}",
        "  outcome of error",
        "    torch     no error",
        "    mine      ValueError: no",
        f'  repeat with: python -m conformance --case "{LINE}"',
    ]


def test_a_failure_that_was_shrunk_repeats_the_smallest_case_and_tells_the_cause():
    difference = Difference("value", "output", "1", "2", "1 of 2 values")
    found = Failure(0, LINE, "failed", [difference], "conv1d c1 o1 h1 k1", "the bias is missing", "import torch")
    assert failure(found, "mine", "--candidate mine ").splitlines() == [
        f"FAILED {LINE}",
        "  shrunk to: conv1d c1 o1 h1 k1",
        "  value of output (1 of 2 values)",
        "    torch     1",
        "    mine      2",
        "  likely cause: the bias is missing",
        '  repeat with: python -m conformance --candidate mine --case "conv1d c1 o1 h1 k1"',
    ]


def test_a_case_that_did_not_come_back_has_its_status_and_its_command():
    assert failure(Failure(0, LINE, "timed out"), "mine").splitlines() == [
        f"TIMED OUT {LINE}",
        f'  repeat with: python -m conformance --case "{LINE}"',
    ]


def test_the_detail_of_a_case(torch):
    right = torch.run(parse(LINE), _verdict(torch).trial.reference.operands)
    text = detail(_verdict(torch, right | {"output": right["output"] + 1}), "mine")
    assert "torch     output float32 (1, 1, 2), input gradient float32 (1, 1, 3)" in text
    assert "output: 2 of 2 values differ\n  worst at (0, 0, 0)\n" in text
    assert f"    torch     {right['output'][0, 0, 0]}\n    mine      {right['output'][0, 0, 0] + 1}\n" in text
    assert "weight gradient: 0 of 2 values differ" in text


def test_the_detail_shows_a_value_that_is_not_a_number(torch):
    right = torch.run(parse(LINE), _verdict(torch).trial.reference.operands)
    line = LINE.replace("ints", "real")
    text = detail(_verdict(torch, right | {"output": np.full((1, 1, 2), np.nan, np.float32)}, line), "mine")
    assert "    mine      nan\n" in text


def test_the_detail_of_a_real_case_has_ratios_and_the_double(torch):
    text = detail(_verdict(torch, line="conv1d n2 c3 o1 h9 k3 f32 real seed1"), "mine")
    assert "output: error/bound 0." in text
    assert "    double    " in text


def test_the_detail_of_an_error_has_both_texts(torch):
    text = detail(_verdict(torch, ValueError("no"), "conv1d n1 c1 o1 h3 k2 s0"), "mine")
    assert "torch     RuntimeError: non-positive stride is not supported\nmine      ValueError: no" in text


def test_the_detail_of_a_case_that_cannot_be_asked(torch):
    class Lacking(_Answering):
        def lacks(self, case):
            return "no conv1d"

    assert detail(judge(parse(LINE), torch, Lacking({})), "mine") == f"{LINE}\nmine cannot be asked: no conv1d"


def test_the_summary_counts_each_case_once_by_operation_and_once_by_dtype(report):
    lines = summary(report).splitlines()
    heading = lines[0].split()
    end = next(place for place, line in enumerate(lines) if line.startswith("check "))
    rows = [line.split() for line in lines[1:end]]
    operations = [row for row in rows if row[0].startswith(("conv", "fold", "unfold", "pad"))]
    for part in (operations, [row for row in rows if row not in operations]):
        assert sum(int(row[2]) for row in part) == report.tally.total() == 302
        for status in ("known", "mistrusted", "lacking"):
            assert sum(int(row[heading.index(status) + 1]) for row in part) == report.tally.total(status)
        failed = report.tally.total("failed", "crashed", "timed out")
        assert sum(int(row[heading.index("failed") + 1]) for row in part) == failed


def test_the_summary_shows_the_worst_ratios_of_the_real_tier(report):
    worst = [value for (op, _), value in report.tally.worst.items() if op == "conv2d"]
    shown = f"{ratio_text(max(w.ratio for w in worst))}, {ratio_text(max(w.torch_ratio for w in worst))}"
    (line,) = [line for line in summary(report).splitlines() if line.split()[:2] == ["conv2d", "real"]]
    assert line.endswith(shown)


def test_the_summary_tells_what_was_found_around_the_cases(report):
    lines = summary(replace(report, interrupted=True, baseline=("it grew",))).splitlines()
    outcome = report.tally.checks["outcome", "differences"]
    assert f"outcome {report.tally.checks['outcome', 'cases']} {outcome}" in [" ".join(line.split()) for line in lines]
    assert any(line.startswith("pairs of options covered: ") and "missing: conv1d " in line for line in lines)
    assert f"known: pads are <odd>: {report.tally.known['pads are <odd>']}" in lines
    assert f"bent lacks: no complex128: {report.tally.lacking['no complex128']}" in lines
    assert "stale: nothing in this run is explained by the known difference 'long mended'" in lines
    assert "worse than the baseline: it grew" in lines
    assert "stopped before its end: this is the report so far" in lines
    assert lines[-2] == "302 cases in 2.0 s, 151 a second"


def test_torch_outside_its_bound_is_told(report):
    outside = Tally(outside=["conv1d n2 (error/bound: torch 2, candidate 1)"])
    assert "torch outside the bound: conv1d n2" in summary(replace(report, tally=outside))


def test_the_closing_line_has_the_rare_statuses_only_where_they_occur():
    counts = Counter({("pad", "f32", "exact", "passed"): 3})
    assert closing(Tally(counts=counts)) == "3 passed, 0 mistrusted, 0 known, 0 failed"
    counts.update({("pad", "f32", "none", status): 2 for status in ("lacking", "timed out", "crashed")})
    assert closing(Tally(counts=counts)).endswith("0 failed, 2 lacking, 2 crashed, 2 timed out")
