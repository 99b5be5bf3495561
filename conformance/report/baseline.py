"""A run beside an earlier one: what has become worse.

May import: the standard library, `conformance.report.run` for the version of the JSON.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.report.run import SCHEMA

HARMLESS = 0.5
"""The error over the bound up to which growth is not told."""
_LISTED = 20


def compare(old: Mapping[str, Any], new: Mapping[str, Any], growth: float = 1.5) -> list[str]:
    """What is worse in a run than in an earlier one, a sentence each; none where nothing is.

    Told is:

    - a case that fails now and did not: neither its line nor the line that it shrinks to is a failure's, or what
      one shrinks to, in the earlier run. By the shrunk line the same fault is known again under another seed;
    - an operation that fails a check in which it had no failure, or now crashes or runs out of time, also where
      the case failed otherwise before;
    - what the candidate lacked in no case, for a case that is not asked cannot fail;
    - an operation and dtype whose worst error over the bound is more than `growth` times what it was, is above
      half of the bound, and is above torch's own in the run. The worst of many random cases is the far tail of a
      distribution: another processor or BLAS, which sums in another order, moves it by some tenths of itself, and
      a longer run lengthens it; 1.5 times is beyond both, yet less than one more rounding of each sum would add.
      Under half of the bound any error is still that of a right algorithm, for honest sums of random terms stay
      far below their bound. And an error that is no larger than torch's is never a difference to this harness.

    Args:
        old: `Report.to_json` of the earlier run.
        new: of this one.
        growth: how much larger the worst error may be.

    Raises:
        ValueError: one of the two is no report, or one of another version.

    Example:
        >>> from conformance.report import Report
        >>> from conformance.tally import Failure, Tally
        >>> before = Report("mine", Tally()).to_json()
        >>> after = Report("mine", Tally(failures=[Failure(0, "pad c1 h3 p1,1", "crashed")])).to_json()
        >>> compare(before, before)
        []
        >>> compare(before, after)
        ['crashed, and did not fail before: pad c1 h3 p1,1', 'pad now has crashed cases: 1']
    """
    for name, report in (("baseline", old), ("report of this run", new)):
        if not isinstance(report, Mapping) or report.get("schema") != SCHEMA:
            found = report.get("schema", "no version") if isinstance(report, Mapping) else "no report"
            raise ValueError(f"the {name} is of another version: {found}, should be {SCHEMA}; write it again by --json")
    before, after = old["tally"], new["tally"]
    return [
        *_cases(before["failures"], after["failures"]),
        *_kinds(before["failures"], after["failures"]),
        *_lacking(before["lacking"], after["lacking"]),
        *_errors(before["worst"], after["worst"], growth),
    ]


def _lines(failure: Mapping[str, Any]) -> set[str]:
    return {failure["case"], failure["shrunk"] or failure["case"]}


def _cases(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[str]:
    """Cases that fail now and did not; of very many the first ones, and how many more there are."""
    known = set().union(*map(_lines, before))
    found = Counter((f["status"], f["shrunk"] or f["case"]) for f in after if not _lines(f) & known)
    for (status, line), number in list(found.items())[:_LISTED]:
        yield f"{status}, and did not fail before: {line}" + (f" (and {number - 1} more like it)" if number > 1 else "")
    rest = sum(list(found.values())[_LISTED:])
    if rest:
        yield f"{rest} more cases fail that did not before"


def _kinds(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[str]:
    """Operations with failures of a kind that they did not have."""
    known, found = _by_kind(before), _by_kind(after)
    for (op, told), number in sorted(found.items()):
        if (op, told) not in known:
            yield f"{op} now {told}: {number}"


def _by_kind(failures: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    kinds: Counter[tuple[str, str]] = Counter()
    for failure in failures:
        op = failure["case"].split(" ", 1)[0]
        checks = {f"fails the check {difference['check']!r}" for difference in failure["differences"]}
        kinds.update((op, told) for told in checks or {f"has {failure['status']} cases"})
    return kinds


def _lacking(before: list[list[Any]], after: list[list[Any]]) -> Iterator[str]:
    known = {reason for reason, _ in before}
    for reason, number in after:
        if reason not in known:
            yield f"the candidate now lacks {reason!r}: {number} cases were not asked"


def _errors(before: list[list[Any]], after: list[list[Any]], growth: float) -> Iterator[str]:
    """Operations and dtypes whose worst error has grown; `float` reads `inf` and `nan`, which JSON has as text."""
    ratios = {(op, dtype): float(worst["ratio"]) for op, dtype, worst in before}
    for op, dtype, worst in after:
        was, now = ratios.get((op, dtype)), float(worst["ratio"])
        if was is not None and now > growth * was and now > max(HARMLESS, float(worst["torch_ratio"])):
            yield f"the worst error of {op} {dtype} grew from {was:.2f} to {now:.2f} of its bound: {worst['case']}"
