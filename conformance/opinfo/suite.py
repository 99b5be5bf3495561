"""All of torch's samples that a library can be asked for, what differs, and what the library lacks.

One process judges them, or several that share out the entries of torch's tables.

May import: `conformance` below it and its neighbours; torch's test material when the suite is run.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from conformance import engine, known
from conformance.adapters import TorchStyle
from conformance.opinfo import modules, ops
from conformance.opinfo.convert import Converter
from conformance.opinfo.ops import Sample
from conformance.opinfo.recipes import noted
from conformance.opinfo.seeding import processor_alone
from conformance.plan import libraries

KNOWN = Path(__file__).with_name("known_differences.toml")
COLUMNS = ("samples", "known", "failed", "errors", "errors known", "errors failed", "skipped")


@dataclass
class Result:
    """What came of the suite.

    Attributes:
        counts: by entry and column.
        failed: the samples with a difference that no entry of the known ones explains.
        lacking: torch's entries that the library lacks.
        used: the reasons of the known differences that explained something.
        stale: known differences that explained nothing.
    """

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    failed: list[Sample] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    stale: list[known.Known] = field(default_factory=list)

    def add(self, sample: Sample, explained: bool) -> None:
        """Count a sample; `explained` says whether a known difference is all that it has."""
        counts, kind = self.counts.setdefault(sample.entry, Counter()), "samples"
        if sample.kind == "error":
            kind = "errors"
        counts["skipped" if sample.skipped else kind] += 1
        if sample.differences:
            prefix = "errors " if sample.kind == "error" else ""
            counts[prefix + ("known" if explained else "failed")] += 1
            if not explained:
                self.failed.append(sample)

    def merge(self, other: Result) -> None:
        """Put the result of other entries after this one's.

        Example:
            >>> result = Result(lacking=["istft"])
            >>> result.merge(Result(lacking=["stft"]))
            >>> result.lacking
            ['istft', 'stft']
        """
        self.counts |= other.counts
        self.failed += other.failed
        self.lacking += other.lacking
        self.used |= other.used

    def total(self, column: str) -> int:
        """A column's sum over all entries.

        Example:
            >>> Result({"abs": Counter(samples=3)}).total("samples")
            3
        """
        return sum(counts[column] for counts in self.counts.values())

    def record(self) -> dict[str, Any]:
        """The result as dictionaries, lists, texts and numbers, for `json`.

        Example:
            >>> Result({"abs": Counter(samples=3)}).record()["entries"]
            {'abs': {'samples': 3}}
        """
        return {
            "entries": {entry: dict(counts) for entry, counts in self.counts.items()},
            "totals": {column: self.total(column) for column in COLUMNS},
            "failed": [asdict(sample) for sample in self.failed],
            "lacking": self.lacking,
            "stale": [entry.reason for entry in self.stale],
        }


def run(
    torch: TorchStyle,
    candidate: TorchStyle,
    entries: Collection[known.Known] = (),
    *,
    names: Collection[str] = (),
    dtype: str | None = None,
    number: int | None = None,
    progress: Callable[[Sample], object] | None = None,
) -> Result:
    """Run the suite.

    Args:
        torch: the adapter of torch.
        candidate: that of the library under test, which has torch's API.
        entries: the known differences; the case that they look for is the sample's name.
        names: only these entries of torch's.
        dtype: only the dtype of this token; `any` is that of the error inputs.
        number: only the sample of this number.
        progress: called with each sample when it is judged.
    """
    result = Result()
    with warnings.catch_warnings(), noted(torch.library), processor_alone(torch.library), candidate.threads(1):
        warnings.simplefilter("ignore")
        for sample in _samples(result, Converter(torch, candidate), names, dtype, number):
            found = [next((e for e in entries if e.explains(str(sample), d)), None) for d in sample.differences]
            result.used |= {entry.reason for entry in found if entry is not None}
            result.add(sample, None not in found)
            if progress is not None:
                progress(sample)
    if not names and dtype is None and number is None:
        result.stale = _stale(entries, result)
    return result


def run_shared(
    candidate: str,
    entries: Collection[known.Known] = (),
    *,
    names: Collection[str] = (),
    dtype: str | None = None,
    number: int | None = None,
    jobs: int = 1,
) -> Result:
    """Run the suite in worker processes, each taking the next entry when it is done with one.

    Args:
        candidate: the library under test, as `adapters.load` takes it.
        entries: the known differences.
        names: only these entries of torch's.
        dtype: only the dtype of this token.
        number: only the sample of this number.
        jobs: how many processes.

    Returns:
        What `run` returns, in the same order.
    """
    result = Result()
    with engine.workers(jobs, candidate) as workers:
        # torch's tables, which take 5 s to import, are left to the workers
        chosen = workers.submit(_LIMIT, table, tuple(names)).result()
        # modules take the longest and are last in the table: begun first, no process waits for them in the end
        parts = [workers.submit(_LIMIT, run_entry, candidate, entries, n, dtype, number) for n in reversed(chosen)]
        for part in reversed(parts):
            result.merge(part.result())
    if not names and dtype is None and number is None:
        result.stale = _stale(entries, result)
    return result


_LIMIT = 3600.0
"""Seconds that an entry may take."""


def run_entry(
    candidate: str, entries: Collection[known.Known], name: str, dtype: str | None, number: int | None
) -> Result:
    """Run an entry of torch's by the libraries of this process; the arguments are those of `run_shared`.

    Raises:
        ValueError: the candidate has not torch's API.
    """
    return run(*torch_style(candidate), entries, names=[name], dtype=dtype, number=number)


def torch_style(candidate: str) -> tuple[TorchStyle, TorchStyle]:
    """Torch and the candidate in this process.

    Raises:
        ValueError: the candidate has not torch's API.

    Example:
        >>> [library.name for library in torch_style("pyconv")]
        ['torch', 'pyconv']
    """
    torch, other = libraries(candidate)
    if not isinstance(torch, TorchStyle) or not isinstance(other, TorchStyle):
        raise ValueError(f"{candidate} has not torch's API, which PyTorch's samples need")
    return torch, other


def _stale(entries: Collection[known.Known], result: Result) -> list[known.Known]:
    return [entry for entry in entries if not entry.rare and entry.reason not in result.used]


def table(names: Collection[str]) -> list[str]:
    """The names of torch's entries, or those of `names` that are among them, in the order of torch's tables."""
    from torch.testing._internal.common_methods_invocations import op_db
    from torch.testing._internal.common_modules import module_db

    found = dict.fromkeys([*(op.formatted_name for op in op_db), *(info.name for info in module_db)])
    return [name for name in found if not names or name in names]


def _samples(
    result: Result, convert: Converter, names: Collection[str], dtype: str | None, number: int | None
) -> Iterator[Sample]:
    from torch.testing._internal.common_methods_invocations import op_db
    from torch.testing._internal.common_modules import module_db

    library = convert.candidate.library
    for op in op_db:
        if names and op.formatted_name not in names:
            continue
        if ops.function_of(library, op) is None:
            result.lacking.append(op.formatted_name)
            continue
        yield from ops.samples(op, convert, dtype, number)
        yield from ops.errors(op, convert, number) if dtype in (None, "any") else ()
    for info in module_db:
        if names and info.name not in names:
            continue
        if modules.class_of(library, info) is None:
            result.lacking.append(info.name)
            continue
        yield from modules.samples(info, convert, dtype, number)
        yield from modules.errors(info, convert, number) if dtype in (None, "any") else ()
