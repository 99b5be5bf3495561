"""A run of many cases: cut into parts, judged by an engine, put together in the order of the numbers.

May import: the standard library and `conformance` below it.

A part whose worker dies or takes too long is cut into single cases, judged again here; the case that does it is
counted as crashed or timed out, the others as usual.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass

from conformance.engine import Engine, TookTooLong, WorkerDied
from conformance.plan import Plan, judge_part
from conformance.tally import Failure, Tally

PART = 100


@dataclass(frozen=True)
class Limits:
    """When to stop.

    Attributes:
        case: seconds that one case may take.
        part: seconds that a part of many cases may take before they are judged one by one.
        budget: seconds after which no further part is begun; None for no end.
    """

    case: float = 20.0
    part: float = 50.0
    budget: float | None = None


@dataclass(frozen=True)
class Session:
    """A run of many cases.

    Attributes:
        plan: which cases there are.
        engine: who judges the parts.
        alone: who judges single cases again: worker processes that may be lost.
        limits: when to stop.
    """

    plan: Plan
    engine: Engine
    alone: Engine
    limits: Limits = Limits()

    def run(self, numbers: Sequence[int], progress: Callable[[Tally], None]) -> tuple[Tally, bool]:
        """Judge the cases of these numbers, the plan's regressions before them.

        Args:
            numbers: of the cases.
            progress: told each part's tally, as the parts are done.

        Returns:
            The tally of all parts that are done, and whether all are: Ctrl-C and the budget leave some undone.

        Example:
            >>> from conformance.engine import Here
            >>> tally, complete = Session(Plan("torch"), Here(), Here()).run(range(5), lambda tally: None)
            >>> tally.total(), complete
            (5, True)
        """
        parts: list[Sequence[int]] = [range(-len(self.plan.regressions), 0)] if self.plan.regressions else []
        parts += [numbers[start : start + PART] for start in range(0, len(numbers), PART)]
        done: dict[int, Tally] = {}
        try:
            for place, tally in self._judged(parts):
                done[place] = tally
                progress(tally)
        except KeyboardInterrupt:
            pass
        whole = Tally()
        for _, tally in sorted(done.items()):
            whole.merge(tally)
        return whole, len(done) == len(parts)

    def _judged(self, parts: Sequence[Sequence[int]]) -> Iterator[tuple[int, Tally]]:
        """The place and the tally of each part, as they are done."""
        end = None if self.limits.budget is None else time.monotonic() + self.limits.budget
        waiting = iter(enumerate(parts))
        running: dict[Future[Tally], int] = {}
        more = True
        while more or running:
            while more and len(running) < self.engine.ahead:
                place, numbers = next(waiting, (-1, ()))
                more = place >= 0
                if more:
                    running[self._submit(self.engine, numbers)] = place
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                place = running.pop(future)
                yield place, self._outcome(future, parts[place])
            more = more and (end is None or time.monotonic() < end)

    def _submit(self, engine: Engine, numbers: Sequence[int]) -> Future[Tally]:
        allowed = self.limits.case if len(numbers) == 1 else self.limits.part
        return engine.submit(allowed, judge_part, self.plan, numbers)

    def _outcome(self, future: Future[Tally], numbers: Sequence[int]) -> Tally:
        try:
            return future.result()
        except (WorkerDied, TookTooLong) as error:
            if len(numbers) == 1:
                return self._lost(numbers[0], error)
        tally = Tally()
        for number in numbers:
            tally.merge(self._outcome(self._submit(self.alone, [number]), [number]))
        return tally

    def _lost(self, number: int, error: Exception) -> Tally:
        case = self.plan.case(number)
        status = "crashed" if isinstance(error, WorkerDied) else "timed out"
        tally = Tally(failures=[Failure(number, str(case), status)])
        tally.counts[case.op, case.dtype, "none", status] += 1
        return tally
