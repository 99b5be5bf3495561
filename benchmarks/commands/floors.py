"""`python -m benchmarks floors`: what NumPy's own products, copies and additions would take, were all else free.

May import: `benchmarks`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import geometric_mean

from benchmarks import floors, setting
from benchmarks.calls import ours
from benchmarks.commands.run import installed
from benchmarks.filtering_floors import TILES
from benchmarks.layers import Task
from benchmarks.report import line
from benchmarks.rivals import Rival
from benchmarks.runs import INFERENCE, TRAIN, Whole
from benchmarks.timing import interleaved
from benchmarks.whole_floors import sequences, ways
from benchmarks.workloads import SUITES

WHOLES = {"train": TRAIN, "inference": INFERENCE}

_COLUMNS = (
    ("layer", -34),
    ("batch", 5),
    ("its ms", 9),
    ("pyconv", 8),
    ("product", 8),
    ("columns", 8),
    ("minimal", 8),
    ("copy", 8),
    ("floor", 8),
)


@dataclass(frozen=True)
class Floor:
    """Seconds of one layer, or of a network.

    Attributes:
        rival: what the rival took.
        pyconv: what pyconv took.
        product: its matrix product alone; of a network those of all passes of its convolutions.
        columns: the product, its columns gathered first, None where they lie in the image.
        minimal: minimal filtering's products and transforms, None where there is none; of a network the cheapest way.
        copy: reading its input and writing its output; of a step also what all but its convolutions read and write.
    """

    rival: float
    pyconv: float
    product: float
    columns: float | None
    minimal: float | None
    copy: float

    @property
    def least(self) -> float:
        """The cheaper way and the copy."""
        columns = self.columns or self.product
        return min(columns, self.minimal or columns) + self.copy

    def cells(self) -> list[str]:
        """The rival's milliseconds, and everything else over them."""
        others = (self.pyconv, self.product, self.columns, self.minimal, self.copy, self.least)
        return [f"{self.rival * 1e3:.3f}", *("" if time is None else f"{time / self.rival:.2f}" for time in others)]


def main(words: Sequence[str]) -> int:
    """Print the floors of the suites that the command line names."""
    plain = [name for name, suite in SUITES.items() if not any(layer.transposed for layer in suite.layers)]
    names = [*plain, *WHOLES]
    options = argparse.ArgumentParser(
        prog="python -m benchmarks floors",
        description="For each layer, over a rival's time: pyconv's; that of the matrix product of the weights with the "
        "columns, operands ready, at once or in pieces that the cache holds; that of the same with columns gathered "
        "first, in the cache; that of minimal filtering, with the tiles that are cheapest of those that the precision "
        "allows: its products, summed up as far as it allows, and for each element that a step of a transform makes an "
        "addition or its part of a product with a small matrix, in the cache; that of reading the input and writing "
        "the output once; and the cheaper way and the copy together, below which such ways can hardly come. Of a "
        "network, beside torch alone: the same for all passes of its convolutions, one after another; a step's copies "
        "are also those of its norms, ReLUs and pools, forward and back, and of its parameters.",
    )
    options.add_argument("suites", nargs="*", metavar="SUITE", help=f"any of {', '.join(names)} (default: all)")
    options.add_argument("--against", default="torch", metavar="NAME", help="the rival (default: torch)")
    options.add_argument("--batch", type=int, nargs="+", metavar="N", help="batch sizes (default: each suite's own)")
    options.add_argument("--rounds", type=int, default=9, metavar="N", help="counted rounds (default: 9)")
    options.add_argument("--threads", type=int, default=2, metavar="N", help="threads of all sides (default: 2)")
    options.add_argument("--precision", choices=tuple(TILES), default="highest")
    arguments = options.parse_args(words)
    unknown = [name for name in arguments.suites if name not in names]
    if unknown:
        options.error(f"no suite named {unknown[0]!r}; choose from {', '.join(names)}")
    rivals = installed([arguments.against], options.error)
    if not rivals:
        return 1
    chosen = arguments.suites or [name for name in names if name in SUITES or arguments.against == "torch"]
    with setting.threads(arguments.threads, rivals), setting.precision(arguments.precision, rivals):
        for name in chosen:
            print(f"\n{heading(name)}\n{line([head for head, _ in _COLUMNS], _COLUMNS)}")
            for text in lines(name, rivals[0], arguments):
                print(text, flush=True)
    return 0


def heading(name: str) -> str:
    """A suite and what it is."""
    return f"{name}: {SUITES[name].about}" if name in SUITES else f"{name}: a network"


def lines(name: str, rival: Rival, arguments: argparse.Namespace) -> Iterator[str]:
    """What is printed for a suite."""
    if name in WHOLES:
        for whole in WHOLES[name]:
            floor = measured_whole(whole, arguments.rounds, arguments.precision)
            yield line([whole.title, str(whole.batch), *floor.cells()], _COLUMNS)
        return
    for batch in arguments.batch or SUITES[name].batches:
        yield from told(name, batch, rival, arguments.rounds, arguments.precision)


def told(name: str, batch: int, rival: Rival, rounds: int, precision: str) -> Iterator[str]:
    """A line for each layer of a suite, and the geometric means."""
    found = []
    for layer in SUITES[name].layers:
        found.append(measured(Task(layer, batch), rival, rounds, precision))
        yield line([str(layer), str(batch), *found[-1].cells()], _COLUMNS)
    sides = ([f.pyconv, f.product, f.columns or f.product, f.copy, f.least] for f in found)
    times = [[time / f.rival for time in side] for side, f in zip(sides, found, strict=True)]
    mine, product, columns, copy, least = (f"{geometric_mean(side):.2f}" for side in zip(*times, strict=True))
    yield line(["geometric mean", str(batch), "", mine, product, columns, "", copy, least], _COLUMNS)


def measured(task: Task, rival: Rival, rounds: int, precision: str) -> Floor:
    """The seconds of all sides, by turns."""
    product, columns, tiles = ways(task.conv, "forward", precision)
    runs = [rival.run(task), ours(task), floors.copy(task.conv), *product, *columns, *tiles]
    its, mine, copy, *others = (min(taken) for taken in interleaved(runs, rounds))
    first, second = len(product), len(product) + len(columns)
    least = (min(some, default=None) for some in (others[first:second], others[second:]))
    return Floor(its, mine, min(others[:first]), *least, copy)


def measured_whole(whole: Whole, rounds: int, precision: str) -> Floor:
    """The seconds of torch, of pyconv, and of all of the products, columns, cheapest ways and copies, by turns."""
    runs = [whole.call("torch"), whole.call("pyconv"), *sequences(whole, precision)]
    return Floor(*(min(taken) for taken in interleaved(runs, rounds)))
