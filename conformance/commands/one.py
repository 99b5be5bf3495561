"""One case in detail, by every check: `--case`.

May import: `conformance` below it.
"""

from __future__ import annotations

from conformance import known
from conformance.call import Configuration
from conformance.checks import CHECKS
from conformance.plan import Plan, libraries
from conformance.report.text import detail
from conformance.runner import judge


def one(plan: Plan, case: Configuration) -> int:
    """Show a case, and return 1 where it has a difference that no entry explains."""
    torch, candidate = libraries(plan.candidate)
    verdict = judge(case, torch, candidate, plan.checks or tuple(CHECKS))
    print(detail(verdict, candidate.name))
    status = 0
    for difference in verdict.differences:
        entry = known.find(plan.entries(), verdict.case, difference)
        status = 1 if entry is None else status
        explanation = "unexplained" if entry is None else f"known: {entry.reason}"
        print(f"{difference.check} of {difference.where} differs ({explanation})")
    return status
