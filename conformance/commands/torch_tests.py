"""`torch-tests`: PyTorch's own test files, with pyconv in torch's place.

May import: `conformance` below it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from conformance.torch_tests.outcome import KINDS, Outcome
from conformance.torch_tests.run import run_file


def torch_tests(options: argparse.Namespace) -> int:
    """Run the files and print what came of their tests; 1 where one failed."""
    found: dict[Path, list[Outcome]] = {}
    for path in options.files:
        found[path] = []
        for outcome in run_file(path.resolve(), options.only, options.limit):
            found[path].append(outcome)
            print("".join(f"{line}\n" for line in failures(path, [outcome])), end="", flush=True)
        if options.control:
            names = [outcome.test for outcome in found[path] if outcome.kind in ("failed", "lacking")]
            found[path] = controlled(found[path], run_file(path.resolve(), seconds=options.limit, control=names))
    print("\n".join(table(found)))
    return int(any(outcome.kind == "failed" for outcomes in found.values() for outcome in outcomes))


def controlled(outcomes: Iterable[Outcome], control: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes, of the kind "control" where torch did not pass the test either.

    Example:
        >>> found = controlled([Outcome("T.a", "failed"), Outcome("T.b", "failed")], [Outcome("T.b", "skipped")])
        >>> [outcome.kind for outcome in found]
        ['failed', 'control']
    """
    either = {outcome.test for outcome in control if outcome.kind != "passed"}
    return [replace(outcome, kind="control") if outcome.test in either else outcome for outcome in outcomes]


def failures(path: Path, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The lines of the tests that failed.

    Example:
        >>> found = [Outcome("T.test_a", "failed", "ValueError: no"), Outcome("T.test_b", "passed")]
        >>> print(*failures(Path("t.py"), found))
        FAILED t.py T.test_a
          ValueError: no
    """
    for outcome in outcomes:
        if outcome.kind == "failed":
            detail = outcome.detail.replace("\n", "\n  ")
            yield f"FAILED {path} {outcome.test}\n  {detail}"


def table(found: Mapping[Path, Sequence[Outcome]]) -> Iterator[str]:
    r"""The lines of the sums: the lacking names by the tests that want them, then a line for each file.

    Example:
        >>> print(*table({Path("t.py"): [Outcome("T.test", "lacking", "torch.vmap")]}), sep="\n")
        lacking       1  torch.vmap
        file                                        passed    failed   lacking   skipped   control
        t.py                                             0         0         1         0         0
        all                                              0         0         1         0         0
    """
    every = [outcome for outcomes in found.values() for outcome in outcomes]
    names = Counter(outcome.detail for outcome in every if outcome.kind == "lacking")
    yield from (f"lacking  {count:>6}  {name}" for name, count in names.most_common())
    yield _line("file", list(KINDS))
    for path, outcomes in found.items():
        yield _line(str(path), _sums(outcomes))
    yield _line("all", _sums(every))


def _sums(outcomes: Sequence[Outcome]) -> list[int]:
    counts = Counter(outcome.kind for outcome in outcomes)
    return [counts[kind] for kind in KINDS]


def _line(name: str, columns: Sequence[object]) -> str:
    return f"{name:<40}" + "".join(f"{column:>10}" for column in columns)
