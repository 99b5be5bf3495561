"""`python -m benchmarks compare OLD.json NEW.json`: what got slower beyond the spread.

May import: `benchmarks.measure`, `benchmarks.record`, `benchmarks.report`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import geometric_mean, quantiles

from benchmarks import record
from benchmarks.measure import Measured
from benchmarks.report import line

Key = tuple[str, str, int, str, str]
"""Suite, layer, batch size, pass, rival."""

LEAST = 0.03
"""A change smaller than this is none, however narrow the spreads are."""

_COLUMNS = (
    ("suite", -11),
    ("layer", -34),
    ("batch", 5),
    ("pass", -16),
    ("beside", -11),
    ("old", 6),
    ("new", 6),
    ("times", 6),
    ("old spread", 13),
    ("new spread", 13),
    ("algorithm", -20),
)


@dataclass(frozen=True)
class Timed:
    """A pass of a layer beside a rival, of one run.

    Attributes:
        ratio: pyconv's shortest time over the rival's.
        low: the lower quartile of the quotients of each round.
        high: the upper one.
        algorithm: the planner's choice.
    """

    ratio: float
    low: float
    high: float
    algorithm: str


@dataclass(frozen=True)
class Change:
    """One pass of one layer in both runs; the quotients to a rival are compared, so that machines may differ."""

    key: Key
    old: Timed
    new: Timed

    @property
    def times(self) -> float:
        """How many times as slow it is now."""
        return self.new.ratio / self.old.ratio

    @property
    def is_slower(self) -> bool:
        """Whether the middle halves of the rounds lie apart, and both measures say slower."""
        return self.new.low > self.old.high and self.times > 1 + LEAST

    @property
    def is_faster(self) -> bool:
        """The same the other way round."""
        return self.new.high < self.old.low and self.times < 1 / (1 + LEAST)


def main(words: Sequence[str]) -> int:
    """Compare two files; the status is 1 where anything got slower."""
    options = argparse.ArgumentParser(
        prog="python -m benchmarks compare",
        description="Compare two files that --json wrote. A pass of a layer counts as slower where the middle half of "
        "its quotients (pyconv's time over the rival's, round by round) lies above the old one's, and the ratio of "
        f"the shortest times rose by more than {LEAST:.0%}. The exit status is 1 where anything got slower.",
    )
    options.add_argument("old", type=Path, metavar="OLD.json")
    options.add_argument("new", type=Path, metavar="NEW.json")
    arguments = options.parse_args(words)
    try:
        (before, old), (after, new) = record.read(arguments.old), record.read(arguments.new)
    except (OSError, ValueError) as error:
        options.error(str(error))
    for setting in ("threads", "precision", "processor"):
        if before.get(setting) != after.get(setting):
            print(f"{setting} differ: {before.get(setting)} and {after.get(setting)}")
    changes = list(compared(timed(old), timed(new)))
    print(*told(changes), sep="\n")
    missing = timed(old).keys() - timed(new).keys()
    if missing:
        print(f"\n{len(missing)} of the old run are not in the new one")
    return int(any(change.is_slower for change in changes))


def timed(found: Sequence[Measured]) -> dict[Key, Timed]:
    """Each pass of each layer beside each rival."""
    result = {}
    for m in found:
        for rival, other in m.beside.items():
            low, high = _quartiles(other.quotients)
            result[m.suite, m.layer, m.batch, m.name, rival] = Timed(other.ratio, low, high, m.algorithm)
    return result


def _quartiles(quotients: Sequence[float]) -> tuple[float, float]:
    if len(quotients) < 2:
        return quotients[0], quotients[0]
    low, _, high = quantiles(quotients, n=4, method="inclusive")
    return low, high


def compared(old: Mapping[Key, Timed], new: Mapping[Key, Timed]) -> Iterator[Change]:
    """What is in both runs."""
    return (Change(key, old[key], new[key]) for key in old if key in new)


def told(changes: Sequence[Change]) -> Iterator[str]:
    """The tables: what got slower, what got faster, and a line for each suite."""
    if not changes:
        yield "nothing is in both runs"
        return
    for word, chosen in (
        ("slower", [c for c in changes if c.is_slower]),
        ("faster", [c for c in changes if c.is_faster]),
    ):
        yield f"{len(chosen)} of {len(changes)} got {word}"
        if chosen:
            yield line([name for name, _ in _COLUMNS], _COLUMNS)
        yield from map(_row, sorted(chosen, key=lambda c: c.times, reverse=word == "slower"))
        yield ""
    suites: dict[tuple[str, str], list[float]] = {}
    for change in changes:
        suites.setdefault((change.key[0], change.key[4]), []).append(change.times)
    for (suite, rival), times in suites.items():
        yield f"{suite} beside {rival}: {geometric_mean(times):.3f} times the old ratio, in the geometric mean"


def _row(change: Change) -> str:
    old, new = change.old, change.new
    suite, layer, batch, name, rival = change.key
    algorithm = new.algorithm if old.algorithm == new.algorithm else f"{old.algorithm} → {new.algorithm}"
    spreads = [f"{side.low:.2f} – {side.high:.2f}" for side in (old, new)]
    numbers = [f"{value:.2f}" for value in (old.ratio, new.ratio, change.times)]
    return line([suite, layer, str(batch), name, rival, *numbers, *spreads, algorithm], _COLUMNS)
