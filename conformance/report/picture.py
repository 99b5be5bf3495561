"""The errors of both libraries against the bound, as coordinates of a picture for each dtype.

May import: the standard library, `conformance.call`, `conformance.tally` and its neighbours.

A picture has the candidate's histogram upwards and torch's downwards, over log2 of error/bound. All pictures of a
run have the same axis; what is beyond its ends is in the bars at its ends.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from conformance.call import CALL_DTYPES
from conformance.report.coverage import in_order
from conformance.tally import BINS_PER_OCTAVE, Tally, Worst

WIDTH, HEIGHT, MARGIN = 340, 180, 14
MIDDLE, REACH = 90, 72
_LEFTMOST, _RIGHT, _FAR_RIGHT = -12, 2, 7


@dataclass(frozen=True)
class Bar:
    """A bar of a histogram: a rectangle and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    told: str


@dataclass(frozen=True)
class Marker:
    """Where the worst case lies on the axis, its ratio and its line."""

    x: float
    ratio: float
    case: str


@dataclass(frozen=True)
class Picture:
    """The picture of a dtype.

    Attributes:
        dtype: its token.
        bars: of `candidate` and of `torch`.
        worst: of each, where it has an error at all.
        cases: how many of each have one.
    """

    dtype: str
    bars: dict[str, list[Bar]]
    worst: dict[str, Marker]
    cases: dict[str, int]


@dataclass(frozen=True)
class Axis:
    """The axis of all pictures: from `first` to `last` in log2 of error/bound, in whole octaves.

    Example:
        >>> axis = Axis(-4, 2)
        >>> axis.x(-9) == axis.x(-4) == MARGIN, axis.x(math.inf) == WIDTH - MARGIN
        (True, True)
    """

    first: int
    last: int

    def x(self, octaves: float) -> float:
        """The coordinate of a place on it; what is beyond it is at its end."""
        share = (min(max(octaves, self.first), self.last) - self.first) / (self.last - self.first)
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 2)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Coordinates and labels, one at every second octave."""
        octaves = range(self.first + 1 + (self.first + 1) % 2, self.last, 2)
        return [(self.x(octave), _power(octave)) for octave in octaves]


def _power(octave: int) -> str:
    """2 to this power, as a whole number or a fraction.

    Example:
        >>> _power(-6), _power(0), _power(2)
        ('1/64', '1', '4')
    """
    return str(2**octave) if octave >= 0 else f"1/{2**-octave}"


def pictures(tally: Tally) -> tuple[Axis, list[Picture]]:
    """The axis and the picture of each dtype in which errors were measured.

    Example:
        >>> axis, (picture,) = pictures(Tally(errors=Counter({("f32", "candidate", -3): 4})))
        >>> picture.dtype, picture.cases, len(picture.bars["candidate"])
        ('f32', {'candidate': 4, 'torch': 0}, 1)
    """
    bins = [place for _, _, place in tally.errors]
    lowest = math.floor(min(bins, default=0) / BINS_PER_OCTAVE)
    far = max(bins, default=0) >= _RIGHT * BINS_PER_OCTAVE
    axis = Axis(max(min(lowest, -6) - 1, _LEFTMOST), _FAR_RIGHT if far else _RIGHT)
    return axis, [_picture(tally, axis, dtype) for dtype in in_order((key[0] for key in tally.errors), CALL_DTYPES)]


def _picture(tally: Tally, axis: Axis, dtype: str) -> Picture:
    ends = axis.first * BINS_PER_OCTAVE, axis.last * BINS_PER_OCTAVE - 1
    counts: dict[str, Counter[int]] = {"candidate": Counter(), "torch": Counter()}
    for (name, who, place), number in tally.errors.items():
        if name == dtype:
            counts[who][min(max(place, ends[0]), ends[1])] += number
    most = max(number for found in counts.values() for number in found.values())
    bars = {who: [_bar(axis, who, place, n, most) for place, n in sorted(c.items())] for who, c in counts.items()}
    return Picture(dtype, bars, _markers(tally, axis, dtype), {who: found.total() for who, found in counts.items()})


def _bar(axis: Axis, who: str, place: int, number: int, most: int) -> Bar:
    left, right = axis.x(place / BINS_PER_OCTAVE), axis.x((place + 1) / BINS_PER_OCTAVE)
    height = round(max(REACH * number / most, 1.0), 2)
    low, high = (2.0 ** ((place + side) / BINS_PER_OCTAVE) for side in (0, 1))
    ends = f"{low:.3g} or less" if left == axis.x(-math.inf) else f"{low:.3g} to {high:.3g}"
    if right == axis.x(math.inf):
        ends = f"{low:.3g} or more"
    top = MIDDLE - height - 0.5 if who == "candidate" else MIDDLE + 0.5
    return Bar(
        left + 0.5,
        round(top, 2),
        round(right - left - 1, 2),
        height,
        f"error/bound {ends}: {number} case{'s' * (number > 1)}",
    )


def _markers(tally: Tally, axis: Axis, dtype: str) -> dict[str, Marker]:
    found = [worst for (_, name), worst in tally.worst.items() if name == dtype]
    ours = max(found, key=lambda worst: worst.ratio, default=Worst())
    theirs = max(found, key=lambda worst: worst.torch_ratio, default=Worst())
    markers = {}
    for who, ratio, case in (("candidate", ours.ratio, ours.case), ("torch", theirs.torch_ratio, theirs.torch_case)):
        if ratio > 0:
            markers[who] = Marker(axis.x(math.log2(ratio) if math.isfinite(ratio) else math.inf), ratio, case)
    return markers
