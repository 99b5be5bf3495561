"""A golden file as the reference: what is right without torch.

May import: NumPy, `conformance` below it and its neighbours.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from conformance.adapters import Adapter, Maps
from conformance.call import Configuration
from conformance.checks import CHECKS
from conformance.checks.difference import Raised
from conformance.checks.reference import Outcome
from conformance.checks.values import Yardstick
from conformance.fills import Operands
from conformance.golden.record import FORMAT, digest
from conformance.golden.store import Reader, dtype_of
from conformance.operands import operands_of
from conformance.runner import Verdict, judge_against
from conformance.tokens import parse


@dataclass
class Recorded:
    """torch's answers to one case, from a file; see `checks.reference.Reference`.

    Raises:
        RuntimeError: the operands drawn here are not those that torch was given.
    """

    case: Configuration
    entry: dict[str, Any]
    reader: Reader

    @functools.cached_property
    def operands(self) -> Operands:
        """See `Reference`."""
        operands = operands_of(self.case, self.entry.get("reductions"))
        if digest(operands) != self.entry["digest"]:
            raise RuntimeError(f"the operands of {self.case} are not those of the golden file")
        return operands

    @property
    def reductions(self) -> Mapping[str, int]:
        """See `Reference`."""
        found: dict[str, int] = self.entry.get("reductions", {})
        return found

    @functools.cached_property
    def outcome(self) -> Outcome:
        """See `Reference`."""
        if "raised" in self.entry:
            return Raised(*self.entry["raised"])
        return self._maps("maps")

    @functools.cached_property
    def yardsticks(self) -> Mapping[str, Yardstick]:
        """See `Reference`."""
        return self._yardsticks("maps")

    @property
    def exact(self) -> Maps:
        """See `Reference`; the file holds what is right already."""
        return {}

    @property
    def second(self) -> tuple[Maps, Mapping[str, Yardstick]]:
        """See `Reference`."""
        return self._maps("second"), self._yardsticks("second")

    @property
    def facts(self) -> dict[str, Any] | None:
        """See `Reference`."""
        facts = self.entry.get("facts")
        if facts is None:
            return None
        return {**facts, "state_dict": {n: self.reader.get(place) for n, place in facts["state_dict"].items()}}

    def _maps(self, key: str) -> Maps:
        """Torch's maps; where they were measured, the values in double precision rounded to the dtype."""
        found = self.entry.get(key, {})
        maps = {n: self.reader.get(place).astype(dtype_of(dtype)) for n, (dtype, _, place, *_) in found.items()}
        return {name: array.reshape(found[name][1]) for name, array in maps.items()}

    def _yardsticks(self, key: str) -> dict[str, Yardstick]:
        measured = {name: entry for name, entry in self.entry.get(key, {}).items() if len(entry) == 4}
        return {
            name: Yardstick(_wide(self.reader.get(values)), self.reader.get(bound))
            for name, (_, _, values, bound) in measured.items()
        }


def load(path: Path) -> tuple[dict[str, Any], list[Recorded]]:
    """What a golden file says of itself, and its cases.

    Raises:
        ValueError: the file is not a golden file, or of another format.

    Example:
        >>> import tempfile
        >>> from conformance.golden.store import Writer
        >>> path = Path(tempfile.mkdtemp()) / "file"
        >>> Writer().write(path, {"format": FORMAT, "about": {"seed": 4}, "cases": [{"case": "pad c1 h3 p1,1"}]})
        >>> about, [recorded] = load(path)
        >>> about["seed"], recorded.case.op
        (4, 'pad')
    """
    reader = Reader(path)
    document = reader.document
    if document.get("format") != FORMAT:
        raise ValueError(f"{path} has format {document.get('format')}, this harness reads format {FORMAT}")
    return document["about"], [Recorded(parse(entry["case"]), entry, reader) for entry in document["cases"]]


def verdicts(cases: list[Recorded], candidate: Adapter) -> Iterator[Verdict]:
    """The verdicts on recorded cases, by all checks that this environment allows.

    Cases in bfloat16 need ml_dtypes, and the check of threads threadpoolctl; without them they are left out.

    Example:
        >>> import tempfile
        >>> from conformance.adapters import PyconvAdapter, TorchAdapter
        >>> from conformance.golden.record import record
        >>> path = Path(tempfile.mkdtemp()) / "file"
        >>> record(path, [parse("conv1d n1 c1 o1 h5 k3 real")], TorchAdapter(), seed=0)
        1
        >>> [verdict.differences for verdict in verdicts(load(path)[1], PyconvAdapter())]
        [()]
    """
    left_out = () if find_spec("threadpoolctl") else ("threads",)
    checks = tuple(name for name in CHECKS if name not in left_out)
    for recorded in cases:
        if "bf16" in recorded.case.dtypes().values() and find_spec("ml_dtypes") is None:
            yield Verdict(recorded.case, "none", (), (), False, None, "needs ml_dtypes")
        else:
            yield judge_against(recorded, candidate, checks)


def _wide(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return values.astype(np.complex128 if values.dtype.kind == "c" else np.float64)
