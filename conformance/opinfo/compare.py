"""Two answers to a sample of torch's: what differs.

May import: NumPy, `conformance.checks`, `conformance.fills`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from conformance.checks.difference import Difference
from conformance.checks.own_error import ROUNDOFF, measure
from conformance.fills import Array


@dataclass(frozen=True)
class Witness:
    """Torch's answer to the same sample in another precision: what its own error is seen by.

    Attributes:
        arrays: by name; torch's own stand for one that is missing, and then its error cannot be seen.
        single: whether they are of single precision, beside an answer in double.
        moved: torch's answers to neighbouring operands; one that jumps, as floor does, says nothing of an error.
    """

    arrays: dict[str, Array]
    single: bool = False
    moved: tuple[dict[str, Array], ...] = ()


def compare(
    expected: dict[str, Array], got: dict[str, Array], witness: Witness, *, exact: bool = False, values: bool = True
) -> Iterator[Difference]:
    """The differences between torch's answer and the library's.

    Whole numbers and truth values are equal; NaN and infinities are where torch has them. The other values of an array
    may have the error that `checks/own_error.py` allows.

    Args:
        expected: torch's arrays by name.
        got: the library's.
        witness: torch's in another precision.
        exact: whether inexact values too are equal, bit for bit: what draws numbers has one right answer under a seed.
        values: whether the values are compared at all; those of `empty` are anyone's.

    Example:
        >>> one = {"result 0": np.ones(2, np.float32)}
        >>> [d.check for d in compare(one, {"result 0": np.float32([1, 1.1])}, Witness(one))]
        ['value']
    """
    if expected.keys() != got.keys():
        yield Difference("maps", "all", ", ".join(expected), ", ".join(got))
    for name in [name for name in expected if name in got]:
        theirs, ours = expected[name], got[name]
        if theirs.dtype != ours.dtype:
            yield Difference("dtype", name, str(theirs.dtype), str(ours.dtype))
        if theirs.shape != ours.shape:
            yield Difference("shape", name, str(theirs.shape), str(ours.shape))
        elif values and theirs.size:
            yield from _values(name, theirs, ours, None if exact else witness)


def _values(name: str, theirs: Array, ours: Array, witness: Witness | None) -> Iterator[Difference]:
    with np.errstate(all="ignore"):
        same = (theirs == ours) | ((theirs != theirs) & (ours != ours))
        if same.all():
            return
        if witness is None or theirs.dtype.name not in ROUNDOFF:
            errors, allowed = np.where(same, 0.0, np.inf), 0.0
        else:
            errors, allowed = _errors(name, theirs, ours, same, witness)
        errors = np.where(np.isnan(errors), np.inf, errors)
        worst = np.unravel_index(np.argmax(errors), errors.shape)
        if errors[worst] > allowed:
            place = tuple(int(i) for i in worst)
            detail = f"the worst at {place}, error {errors[worst]:.3g}, allowed {allowed:.3g}"
            yield Difference("value", name, str(theirs[worst]), str(ours[worst]), detail)


_JUMP = 2.0**10
"""How many roundoffs of its largest value an answer moves by at most, where its operands move by two of theirs."""


def _errors(name: str, theirs: Array, ours: Array, same: Array, witness: Witness) -> tuple[Array, float]:
    """The error of each of the library's values, infinite where one is not finite as torch's is; what is allowed."""
    moved = [array for answer in witness.moved for array in [answer.get(name)] if _near(theirs, array)]
    exact, finite, allowed = measure(theirs, witness.arrays.get(name, theirs), single=witness.single, moved=moved)
    errors = np.abs(ours.astype(exact.dtype) - exact)
    return np.where(finite, errors, np.where(same, 0.0, np.inf)), allowed


def _near(theirs: Array, moved: Array | None) -> bool:
    if moved is None or moved.shape != theirs.shape or theirs.dtype.itemsize == 2:
        return False
    finite = np.isfinite(theirs)
    distance = np.abs(theirs - moved)[finite].max(initial=0)
    return bool(distance <= _JUMP * ROUNDOFF[theirs.dtype.name] * np.abs(theirs)[finite].max(initial=0))
