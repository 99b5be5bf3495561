"""What a person sees in a terminal: each failure as it is found, a case in detail, the summary. Plain lines.

May import: `conformance` below it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from conformance.call import CALL_DTYPES
from conformance.cases import FAMILIES
from conformance.checks import CHECKS
from conformance.checks.difference import Raised
from conformance.checks.reference import Outcome
from conformance.checks.values import Pair
from conformance.report.coverage import coverage, in_order
from conformance.report.run import Report
from conformance.runner import Verdict
from conformance.tally import BAD, Failure, Tally

TIERS = ("exact", "real", "error", "none")


def failure(found: Failure, candidate: str, options: str = "") -> str:
    """The lines on a case that differs or did not come back, and the command that repeats it.

    Args:
        found: the case and what is wrong about it.
        candidate: the name of the library under test.
        options: what else of the command line to repeat, with a space at its end.

    Example:
        >>> from conformance.checks.difference import Difference
        >>> difference = Difference("outcome", "error", "no error", "KeyError: 'kernel'")
        >>> print(failure(Failure(3, "pad h3 p1,1 f32 ints seed0", "failed", [difference]), "mine"))
        FAILED pad h3 p1,1 f32 ints seed0
          outcome of error
            torch     no error
            mine      KeyError: 'kernel'
          repeat with: python -m conformance --case "pad h3 p1,1 f32 ints seed0"
    """
    lines = [f"{found.status.upper()} {found.case}"]
    if found.shrunk is not None and found.shrunk != found.case:
        lines.append(f"  shrunk to: {found.shrunk}")
    for difference in found.differences:
        detail = f" ({difference.detail})" if difference.detail else ""
        lines += [
            f"  {difference.check} of {difference.where}{detail}",
            f"    {'torch':<10}{difference.expected}",
            f"    {candidate:<10}{difference.got}",
        ]
    if found.cause is not None:
        lines.append(f"  likely cause: {found.cause}")
    lines.append(f'  repeat with: python -m conformance {options}--case "{found.shrunk or found.case}"')
    return "\n".join(lines)


def detail(verdict: Verdict, candidate: str) -> str:
    """Everything about one case: both answers, and of each map the worst place.

    Example:
        >>> from conformance.adapters import load
        >>> from conformance.runner import judge
        >>> from conformance.tokens import parse
        >>> torch = load("torch")
        >>> print(detail(judge(parse("conv1d n1 c1 o1 h3 k2 s0"), torch, torch), "mine"))
        conv1d n1 c1 o1 h3 k2 s0 f32 ints seed0
        tier: error
        torch     RuntimeError: non-positive stride is not supported
        mine      RuntimeError: non-positive stride is not supported
    """
    trial = verdict.trial
    if trial is None:
        return f"{verdict.case}\n{candidate} cannot be asked: {verdict.lacks}"
    lines = [str(verdict.case), f"tier: {verdict.tier}{', mistrusted' if verdict.mistrusted else ''}"]
    lines += [f"{'torch':<10}{_answer(trial.expected)}", f"{candidate:<10}{_answer(trial.got)}"]
    for pair in verdict.pairs:
        lines += _pair(pair, candidate)
    return "\n".join(lines)


def _answer(outcome: Outcome) -> str:
    if isinstance(outcome, Raised):
        return str(outcome)
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
    if worst.ratio != 0:
        lines += [f"  worst at {worst.index}", f"    {'torch':<10}{pair.expected[worst.index]}"]
        lines.append(f"    {candidate:<10}{pair.got[worst.index]}")
        if pair.yardstick is not None:
            lines.append(f"    {'double':<10}{pair.yardstick.values[worst.index]}")
    return lines


def summary(report: Report) -> str:
    """The tables of a run and its last line.

    Example:
        >>> print(summary(Report("mine", Tally(), seconds=1.0)).splitlines()[-1])
        0 passed, 0 mistrusted, 0 known, 0 failed
    """
    tally, total = report.tally, report.tally.total()
    lines = [*_cases(tally, report.candidate), *_checks(tally), *_coverage(tally)]
    lines += [f"torch outside the bound: {line}" for line in tally.outside]
    lines += [f"known: {reason}: {number}" for reason, number in tally.known.most_common()]
    lines += [f"{report.candidate} lacks: {reason}: {number}" for reason, number in tally.lacking.most_common()]
    lines += [f"stale: nothing in this run is explained by the known difference {e.reason!r}" for e in report.stale]
    lines += [f"worse than the baseline: {sentence}" for sentence in report.baseline or ()]
    if report.interrupted:
        lines.append("stopped before its end: this is the report so far")
    speed = f", {total / report.seconds:.0f} a second" if report.seconds > 0 else ""
    lines += [f"{total} cases in {report.seconds:.1f} s{speed}", closing(tally)]
    return "\n".join(lines)


def closing(tally: Tally) -> str:
    """How many cases have which status; of the rarer ones only those that occur.

    Example:
        >>> from collections import Counter
        >>> closing(Tally(counts=Counter({("pad", "f32", "none", "crashed"): 2})))
        '0 passed, 0 mistrusted, 0 known, 0 failed, 2 crashed'
    """
    always = [f"{tally.total(status)} {status}" for status in ("passed", "mistrusted", "known", "failed")]
    rare = [f"{n} {status}" for status in ("lacking", "crashed", "timed out") if (n := tally.total(status))]
    return ", ".join(always + rare)


def ratio_text(ratio: float) -> str:
    """An error over its bound, with two decimals while it is of their size.

    Example:
        >>> ratio_text(0.4321), ratio_text(123456.0), ratio_text(float("inf"))
        ('0.43', '1.2e+05', 'inf')
    """
    return f"{ratio:.2f}" if ratio < 1000 else f"{ratio:.2g}"


def _cases(tally: Tally, candidate: str) -> Iterator[str]:
    """A row for each operation and tier, then for each dtype and tier."""
    columns = {"failed": BAD, "known": ("known",), "mistrusted": ("mistrusted",)}
    if tally.total("lacking"):
        columns["lacking"] = ("lacking",)
    heading = f"{'':<23}{'tier':<7}{'cases':>8}" + "".join(f"{name:>12}" for name in columns)
    yield f"{heading}   worst error/bound: {candidate}, torch"
    for place, order in enumerate((list(FAMILIES), list(CALL_DTYPES))):
        rows: dict[tuple[str, str], Counter[str]] = {}
        for key, number in tally.counts.items():
            rows.setdefault((key[place], key[2]), Counter())[key[3]] += number
        names = in_order((name for name, _ in rows), order)
        for name, tier in ((n, t) for n in names for t in TIERS if (n, t) in rows):
            row = rows[name, tier]
            line = f"{name:<23}{tier:<7}{sum(row.values()):>8}"
            line += "".join(f"{sum(row[status] for status in wanted):>12}" for wanted in columns.values())
            worst = [value for key, value in tally.worst.items() if key[place] == name]
            if tier == "real" and worst:
                ratios = max(w.ratio for w in worst), max(w.torch_ratio for w in worst)
                line += f"   {', '.join(map(ratio_text, ratios))}"
            yield line


def _checks(tally: Tally) -> Iterator[str]:
    names = in_order((name for name, _ in tally.checks), CHECKS)
    if names:
        yield f"{'check':<18}{'cases':>15}{'differences':>12}"
    for name in names:
        yield f"{name:<18}{tally.checks[name, 'cases']:>15}{tally.checks[name, 'differences']:>12}"


def _coverage(tally: Tally) -> Iterator[str]:
    found = coverage(tally)
    if found:
        covered, possible = sum(c.covered for c in found), sum(len(c.possible) for c in found)
        missing = ", ".join(f"{c.op} {len(c.missing)}" for c in found if c.missing)
        yield f"pairs of options covered: {covered} of {possible}" + (f"; missing: {missing}" if missing else "")
