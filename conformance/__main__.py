"""The command line: `python -m conformance`.

May import: the standard library and `conformance`. The adapters that are asked for import the libraries.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from conformance import known, report
from conformance.adapters import ADAPTERS, Adapter
from conformance.case import SPATIAL_AXES, parse
from conformance.cases import draw
from conformance.runner import run

CONFIGS = 20000
SEED = 0
_EXAMPLES = f"""\
examples:
  python -m conformance                         {CONFIGS} random cases, the same each time
  python -m conformance --seed 7 --configs 500  other ones, fewer
  python -m conformance --op conv2d fold        of these operations only
  python -m conformance --case "conv2d n2 c4 o6 h9x10 k3x5 s2 p1,2 bias reflect f32 real seed17"
                                                one case in detail; conformance/case.py explains the line

The exit status is 1 when the candidate differs from torch.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Args:
        arguments: the words after the command; those of the process where None.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    torch, candidate = ADAPTERS["torch"](), ADAPTERS[options.candidate]()
    if options.case is not None:
        try:
            return _one(options.case, torch, candidate)
        except ValueError as error:
            parser.error(str(error))
    return _many(options, torch, candidate)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m conformance",
        description="Random configurations of convolutions, run by a library and by real torch side by side, "
        "forward and backward, and every difference shown with the command that repeats it.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--configs", type=int, help=f"how many cases to draw (default: {CONFIGS})")
    parser.add_argument("--seed", type=int, help=f"the seed of the draw (default: {SEED})")
    parser.add_argument("--op", nargs="+", choices=list(SPATIAL_AXES), metavar="NAME",
                        help=f"only these operations: {', '.join(SPATIAL_AXES)}")  # fmt: skip
    parser.add_argument("--case", metavar="LINE", help="run this one case and show all of it")
    parser.add_argument("--candidate", choices=list(ADAPTERS), default="pyconv",
                        help="the library under test (default: pyconv)")  # fmt: skip
    return parser


def _one(line: str, torch: Adapter, candidate: Adapter) -> int:
    (verdict,) = run([parse(line)], torch, candidate)
    print(report.detail(verdict, candidate.name))
    entries = known.load()
    status = 0
    for difference in verdict.differences:
        entry = known.find(entries, verdict.case, difference)
        status = 1 if entry is None else status
        explanation = "unexplained" if entry is None else f"known: {entry.reason}"
        print(f"{difference.check} of {difference.where} differs ({explanation})")
    return status


def _many(options: argparse.Namespace, torch: Adapter, candidate: Adapter) -> int:
    seed = SEED if options.seed is None else options.seed
    configs = CONFIGS if options.configs is None else options.configs
    repeated = "" if options.candidate == "pyconv" else f"--candidate {options.candidate} "
    entries, tally, start = known.load(), report.Tally(), time.perf_counter()
    cases = (draw(seed, number, options.op or ()) for number in range(configs))
    for verdict in run(cases, torch, candidate):
        explained = [known.find(entries, verdict.case, difference) for difference in verdict.differences]
        tally.add(verdict, explained)
        if None in explained:
            shown = [d for d, entry in zip(verdict.differences, explained) if entry is None]
            print(report.failure(verdict, shown, candidate.name, repeated), flush=True)
    print(report.summary(tally, candidate.name, time.perf_counter() - start))
    default = (options.configs, options.seed, options.op, options.candidate) == (None, None, None, "pyconv")
    stale = [entry for entry in entries if entry not in tally.used and not entry.rare] if default else []
    for entry in stale:
        print(f"stale: nothing in this run is explained by the known difference {entry.reason!r}")
    return 1 if tally.failed or stale else 0


if __name__ == "__main__":
    sys.exit(main())
