"""What a person sees: each difference as it is found, a case in detail, the summary. Plain lines.

May import: `conformance` below it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from conformance.case import SPATIAL_AXES
from conformance.compare import Difference, Pair, Raised
from conformance.known import Known
from conformance.runner import Outcome, Verdict

TIERS = ("exact", "real", "error")


@dataclass
class _Row:
    """The sums of a row of the summary."""

    cases: int = 0
    failed: int = 0
    known: int = 0
    mistrusted: int = 0
    ratio: float = 0.0
    torch_ratio: float = 0.0

    def add(self, verdict: Verdict, unexplained: int) -> None:
        self.cases += 1
        self.failed += unexplained > 0
        self.known += bool(verdict.differences) and not unexplained
        self.mistrusted += verdict.mistrusted
        ratio, torch_ratio = verdict.ratios()
        self.ratio, self.torch_ratio = max(self.ratio, ratio), max(self.torch_ratio, torch_ratio)


@dataclass
class Tally:
    """The sums of a run.

    Attributes:
        rows: by operation and tier, and by dtype and tier.
        outside: a line for each case in which torch itself is outside the bound.
        used: the entries of the known differences that explained something.
    """

    rows: dict[tuple[str, str], _Row] = field(default_factory=lambda: defaultdict(_Row))
    outside: list[str] = field(default_factory=list)
    used: list[Known] = field(default_factory=list)

    def add(self, verdict: Verdict, explained: Iterable[Known | None]) -> None:
        """Count a verdict, with for each of its differences the entry that explains it."""
        entries = list(explained)
        for name in (verdict.case.op, verdict.case.dtype):
            self.rows[name, verdict.tier].add(verdict, entries.count(None))
        self.used += [entry for entry in entries if entry is not None and entry not in self.used]
        ratio, torch_ratio = verdict.ratios()
        if torch_ratio > 1:
            ratios = f"error/bound: torch {torch_ratio:.3g}, candidate {ratio:.3g}"
            self.outside.append(f"{verdict.case} ({ratios})")

    @property
    def failed(self) -> int:
        """The number of cases with an unexplained difference."""
        return self._total(lambda row: row.failed)

    @property
    def passed(self) -> int:
        """The number of the other cases."""
        return self._total(lambda row: row.cases) - self.failed

    def _total(self, count: Callable[[_Row], int]) -> int:
        return sum(count(row) for (name, _), row in self.rows.items() if name in SPATIAL_AXES)


def failure(verdict: Verdict, differences: Iterable[Difference], candidate: str, options: str = "") -> str:
    """The lines on a case with differences, and the command that repeats it.

    Args:
        verdict: of the case.
        differences: those to show.
        candidate: the name of the library under test.
        options: what else of the command line to repeat.

    Example:
        >>> from conformance.case import parse
        >>> got = Raised("KeyError", "'kernel'")
        >>> verdict = Verdict(parse("pad h3 p1,1"), "exact", (), False, (), {}, got)
        >>> print(failure(verdict, [Difference("outcome", "error", "no error", "KeyError: 'kernel'")], "mine"))
        FAILED pad h3 p1,1 f32 ints seed0
          outcome of error
            torch     no error
            mine      KeyError: 'kernel'
          repeat with: python -m conformance --case "pad h3 p1,1 f32 ints seed0"
    """
    lines = [f"FAILED {verdict.case}"]
    for difference in differences:
        detail = f" ({difference.detail})" if difference.detail else ""
        lines += [
            f"  {difference.check} of {difference.where}{detail}",
            f"    {'torch':<10}{difference.expected}",
            f"    {candidate:<10}{difference.got}",
        ]
    lines.append(f'  repeat with: python -m conformance {options}--case "{verdict.case}"')
    return "\n".join(lines)


def detail(verdict: Verdict, candidate: str) -> str:
    """Everything about one case: both answers, and of each map the worst place.

    Example:
        >>> from conformance.case import parse
        >>> both = Raised("ValueError", "no")
        >>> print(detail(Verdict(parse("pad h3 p1"), "error", (), False, (), both, both), "mine"))
        pad h3 p1 f32 ints seed0
        tier: error
        torch     ValueError: no
        mine      ValueError: no
    """
    lines = [str(verdict.case), f"tier: {verdict.tier}{', mistrusted' if verdict.mistrusted else ''}"]
    lines += [f"{'torch':<10}{_answer(verdict.expected)}", f"{candidate:<10}{_answer(verdict.got)}"]
    for pair in verdict.pairs:
        lines += _pair(pair, candidate)
    return "\n".join(lines)


def _answer(outcome: Outcome) -> str:
    if isinstance(outcome, Raised):
        return f"{outcome.kind}: {outcome.text}"
    return ", ".join(f"{where} {array.dtype} {array.shape}" for where, array in outcome.items())


def _pair(pair: Pair, candidate: str) -> list[str]:
    if pair.expected.shape != pair.got.shape or pair.expected.size == 0:
        return []
    worst, size = pair.worst, pair.expected.size
    if pair.yardstick is None:
        measured = f"{worst.count} of {size} values differ"
    else:
        measured = f"error/bound {worst.ratio:.3g}, torch's own {worst.torch_ratio:.3g}, {size} values"
    lines = [f"{pair.where}: {measured}"]
    if worst.ratio > 0:
        lines += [f"  worst at {worst.index}", f"    {'torch':<10}{pair.expected[worst.index]}"]
        lines.append(f"    {candidate:<10}{pair.got[worst.index]}")
        if pair.yardstick is not None:
            lines.append(f"    {'double':<10}{pair.yardstick.values[worst.index]}")
    return lines


def summary(tally: Tally, candidate: str, seconds: float) -> str:
    """The table of a run and its last line.

    Example:
        >>> print(summary(Tally(), "mine", seconds=1.0).splitlines()[-1])
        0 passed, 0 failed
    """
    heading = f"{'':<18}{'tier':<7}{'cases':>7}{'failed':>8}{'known':>7}{'mistrusted':>12}"
    lines = [f"{heading}   worst error/bound: {candidate}, torch"]
    dtypes = sorted({name for name, _ in tally.rows} - SPATIAL_AXES.keys())
    for name in (*SPATIAL_AXES, *dtypes):
        shown = [(tier, tally.rows[name, tier]) for tier in TIERS if (name, tier) in tally.rows]
        lines += [_line(name, tier, row) for tier, row in shown]
    lines += [f"torch outside the bound: {line}" for line in tally.outside]
    total = tally.passed + tally.failed
    lines.append(f"{total} cases in {seconds:.1f} s, {total / seconds:.0f} a second")
    lines.append(f"{tally.passed} passed, {tally.failed} failed")
    return "\n".join(lines)


def _line(name: str, tier: str, row: _Row) -> str:
    ratios = f"   {row.ratio:.2f}, {row.torch_ratio:.2f}" if tier == "real" else ""
    return f"{name:<18}{tier:<7}{row.cases:>7}{row.failed:>8}{row.known:>7}{row.mistrusted:>12}{ratios}"
