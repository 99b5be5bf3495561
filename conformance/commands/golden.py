"""`record` and `check`: torch's answers into a file, and a library beside them, or beside MegEngine's, without torch.

May import: `conformance` below it.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from conformance import known
from conformance.adapters import Adapter
from conformance.adapters import load as load_library
from conformance.cases import draw
from conformance.environment import environment
from conformance.golden import megengine, recorded
from conformance.golden.record import record as write
from conformance.report import Report, failure, summary
from conformance.tally import Tally


def record(options: argparse.Namespace) -> int:
    """Write the file and say how large it is."""
    cases = (draw(options.seed, number) for number in range(options.configs))
    count = write(options.file, cases, load_library("torch"), options.seed, options.largest)
    print(f"{count} cases in {options.file}, {options.file.stat().st_size / 2**20:.2f} MiB")
    return 0


def check(
    options: argparse.Namespace, about: dict[str, Any], cases: list[recorded.Recorded], candidate: Adapter
) -> int:
    """Hold the candidate to the cases of a file, print the report; 1 where something differs."""
    ours = known.DEFAULT_FILE if options.candidate == "pyconv" else None
    path = options.known or ours
    entries = known.load(path) if path is not None else []
    tally, start = Tally(), time.monotonic()
    print(f"{options.candidate} beside {options.file}: " + ", ".join(f"{n} {v}" for n, v in about.items()))
    for number, verdict in enumerate(recorded.verdicts(cases, candidate)):
        tally.add(number, verdict, [known.find(entries, verdict.case, d) for d in verdict.differences])
    for found in tally.failures:
        print(failure(found, options.candidate))
    seconds = time.monotonic() - start
    report = Report(options.candidate, tally, {"file": str(options.file)}, environment(), seconds)
    print(summary(report))
    return int(report.failed)


def check_megengine(options: argparse.Namespace, modules: list[megengine.Recorded], library: Any) -> int:
    """Hold a library of MegEngine's API to modules of the real one, print what differs; 1 where something does."""
    failed = 0
    for module in modules:
        found = list(megengine.differences(module, library))
        failed += bool(found)
        for difference in found:
            print(f"{module.case['kind']} {module.case['kwargs']} {module.case['dtype']}: {difference}")
    print(f"{library.__name__} beside {options.file}: {len(modules)} MegEngine modules, {failed} differ")
    return int(failed > 0)
