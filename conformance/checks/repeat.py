"""The same call gives the same bits again, whatever the number of threads.

May import: NumPy, `conformance.call` and its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from conformance.call import Call
from conformance.checks.difference import Difference, Raised
from conformance.checks.reference import Outcome, attempt
from conformance.checks.trial import Trial
from conformance.fills import Array


def repeated(trial: Trial) -> Iterator[Difference]:
    """A second call; and a call on other operands does not change what the first one gave.

    Example:
        >>> from conformance.adapters import TorchAdapter
        >>> from conformance.checks.reference import Live
        >>> from conformance.tokens import parse
        >>> torch = TorchAdapter()
        >>> list(repeated(Trial(Live(parse("conv1d n1 c1 o1 h5 k3 real"), torch), torch)))
        []
    """
    first = trial.got
    kept = first if isinstance(first, Raised) else {name: array.copy() for name, array in first.items()}
    yield from same_bits("repeat", "the second time", kept, trial.again())
    other = np.flip if isinstance(trial.case, Call) else np.negative  # indices must stay where they are
    attempt(trial.candidate.run, trial.case, trial.reference.operands.mapped(other))
    yield from same_bits("repeat", "after another call", kept, first)


def threads(trial: Trial) -> Iterator[Difference]:
    """A call on two threads and one on one.

    Example:
        >>> from conformance.adapters import TorchAdapter
        >>> from conformance.checks.reference import Live
        >>> from conformance.tokens import parse
        >>> torch = TorchAdapter()
        >>> list(threads(Trial(Live(parse("conv1d n1 c1 o1 h5 k3 real"), torch), torch)))
        []
    """
    answers = []
    for count in (1, 2):
        with trial.candidate.threads(count):
            answers.append(trial.again())
    yield from same_bits("threads", "on two threads", *answers)


def same_bits(check: str, when: str, first: Outcome, again: Outcome) -> Iterator[Difference]:
    """What differs in the bits of two answers; between two exceptions, nothing but being one is compared.

    Example:
        >>> [found] = same_bits("repeat", "again", {"output": np.zeros(2)}, {"output": np.array([0.0, -0.0])})
        >>> found.expected, found.got, found.detail
        ('0.0', 'again: -0.0', 'first at (1,)')
    """
    if isinstance(first, Raised) or isinstance(again, Raised):
        if type(first) is not type(again):
            yield Difference(check, "error", _told(first), f"{when}: {_told(again)}")
        return
    for name in (name for name in first if name in again):
        a, b = first[name], again[name]
        if (a.dtype, a.shape) != (b.dtype, b.shape):
            yield Difference(check, name, f"{a.dtype} {a.shape}", f"{when}: {b.dtype} {b.shape}")
        elif a.tobytes() != b.tobytes():
            index = tuple(int(i) for i in np.argwhere(unlike(a, b))[0])
            yield Difference(check, name, str(a[index]), f"{when}: {b[index]}", f"first at {index}")


def unlike(a: Array, b: Array) -> Array:
    """Where the bits of two arrays of one dtype and shape differ.

    Example:
        >>> unlike(np.array([0.0, np.nan]), np.array([-0.0, np.nan]))
        array([ True, False])
    """
    first, second = (np.frombuffer(x.tobytes(), np.uint8).reshape(*x.shape, x.itemsize) for x in (a, b))
    different: Array = (first != second).any(-1)
    return different


def _told(outcome: Outcome) -> str:
    return str(outcome) if isinstance(outcome, Raised) else "no error"
