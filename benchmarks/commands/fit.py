"""`python -m benchmarks fit`: the planner's constants from timings, and how often its choice is a good one.

May import: `benchmarks`, `pyconv.kernels.conv`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np

from benchmarks import model, setting
from benchmarks.calls import ours
from benchmarks.commands.run import tasks
from benchmarks.layers import Layer, Task
from benchmarks.model import GOOD, Sample
from benchmarks.report import line
from benchmarks.timing import Run, interleaved
from benchmarks.workloads import SUITES
from pyconv.kernels import conv as kernels

HOPELESS = 20.0
"""An algorithm that the model calls so many times as slow as the cheapest is not timed."""

INTEGERS = tuple(
    Task(Layer(channels, (side, side), channels, kernel, 1, kernel // 2), 1, "forward", dtype=np.dtype(np.int32))
    for channels, side, kernel in ((32, 14, 3), (64, 14, 1), (8, 28, 5))
)
"""What shows the rate of products that BLAS does not have."""


def main(words: Sequence[str]) -> int:
    """Time all algorithms on all layers, fit, and print both scores."""
    options = argparse.ArgumentParser(
        prog="python -m benchmarks fit",
        description="Time every algorithm on the layers of the suites, fit the constants of the planner's cost model "
        "and the pace of each algorithm (pyconv/kernels/conv/plan.py) to the times, and print on how many layers its "
        f"choice takes at most {GOOD} times the best algorithm's time: with those as they are, and with those fitted.",
    )
    options.add_argument("suites", nargs="*", metavar="SUITE", help=f"any of {', '.join(SUITES)} (default: all)")
    options.add_argument("--batch", type=int, nargs="+", metavar="N", help="batch sizes (default: each suite's own)")
    options.add_argument("--backward", action="store_true", help="the two gradients of each layer as well")
    options.add_argument("--rounds", type=int, default=5, metavar="N", help="counted rounds (default: 5)")
    options.add_argument("--threads", type=int, default=2, metavar="N", help="threads (default: 2)")
    options.add_argument("--precision", choices=("highest", "high"), default="highest")
    arguments = options.parse_args(words)
    for name in arguments.suites:
        if name not in SUITES:
            options.error(f"no suite named {name!r}; choose from {', '.join(SUITES)}")
    samples = []
    with setting.threads(arguments.threads, []), setting.precision(arguments.precision, []):
        for task in chosen(arguments):
            samples.append(sample(task, arguments.rounds))
            print(told(samples[-1]), flush=True)
        values = model.fitted(samples)
        print(f"\nwith the constants as they are\n{score(samples)}")
        with model.using(values):
            paces = model.paced(samples)
        with model.using({**values, "PACES": paces}):
            print(f"\nwith those fitted\n{score(samples)}\n")
    for name, before in model.constants().items():
        print(f"{name} = {values[name]:.3g}  (is {before:.3g})")
    print(f"PACES = {{{', '.join(f'{name!r}: {pace:.2g}' for name, pace in paces.items())}}}")
    return 0


def chosen(arguments: argparse.Namespace) -> Iterator[Task]:
    """The tasks of the suites by the kernels, and the integer ones."""
    for name in arguments.suites or SUITES:
        for task in tasks(SUITES[name], arguments.batch, arguments.backward and not SUITES[name].functional):
            yield Task(task.layer, task.batch, task.name)
    yield from INTEGERS


def sample(task: Task, rounds: int) -> Sample:
    """The times of every algorithm that is not hopeless."""
    found = {a.name: model.costs(task, a) for a in kernels.candidates(task.conv, task.dtype, task.operation)}
    names = [name for name, cost in found.items() if cost <= HOPELESS * min(found.values())]
    seconds = interleaved([_forced(name, task) for name in names], rounds)
    return Sample(task, {name: min(taken) for name, taken in zip(names, seconds)})


def _forced(name: str, task: Task) -> Run:
    call = ours(task)

    def run() -> object:
        with kernels.use(name):
            return call()

    return run


def told(sample: Sample) -> str:
    """A line for a task: the times of the algorithms, the choice marked where it is not the best."""
    task, best = sample.task, sample.best()
    label = f"{task.layer} {task.dtype if task.dtype.kind != 'f' else ''}".strip()
    times = (f"{name} {seconds * 1e3:.3f}" for name, seconds in sorted(sample.seconds.items(), key=lambda x: x[1]))
    mark = "" if sample.choice() == best else f"  ← {sample.choice()} chosen, {sample.excess():.2f} times the best"
    return line([label, str(task.batch), task.name, f"ms: {', '.join(times)}{mark}"], _COLUMNS)


_COLUMNS = (("layer", -34), ("batch", 3), ("pass", -12), ("", -1))


def score(samples: Sequence[Sample]) -> str:
    """On how many tasks the choice is good, and how far the model is off, algorithm by algorithm."""
    asked = [sample for sample in samples if len(sample.seconds) > 1]
    good = sum(sample.excess() <= GOOD for sample in asked)
    lines = [
        f"the choice takes at most {GOOD} times the best on {good} of {len(asked)} that leave a choice "
        f"({good / max(1, len(asked)):.0%}); all {len(samples)} take {_lost(samples):.3f} times what the best would"
    ]
    for (name, operation), quotients in sorted(model.residuals(samples).items()):
        spread = np.quantile(quotients, [0.1, 0.9])
        lines.append(
            f"  {name:<12}{operation:<12} time over cost: median {median(quotients):.2f}, "
            f"eight in ten of {len(quotients)} within {spread[0]:.2f} to {spread[1]:.2f}"
        )
    return "\n".join(lines)


def _lost(samples: Sequence[Sample]) -> float:
    """The geometric mean of the choices' times over the best ones."""
    return float(np.exp(np.mean([np.log(sample.excess()) for sample in samples])))
