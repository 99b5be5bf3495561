"""The tables that a run prints: a line for each layer, pass and rival, and a line for each suite.

May import: `benchmarks.measure`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import geometric_mean
from typing import TypeVar

from benchmarks.measure import Beside, Measured

LEGEND = """
ratio    pyconv's shortest time over the rival's: below 1 is faster; median, of the quotients of each round
error    the worst error in units of u·S, u = 2⁻²⁴, S the sum of the magnitudes summed; its, the rival's
bound    2 + 2√K, which it must stay under; an error beyond it is marked with !
         (of a whole network or function: in units of u times the largest output)
rms      pyconv's root-mean-square error over the rival's
work     MiB that NumPy held during a call beyond the result and the padded input; of whole networks, functions: all
peak     MiB by which the process grew in a call, result included; its, the rival's
"""
_COLUMNS = (
    ("layer", -34),
    ("batch", 5),
    ("pass", -16),
    ("algorithm", -16),
    ("ms", 8),
    ("beside", -12),
    ("ratio", 6),
    ("median", 7),
    ("error", 7),
    ("its", 6),
    ("bound", 6),
    ("rms", 6),
    ("work", 7),
    ("peak", 7),
    ("its", 7),
)
_SUMMARY = (
    ("suite", -12),
    ("batch", 5),
    ("pass", -17),
    ("beside", -12),
    ("layers", 6),
    ("ratio", 6),
    ("largest", 8),
    ("error/bound", 12),
    ("worst rms", 10),
    ("most work", 10),
)


def line(cells: Sequence[str], columns: Sequence[tuple[str, int]]) -> str:
    """Cells in columns: a width below zero puts them to the left."""
    return " ".join(f"{cell:{'<' if w < 0 else '>'}{abs(w)}}" for cell, (_, w) in zip(cells, columns)).rstrip()


def header() -> str:
    """The names of the columns of `rows`."""
    return line([name for name, _ in _COLUMNS], _COLUMNS)


def rows(measured: Measured) -> Iterator[str]:
    """A line for each rival; pyconv's own cells stand in the first."""
    own = [
        measured.layer,
        str(measured.batch),
        measured.name,
        measured.algorithm,
        _number(min(measured.seconds) * 1e3, 3),
    ]
    for name, other in measured.beside.items() or {"": None}.items():
        yield line([*own, name, *_compared(measured, other)], _COLUMNS)
        own = [""] * len(own)
    lacking: dict[str, list[str]] = {}
    for name, reason in measured.refused.items():
        lacking.setdefault(reason, []).append(name)
    for reason, names in lacking.items():
        yield f"{'':<{sum(abs(width) + 1 for _, width in _COLUMNS[:5])}}{', '.join(names)}: {reason}"


def is_over(measured: Measured) -> bool:
    """Whether an error is larger than its bound."""
    return None not in (measured.error, measured.bound) and measured.error > measured.bound  # type: ignore[operator]


def _compared(measured: Measured, other: Beside | None) -> list[str]:
    return [
        _number(other.ratio if other else None, 2),
        _number(other.median if other else None, 2),
        _number(measured.error, 2) + "!" * is_over(measured),
        _number(other.error if other else None, 2),
        _number(measured.bound, 1),
        _number(other.rms if other else None, 2),
        _mebibytes(measured.workspace),
        _mebibytes(measured.peak),
        _mebibytes(other.peak if other else None),
    ]


def _number(value: float | None, places: int) -> str:
    if value is None:
        return ""
    return f"{value:.{places}f}" if value < 1000 else f"{value:.3g}"


def _mebibytes(value: int | None) -> str:
    return "" if value is None else f"{value / 2**20:.1f}"


Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Summary:
    """The layers of a suite, at one batch size, in one pass, beside one rival.

    Attributes:
        ratio: the geometric mean of the ratios.
        largest: the largest of them.
        share: the largest share of its bound that an error takes.
        rms: the largest quotient of root-mean-square errors.
        workspace: the most bytes of workspace.
    """

    suite: str
    batch: int
    name: str
    rival: str
    layers: int
    ratio: float
    largest: float
    share: float | None
    rms: float | None
    workspace: int | None


def summaries(found: Sequence[Measured]) -> list[Summary]:
    """A summary for each suite, batch size, pass and rival, in the order in which they came."""
    groups: dict[tuple[str, int, str, str], list[Measured]] = {}
    for measured in found:
        for rival in measured.beside:
            groups.setdefault((measured.suite, measured.batch, measured.name, rival), []).append(measured)
    result = [_summary(*key, group) for key, group in groups.items()]
    return result + [
        whole for key in dict.fromkeys((s, b, r) for s, b, _, r in groups) for whole in _whole(*key, found)
    ]


def _summary(suite: str, batch: int, name: str, rival: str, group: Sequence[Measured]) -> Summary:
    ratios = [measured.beside[rival].ratio for measured in group]
    return Summary(
        suite,
        batch,
        name,
        rival,
        len(group),
        geometric_mean(ratios),
        max(ratios),
        _largest(m.error / m.bound if m.error is not None and m.bound else None for m in group),
        _largest(m.beside[rival].rms for m in group),
        _largest(m.workspace for m in group),
    )


def _whole(suite: str, batch: int, rival: str, found: Sequence[Measured]) -> Iterator[Summary]:
    """All three passes of each layer added up, where all three were timed."""
    layers: dict[str, list[Measured]] = {}
    for measured in found:
        if (measured.suite, measured.batch) == (suite, batch) and rival in measured.beside:
            layers.setdefault(measured.layer, []).append(measured)
    sums = [
        sum(min(m.seconds) for m in passes) / sum(min(m.beside[rival].seconds) for m in passes)
        for passes in layers.values()
        if len(passes) == 3
    ]
    if sums:
        yield Summary(suite, batch, "all three passes", rival, len(sums), geometric_mean(sums), max(sums), *[None] * 3)


def _largest(values: Iterator[Number | None]) -> Number | None:
    known = [value for value in values if value is not None and not math.isnan(value)]
    return max(known, default=None)


def summary_table(found: Sequence[Measured]) -> str:
    """The summaries as a table."""
    lines = [line([name for name, _ in _SUMMARY], _SUMMARY)]
    for s in summaries(found):
        cells = [s.suite, str(s.batch), s.name, s.rival, str(s.layers), _number(s.ratio, 2), _number(s.largest, 2)]
        lines.append(line([*cells, _number(s.share, 2), _number(s.rms, 2), _mebibytes(s.workspace)], _SUMMARY))
    return "\n".join(lines)
