"""`--suite opinfo`: PyTorch's own sample and error inputs.

May import: `conformance` below it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from conformance import known
from conformance.opinfo.ops import Sample
from conformance.opinfo.suite import COLUMNS, KNOWN, Result, run, run_shared, torch_style

_SHOWN = 40


def known_differences(options: argparse.Namespace) -> list[known.Known]:
    """The known differences that the options name, for a library that the suite can be run with.

    Raises:
        OSError: there is no such file.
        ValueError: the library has not torch's API.
    """
    torch_style(options.candidate)
    path = options.known or (KNOWN if options.candidate == "pyconv" else None)
    return known.load(path) if path is not None else []


def opinfo(options: argparse.Namespace, entries: list[known.Known]) -> int:
    """Run the suite and print what came of it; 1 where something differs or a known difference is stale.

    Args:
        options: of the command line.
        entries: the known differences.
    """
    which = {"names": options.op, "dtype": options.dtype, "number": options.sample}
    if options.jobs == 1 or len(options.op) == 1:
        result = run(*torch_style(options.candidate), entries, **which)
    else:
        result = run_shared(options.candidate, entries, **which, jobs=options.jobs)
    print("\n".join(told(result, options.candidate)))
    return int(bool(result.failed or result.stale))


def told(result: Result, candidate: str) -> Iterator[str]:
    """The lines of a result: a table, failures with the command that repeats each, what is lacking, the sums.

    Example:
        >>> print(list(told(Result(lacking=["acos"]), "mine"))[-1])
        0 samples passed, 0 known, 0 failed; 0 errors passed, 0 known, 0 failed; 1 of torch's entries lacking
    """
    yield f"{'entry':<36}" + "".join(f"{column:>15}" for column in COLUMNS)
    for entry, counts in result.counts.items():
        yield f"{entry:<36}" + "".join(f"{counts[column] or '':>15}" for column in COLUMNS)
    for sample in result.failed[:_SHOWN]:
        yield from _failure(sample, candidate)
    if len(result.failed) > _SHOWN:
        yield f"{len(result.failed) - _SHOWN} more failed"
    yield "lacking: " + ", ".join(result.lacking)
    yield from (f"stale: nothing is explained by the known difference {entry.reason!r}" for entry in result.stale)
    sums = [result.total(column) for column in COLUMNS]
    samples, errors = sums[0] - sums[1] - sums[2], sums[3] - sums[4] - sums[5]
    yield (
        f"{samples} samples passed, {sums[1]} known, {sums[2]} failed; "
        f"{errors} errors passed, {sums[4]} known, {sums[5]} failed; {len(result.lacking)} of torch's entries lacking"
    )


def _failure(sample: Sample, candidate: str) -> Iterator[str]:
    yield f"FAILED {sample}"
    for difference in sample.differences:
        detail = f" ({difference.detail})" if difference.detail else ""
        yield f"  {difference.check} of {difference.where}{detail}"
        yield f"    {'torch':<10}{difference.expected}"
        yield f"    {candidate:<10}{difference.got}"
    dtype = "" if sample.dtype == "any" else f" --dtype {sample.dtype}"
    library = "" if candidate == "pyconv" else f" --candidate {candidate}"
    which = f"--op {sample.entry}{dtype} --sample {sample.number}"
    yield f"  repeat with: python -m conformance{library} --suite opinfo {which}"
