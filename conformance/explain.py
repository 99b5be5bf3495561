"""A failing case made small, its cause guessed, and a program that shows it.

May import: `conformance` below it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from conformance import known
from conformance.adapters import Adapter
from conformance.call import Call, Configuration
from conformance.call_snippet import call_snippet
from conformance.checks import CHECKS
from conformance.checks.call_reference import LiveCall
from conformance.checks.difference import Difference, Raised
from conformance.checks.own_error import ROUNDOFF
from conformance.checks.reference import Live, Outcome, attempt
from conformance.checks.trial import Trial
from conformance.diagnose import diagnose
from conformance.plan import Plan, libraries
from conformance.runner import judge
from conformance.shrink import same_failure, shrink
from conformance.snippet import snippet
from conformance.tally import Failure
from conformance.tokens import parse

MOST = 25
"""How many failures of a run are made small; the others are of kinds that are among these."""


def representatives(failures: Iterable[Failure], most: int = MOST) -> list[Failure]:
    """One failure of each kind: the first of an operation, a check and a map.

    Example:
        >>> differences = [Difference("value", "output", "1", "2")]
        >>> failures = [Failure(n, "pad c1 h3 p1,1", "failed", differences) for n in range(3)]
        >>> [failure.number for failure in representatives(failures)]
        [0]
    """
    kinds: dict[tuple[str, str, str], Failure] = {}
    for failure in failures:
        for difference in failure.differences[:1]:
            kinds.setdefault((failure.case.split()[0], difference.check, difference.where), failure)
    return list(kinds.values())[:most]


def explained(plan: Plan, failure: Failure) -> Failure:
    """The failure with the smallest case that shows its first difference, a guess at the cause, and a program.

    Args:
        plan: that the failure was found in.
        failure: with a difference.
    """
    torch, candidate = libraries(plan.candidate)
    case: Any = parse(failure.case)
    difference = failure.differences[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        entries = plan.entries()
        small = shrink(case, same_failure(case, torch, candidate, difference, entries))
        found = judge(small, torch, candidate, plan.checks or tuple(CHECKS)).differences
        return replace(
            failure,
            differences=[d for d in found if known.find(entries, small, d) is None] or failure.differences,
            shrunk=str(small),
            cause=_cause(case, difference, torch, candidate) or _cause(small, difference, torch, candidate),
            snippet=_snippet(small, difference, torch, candidate),
        )


def _cause(case: Configuration, difference: Difference, torch: Adapter, candidate: Adapter) -> str | None:
    """A guess from the maps that the difference was found in: second derivatives, or those of one algorithm.

    None of a call: the guesses are about convolutions.
    """
    if isinstance(case, Call):
        return None
    trial = Trial(Live(case, torch), candidate)
    operands = trial.reference.operands
    expected: Outcome
    got: Outcome
    if difference.where.startswith("second derivative"):
        expected, got = trial.reference.second[0], attempt(candidate.second, case, operands)
    elif difference.check == "algorithms":
        with candidate.using(difference.got.removeprefix("by ").partition(":")[0]):
            expected, got = trial.expected, trial.again()
    else:
        expected, got = trial.expected, trial.got
    if isinstance(expected, Raised) or isinstance(got, Raised):
        return None
    return diagnose(case, operands, torch, expected, got)


def _snippet(case: Configuration, difference: Difference, torch: Adapter, candidate: Adapter) -> str | None:
    if isinstance(case, Call):
        return _call_snippet(LiveCall(case, torch), difference, candidate)
    live = Live(case, torch)
    shape = None if isinstance(live.outcome, Raised) else live.outcome["output"].shape
    lines = candidate.code(case)
    if lines and difference.where not in ("output", "error"):
        return None
    code = "\n".join([*lines, "got = y"]) if lines else candidate.library.__name__  # type: ignore[attr-defined]
    return snippet(case, live.operands, code, difference.where, shape)


def _call_snippet(live: LiveCall, difference: Difference, candidate: Adapter) -> str | None:
    """A program for a call, with cotangents of those of torch's results that are inexact."""
    shapes = None
    if isinstance(live.outcome, dict):
        results = {name: array for name, array in live.outcome.items() if name.startswith("output")}
        shapes = {name: array.shape for name, array in results.items() if array.dtype.name in ROUNDOFF}
    name = candidate.library.__name__  # type: ignore[attr-defined]
    return call_snippet(live.case, live.operands, name, difference.where, shapes)
