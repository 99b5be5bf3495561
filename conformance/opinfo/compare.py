"""Two answers to a sample of torch's: what differs.

May import: NumPy, `conformance.checks`, `conformance.fills`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from conformance.checks.difference import Difference
from conformance.fills import Array

_ROUNDOFF = {"float16": 2.0**-11, "bfloat16": 2.0**-8, "float32": 2.0**-24, "float64": 2.0**-53}
_ROUNDOFF |= {"complex64": 2.0**-24, "complex128": 2.0**-53}
TIMES, ROUNDINGS, IN_DOUBLE = 4, 8, 64


def compare(
    expected: dict[str, Array], got: dict[str, Array], wide: dict[str, Array], *, values: bool = True
) -> Iterator[Difference]:
    """The differences between torch's answer and the library's.

    An inexact value may be as far from torch's in double precision as four times torch's own largest error, or as
    eight roundings of the largest value. The first is what the operation itself is worth, whatever its condition:
    two orders of adding the same terms rarely differ more. The second stands where torch happens to be exact. In
    double precision, where torch's own error cannot be seen, 64 roundings stand for both: the longest sums among
    the samples have some thousands of terms. NaN and infinities are where torch has them. Whole numbers and truth
    values are equal.

    Args:
        expected: torch's arrays by name.
        got: the library's.
        wide: torch's in double precision; where a name is missing, torch's own stand for it.
        values: whether the values are compared too; those of `empty` are anyone's.

    Example:
        >>> one = {"result 0": np.ones(2, np.float32)}
        >>> [d.check for d in compare(one, {"result 0": np.float32([1, 1.1])}, one)]
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
            yield from _values(name, theirs, ours, wide.get(name, theirs))


def _values(name: str, theirs: Array, ours: Array, wide: Array) -> Iterator[Difference]:
    with np.errstate(all="ignore"):
        if theirs.dtype.name not in _ROUNDOFF:
            errors = (theirs != ours).astype(float)
            allowed = 0.0
        else:
            roundoff = _ROUNDOFF[theirs.dtype.name]
            kind = np.complex128 if theirs.dtype.kind == "c" else np.float64
            theirs, ours, wide = theirs.astype(kind), ours.astype(kind), _shaped(wide, theirs).astype(kind)
            finite = np.isfinite(theirs) & np.isfinite(wide)
            same = (theirs == ours) | (np.isnan(theirs) & np.isnan(ours))
            errors = np.where(finite, np.abs(ours - wide), np.where(same, 0.0, np.inf))
            own = np.abs(theirs - wide)[finite].max(initial=0.0)
            scale = np.abs(wide)[finite].max(initial=0.0)
            roundings = IN_DOUBLE if roundoff == _ROUNDOFF["float64"] else ROUNDINGS
            allowed = max(TIMES * own, roundings * roundoff * scale)
        worst = np.unravel_index(np.argmax(np.where(np.isnan(errors), np.inf, errors)), errors.shape)
        if not errors[worst] <= allowed:
            place = tuple(int(i) for i in worst)
            detail = f"the worst at {place}, error {errors[worst]:.3g}, allowed {allowed:.3g}"
            yield Difference("value", name, str(theirs[worst]), str(ours[worst]), detail)


def _shaped(wide: Array, like: Array) -> Array:
    return wide if wide.shape == like.shape else like
