"""What can be read off a module: its repr, its attributes, its state_dict, its weights under a seed.

May import: NumPy and its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from conformance.checks.difference import Difference, Raised
from conformance.checks.repeat import unlike
from conformance.checks.trial import Trial


def module(trial: Trial) -> Iterator[Difference]:
    """A fresh module beside torch's, both drawn after the same seed; the weights are compared bit for bit.

    Example:
        >>> from conformance.adapters import PyconvAdapter, TorchAdapter
        >>> from conformance.checks.reference import Live
        >>> from conformance.tokens import parse
        >>> list(module(Trial(Live(parse("conv2d n1 c1 o1 h5x5 k3 reflect"), TorchAdapter()), PyconvAdapter())))
        []
    """
    expected = trial.reference.facts
    if expected is None or isinstance(expected, Raised):
        return
    try:
        got = trial.candidate.facts(trial.case)
    except Exception as error:  # whatever it raises, torch's did not
        yield Difference("module", "constructor", "no error", f"{type(error).__name__}: {error}")
        return
    if got is None:
        return
    if expected["repr"] != got["repr"]:
        yield Difference("module", "repr", expected["repr"], got["repr"])
    for name in sorted(expected["attributes"].keys() | got["attributes"].keys()):
        theirs, ours = (facts["attributes"].get(name, "absent") for facts in (expected, got))
        if theirs != ours:
            yield Difference("module", f"attribute {name}", theirs, ours)
    yield from _states(expected["state_dict"], got["state_dict"])


def _states(expected: dict[str, np.ndarray], got: dict[str, np.ndarray]) -> Iterator[Difference]:
    """The initial values; not those of a bias beside a weight without elements, which torch leaves unwritten."""
    if list(expected) != list(got):
        yield Difference("module", "state_dict keys", ", ".join(expected), ", ".join(got))
        return
    for name, theirs in expected.items():
        ours = got[name]
        if (theirs.dtype, theirs.shape) != (ours.dtype, ours.shape):
            told = (f"{array.dtype} {array.shape}" for array in (theirs, ours))
            yield Difference("module", f"state_dict {name}", *told)
        elif theirs.tobytes() != ours.tobytes() and expected["weight"].size:
            different = unlike(theirs, ours)
            index = tuple(int(i) for i in np.argwhere(different)[0])
            detail = f"initial weights, {np.count_nonzero(different)} of {theirs.size} differ, first at {index}"
            yield Difference("module", f"initial {name}", str(theirs[index]), str(ours[index]), detail)
