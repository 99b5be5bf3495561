"""The command line: `python -m conformance`.

May import: the standard library and `conformance`. The adapters that are asked for import the libraries.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec

from conformance.adapters import load
from conformance.commands import arguments
from conformance.tokens import parse


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Args:
        words: those after `python -m conformance`; those of the process where None.
    """
    given = list(sys.argv[1:] if words is None else words)
    command, rest = (given[0], given[1:]) if given[:1] and given[0] in _COMMANDS else ("run", given)
    return _COMMANDS[command](rest)


def _run(words: list[str]) -> int:
    parser = arguments.run_parser()
    options = parser.parse_args(words)
    missing = [name for name in _needed(options) if find_spec(name) is None]
    if missing:
        extra = "cluster" if missing == ["distributed"] else "conformance"
        text = f"{', '.join(missing)} not installed: pip install 'pyconv[{extra}]'"
        parser.error(text + ("; python -m conformance check FILE does without torch" if "torch" in missing else ""))
    from conformance.commands import one, opinfo, run

    with _told(parser):
        load(options.candidate)
        entries = opinfo.known_differences(options) if options.suite is not None else []
        plan = run.plan_of(options) if options.suite is None else None
        case = parse(options.case) if options.case is not None else None
    if plan is None:
        return opinfo.opinfo(options, entries)
    return run.run(plan, options) if case is None else one.one(plan, case)


def _needed(options: argparse.Namespace) -> list[str]:
    """The packages that the options need."""
    names = {
        "torch": True,
        "threadpoolctl": True,
        "expecttest": options.suite is not None,
        "pebble": options.case is None,
        "jinja2": options.html is not None,
        "distributed": options.scheduler is not None,
    }
    return [name for name, needed in names.items() if needed]


@contextmanager
def _told(parser: argparse.ArgumentParser) -> Iterator[None]:
    """What is wrong about the arguments ends the process with the parser's message."""
    try:
        yield
    except (AttributeError, ImportError, OSError, ValueError) as error:
        parser.error(str(error))


def _record(words: list[str]) -> int:
    from conformance.commands.golden import record

    return record(arguments.record_parser().parse_args(words))


def _check(words: list[str]) -> int:
    from conformance.commands.golden import check, check_megengine
    from conformance.golden import megengine
    from conformance.golden.recorded import load as load_file

    parser = arguments.check_parser()
    options = parser.parse_args(words)
    with _told(parser):
        if megengine.is_recorded(options.file):
            return check_megengine(options, megengine.load(options.file), megengine.face(options.candidate))
        about, cases = load_file(options.file)
        candidate = load(options.candidate)
    return check(options, about, cases, candidate)


def _self_test(words: list[str]) -> int:
    from conformance.commands.faults import self_test

    parser = arguments.self_test_parser()
    options = parser.parse_args(words)
    with _told(parser):
        return self_test(options)


def _torch_tests(words: list[str]) -> int:
    from conformance.commands.torch_tests import torch_tests

    return torch_tests(arguments.torch_tests_parser().parse_args(words))


_COMMANDS = {
    "run": _run,
    "record": _record,
    "check": _check,
    "self-test": _self_test,
    "torch-tests": _torch_tests,
}

if __name__ == "__main__":
    sys.exit(main())
