"""The maps beside torch's: which there are, their dtypes, shapes and values.

May import: its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.checks import values
from conformance.checks.difference import Difference
from conformance.checks.trial import Trial


def maps(trial: Trial) -> Iterator[Difference]:
    """Both have the same maps: an output, and a gradient for each operand that has one."""
    if isinstance(trial.expected, dict) and isinstance(trial.got, dict):
        yield from values.compare_maps(trial.expected, trial.got)


def dtype(trial: Trial) -> Iterator[Difference]:
    """Each map has torch's dtype."""
    for pair in trial.pairs:
        yield from values.compare_dtype(pair)


def shape(trial: Trial) -> Iterator[Difference]:
    """Each map has torch's shape."""
    for pair in trial.pairs:
        yield from values.compare_shape(pair)


def value(trial: Trial) -> Iterator[Difference]:
    """Each map has torch's values: exactly, or under the bound."""
    for pair in trial.pairs:
        yield from values.compare_values(pair)
