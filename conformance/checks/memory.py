"""What the candidate does to memory: leaves its operands alone, writes all of its results.

May import: its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.checks.difference import Difference
from conformance.checks.repeat import same_bits
from conformance.checks.trial import Trial


def operands_unmodified(trial: Trial) -> Iterator[Difference]:
    """The operands' memory is as it was, also where it raised.

    Example:
        >>> from types import SimpleNamespace as Answers
        >>> trial = Answers(got={}, before={"input": b"abc"}, memory=lambda: {"input": b"abd"})
        >>> [found.got for found in operands_unmodified(trial)]
        ['1 of 3 bytes changed']
    """
    _ = trial.got
    for name, before in trial.before.items():
        now = trial.memory()[name]
        if now != before:
            changed = sum(a != b for a, b in zip(before, now))
            yield Difference("operands", name, "unmodified", f"{changed} of {len(before)} bytes changed")


def fully_written(trial: Trial) -> Iterator[Difference]:
    """The same bits where all fresh memory holds NaN or an odd number beforehand.

    Example:
        >>> import numpy as np
        >>> from types import SimpleNamespace as Answers
        >>> from conformance.adapters import Adapter
        >>> zeros, empty = (lambda: {"output": np.zeros(1)}), (lambda: {"output": np.empty(1)})
        >>> [found.got for found in fully_written(Answers(candidate=Adapter(), got=zeros(), again=empty))]
        ['in poisoned memory: nan']
    """
    with trial.candidate.poisoned():
        again = trial.again()
    yield from same_bits("written", "in poisoned memory", trial.got, again)
