"""The same call gives the same bits again, whatever the number of threads.

May import: NumPy and its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from conformance.checks.difference import Difference, Raised
from conformance.checks.reference import Outcome, attempt
from conformance.checks.trial import Trial


def repeated(trial: Trial) -> Iterator[Difference]:
    """A second call; and a call on other operands does not change what the first one gave."""
    first = trial.got
    kept = first if isinstance(first, Raised) else {name: array.copy() for name, array in first.items()}
    attempt(trial.candidate.run, trial.case, trial.reference.operands.mapped(np.negative))
    yield from same_bits("repeat", "after another call", kept, first)
    yield from same_bits("repeat", "the second time", kept, trial.again())


def threads(trial: Trial) -> Iterator[Difference]:
    """A call on two threads and one on one."""
    answers = []
    for count in (1, 2):
        with trial.candidate.threads(count):
            answers.append(trial.again())
    yield from same_bits("threads", "on two threads", *answers)


def same_bits(check: str, when: str, first: Outcome, again: Outcome) -> Iterator[Difference]:
    """What differs in the bits of two answers; between two exceptions, nothing but being one is compared."""
    if isinstance(first, Raised) or isinstance(again, Raised):
        if type(first) is not type(again):
            yield Difference(check, "error", _told(first), f"{when}: {_told(again)}")
        return
    for name in first.keys() & again.keys():
        a, b = first[name], again[name]
        if a.tobytes() == b.tobytes():
            continue
        index = tuple(int(i) for i in np.argwhere((a != b) & ~((a != a) & (b != b)))[0]) if a.shape == b.shape else ()
        yield Difference(check, name, str(a[index]), f"{when}: {b[index]}", f"first at {index}")


def _told(outcome: Outcome) -> str:
    return str(outcome) if isinstance(outcome, Raised) else "no error"
