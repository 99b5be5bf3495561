"""A run as JUnit XML, which continuous-integration services show.

May import: the standard library, `conformance.case`, `conformance.tally` and its neighbours.

There is a suite for each operation. In it, each dtype and tier is a test with its counts as output, which passes,
and each case that differs is a test of its own, with a failure, or an error where it did not come back. So the
numbers of tests stay small where all is well, and say how many cases are wrong where not.
"""

from __future__ import annotations

import re
from collections import Counter
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from conformance.call import CALL_DTYPES
from conformance.cases import FAMILIES
from conformance.report.coverage import in_order
from conformance.report.run import Report
from conformance.report.text import TIERS, failure
from conformance.tally import STATUSES, Failure

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """The text of the XML file.

    Example:
        >>> from collections import Counter
        >>> from conformance.tally import Tally
        >>> tally = Tally(counts=Counter({("pad", "f32", "exact", "passed"): 3}))
        >>> print(render(Report("mine", tally, {"seed": 0}, seconds=2.0)))
        <?xml version='1.0' encoding='utf-8'?>
        <testsuites name="conformance of mine" tests="1" failures="0" errors="0" skipped="0" time="2.000">
          <testsuite name="conformance.pad" tests="1" failures="0" errors="0" skipped="0">
            <properties>
              <property name="candidate" value="mine" />
              <property name="seed" value="0" />
            </properties>
            <testcase classname="conformance.pad" name="f32 exact">
              <system-out>3 passed</system-out>
            </testcase>
          </testsuite>
        </testsuites>
    """
    root = Element("testsuites", {"name": f"conformance of {report.candidate}"})
    failures: dict[str, list[Failure]] = {}
    for found in report.tally.failures:
        failures.setdefault(found.case.split(" ", 1)[0], []).append(found)
    for op in in_order({key[0] for key in report.tally.counts} | failures.keys(), FAMILIES):
        root.append(_suite(report, op, failures.get(op, [])))
    if report.stale:
        root.append(_stale(report))
    _count(root)
    root.set("time", f"{report.seconds:.3f}")
    ElementTree.indent(root)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{ElementTree.tostring(root, encoding='unicode')}"


def _suite(report: Report, op: str, failures: list[Failure]) -> Element:
    """The suite of an operation."""
    suite = Element("testsuite", {"name": f"conformance.{op}"})
    _count(suite)
    properties = SubElement(suite, "properties")
    for name, value in {"candidate": report.candidate, **report.settings, **report.environment}.items():
        SubElement(properties, "property", {"name": _legal(str(name)), "value": _legal(str(value))})
    groups: dict[tuple[str, str], Counter[str]] = {}
    for (name, dtype, tier, status), number in report.tally.counts.items():
        if name == op:
            groups.setdefault((dtype, tier), Counter())[status] += number
    dtypes = in_order((dtype for dtype, _ in groups), CALL_DTYPES)
    for dtype, tier in ((d, t) for d in dtypes for t in TIERS if (d, t) in groups):
        _group(suite, f"{dtype} {tier}", groups[dtype, tier])
    for found in failures:
        _failure(suite, report, found)
    _count(suite)
    return suite


def _group(suite: Element, name: str, counts: Counter[str]) -> None:
    """The test of a dtype and tier; skipped where the candidate lacks all of its cases."""
    test = SubElement(suite, "testcase", {"classname": suite.get("name", ""), "name": name})
    told = ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status])
    if counts["lacking"] == counts.total():
        SubElement(test, "skipped", {"message": told})
    SubElement(test, "system-out").text = told


def _failure(suite: Element, report: Report, found: Failure) -> None:
    """The test of a case that differs or did not come back."""
    test = SubElement(suite, "testcase", {"classname": suite.get("name", ""), "name": _legal(found.case)})
    first = found.differences[0] if found.differences else None
    message = found.status if first is None else f"{first.check} of {first.where}: {first.expected} became {first.got}"
    kind = found.status if first is None else first.check
    name = "failure" if found.status == "failed" else "error"
    element = SubElement(test, name, {"message": _legal(message), "type": kind})
    parts = [failure(found, report.candidate, report.options), found.snippet or ""]
    element.text = _legal("\n\n".join(part for part in parts if part))


def _stale(report: Report) -> Element:
    """A suite with a failure for each known difference that explains nothing."""
    suite = Element("testsuite", {"name": "conformance.known_differences"})
    for entry in report.stale:
        test = SubElement(suite, "testcase", {"classname": suite.get("name", ""), "name": _legal(entry.reason)})
        SubElement(test, "failure", {"message": "it explains nothing in this run", "type": "stale"})
    _count(suite)
    return suite


def _count(element: Element) -> None:
    """Set the numbers of tests, failures, errors and skipped tests below a suite or the root."""
    tests = list(element.iter("testcase"))
    element.set("tests", str(len(tests)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(sum(test.find(tag) is not None for test in tests)))


def _legal(text: str) -> str:
    """The text with what XML cannot hold, such as a zero byte, replaced."""
    return _NOT_XML.sub("�", text)
