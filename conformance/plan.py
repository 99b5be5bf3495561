"""Which cases a run has, by number; and a part of it, judged by this process.

May import: `conformance` below it.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance import known
from conformance.adapters import Adapter, load
from conformance.call import Configuration
from conformance.cases import draw
from conformance.runner import Verdict, judge
from conformance.tally import Tally
from conformance.tokens import parse


@dataclass(frozen=True)
class Plan:
    """A run: small, frozen, sent to whoever judges a part of it.

    Attributes:
        candidate: the library under test, as `adapters.load` takes it.
        seed: of the draw.
        ops: the operations to take; all of them where empty.
        checks: the checks that each case goes through; None for those that are due.
        regressions: lines of cases that come first; number −1 is the last of them.
        known: the file of known differences, or None.

    Example:
        >>> plan = Plan(regressions=("pad c1 h3 p1,1 seed4",))
        >>> plan.case(-1).op, plan.case(0) == draw(0, 0)
        ('pad', True)
    """

    candidate: str = "pyconv"
    seed: int = 0
    ops: tuple[str, ...] = ()
    checks: tuple[str, ...] | None = None
    regressions: tuple[str, ...] = ()
    known: Path | None = None

    def case(self, number: int) -> Configuration:
        """The case of a number."""
        return parse(self.regressions[number]) if number < 0 else draw(self.seed, number, self.ops)

    def entries(self) -> list[known.Known]:
        """The known differences."""
        return known.load(self.known) if self.known is not None else []


@functools.cache
def libraries(candidate: str) -> tuple[Adapter, Adapter]:
    """Torch and the candidate in this process.

    Raises:
        ImportError: one of them is not installed.

    Example:
        >>> [library.name for library in libraries("pyconv")]
        ['torch', 'pyconv']
    """
    return load("torch"), load(candidate)


def judge_number(plan: Plan, number: int) -> Verdict:
    """The verdict on one case of a plan.

    Example:
        >>> judge_number(Plan("torch"), 0).differences
        ()
    """
    return judge(plan.case(number), *libraries(plan.candidate), plan.checks)


def judge_part(plan: Plan, numbers: Sequence[int]) -> Tally:
    """The tally of a part of a plan.

    Example:
        >>> judge_part(Plan("torch"), range(3)).total()
        3
    """
    tally, entries = Tally(), plan.entries()
    for number in numbers:
        verdict = judge_number(plan, number)
        explained = [known.find(entries, verdict.case, difference) for difference in verdict.differences]
        tally.add(number, verdict, explained)
    return tally
