"""The XML is well-formed, and its numbers are those of its elements and of the run."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from conformance.report import Report, junit
from conformance.tally import Tally
from tests.conformance.report.conftest import CRASHED, SLOW, TEXT


@pytest.fixture(scope="module")
def root(report):
    return ElementTree.fromstring(junit.render(report).encode())


@pytest.mark.parametrize(("name", "tag"), [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")])
def test_the_numbers_are_those_of_the_elements(root, name, tag):
    for element in (root, *root.iter("testsuite")):
        tests = list(element.iter("testcase"))
        assert int(element.get("tests")) == len(tests)
        assert int(element.get(name)) == sum(test.find(tag) is not None for test in tests)
    assert int(root.get(name)) > 0


def test_each_case_that_differs_is_a_failure_and_a_lost_one_an_error(root, report):
    failures = [test.get("name") for test in root.iter("testcase") if test.find("failure") is not None]
    errors = {t.get("name"): t.find("error").get("type") for t in root.iter("testcase") if t.find("error") is not None}
    assert sorted(failures) == sorted([f.case for f in report.tally.failures if f.status == "failed"] + ["long mended"])
    assert errors == {CRASHED: "crashed", SLOW: "timed out"}


def test_the_groups_count_all_cases(root, report):
    told = [output.text for output in root.iter("system-out")]
    assert sum(int(number) for text in told for number in re.findall(r"\d+", text)) == report.tally.total()


def test_a_suite_is_an_operation_and_a_test_is_of_its_class(root):
    suites = [suite.get("name") for suite in root]
    assert suites[0] == "conformance.conv1d"
    assert len(set(suites)) == len(suites) == 10
    assert all(test.get("classname") == suite.get("name") for suite in root for test in suite.iter("testcase"))
    names = [test.get("name") for test in root[0].iter("testcase") if test.find("system-out") is not None]
    assert names[:3] == ["f64 exact", "f64 real", "f64 error"]


def test_a_failure_has_the_values_the_command_and_the_snippet(root, report):
    case = report.tally.failures[0].case
    (found,) = [test.find("failure") for test in root.iter("testcase") if test.get("name") == case]
    assert found.get("type") == "outcome"
    assert found.get("message") == f"outcome of error: no error became TypeError: {TEXT}"
    assert 'python -m conformance --candidate bent --case "unfold n1 c1' in found.text
    assert found.text.endswith("print(1 < 2)\n")


def test_settings_and_environment_are_properties(root):
    found = {entry.get("name"): entry.get("value") for entry in root[0].iter("property")}
    assert (found["candidate"], found["seed"], found["cpu"]) == ("bent", "0", "Some <Processor>")


def test_what_xml_cannot_hold_is_replaced(report):
    text = junit.render(report)
    assert "a\ufffdb" in text
    assert "\x00" not in text
    assert "\x1b" not in text


def test_a_run_without_a_case_is_valid():
    root = ElementTree.fromstring(junit.render(Report("mine", Tally())).encode())
    assert (root.get("tests"), root.get("failures"), len(root)) == ("0", "0", 0)


def test_no_suite_of_known_differences_where_none_is_stale(report):
    root = ElementTree.fromstring(junit.render(replace(report, stale=())).encode())
    assert "conformance.known_differences" not in [suite.get("name") for suite in root]
