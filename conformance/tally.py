"""What came of many cases, small enough to send, to merge and to keep: counts, coverage, errors, failures.

May import: the standard library and `conformance` below it.

Tallies of parts, merged in the order of the parts, are the tally of the whole; so it does not matter how a run was
cut, nor where its parts ran.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from conformance.checks.difference import Difference
from conformance.known import Known
from conformance.options import covered_pairs, levels
from conformance.runner import Verdict

STATUSES = ("passed", "mistrusted", "known", "lacking", "failed", "crashed", "timed out")
BAD = ("failed", "crashed", "timed out")
BINS_PER_OCTAVE = 2


@dataclass
class Failure:
    """A case that differs, or did not come back.

    Attributes:
        number: its place in the run; negative for a regression.
        case: its line.
        status: failed, crashed or timed out.
        differences: what the checks found; in the shrunk case, where there is one.
        shrunk: the line of the smallest case that still differs so, where it was looked for.
        cause: a guess, where the pattern tells.
        snippet: Python that shows it.
    """

    number: int
    case: str
    status: str
    differences: list[Difference] = field(default_factory=list)
    shrunk: str | None = None
    cause: str | None = None
    snippet: str | None = None


@dataclass
class Worst:
    """The largest error over the bound of an operation and a dtype, the candidate's and torch's, and their cases."""

    ratio: float = 0.0
    case: str = ""
    torch_ratio: float = 0.0
    torch_case: str = ""


@dataclass
class Tally:
    """The sums of a run or of a part of one.

    Attributes:
        counts: cases by (operation, dtype, tier, status).
        options: cases by (operation, option, level, status), of valid cases.
        pairs: cases by (operation, option, level, other option, other level), of valid cases.
        checks: by (check, `cases` or `differences`).
        errors: cases by (dtype, `candidate` or `torch`, bin), where bin n holds the ratios of error to bound from
            2**(n / BINS_PER_OCTAVE) on; zeros are in no bin.
        worst: by (operation, dtype).
        failures: the cases that differ.
        known: cases by the reason of the known difference that explains them.
        lacking: cases by what the candidate lacks for them.
        outside: lines on cases in which torch itself is outside the bound.
    """

    counts: Counter[tuple[str, ...]] = field(default_factory=Counter)
    options: Counter[tuple[str, ...]] = field(default_factory=Counter)
    pairs: Counter[tuple[str, ...]] = field(default_factory=Counter)
    checks: Counter[tuple[str, ...]] = field(default_factory=Counter)
    errors: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    worst: dict[tuple[str, str], Worst] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    known: Counter[str] = field(default_factory=Counter)
    lacking: Counter[str] = field(default_factory=Counter)
    outside: list[str] = field(default_factory=list)

    def add(self, number: int, verdict: Verdict, explained: Iterable[Known | None]) -> str:
        """Count a verdict, with for each of its differences the entry that explains it; returns the status."""
        entries = list(explained)
        status = _status(verdict, entries)
        self.count(verdict, status)
        self.known.update({entry.reason for entry in entries if entry is not None})
        for check in verdict.checks:
            self.checks[check, "cases"] += 1
        for difference, entry in zip(verdict.differences, entries):
            self.checks[difference.check, "differences"] += entry is None
        if status == "failed":
            unexplained = [d for d, entry in zip(verdict.differences, entries) if entry is None]
            self.failures.append(Failure(number, str(verdict.case), status, unexplained))
        return status

    def count(self, verdict: Verdict, status: str) -> None:
        """Count a case in the tables."""
        case = verdict.case
        self.counts[case.op, case.dtype, verdict.tier, status] += 1
        if verdict.lacks is not None:
            self.lacking[verdict.lacks] += 1
        elif verdict.tier != "error":
            found = levels(case)
            self.options.update((case.op, option, level, status) for option, level in found.items())
            self.pairs.update((case.op, *pair) for pair in covered_pairs(found))
            self._measure(verdict)

    def _measure(self, verdict: Verdict) -> None:
        case = str(verdict.case)
        ratio, torch_ratio = verdict.ratios()
        for who, value in (("candidate", ratio), ("torch", torch_ratio)):
            if value > 0:
                self.errors[verdict.case.dtype, who, bin_of(value)] += 1
        if max(ratio, torch_ratio) > 0:
            self._keep_worst((verdict.case.op, verdict.case.dtype), Worst(ratio, case, torch_ratio, case))
        if torch_ratio > 1:
            self.outside.append(f"{case} (error/bound: torch {torch_ratio:.3g}, candidate {ratio:.3g})")

    def _keep_worst(self, key: tuple[str, str], other: Worst) -> None:
        worst = self.worst.setdefault(key, Worst())
        if other.ratio > worst.ratio:
            worst.ratio, worst.case = other.ratio, other.case
        if other.torch_ratio > worst.torch_ratio:
            worst.torch_ratio, worst.torch_case = other.torch_ratio, other.torch_case

    def merge(self, other: Tally) -> None:
        """Count all that another tally has counted, of cases that come after this one's."""
        for name in ("counts", "options", "pairs", "checks", "errors", "known", "lacking"):
            getattr(self, name).update(getattr(other, name))
        for key, worst in other.worst.items():
            self._keep_worst(key, worst)
        self.failures += other.failures
        self.outside += other.outside

    def total(self, *statuses: str) -> int:
        """How many cases have one of these statuses; all cases where none is given.

        Example:
            >>> Tally(counts=Counter({("pad", "f32", "exact", "passed"): 3})).total("passed", "failed")
            3
        """
        return sum(n for (*_, status), n in self.counts.items() if not statuses or status in statuses)

    def to_json(self) -> dict[str, Any]:
        """Lists and dicts for `json.dump`: each counter as a sorted list of keys and counts.

        Example:
            >>> Tally(known=Counter(fast=2)).to_json()["known"]
            [['fast', 2]]
        """
        counters = {
            name: [[*(key if isinstance(key, tuple) else (key,)), n] for key, n in sorted(getattr(self, name).items())]
            for name in ("counts", "options", "pairs", "checks", "errors", "known", "lacking")
        }
        worst = [[*key, asdict(value)] for key, value in sorted(self.worst.items())]
        failures = [asdict(failure) for failure in self.failures]
        return {**counters, "worst": worst, "failures": failures, "outside": self.outside}


def bin_of(ratio: float) -> int:
    """The bin of `Tally.errors` that a positive ratio falls into.

    Example:
        >>> bin_of(1.0), bin_of(0.9), bin_of(float("inf")) > 100
        (0, -1, True)
    """
    if not math.isfinite(ratio):
        return 10**6
    return math.floor(BINS_PER_OCTAVE * math.log2(ratio))


def _status(verdict: Verdict, entries: list[Known | None]) -> str:
    if verdict.lacks is not None:
        return "lacking"
    if None in entries:
        return "failed"
    if entries:
        return "known"
    return "mistrusted" if verdict.mistrusted else "passed"
