"""What the candidate does to memory: leaves its operands alone, writes all of its results.

May import: its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.checks.difference import Difference
from conformance.checks.repeat import same_bits
from conformance.checks.trial import Trial


def operands_unmodified(trial: Trial) -> Iterator[Difference]:
    """The operands' memory is as it was, also where it raised."""
    _ = trial.got
    for name, before in trial.before.items():
        now = trial.memory()[name]
        if now != before:
            changed = sum(a != b for a, b in zip(before, now))
            yield Difference("operands", name, "unmodified", f"{changed} of {len(before)} bytes changed")


def fully_written(trial: Trial) -> Iterator[Difference]:
    """The same bits where all fresh memory holds NaN or an odd number beforehand."""
    with trial.candidate.poisoned():
        again = trial.again()
    yield from same_bits("written", "in poisoned memory", trial.got, again)
