"""`python -m benchmarks grow`: how time and memory grow with batch, channels, image side and kernel side.

May import: `benchmarks`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import host, setting
from benchmarks.calls import ours
from benchmarks.commands.run import installed, plotting
from benchmarks.layers import Layer, Task
from benchmarks.measure import runnable
from benchmarks.memory import resident_growth
from benchmarks.report import line
from benchmarks.rivals import Rival
from benchmarks.timing import interleaved


@dataclass(frozen=True)
class Sweep:
    """One size doubled, the others kept.

    Attributes:
        label: of the axis.
        about: what is kept.
        task: the task of a size.
        most: the largest size that means anything; time and memory may end it before.
    """

    label: str
    about: str
    task: Callable[[int], Task]
    most: int


def _square(channels: int, side: int, kernel: int) -> Layer:
    return Layer(channels, (side, side), channels, kernel, 1, kernel // 2)


SWEEPS = {
    "batch": Sweep(
        "batch size", "64 channels, 28×28, 3×3", lambda n: Task(_square(64, 28, 3), n, functional=True), 4096
    ),
    "channels": Sweep(
        "channels, in and out", "batch 1, 28×28, 3×3", lambda c: Task(_square(c, 28, 3), 1, functional=True), 4096
    ),
    "side": Sweep(
        "image side", "batch 1, 16 channels, 3×3", lambda s: Task(_square(16, s, 3), 1, functional=True), 4096
    ),
    "kernel": Sweep(
        "kernel side", "batch 1, 8 channels, 128×128", lambda k: Task(_square(8, 128, k), 1, functional=True), 128
    ),
}


@dataclass(frozen=True)
class Point:
    """What one size took, on one side.

    Attributes:
        sweep: the name of the sweep.
        size: the size.
        library: 'pyconv' or the rival.
        seconds: the shortest time.
        memory: bytes by which the process grew in a call; None where the system does not tell.
    """

    sweep: str
    size: int
    library: str
    seconds: float
    memory: int | None


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    result = argparse.ArgumentParser(
        prog="python -m benchmarks grow",
        description="Double batch size, channels, image side and kernel side from 1, each until a call takes longer "
        "than --seconds or more memory than --memory, and print the time and the memory of pyconv's functional "
        "interface beside a rival's. The memory is by how much the process grows in a call, result included.",
    )
    result.add_argument("sweeps", nargs="*", metavar="SWEEP", help=f"any of {', '.join(SWEEPS)} (default: all)")
    result.add_argument("--against", type=lambda text: text.split(","), default=["torch"], metavar="NAMES")
    result.add_argument("--rounds", type=int, default=5, metavar="N", help="counted rounds (default: 5)")
    result.add_argument("--threads", type=int, default=2, metavar="N", help="threads of all sides (default: 2)")
    result.add_argument("--seconds", type=float, default=1.0, help="end a sweep at such a call (default: 1)")
    result.add_argument("--memory", type=float, default=2.0, metavar="GIB", help="or at such growth (default: 2)")
    result.add_argument("--json", type=Path, metavar="FILE", help="keep the points")
    result.add_argument("--plot", type=Path, metavar="FILE", help="draw them (needs matplotlib)")
    return result


def main(words: Sequence[str]) -> int:
    """Double each size from 1 until the time or the memory of a call is used up."""
    options = parser()
    arguments = options.parse_args(words)
    for name in arguments.sweeps:
        if name not in SWEEPS:
            options.error(f"no sweep named {name!r}; choose from {', '.join(SWEEPS)}")
    rivals = installed(arguments.against, options.error)
    plot = plotting(options.error) if arguments.plot else None
    points: list[Point] = []
    before = host.ticks()
    with setting.threads(arguments.threads, rivals):
        for name in arguments.sweeps or SWEEPS:
            points += swept(name, arguments, rivals)
        about = setting.described(arguments.threads, "highest", arguments.rounds, rivals, before)
    if arguments.json:
        content = {"about": about, "points": [asdict(point) for point in points]}
        arguments.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    if plot is not None:
        plot.growth(arguments.plot, points, SWEEPS, setting.sentence(about))
    return 0


def swept(name: str, arguments: argparse.Namespace, rivals: Sequence[Rival]) -> Iterator[Point]:
    """The points of a sweep, printed as they come."""
    sweep, size = SWEEPS[name], 1
    libraries = ["pyconv", *(rival.name for rival in rivals)]
    columns = [(sweep.label, 20), *((head, 16) for library in libraries for head in (f"{library} ms", "MiB"))]
    print(f"\n{sweep.about}\n{line([head for head, _ in columns], columns)}")
    while size <= sweep.most:
        points = measured(name, sweep.task(size), size, rivals, arguments.rounds)
        cells = [cell for library in libraries for cell in _cells(points.get(library))]
        print(line([str(size), *cells], columns), flush=True)
        yield from points.values()
        most = max(point.memory or 0 for point in points.values())
        if max(point.seconds for point in points.values()) > arguments.seconds or most > arguments.memory * 2**30:
            return
        size *= 2


def measured(name: str, task: Task, size: int, rivals: Sequence[Rival], rounds: int) -> dict[str, Point]:
    """A point for each side that has the convolution."""
    runs = {"pyconv": ours(task)} | runnable(task, rivals)[0]
    seconds = interleaved(list(runs.values()), rounds)
    return {
        library: Point(name, size, library, min(taken), resident_growth(run))
        for (library, run), taken in zip(runs.items(), seconds)
    }


def _cells(point: Point | None) -> tuple[str, str]:
    if point is None:
        return "", ""
    return f"{point.seconds * 1e3:.3f}", "" if point.memory is None else f"{point.memory / 2**20:.2f}"
