"""The smallest case that still fails in the same way.

May import: the standard library and `conformance` below it.

A greedy descent: a table of simplifications, each of which offers cases that are a little simpler than one; the
first that still fails is taken, until none does. `complexity` falls with every step, so it ends. Nothing is random:
the same failure shrinks to the same case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from conformance import call_simplifications, known, simplifications
from conformance.adapters.base import Adapter
from conformance.call import Call, Configuration
from conformance.case import Case
from conformance.cases import is_undefined
from conformance.checks.difference import Difference
from conformance.runner import judge

C = TypeVar("C", Case, Call)
Fails = Callable[[Any], bool]
Simplification = Callable[[Any], Iterator[Any]]


def shrink(case: C, fails: Fails, budget: int = 300) -> C:
    """The smallest case found that still fails.

    Args:
        case: one that fails.
        fails: whether a case fails in the same way; `same_failure` makes such a function.
        budget: how many cases may be tried.

    Example:
        >>> from conformance.tokens import parse
        >>> case = parse("conv2d n3 c4 o6 h9x10 k3x5 s2 p1,2 g2 bias bf16 real seed17")
        >>> print(shrink(case, lambda case: case.axes(case.kernel)[-1] > 1))
        conv1d c1 o1 h1 k2 f32 ints seed0
        >>> call = parse("max_pool2d input=2x3x8x9 kernel_size=3,2 ceil_mode=True f16 seed17")
        >>> print(shrink(call, lambda call: "kernel_size" in call.given()))
        max_pool2d kernel_size=0 f32 ints seed0
    """
    search, table = _Search(fails, budget), _table(case)
    while True:
        before = case
        for simplification in table:
            case = search.descend(case, simplification)
        if case == before or search.budget == 0:
            return case


def _table(case: Configuration) -> tuple[Simplification, ...]:
    return call_simplifications.SIMPLIFICATIONS if isinstance(case, Call) else simplifications.SIMPLIFICATIONS


def _simpler(case: Any, simplification: Simplification) -> Iterator[Any]:
    """What a simplification offers that is simpler indeed."""
    measure: Callable[[Any], tuple[int, ...]] = simplifications.complexity
    offered = simplifications.candidates
    if isinstance(case, Call):
        measure, offered = call_simplifications.complexity, _as_offered
    most = measure(case)
    return (simpler for simpler in offered(case, simplification) if measure(simpler) < most)


def _as_offered(case: Any, simplification: Simplification) -> Iterator[Any]:
    return simplification(case)


@dataclass
class _Search:
    """The cases that were tried, and how many more may be."""

    fails: Fails
    budget: int
    tried: set[Configuration] = field(default_factory=set)

    def descend(self, case: Any, simplification: Simplification) -> Any:
        """The case simplified in this one way as often as it still fails."""
        simpler = case
        while simpler is not None:
            case, simpler = simpler, next(filter(self._accepts, self._untried(simpler, simplification)), None)
        return case

    def _untried(self, case: Any, simplification: Simplification) -> Iterator[Any]:
        return (simpler for simpler in _simpler(case, simplification) if simpler not in self.tried)

    def _accepts(self, case: Any) -> bool:
        if self.budget == 0:
            return False
        self.tried.add(case)
        self.budget -= 1
        return self.fails(case)


def same_failure(
    case: Configuration,
    torch: Adapter,
    candidate: Adapter,
    difference: Difference,
    explained: Collection[known.Known] = (),
) -> Fails:
    """Whether a case has a difference of the same check in the same map, and exceptions of the same text but sizes.

    Args:
        case: one in which the difference was found.
        torch: the library that is right.
        candidate: the one under test.
        difference: what was found.
        explained: known differences; a case in which one of them explains the difference does not count.

    Example:
        >>> from conformance.adapters import TorchAdapter
        >>> from conformance.tokens import parse
        >>> case, torch = parse("conv1d n1 c1 o1 h5 k3"), TorchAdapter()
        >>> same_failure(case, torch, torch, Difference("value", "output", "1.0", "2.0"))(case)
        False
    """
    check = "second" if difference.where.startswith("second derivative") else difference.check
    wanted = _kind(difference)

    def fails(simpler: Configuration) -> bool:
        if is_undefined(simpler) and not is_undefined(case):
            return False
        try:
            found = judge(simpler, torch, candidate, [check]).differences
        except Exception:  # the harness itself cannot run what no library was meant to be asked
            return False
        return any(_kind(d) == wanted and known.find(explained, simpler, d) is None for d in found)

    return fails


def _kind(difference: Difference) -> tuple[str, ...]:
    """What two differences that are the same failure have in common."""
    kind = (difference.check, difference.where)
    if difference.check == "algorithms":
        return (*kind, difference.got.partition(":")[0])
    if difference.check in ("outcome", "error type", "error text"):
        return (*kind, _without_sizes(difference.expected), _without_sizes(difference.got))
    return kind


def _without_sizes(text: str) -> str:
    """The text without its numbers, and of a list of them only the brackets."""
    return re.sub(r"-?\d+", "", re.sub(r"([\[(])[-\d, x]*([\])])", r"\1\2", text))
