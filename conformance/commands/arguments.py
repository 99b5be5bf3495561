"""What can be written after `python -m conformance`.

May import: the standard library, `conformance.case`, `conformance.operations`, `conformance.checks`,
`conformance.adapters`.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from conformance.adapters import SHIPPED
from conformance.case import SPATIAL_AXES
from conformance.checks import CHECKS
from conformance.operations import GROUPS

CONFIGS = 40000
_RUN = f"""\
examples:
  python -m conformance                               {CONFIGS} cases, the same each time
  python -m conformance --seed 7 --configs 500        others, fewer
  python -m conformance --op conv2d fold              of these operations only
  python -m conformance --op pooling                  of all poolings; --op max_pool2d of one
  python -m conformance --checks value second         by these checks only, each on every case
  python -m conformance --candidate mylib             a library with torch's API
  python -m conformance --candidate mylib.harness:Mine  one that an Adapter of yours speaks for
  python -m conformance --case "conv2d n2 c4 o6 h9x10 k3x5 s2 p1,2 bias reflect f32 real seed17"
                                                      one case in detail, by every check
  python -m conformance --case "max_pool2d input=2x3x8x9 kernel_size=(3,2) ceil_mode=True f16 ties seed3"
  python -m conformance --shard 2/8 --jobs 4 --json 2.json --junit 2.xml --html 2.html
                                                      an eighth of the run, for a CI job
  python -m conformance --configs 1000000 --scheduler tcp://10.0.0.1:8786
                                                      on the workers of a Dask cluster
  python -m conformance --suite opinfo                PyTorch's own sample and error inputs

other commands, each with a --help of its own:
  python -m conformance self-test                     does the harness find what is wrong? planted faults
  python -m conformance record FILE                   torch's answers into a file
  python -m conformance check FILE                    a library beside that file, without torch
  python -m conformance torch-tests FILES             PyTorch's own test files, with pyconv in torch's place

A case is a line of text; conformance/tokens.py and call_tokens.py explain it. The exit status is 0 when nothing
differs, 1 when
something does, 2 when the command is wrong, and 130 when Ctrl-C ended the run, after its report so far.
"""


def run_parser() -> argparse.ArgumentParser:
    """The parser of a run, of one case, and of torch's own samples."""
    parser = argparse.ArgumentParser(
        "python -m conformance",
        description="A library of convolutions and real torch side by side: the same cases, forward and backward, "
        "every difference shown as the smallest case that still differs, with the command that repeats it.",
        epilog=_RUN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _which_library(parser)
    _which_cases(parser)
    _how(parser)
    _reports(parser)
    return parser


def _which_library(parser: argparse.ArgumentParser) -> None:
    known = ", ".join(SHIPPED)
    text = f"the library under test: {known}, or a module (default: pyconv)"
    parser.add_argument("--candidate", default="pyconv", metavar="NAME", help=text)


def _which_cases(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("which cases").add_argument
    add("--configs", type=_count, default=CONFIGS, help=f"how many cases to draw (default: {CONFIGS})")
    add("--seed", type=int, default=0, help="the seed of the draw (default: 0)")
    names = f"{', '.join(SPATIAL_AXES)}; or the operations of these groups, and each of them: {', '.join(GROUPS)}"
    add("--op", nargs="+", metavar="NAME", default=(), help=f"only these operations: {names}")
    add("--case", metavar="LINE", help="this one case, in detail and by every check")
    add("--suite", choices=["opinfo"], help="PyTorch's own sample and error inputs instead of drawn cases")
    add("--dtype", help="with --suite: only this dtype")
    add("--sample", type=int, help="with --suite: only the sample of this number")
    add("--shard", type=_shard, default=(1, 1), metavar="I/N", help="the I-th of N parts of the run")
    text = "cases that are run first, to which failures are added (default: .conformance/CANDIDATE.txt)"
    add("--regressions", type=Path, metavar="FILE", help=text)


def _how(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("how").add_argument
    names = ", ".join(CHECKS)
    add("--checks", nargs="+", choices=list(CHECKS), metavar="NAME", help=f"only these checks, on every case: {names}")
    text = "the known differences, TOML (default: those of pyconv for pyconv, else none)"
    add("--known", type=Path, metavar="FILE", help=text)
    add("--jobs", type=_count, default=_processors(), help="worker processes (default: one for each processor)")
    add("--limit", type=float, default=20.0, metavar="SECONDS", help="the time that one case may take (default: 20)")
    add("--budget", type=float, metavar="SECONDS", help="begin no further case after this time")
    add("--scheduler", metavar="ADDRESS", help="run on the Dask cluster at this address")


def _reports(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("reports").add_argument
    kinds = {
        "json": "all counts, for --baseline and other programs",
        "junit": "JUnit XML",
        "html": "a page to look at",
    }
    for name, kind in kinds.items():
        add(f"--{name}", type=Path, metavar="FILE", help=f"write {kind}")
    add("--baseline", type=Path, metavar="FILE", help="an earlier --json: fail on a new failure or a grown error only")
    add("--growth", type=float, default=1.5, help="how much larger the worst error may be than there (default: 1.5)")


def record_parser() -> argparse.ArgumentParser:
    """The parser of `record`."""
    parser = argparse.ArgumentParser(
        "python -m conformance record", description="Write torch's answers to many cases into one compressed file."
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--configs", type=_count, default=2500, help="how many cases to draw (default: 2500)")
    parser.add_argument("--seed", type=int, default=0, help="the seed of the draw (default: 0)")
    text = "leave out cases with a result or gradient of more elements (default: 500)"
    parser.add_argument("--largest", type=_count, default=500, help=text)
    return parser


def check_parser() -> argparse.ArgumentParser:
    """The parser of `check`."""
    parser = argparse.ArgumentParser(
        "python -m conformance check",
        description="A library beside torch's answers in a file that `record` wrote, or MegEngine's face beside a file "
        "of MegEngine's modules. It needs NumPy, not torch.",
    )
    parser.add_argument("file", type=Path)
    _which_library(parser)
    parser.add_argument("--known", type=Path, metavar="FILE", help="the known differences, TOML")
    return parser


def self_test_parser() -> argparse.ArgumentParser:
    """The parser of `self-test`."""
    parser = argparse.ArgumentParser(
        "python -m conformance self-test",
        description="Libraries with one planted fault each, and after how many cases each is found.",
    )
    parser.add_argument("--seed", type=int, default=0, help="the seed of the draw (default: 0)")
    parser.add_argument("--within", type=_count, default=200, help="cases in which each must be found (default: 200)")
    parser.add_argument("names", nargs="*", help="only these faults")
    return parser


def torch_tests_parser() -> argparse.ArgumentParser:
    """The parser of `torch-tests`."""
    parser = argparse.ArgumentParser(
        "python -m conformance torch-tests",
        description="PyTorch's own test files, from a checkout of it, with pyconv in torch's place: what passes, what "
        "fails, and what wants a name that pyconv lacks.",
    )
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="only these tests: TestNN.test_conv*")
    text = "the time that one test may take (default: 20)"
    parser.add_argument("--limit", type=float, default=20.0, metavar="SECONDS", help=text)
    text = "run what does not pass with torch itself as well, and count apart what it does not pass either"
    parser.add_argument("--control", action="store_true", help=text)
    return parser


def _processors() -> int:
    """The processors that this process may use, where the system tells; else all."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return number


def _shard(text: str) -> tuple[int, int]:
    """`2/8` as (2, 8).

    Example:
        >>> _shard("2/8")
        (2, 8)
    """
    place, _, count = text.partition("/")
    if not (place.isdecimal() and count.isdecimal() and 1 <= int(place) <= int(count)):
        raise argparse.ArgumentTypeError(f"{text!r} is not I/N with I from 1 to N")
    return int(place), int(count)
