"""The harness proves itself: after how many cases does it find each planted fault, and by which check?

May import: the standard library and `conformance`.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.adapters import TorchAdapter
from conformance.adapters.base import Maps
from conformance.case import SPATIAL_AXES, Case
from conformance.cases import draw as draw_case
from conformance.checks.difference import Difference, Raised
from conformance.checks.reference import Live, Outcome
from conformance.checks.values import Yardstick
from conformance.faults import FAULTS, Fault, Faulty
from conformance.fills import Operands, draw
from conformance.runner import judge, judge_against

CONVOLUTIONS = tuple(SPATIAL_AXES)
"""The operations that faults are planted in."""


@dataclass(frozen=True)
class Result:
    """What became of a planted fault.

    Attributes:
        name: of the fault.
        family: of the fault.
        caught: whether it was found.
        after: how many cases it took, or how many it was not found in.
        check: that found it; empty where none did.
        expected: the checks that may find it.
        case: the line of the case in which it was found; empty where it was not.
        differences: what was found there.
    """

    name: str
    family: str
    caught: bool
    after: int
    check: str = ""
    expected: frozenset[str] = frozenset()
    case: str = ""
    differences: tuple[Difference, ...] = ()


def run(seed: int = 0, limit: int = 200, names: Collection[str] | None = None) -> list[Result]:
    """Plant each fault and run cases until it is found.

    Args:
        seed: of the draw of the cases.
        limit: the cases after which a fault counts as not found.
        names: of the faults, or of families of them; all where None.

    Raises:
        ValueError: there is no such fault and no such family.

    Example:
        >>> [result] = run(names=["flipped kernel"])
        >>> result.family, result.caught, result.check
        ('maps', True, 'value')
    """
    torch = TorchAdapter()
    chosen = _chosen(names)
    planted = {name: fault.plant(torch) for name, (_, fault) in chosen.items()}
    found: dict[str, Result] = {}
    for number in range(limit):
        live = Live(_case(seed, number), torch)
        for name in [name for name in planted if name not in found]:
            verdict = judge_against(Answered(live), planted[name])
            if verdict.differences:
                family, fault = chosen[name]
                check, line = verdict.differences[0].check, str(live.case)
                found[name] = Result(name, family, True, number + 1, check, fault.found_by, line, verdict.differences)
        if len(found) == len(planted):
            break
    missed = {name: Result(name, chosen[name][0], False, limit, expected=chosen[name][1].found_by) for name in chosen}
    return [found.get(name, missed[name]) for name in chosen]


def control(seed: int = 0, limit: int = 2000) -> list[str]:
    """The lines of the cases in which torch, behind an adapter like the faults' but without one, differs from torch.

    There should be none: what is found of a fault is found because of it.

    Args:
        seed: of the draw of the cases.
        limit: how many cases.

    Example:
        >>> control(limit=5)
        []
    """
    torch = TorchAdapter()
    sound = Faulty(torch)
    cases = (_case(seed, number) for number in range(limit))
    return [str(case) for case in cases if judge(case, torch, sound).differences]


def table(results: Collection[Result]) -> str:
    """The results for a person: a line for each fault, and a last one that counts.

    Example:
        >>> print(table([Result("flipped kernel", "maps", True, 3, "value", case="conv1d c1 h4 k2")]))
        family  fault           cases  check  case
        maps    flipped kernel      3  value  conv1d c1 h4 k2
        1 of 1 faults found, half of them within 3 cases
    """
    rows = [("family", "fault", "cases", "check", "case")]
    for result in results:
        after = str(result.after) if result.caught else f"> {result.after}"
        rows.append((result.family, result.name, after, result.check or "NOT FOUND", result.case))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]:<{widths[3]}}  {row[4]}".rstrip()
        for row in rows
    ]
    needed = sorted(result.after for result in results if result.caught)
    summary = f"{len(needed)} of {len(results)} faults found"
    if needed:
        summary += f", half of them within {needed[(len(needed) - 1) // 2]} cases"
    return "\n".join([*lines, summary])


def _case(seed: int, number: int) -> Case:
    case = draw_case(seed, number, CONVOLUTIONS)
    assert isinstance(case, Case)
    return case


@dataclass
class Answered:
    """Torch's answers to a case, asked for once whatever the number of faults; a fault may write to these operands.

    See `checks.reference.Reference`.
    """

    live: Live

    @property
    def case(self) -> Case:
        """The configuration."""
        return self.live.case

    @functools.cached_property
    def operands(self) -> Operands:
        """The operands, drawn again."""
        return draw(self.live.case, self.live.reductions)

    @property
    def reductions(self) -> Mapping[str, int]:
        """Those of the integer fills."""
        return self.live.reductions

    @property
    def outcome(self) -> Outcome:
        """Torch's maps, or what it raises."""
        return self.live.outcome

    @property
    def yardsticks(self) -> Mapping[str, Yardstick]:
        """Those of the maps."""
        return self.live.yardsticks

    @property
    def exact(self) -> Maps:
        """The maps in double precision."""
        return self.live.exact

    @property
    def second(self) -> tuple[Maps, Mapping[str, Yardstick]]:
        """Torch's second derivatives."""
        return self.live.second

    @property
    def facts(self) -> dict[str, Any] | Raised | None:
        """Those of torch's module."""
        return self.live.facts


def _chosen(names: Collection[str] | None) -> dict[str, tuple[str, Fault]]:
    """Family and fault by the fault's name."""
    every = {fault.name: (family, fault) for family, faults in FAULTS.items() for fault in faults}
    if names is None:
        return every
    unknown = [name for name in names if name not in every and name not in FAULTS]
    if unknown:
        raise ValueError(f"no fault and no family {unknown[0]!r}; families: {', '.join(FAULTS)}")
    return {name: planted for name, planted in every.items() if name in names or planted[0] in names}
