"""The command line: `python -m benchmarks [SUITE ...]`."""

from __future__ import annotations

import argparse

from benchmarks import report
from benchmarks.measure import measure
from benchmarks.timing import threads
from benchmarks.workloads import SUITES
from pyconv.kernels.conv import PASSES


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Time pyconv's convolutions beside torch's, by turns in one process: pyconv's time over torch's, "
        "so that less than 1 is faster. 'ratio' is the quotient of the shortest times, 'median' the median of the "
        "quotients of each round; 'error' and 'torch' are the worst forward errors in units of u·S.",
    )
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"any of {', '.join(SUITES)}; default: resnet50")
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 8], help="batch sizes (default: 1 8)")
    parser.add_argument("--backward", action="store_true", help="time the two gradients as well")
    parser.add_argument("--rounds", type=int, default=9, help="counted rounds (default: 9)")
    parser.add_argument("--threads", type=int, default=2, help="threads of torch and of NumPy's BLAS (default: 2)")
    return parser


def main() -> None:
    """Run the suites and print their tables."""
    parser = _parser()
    arguments = parser.parse_args()
    names = arguments.suites or ["resnet50"]
    for name in names:
        if name not in SUITES:
            parser.error(f"no suite named {name!r}; choose from {', '.join(SUITES)}")
    passes = PASSES if arguments.backward else PASSES[:1]
    with threads(arguments.threads):
        for name in names:
            for batch in arguments.batch:
                print(f"\n{name}, batch {batch}, {arguments.threads} threads\n{report.HEADER}")
                found = []
                for layer in SUITES[name]:
                    for kind in passes:
                        found.append(measure(layer, batch, kind, arguments.rounds))
                        print(report.row(found[-1]), flush=True)
                print(report.summary(name, batch, found))


if __name__ == "__main__":
    main()
