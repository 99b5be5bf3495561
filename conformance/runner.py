"""One case through both libraries and the checks.

May import: `conformance` below it: case, adapters, checks.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Collection
from dataclasses import dataclass

from conformance.adapters import Adapter
from conformance.call import Call, Configuration
from conformance.checks import CHECKS, Difference, due
from conformance.checks.call_reference import reference_of
from conformance.checks.difference import Raised
from conformance.checks.reference import Reference
from conformance.checks.trial import Trial
from conformance.checks.values import Pair


@dataclass(frozen=True)
class Verdict:
    """What came of a case.

    Attributes:
        case: the configuration.
        tier: `exact`, `real`, or `error` where torch raises.
        checks: the names of the checks that it went through.
        differences: what they found.
        mistrusted: whether a map of torch's is empty or mostly zeros, so that being equal says little.
        trial: both answers; None where the candidate cannot be asked.
        lacks: why the candidate cannot be asked, or None.
    """

    case: Configuration
    tier: str
    checks: tuple[str, ...]
    differences: tuple[Difference, ...]
    mistrusted: bool
    trial: Trial | None
    lacks: str | None = None

    @property
    def pairs(self) -> list[Pair]:
        """The maps of both libraries, where both have them."""
        return [] if self.trial is None else self.trial.pairs

    def ratios(self) -> tuple[float, float]:
        """The worst error over the bound, the candidate's and torch's own; zeros where nothing is measured."""
        measured = (p for p in self.pairs if p.yardstick is not None or p.exact is not None)
        worst = [pair.worst for pair in measured if pair.expected.shape == pair.got.shape]
        return _largest([w.ratio for w in worst]), _largest([w.torch_ratio for w in worst])


def _is_measured(reference: Reference) -> bool:
    """Whether its maps have real numbers that rounding may change; those of calls have no other sign of it."""
    case = reference.case
    return bool(reference.yardsticks) if isinstance(case, Call) else case.fill == "real"


def _largest(ratios: list[float]) -> float:
    """The largest, where one that is no number counts as infinite."""
    return max((math.inf if math.isnan(ratio) else ratio for ratio in ratios), default=0.0)


def judge(case: Configuration, torch: Adapter, candidate: Adapter, checks: Collection[str] | None = None) -> Verdict:
    """The verdict on a case, with the libraries' warnings silenced.

    Args:
        case: the configuration.
        torch: the library that is right.
        candidate: the one under test.
        checks: the names of the checks; None for those that are due in a run of many.

    Example:
        >>> from conformance.adapters import TorchAdapter
        >>> from conformance.tokens import parse
        >>> torch = TorchAdapter()
        >>> judge(parse("conv1d n1 c1 o1 h5 k3 real"), torch, torch).tier
        'real'
    """
    return judge_against(reference_of(case, torch), candidate, checks)


def judge_against(reference: Reference, candidate: Adapter, checks: Collection[str] | None = None) -> Verdict:
    """The verdict on a case whose right answers are given; see `judge`.

    Example:
        >>> from conformance.adapters import TorchAdapter
        >>> from conformance.checks.reference import Live
        >>> from conformance.tokens import parse
        >>> torch = TorchAdapter()
        >>> judge_against(Live(parse("conv1d n1 c1 o1 h2 k3"), torch), torch).tier
        'error'
    """
    case = reference.case
    lacks = f"no {case.op}" if isinstance(case, Call) and not candidate.calls else candidate.lacks(case)
    if lacks is not None:
        return Verdict(case, "none", (), (), False, None, lacks)
    asked = due(case) if checks is None else checks
    names = tuple(name for name in CHECKS if name in asked and name not in candidate.skips)
    trial = Trial(reference, candidate)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        differences = tuple(found for name in names for found in CHECKS[name](trial))
        tier = "error" if isinstance(trial.expected, Raised) else "real" if _is_measured(reference) else "exact"
    return Verdict(case, tier, names, differences, trial.mistrusted, trial)
