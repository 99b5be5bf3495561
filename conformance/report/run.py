"""All that is told about a run, and its JSON.

May import: the standard library, `conformance.known`, `conformance.tally`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from conformance.known import Known
from conformance.tally import BAD, STATUSES, Tally

SCHEMA = 1
"""The version of the JSON. It grows by one when a key goes or changes its meaning, not when one is added."""


@dataclass(frozen=True)
class Report:
    """A run: what was asked, where it ran, and what came of it.

    Attributes:
        candidate: the name of the library under test.
        tally: what came of the cases.
        settings: what was asked for, by name: seed, number of cases and so on.
        environment: what the numbers may depend on, by name; see `environment.environment`.
        seconds: how long it took.
        known: the known differences that the run was given.
        stale: those of them that should have explained something, and did not.
        interrupted: whether cases are left undone.
        options: what of the command line repeats a case, with a space at its end (`--candidate torch `).
        baseline: what is worse than in an earlier run, a sentence each; None where there is no earlier run.

    Example:
        >>> report = Report("pyconv", Tally(), {"seed": 0}, {"numpy": "2.4.0"}, seconds=1.5)
        >>> report.failed, report.to_json()["settings"]
        (False, {'seed': 0})
        >>> report.command("pad c1 h3 p1,1 f32 ints seed0")
        'python -m conformance --case "pad c1 h3 p1,1 f32 ints seed0"'
    """

    candidate: str
    tally: Tally
    settings: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    known: tuple[Known, ...] = ()
    stale: tuple[Known, ...] = ()
    interrupted: bool = False
    options: str = ""
    baseline: tuple[str, ...] | None = None

    @property
    def failed(self) -> bool:
        """Whether a case differs without an explanation or did not come back, or an explanation is stale."""
        return self.tally.total(*BAD) > 0 or bool(self.stale)

    def command(self, line: str) -> str:
        """What repeats a case on the command line."""
        return f'python -m conformance {self.options}--case "{line}"'

    def to_json(self) -> dict[str, Any]:
        """Lists and dicts for `json.dump`; numbers that are not finite, which JSON lacks, as `"inf"` or `"nan"`."""
        totals = {status: self.tally.total(status) for status in STATUSES}
        found = {
            "schema": SCHEMA,
            "candidate": self.candidate,
            "settings": dict(self.settings),
            "environment": dict(self.environment),
            "seconds": self.seconds,
            "interrupted": self.interrupted,
            "failed": self.failed,
            "totals": totals,
            "stale": [asdict(entry) for entry in self.stale],
            "baseline": None if self.baseline is None else list(self.baseline),
            "tally": self.tally.to_json(),
        }
        return {name: _finite(value) for name, value in found.items()}


def _finite(value: Any) -> Any:
    """The value with `inf` and `nan` as text, at any depth; tuples as lists, other objects as their text."""
    if isinstance(value, Mapping):
        return {str(key): _finite(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_finite(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
