"""A run as one HTML page that needs nothing else: no script, style, font or picture from elsewhere.

May import: the standard library, `conformance.case`, `conformance.tally` and its neighbours; Jinja2 when a page is
made. The folder `page` has its parts: `page.html.j2`, which includes the others, its looks and its buttons.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.case import DTYPES
from conformance.checks import CHECKS
from conformance.report import picture, sections
from conformance.report.coverage import coverage, in_order
from conformance.report.run import Report
from conformance.report.text import ratio_text
from conformance.tally import STATUSES

if TYPE_CHECKING:
    from jinja2 import Environment

IN_FULL = 1000
"""So many findings are shown with their values; of a library that fails everywhere the rest are lines."""
MEANINGS = {
    "passed": "all checks hold",
    "mistrusted": "all checks hold, but a result of torch's is empty or mostly zeros, so that it says little",
    "known": "differs, and the file of known differences says why",
    "lacking": "the library cannot be asked for it",
    "failed": "differs without an explanation",
    "crashed": "the process came to its end",
    "timed out": "it took longer than a case may take",
}


def render(report: Report) -> str:
    """The page, to be written as UTF-8.

    Raises:
        ImportError: Jinja2 is not installed; the extra `conformance` has it.

    Example:
        >>> from collections import Counter
        >>> from conformance.tally import Tally
        >>> counts = Counter({("pad", "f32", "exact", "passed"): 3})
        >>> page = render(Report("mine", Tally(counts=counts), seconds=2.0))
        >>> "No unexplained difference in 3 cases" in page, "://" in page
        (True, False)
    """
    tally = report.tally
    axis, pictures = picture.pictures(tally)
    found = coverage(tally)
    links = {entry.reason: entry.link for entry in (*report.known, *report.stale)}
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            report=report,
            tally=tally,
            headline=headline(report),
            whole=sections.Sum(_statuses(report)),
            meanings=MEANINGS,
            names=DTYPES,
            heat=sections.heat(tally),
            choices=sections.choices(tally),
            matrices=[sections.matrix(one) for one in found],
            covered=sum(one.covered for one in found),
            possible=sum(len(one.possible) for one in found),
            axis=axis,
            pictures=pictures,
            geometry=picture,
            worst=sections.worst(tally),
            checks=in_order((name for name, _ in tally.checks), CHECKS),
            links={reason: link for reason, link in links.items() if link.startswith(("https://", "http://"))},
            groups=sections.groups(tally.failures, IN_FULL),
        )
    )


def headline(report: Report) -> str:
    """What came of the run, in one sentence.

    Example:
        >>> from conformance.tally import Tally
        >>> headline(Report("mine", Tally()))
        'No case was run'
    """
    tally, total = report.tally, thousands(report.tally.total())
    if tally.total() == 0:
        return "No case was run"
    words = {"failed": "unexplained", "crashed": "crashed", "timed out": "timed\u00a0out"}
    bad = [f"{tally.total(status)}\u00a0{words[status]}" for status in words if tally.total(status)]
    if bad:
        return f"{', '.join(bad)}, of {total} cases"
    if report.stale:
        return f"Stale known differences: {len(report.stale)}, in {total} cases"
    return f"No unexplained difference in {total} cases"


def thousands(number: int) -> str:
    r"""The number in groups of three digits, thin spaces between them.

    Example:
        >>> thousands(12345) == "12\u202f345"
        True
    """
    return f"{number:,}".replace(",", "\u202f")


def _shown(value: object) -> str:
    """A setting: a sequence by its members, nothing as a dash."""
    if value is None or value in ((), []):
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _statuses(report: Report) -> Counter[str]:
    return Counter({status: report.tally.total(status) for status in STATUSES})


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("page")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"ratio": ratio_text, "thousands": thousands, "shown": _shown}
    return made
