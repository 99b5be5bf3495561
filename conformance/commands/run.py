"""Many cases: the run itself, its report and its files.

May import: `conformance` below it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import wait
from contextlib import ExitStack, contextmanager
from textwrap import indent

from conformance import engine, known, regressions
from conformance.cases import FAMILIES, pairwise
from conformance.commands import files
from conformance.commands.arguments import CONFIGS
from conformance.environment import environment
from conformance.explain import explained, representatives
from conformance.operations import GROUPS
from conformance.plan import Plan
from conformance.progress import shown
from conformance.report import Report, failure, summary
from conformance.session import Limits, Session
from conformance.tally import Failure, Tally

INTERRUPTED = 130
STARTING = 30.0
"""Seconds that a worker may take to import the libraries and judge a part of quick cases."""
LOST = (engine.WorkerDied, engine.TookTooLong)


def plan_of(options: argparse.Namespace) -> Plan:
    """The plan that the options describe.

    Raises:
        ValueError: an operation is unknown, or a line of the regressions is not a case.
    """
    unknown = [op for op in options.op if op not in FAMILIES and op not in GROUPS]
    if unknown:
        raise ValueError(f"unknown operation {unknown[0]!r}, should be one of: {', '.join((*GROUPS, *FAMILIES))}")
    ours = known.DEFAULT_FILE if options.candidate == "pyconv" else None
    return Plan(
        candidate=options.candidate,
        seed=options.seed,
        ops=tuple(op for name in options.op for op in GROUPS.get(name, (name,))),
        checks=tuple(options.checks) if options.checks else None,
        regressions=regressions.load(_regressions(options)),
        known=options.known or ours,
    )


def run(plan: Plan, options: argparse.Namespace) -> int:
    """Run the cases, print the report, write its files, keep what failed; the exit status."""
    place, count = options.shard
    numbers = range(place - 1, options.configs, count)
    print(opening(plan, len(numbers), options), flush=True)
    start = time.monotonic()
    with _session(plan, options) as session:
        with shown(len(numbers) + len(plan.regressions)) as progress:
            tally, complete = session.run(numbers, progress)
        tally.failures = _with_explanations(session, tally.failures)
    report = _report(plan, options, tally, time.monotonic() - start, complete)
    _tell(report)
    print(summary(report))
    files.write(report, options)
    _keep(options, tally.failures)
    return _status(report, options)


def opening(plan: Plan, count: int, options: argparse.Namespace) -> str:
    """The lines that a run begins with: what it will do, and what to ask it for.

    Example:
        >>> from conformance.commands.arguments import run_parser
        >>> options = run_parser().parse_args(["--op", "pad", "--jobs", "2"])
        >>> print(opening(plan_of(options), 500, options).splitlines()[0])
        pyconv beside torch: 500 cases of pad, seed 0, on 2 worker processes
    """
    where = f"the Dask cluster at {options.scheduler}" if options.scheduler else f"{options.jobs} worker processes"
    ops = ", ".join(plan.ops) or "all operations"
    pairs = sum(len(pairwise(plan.seed, op)) for op in plan.ops or FAMILIES)
    lines = [
        f"{plan.candidate} beside torch: {count} cases of {ops}, seed {plan.seed}, on {where}",
        f"{pairs} in which every two options meet, then random ones; beside them each fourth is broken on purpose",
    ]
    if plan.regressions:
        lines.append(f"before them {len(plan.regressions)} that failed once ({_regressions(options)})")
    return "\n".join(lines)


@contextmanager
def _session(plan: Plan, options: argparse.Namespace) -> Iterator[Session]:
    """The session, with its worker processes and its cluster; they are stopped on leaving."""
    with ExitStack() as stack:
        here = stack.enter_context(engine.workers(1 if options.scheduler else options.jobs, plan.candidate))
        chosen: engine.Engine = here
        if options.scheduler:
            chosen = stack.enter_context(engine.cluster(options.scheduler))
        yield Session(plan, chosen, here, Limits(options.limit, options.limit + STARTING, options.budget))


def _with_explanations(session: Session, failures: Sequence[Failure]) -> list[Failure]:
    """The failures, one of each kind made small; one that crashes the libraries meanwhile stays as it is."""
    allowed = 10 * session.limits.case
    tasks = {f.number: session.alone.submit(allowed, explained, session.plan, f) for f in representatives(failures)}
    wait(tasks.values())
    found = {number: task.result() for number, task in tasks.items() if not isinstance(task.exception(), LOST)}
    return [found.get(each.number, each) for each in failures]


def _report(plan: Plan, options: argparse.Namespace, tally: Tally, seconds: float, complete: bool) -> Report:
    entries = plan.entries()
    asked = options.known is not None or (options.configs, plan.seed) == (CONFIGS, 0)
    whole = complete and asked and (options.shard, plan.ops, plan.checks) == ((1, 1), (), None)
    stale = [entry for entry in entries if not entry.rare and entry.reason not in tally.known] if whole else []
    report = Report(
        candidate=plan.candidate,
        tally=tally,
        settings={
            "seed": plan.seed,
            "cases": options.configs,
            "shard": "/".join(map(str, options.shard)),
            "operations": ", ".join(plan.ops) or "all",
            "checks": ", ".join(plan.checks) if plan.checks else "all, the costly ones by turns",
            "regressions": len(plan.regressions),
        },
        environment=environment("torch", plan.candidate),
        seconds=seconds,
        known=tuple(entries),
        stale=tuple(stale),
        interrupted=not complete,
        options="" if plan.candidate == "pyconv" else f"--candidate {plan.candidate} ",
    )
    return files.beside_baseline(report, options)


def _tell(report: Report) -> None:
    """Print one failure of each kind, by the smallest case that shows it, and how many more there are."""
    kinds = {(f.shrunk or f.case, f.status): f for f in report.tally.failures if f.shrunk or not f.differences}
    for found in kinds.values():
        print(failure(found, report.candidate, report.options))
        if found.snippet is not None:
            print(indent(found.snippet, "    "))
    others = len(report.tally.failures) - len(kinds)
    if others:
        print(f"{others} more cases failed, in these ways or further ones; --json and --html have them all")


def _keep(options: argparse.Namespace, failures: Sequence[Failure]) -> None:
    """Add the failures' smallest cases to the regressions."""
    path = _regressions(options)
    new = regressions.add(path, [f.shrunk or f.case for f in failures if f.shrunk or not f.differences])
    if new:
        print(f"{len(new)} cases added to {path}: they are run first from now on")


def _regressions(options: argparse.Namespace) -> regressions.Path:
    return options.regressions or regressions.default_file(options.candidate)


def _status(report: Report, options: argparse.Namespace) -> int:
    if report.interrupted and options.budget is None:
        return INTERRUPTED
    worse = report.failed if report.baseline is None else bool(report.baseline or report.stale)
    return int(worse)
