"""A report's JSON is strict, whole and says which schema it has."""

import json
from collections import Counter
from dataclasses import replace

from conformance.report import Report
from conformance.report.run import SCHEMA
from conformance.tally import STATUSES, Tally, Worst


def test_the_json_is_strict_and_survives_a_round_trip(report):
    told = report.to_json()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["schema"] == SCHEMA


def test_the_json_has_all_that_was_counted(report):
    told = report.to_json()
    assert told["totals"] == {status: report.tally.total(status) for status in STATUSES}
    assert sum(number for *_, number in told["tally"]["counts"]) == report.tally.total()
    assert [failure["case"] for failure in told["tally"]["failures"]] == [f.case for f in report.tally.failures]
    assert told["stale"][0]["reason"] == "long mended"
    assert (told["settings"]["seed"], told["environment"]["numpy"], told["interrupted"]) == (0, "2.4.0", False)


def test_numbers_that_json_lacks_are_text():
    worst = {("pad", "f32"): Worst(float("inf"), "pad p1", float("nan"), "pad p2")}
    told = Report("mine", Tally(worst=worst)).to_json()["tally"]["worst"]
    assert told == [["pad", "f32", {"ratio": "inf", "case": "pad p1", "torch_ratio": "nan", "torch_case": "pad p2"}]]


def test_a_run_fails_by_a_bad_case_or_by_a_stale_explanation(report):
    well = Tally(counts=Counter({("pad", "f32", "exact", status): 1 for status in ("passed", "known", "lacking")}))
    assert not Report("mine", well).failed
    assert Report("mine", well, stale=report.stale).failed
    for status in ("failed", "crashed", "timed out"):
        assert Report("mine", Tally(counts=Counter({("pad", "f32", "exact", status): 1}))).failed


def test_the_command_repeats_with_the_same_library(report):
    assert report.command("pad p1") == 'python -m conformance --candidate bent --case "pad p1"'
    assert replace(report, options="").command("pad p1") == 'python -m conformance --case "pad p1"'
