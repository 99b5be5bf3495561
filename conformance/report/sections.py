"""What the page shows, as plain numbers and words in the order in which they are shown.

May import: the standard library, `conformance.cases` for the order of the options, and its neighbours.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from conformance.call import CALL_DTYPES
from conformance.cases import FAMILIES
from conformance.report.coverage import Coverage, Pair, in_order
from conformance.report.text import TIERS
from conformance.tally import BAD, STATUSES, Failure, Tally, Worst


@dataclass(frozen=True)
class Sum:
    """Cases by status.

    Example:
        >>> found = Sum(Counter(passed=3, failed=1))
        >>> found.total, found.bad, found.shares
        (4, 1, [('passed', 3, 75.0), ('failed', 1, 25.0)])
    """

    counts: Counter[str]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def bad(self) -> int:
        """Those that fail the run."""
        return sum(self.counts[status] for status in BAD)

    @property
    def shares(self) -> list[tuple[str, int, float]]:
        """Each status that occurs, its cases, and their share in percent."""
        return [(name, n, 100 * n / self.total) for name in STATUSES if (n := self.counts[name])]

    @property
    def told(self) -> str:
        """The statuses in words."""
        return ", ".join(f"{number} {status}" for status, number, _ in self.shares) or "no case"


@dataclass(frozen=True)
class Heat:
    """Cases by operation and tier in the rows, by dtype in the columns.

    Attributes:
        dtypes: of the columns.
        rows: operation, and of each tier its name, a sum for each dtype, and the sum of the row.
        most: the cases of the fullest cell.
    """

    dtypes: list[str]
    rows: list[tuple[str, list[tuple[str, list[Sum], Sum]]]]
    most: int

    def weight(self, total: int) -> float:
        """From 0, an empty cell, to 1, the fullest, on a logarithmic scale.

        Example:
            >>> Heat([], [], 15).weight(3)
            0.5
        """
        return math.log2(total + 1) / math.log2(self.most + 1) if self.most else 0.0


def heat(tally: Tally) -> Heat:
    """The table of cases.

    Example:
        >>> heat(Tally(counts=Counter({("pad", "f32", "exact", "passed"): 3}))).rows[0][0]
        'pad'
    """
    cells: dict[tuple[str, str, str], Counter[str]] = {}
    for (op, dtype, tier, status), number in tally.counts.items():
        cells.setdefault((op, tier, dtype), Counter())[status] += number
    dtypes = in_order((dtype for _, _, dtype in cells), CALL_DTYPES)
    rows = []
    for op in in_order((op for op, _, _ in cells), FAMILIES):
        tiers = []
        for tier in in_order((t for o, t, _ in cells if o == op), TIERS):
            sums = [Sum(cells.get((op, tier, dtype), Counter())) for dtype in dtypes]
            tiers.append((tier, sums, Sum(sum((one.counts for one in sums), Counter()))))
        rows.append((op, tiers))
    return Heat(dtypes, rows, max((sum(counts.values()) for counts in cells.values()), default=0))


@dataclass(frozen=True)
class Choice:
    """An option: its levels and their cases, and the cases of the fullest level."""

    name: str
    levels: list[tuple[str, Sum]]
    most: int


def choices(tally: Tally) -> list[Choice]:
    """The options and levels of the operations in the run, with levels that no case has.

    Example:
        >>> counts = Counter({("pad", "f32", "exact", "passed"): 3})
        >>> found = choices(Tally(counts=counts, options=Counter({("pad", "batch", "0", "passed"): 3})))
        >>> found[0].name, [(level, cases.total) for level, cases in found[0].levels]
        ('batch', [('none', 0), ('0', 3), ('1', 0), ('more', 0)])
    """
    cells: dict[str, dict[str, Counter[str]]] = {}
    ran = {op for op, *_ in tally.counts}
    for option in (option for op, family in FAMILIES.items() if op in ran for option in family.options):
        for level in option.weights:
            cells.setdefault(option.name, {}).setdefault(level, Counter())
    for (_, name, level, status), number in tally.options.items():
        cells.setdefault(name, {}).setdefault(level, Counter())[status] += number
    found = []
    for name, levels in cells.items():
        sums = [(level, Sum(counts)) for level, counts in levels.items()]
        found.append(Choice(name, sums, max(one.total for _, one in sums)))
    return found


@dataclass(frozen=True)
class Meeting:
    """Two options of an operation: how many pairs of their levels there are, and which no case had."""

    first: str
    second: str
    possible: int
    missing: tuple[Pair, ...]

    @property
    def share(self) -> float:
        """The share of the pairs that is covered, in percent.

        Example:
            >>> Meeting("batch", "fill", 4, (("batch", "0", "fill", "real"),)).share
            75.0
        """
        return 100 * (1 - len(self.missing) / self.possible) if self.possible else 0.0

    @property
    def told(self) -> str:
        """What is covered and what is missing, in words."""
        covered = f"{self.first} and {self.second}: {self.possible - len(self.missing)} of {self.possible} pairs"
        return covered + "".join(f"\nmissing: {one} with {other}" for _, one, _, other in self.missing)


@dataclass(frozen=True)
class Matrix:
    """The coverage of an operation: a row for each option, with its meetings with those before it."""

    coverage: Coverage
    rows: list[tuple[str, list[Meeting]]]

    @property
    def holes(self) -> list[Meeting]:
        """The meetings of which pairs are missing."""
        return [meeting for _, row in self.rows for meeting in row if meeting.missing]


def matrix(coverage: Coverage) -> Matrix:
    """The matrix of an operation's coverage.

    Example:
        >>> pairs = frozenset({("batch", "0", "fill", "real"), ("batch", "0", "fill", "ints")})
        >>> [(name, len(row)) for name, row in matrix(Coverage("pad", pairs, frozenset())).rows]
        [('batch', 0), ('fill', 1)]
    """
    possible = Counter((first, second) for first, _, second, _ in coverage.possible)
    missing: dict[tuple[str, str], list[Pair]] = {}
    for pair in sorted(coverage.missing):
        missing.setdefault((pair[0], pair[2]), []).append(pair)
    order = [option.name for option in FAMILIES[coverage.op].options] if coverage.op in FAMILIES else []
    names = in_order((name for both in possible for name in both), order)
    rows = []
    for place, second in enumerate(names):
        keys = [(first, second) for first in names[:place]]
        rows.append((second, [Meeting(*key, possible[key], tuple(missing.get(key, ()))) for key in keys]))
    return Matrix(coverage, rows)


@dataclass
class Finding:
    """What is wrong, told by its first failure, and the lines of all cases that shrink to the same one."""

    failure: Failure
    lines: list[str] = field(default_factory=list)


@dataclass
class Group:
    """Failures of one operation and one kind.

    Attributes:
        op: the operation.
        kind: the check that found the first difference, or `crashed` or `timed out`.
        status: of the cases.
        total: how many cases there are.
        findings: those to show in full.
        rest: the lines of the others.
    """

    op: str
    kind: str
    status: str
    total: int
    findings: list[Finding]
    rest: list[str]


def groups(failures: Iterable[Failure], in_full: int = 1000) -> list[Group]:
    """The failures by operation and kind, the largest group first; those that shrink to one case are one finding.

    Args:
        failures: of a run.
        in_full: how many findings of all groups to show in full.

    Example:
        >>> failures = [Failure(0, "pad c1 h3 p1,1", "crashed", shrunk="pad p1"), Failure(1, "pad p1", "crashed")]
        >>> [(group.op, group.kind, group.total, len(group.findings)) for group in groups(failures)]
        [('pad', 'crashed', 2, 1)]
    """
    found: dict[tuple[str, str], dict[str, Finding]] = {}
    for failure in failures:
        key = (failure.case.split(" ", 1)[0], _kind(failure))
        finding = found.setdefault(key, {}).setdefault(failure.shrunk or failure.case, Finding(failure))
        finding.lines.append(failure.case)
    made = []
    for (op, kind), findings in sorted(found.items(), key=lambda item: -_cases(item[1].values())):
        shown, rest = list(findings.values())[:in_full], list(findings)[in_full:]
        in_full -= len(shown)
        status = next(iter(findings.values())).failure.status
        made.append(Group(op, kind, status, _cases(findings.values()), shown, rest))
    return made


def _cases(findings: Iterable[Finding]) -> int:
    return sum(len(finding.lines) for finding in findings)


def _kind(failure: Failure) -> str:
    """The check that found the first difference; the others are often its consequences."""
    return failure.differences[0].check if failure.differences else failure.status


def worst(tally: Tally) -> tuple[list[str], list[tuple[str, list[Worst | None]]]]:
    """The dtypes, and for each operation the worst errors of its dtypes.

    Example:
        >>> worst(Tally(worst={("pad", "f32"): Worst(0.5, "pad p1")}))[1]
        [('pad', [Worst(ratio=0.5, case='pad p1', torch_ratio=0.0, torch_case='')])]
    """
    dtypes = in_order((dtype for _, dtype in tally.worst), CALL_DTYPES)
    ops = in_order((op for op, _ in tally.worst), FAMILIES)
    return dtypes, [(op, [tally.worst.get((op, dtype)) for dtype in dtypes]) for op in ops]
