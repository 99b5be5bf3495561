"""The pictures: the ratios of a run, and how time and memory grow.

May import: matplotlib, `benchmarks.measure`, `benchmarks.report`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import matplotlib

from benchmarks.measure import Measured
from benchmarks.report import Summary, summaries

if TYPE_CHECKING:
    from benchmarks.commands.grow import Point, Sweep

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter, NullLocator

COLOURS = ("#1f77b4", "#d95f02", "#6a3d9a", "#33a02c", "#b15928", "#e7298a", "#666666")


def ratios(path: Path, found: Sequence[Measured], caption: str) -> None:
    """Draw a strip for each suite, batch size, pass and rival: a dot a layer, a bar at the geometric mean.

    Args:
        path: of the picture; its ending says the format.
        found: what was measured.
        caption: the line below.
    """
    strips = [summary for summary in summaries(found) if summary.name != "all three passes"]
    strips.sort(key=lambda strip: [(m.suite, m.batch, m.name) for m in found].index(_group(strip)))
    rivals = list(dict.fromkeys(strip.rival for strip in strips))
    figure, axes = plt.subplots(figsize=(9, 1.6 + 0.27 * len(strips)), layout="constrained")
    for y, strip in enumerate(strips):
        colour = COLOURS[rivals.index(strip.rival)]
        chosen = [m for m in found if (m.suite, m.batch, m.name) == _group(strip) and strip.rival in m.beside]
        dots = [m.beside[strip.rival].ratio for m in chosen]
        axes.plot(dots, [y] * len(dots), "o", color=colour, alpha=0.45, markersize=5, markeredgewidth=0)
        axes.plot([strip.ratio] * 2, [y - 0.4, y + 0.4], color=colour, linewidth=3)
        axes.annotate(f"{strip.ratio:.2f}", (1.005, y), xycoords=("axes fraction", "data"), va="center", color=colour)
        if y and _group(strip) != _group(strips[y - 1]):
            axes.axhline(y - 0.5, color="#cccccc", linewidth=0.5)
    axes.axvline(1, color="black", linewidth=1)
    several = len(rivals) > 1
    labels = [f"{', batch '.join(map(str, _group(s)[:2]))}, {s.name}" + f"  {s.rival}" * several for s in strips]
    axes.set_yticks(range(len(strips)), labels, fontsize=9)
    axes.set_ylim(len(strips) - 0.4, -0.6)
    axes.set_xscale("log", base=2)
    axes.set_xticks(_powers_of_two(*axes.get_xlim()))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}" if value >= 1 else f"1/{1 / value:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel(f"time of pyconv / time of {'the library beside it' if several else rivals[0]}  (below 1: faster)")
    axes.grid(axis="x", alpha=0.3)
    axes.set_title("a dot is a layer, a bar the geometric mean, written on the right", fontsize=10)
    _saved(figure, path, caption)


def _powers_of_two(low: float, high: float) -> list[float]:
    """At most nine marks, 1 among them."""
    first, last = math.ceil(math.log2(low)), math.floor(math.log2(high))
    step = max(1, math.ceil((last - first) / 8))
    return [2.0**power for power in range(first, last + 1) if power % step == 0]


def _group(strip: Summary) -> tuple[str, int, str]:
    return strip.suite, strip.batch, strip.name


def growth(path: Path, points: Sequence[Point], sweeps: Mapping[str, Sweep], caption: str) -> None:
    """Draw time above and memory below, a column for each sweep, both axes doubling.

    Args:
        path: of the picture; its ending says the format.
        points: what was measured.
        sweeps: the labels of each sweep.
        caption: the line below.
    """
    names = list(dict.fromkeys(point.sweep for point in points))
    libraries = list(dict.fromkeys(point.library for point in points))
    options: dict[str, Any] = {"sharex": "col", "sharey": "row", "squeeze": False, "layout": "constrained"}
    figure, grid = plt.subplots(2, len(names), figsize=(3.6 * len(names) + 0.6, 6.4), **options)
    for column, name in enumerate(names):
        for index, library in enumerate(libraries):
            chosen = [point for point in points if (point.sweep, point.library) == (name, library)]
            style: dict[str, Any] = {"color": COLOURS[index], "label": library, "markersize": 4}
            style["marker"] = "os^vDP*"[index]
            grid[0, column].plot([p.size for p in chosen], [p.seconds * 1e3 for p in chosen], **style)
            held = [p for p in chosen if p.memory]
            grid[1, column].plot([p.size for p in held], [p.memory / 2**20 for p in held if p.memory], **style)
        grid[0, column].set_title(sweeps[name].about, fontsize=10)
        grid[1, column].set_xlabel(sweeps[name].label)
        for axes in grid[:, column]:
            axes.set_xscale("log", base=2)
            axes.set_yscale("log", base=10)
            axes.grid(alpha=0.3)
            for axis in (axes.xaxis, axes.yaxis):
                axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    grid[0, 0].set_ylabel("time of a call (ms)")
    grid[1, 0].set_ylabel("memory that a call takes (MiB)")
    grid[0, 0].legend()
    _saved(figure, path, caption)


def _saved(figure: Any, path: Path, caption: str) -> None:
    figure.supxlabel("\n".join(wrap(caption, int(14 * figure.get_figwidth()))), fontsize=7, color="#555555")
    figure.savefig(path, dpi=150)
    plt.close(figure)
