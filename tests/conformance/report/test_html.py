"""The page is well-formed, needs nothing from elsewhere, and has in it all that was found."""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser

import pytest

from conformance.report import Report, html
from conformance.report.coverage import coverage
from conformance.report.sections import groups
from conformance.tally import Tally
from tests.conformance.report.conftest import TEXT

VOID = {"meta", "link", "br", "img", "input", "hr"}


class _Reader(HTMLParser):
    """Holds the page to balanced tags, and keeps its text and attributes."""

    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.attributes, self.text, self.ids = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append((tag, self.getpos()))

    def handle_data(self, data):
        self.text.append(data)


def _read(page):
    reader = _Reader()
    reader.feed(page)
    return reader


def _words(page):
    """The text of the page, still escaped, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture(scope="module")
def page(report):
    return html.render(report)


@pytest.fixture(scope="module")
def reader(page):
    return _read(page)


def test_tags_are_balanced(reader):
    assert (reader.wrong, reader.open) == ([], [])


def test_nothing_is_fetched(reader, page):
    loading = [(t, n, v) for t, n, v in reader.attributes if n in ("src", "srcset", "data", "action") or t == "link"]
    assert loading == []
    assert not re.search(r"url\(|@import|fetch\(|XMLHttp", page)
    assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'") in (
        reader.attributes
    )


def test_links_lead_into_the_page_or_to_what_explains_a_known_difference(reader):
    ids = {value for _, name, value in reader.attributes if name == "id"}
    links = {value for tag, name, value in reader.attributes if (tag, name) == ("a", "href")}
    assert {link[1:] for link in links if link.startswith("#")} <= ids
    assert {link for link in links if not link.startswith("#")} == {"https://example.org/odd?a=1&b=2"}


def test_both_colour_schemes_and_small_screens_are_served(page):
    assert "prefers-color-scheme: dark" in page
    assert 'name="viewport"' in page
    assert "max-width: 600px" in page


def test_every_finding_has_its_values_and_its_command(reader, report):
    text = "".join(reader.text)
    for group in groups(report.tally.failures):
        for finding in group.findings:
            failure = finding.failure
            assert report.command(failure.shrunk or failure.case) in text
            assert all(d.expected in text and d.got in text for d in failure.differences if "\x00" not in d.expected)
            assert all(line in text for line in finding.lines)
    assert "the lists & tuples <differ>" in text
    assert "print(1 < 2)" in text


def test_what_libraries_say_is_shown_as_text(page):
    assert escape(TEXT, quote=False).split('"')[0] in page
    assert "<are>" not in page
    assert "<Processor>" not in page


def test_every_missing_pair_is_named(reader, report):
    told = unescape(" ".join(value for _, name, value in reader.attributes if name == "title"))
    listed = "".join(reader.text)
    missing = [pair for one in coverage(report.tally) for pair in one.missing]
    assert missing
    for first, level, second, other in missing:
        assert f"missing: {level} with {other}" in told
        assert f"{first} × {second}" in listed
        assert f"{level} × {other}" in listed


def test_the_bars_of_the_picture_are_the_bins_that_were_counted(reader, report):
    bars = [value for tag, name, value in reader.attributes if (tag, name) == ("rect", "class")]
    counted = Counter(who for _, who, _ in report.tally.errors)
    assert 0 < bars.count("candidate") <= counted["candidate"]
    assert 0 < bars.count("torch") <= counted["torch"]


def test_known_stale_and_lacking_stand_with_their_numbers(page, report):
    text = _words(page)
    assert f"pads are &lt;odd&gt; more {report.tally.known['pads are <odd>']} " in text
    assert "stale long mended 0 " in text
    assert f"no complex128 {report.tally.lacking['no complex128']} " in text


def test_settings_and_environment_are_shown(page):
    text = _words(page)
    for words in (" seed 0 ", " ops conv2d, pad ", " budget – ", " numpy 2.4.0 ", " cpu Some &lt;Processor&gt; "):
        assert words in text


def test_an_interrupted_run_and_a_baseline_say_so(report, page):
    changed = html.render(replace(report, interrupted=True, baseline=("it grew",)))
    assert "stopped before its end" in changed
    assert "<li>it grew</li>" in changed
    assert "stopped before its end" not in page
    assert "Beside the baseline" not in page
    assert "Nothing is worse" in html.render(replace(report, baseline=()))


def test_the_headline_says_what_came_of_it(report):
    passed = Tally(counts=Counter({("pad", "f32", "exact", "passed"): 12345}))
    assert html.headline(Report("mine", passed)) == "No unexplained difference in 12\u202f345 cases"
    assert html.headline(Report("mine", passed, stale=report.stale)).startswith("Stale known differences: 1, in ")
    assert html.headline(report).endswith("unexplained, 1\u00a0crashed, 1\u00a0timed\u00a0out, of 302 cases")
    assert html.headline(Report("mine", Tally())) == "No case was run"


def test_a_run_without_a_case_or_of_unknown_operations_has_a_page():
    for tally in (Tally(), Tally(counts=Counter({("relu", "float32", "exact", "passed"): 3}))):
        reader = _read(html.render(Report("mine", tally)))
        assert (reader.wrong, reader.open) == ([], [])


def test_jinja_is_imported_only_for_a_page():
    script = "import sys, conformance.report.html; print(sorted({'jinja2', 'torch'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
