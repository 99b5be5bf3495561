"""`python -m benchmarks [SUITE ...]`: time suites beside other libraries, print tables, keep them, draw them.

May import: `benchmarks`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from benchmarks import host, record, report, runs, setting
from benchmarks.functions import BATCH, GROUPS
from benchmarks.functions.measured import measure_function
from benchmarks.layers import Task
from benchmarks.measure import Measured, measure
from benchmarks.rivals import RIVALS, Rival, find
from benchmarks.workloads import SUITES, Suite
from pyconv.kernels.conv import PASSES

WHOLE = {
    "train": "a step of training, optimizer included: ResNet-18 on 64×64, LeNet",
    "inference": "ResNet-50 and MobileNetV2, batch 1, normalizations folded",
    "cold": "whole process: import, build ResNet-18, load its weights, one image",
    "memory": "VGG-16 on 512×512: the memory of its first call and of its process",
}
"""The suites of whole networks and programs."""
ALL_GROUPS = "functions"
"""The name of all suites of single functions. It takes minutes, so it runs where it is named only."""


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    suites = {name: suite.about for name, suite in SUITES.items()} | WHOLE
    groups = {name: group.about for name, group in GROUPS.items()} | {ALL_GROUPS: "all suites of functions"}
    result = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Time pyconv beside other libraries, by turns in one process, and print for each layer the ratio "
        "of the times, both errors against float64, and the memory; then a geometric mean for each suite.",
        epilog="suites:\n"
        + "\n".join(f"  {name:<12}{about}" for name, about in suites.items())
        + "\n\nsuites of functions, which run where they are named:\n"
        + "\n".join(f"  {name:<12}{about}" for name, about in groups.items())
        + "\n\nother commands: compare OLD.json NEW.json, grow, fit, floors (each with --help)\n"
        + report.LEGEND,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    result.add_argument("suites", nargs="*", metavar="SUITE", help="which suites (default: all but functions)")
    result.add_argument(
        "--against",
        type=lambda text: text.split(","),
        default=["torch"],
        metavar="NAMES",
        help=f"libraries beside pyconv, with commas: {', '.join(RIVALS)} (default: torch)",
    )
    result.add_argument("--batch", type=int, nargs="+", metavar="N", help="batch sizes (default: each suite's own)")
    result.add_argument("--backward", action="store_true", help="time the gradients of each layer as well")
    result.add_argument("--rounds", type=int, default=9, metavar="N", help="counted rounds (default: 9)")
    result.add_argument("--threads", type=int, default=2, metavar="N", help="threads of all sides (default: 2)")
    result.add_argument(
        "--precision",
        choices=("highest", "high"),
        default="highest",
        help="set_float32_matmul_precision on both sides (default: highest)",
    )
    result.add_argument("--json", type=Path, metavar="FILE", help="keep everything that was measured")
    result.add_argument("--plot", type=Path, metavar="FILE", help="draw the ratios (needs matplotlib)")
    return result


def main(words: Sequence[str]) -> int:
    """Run the suites that the command line names."""
    options = parser()
    arguments = options.parse_args(words)
    chosen = suites(arguments.suites, options.error)
    rivals = installed(arguments.against, options.error)
    plot = plotting(options.error) if arguments.plot else None
    found: list[Measured] = []
    before = host.ticks()
    try:
        with setting.threads(arguments.threads, rivals), setting.precision(arguments.precision, rivals):
            for name in chosen:
                print(f"\n{name}: {about_suite(name)}\n{report.header()}")
                for measured in suite(name, arguments, rivals):
                    print(*report.rows(measured), sep="\n", flush=True)
                    found.append(measured)
    finally:  # what was measured is kept, though a later layer fails or a key stops the run
        about = setting.described(arguments.threads, arguments.precision, arguments.rounds, rivals, before)
        print(f"\n{setting.sentence(about)}\n\n{report.summary_table(found)}")
        if arguments.json:
            record.write(arguments.json, about, found)
        if plot is not None and found:
            plot.ratios(arguments.plot, found, setting.sentence(about))
    return 0


def suites(names: Sequence[str], fail: Callable[[str], NoReturn]) -> list[str]:
    """The suites to run: those that are named, or all but the functions."""
    known = [*SUITES, *WHOLE, *GROUPS, ALL_GROUPS]
    unknown = [name for name in names if name not in known]
    if unknown:
        fail(f"no suite named {unknown[0]!r}; choose from {', '.join(known)}")
    several = [[*GROUPS] if name == ALL_GROUPS else [name] for name in names or [*SUITES, *WHOLE]]
    return list(dict.fromkeys(name for group in several for name in group))


def about_suite(name: str) -> str:
    """What a suite is."""
    return WHOLE[name] if name in WHOLE else (SUITES | GROUPS)[name].about


def installed(names: Sequence[str], fail: Callable[[str], NoReturn]) -> list[Rival]:
    """The rivals of those names that can be imported; a sentence says of each other what it needs."""
    rivals = []
    for name in names:
        if name not in RIVALS:
            fail(f"no rival named {name!r}; choose from {', '.join(RIVALS)}")
        rival = _found(name)
        if rival is not None:
            rivals.append(rival)
    return rivals


def plotting(fail: Callable[[str], NoReturn]) -> ModuleType:
    """The module that draws; asked for before a run, so that it is not run in vain."""
    try:
        return import_module("benchmarks.plot")
    except ImportError as missing:
        fail(f"--plot needs `pip install matplotlib` ({missing})")


def _found(name: str) -> Rival | None:
    try:
        return find(name)
    except ImportError as missing:
        print(missing, file=sys.stderr)
        return None


def suite(name: str, arguments: argparse.Namespace, rivals: Sequence[Rival]) -> Iterator[Measured]:
    """What is measured of a suite, one after another."""
    rounds, threads = arguments.rounds, arguments.threads
    if name in SUITES:
        for task in tasks(SUITES[name], arguments.batch, arguments.backward):
            yield measure(name, task, rivals, rounds)
    elif name in GROUPS:
        for batch in arguments.batch or [BATCH]:
            for function in GROUPS[name].functions:
                for part in ("forward", "forward+backward")[: 1 + arguments.backward]:
                    yield measure_function(name, function, batch, part, rivals, rounds)
    elif name == "cold":
        yield runs.measure_cold(rivals, rounds, threads)
    elif name == "memory":
        yield from runs.measure_first_call(rivals, threads)
    else:
        for whole in runs.TRAIN if name == "train" else runs.INFERENCE:
            yield runs.measure_call(name, whole, rivals, rounds)


def tasks(suite: Suite, batches: Sequence[int] | None, backward: bool) -> Iterator[Task]:
    """The tasks of a suite: of each batch size and layer each pass."""
    passes: tuple[str, ...] = ("forward",)
    if backward:
        passes = ("forward", "forward+backward") if suite.functional else PASSES
    for batch in batches or suite.batches:
        for layer in suite.layers:
            for name in passes:
                yield Task(layer, batch, name, suite.functional)
