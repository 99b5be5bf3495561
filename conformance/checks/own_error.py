"""How far a value may be from torch's where nothing is known of the operation but torch's own error.

May import: NumPy, `conformance.fills`.

An array may have an error of

    max(2 × torch's own largest error, 8 u × the largest value),

u being the unit roundoff. The first is what the operation itself is worth on these operands, however badly
conditioned: both libraries round the same exact result by some path of theirs, and two paths of one length differ by
a factor near 1. The second stands where torch's path happens to be exact: a handful of roundings.

Torch's error in one answer may be small by luck. So it counts as no less than what its answer moves by where each
operand is moved to a neighbouring number of its dtype: so much no algorithm can tell apart that rounds what it begins
with.

Both errors are taken from torch's answer in double precision, to the same operands. An answer in double precision has
none above it. Torch's error E is then what it is in single precision, times 2^-29, the ratio of the roundoffs; that is
rather too large, for the operands are rounded too. The library's is taken from torch's answer, whose own error counts
as well: max(2 E, 8 u × the largest value) + E.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from conformance.fills import Array

ROUNDOFF = {"float16": 2.0**-11, "bfloat16": 2.0**-8, "float32": 2.0**-24, "float64": 2.0**-53}
ROUNDOFF |= {"complex64": 2.0**-24, "complex128": 2.0**-53}
_SINGLE_TO_DOUBLE = 2.0**-29
TIMES, ROUNDINGS = 2, 8


def measure(
    theirs: Array, other: Array, *, single: bool = False, moved: Iterable[Array] = ()
) -> tuple[Array, Array, float]:
    """What errors are taken from, where they are, and how large they may be.

    Args:
        theirs: torch's answer, of an inexact dtype.
        other: torch's in another precision; of another shape it says nothing.
        single: whether `other` is of single precision, beside an answer in double.
        moved: torch's to operands that are moved to neighbouring numbers, where that is known.

    Returns:
        The exact values, in double precision; where both are finite, and a value has an error; the largest error that
        is allowed. Elsewhere a value is right where it is torch's.

    Example:
        >>> exact, finite, allowed = measure(np.float32([1, np.inf]), np.array([1.0, np.inf]))
        >>> finite, allowed * 2**21
        (array([ True, False]), 1.0)
    """
    kind = np.complex128 if theirs.dtype.kind == "c" else np.float64
    roundoff = ROUNDOFF[theirs.dtype.name]
    theirs = theirs.astype(kind)
    other = other.astype(kind) if other.shape == theirs.shape else theirs
    finite = np.isfinite(theirs) & np.isfinite(other)
    with np.errstate(invalid="ignore"):
        own, exact = np.abs(theirs - other)[finite].max(initial=0.0), other
    if single:
        finite, exact, own = np.isfinite(theirs), theirs, own * _SINGLE_TO_DOUBLE
    own = max(own, *(_distance(theirs, answer.astype(kind)) for answer in moved), 0.0)
    largest = np.abs(exact)[finite].max(initial=0.0)
    return exact, finite, float(max(TIMES * own, ROUNDINGS * roundoff * largest) + (own if single else 0.0))


def _distance(first: Array, second: Array) -> float:
    """The largest distance of two arrays where both are finite; 0 where their shapes differ."""
    if first.shape != second.shape:
        return 0.0
    finite = np.isfinite(first) & np.isfinite(second)
    with np.errstate(invalid="ignore"):
        return float(np.abs(first - second)[finite].max(initial=0.0))
