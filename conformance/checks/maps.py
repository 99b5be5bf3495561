"""The maps beside torch's: which there are, their dtypes, shapes and values.

May import: its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.checks import values
from conformance.checks.difference import Difference
from conformance.checks.trial import Trial


def maps(trial: Trial) -> Iterator[Difference]:
    """Both have the same maps: an output, and a gradient for each operand that has one.

    Example:
        >>> from types import SimpleNamespace as Answers
        >>> [found.got for found in maps(Answers(expected={"output": 1, "input gradient": 2}, got={"output": 1}))]
        ['output']
    """
    if isinstance(trial.expected, dict) and isinstance(trial.got, dict):
        yield from values.compare_maps(trial.expected, trial.got)


def dtype(trial: Trial) -> Iterator[Difference]:
    """Each map has torch's dtype.

    Example:
        >>> import numpy as np
        >>> from types import SimpleNamespace as Answers
        >>> pair = values.Pair("output", np.zeros(2, np.float32), np.zeros(2))
        >>> [found.got for found in dtype(Answers(pairs=[pair]))]
        ['float64']
    """
    for pair in trial.pairs:
        yield from values.compare_dtype(pair)


def shape(trial: Trial) -> Iterator[Difference]:
    """Each map has torch's shape.

    Example:
        >>> import numpy as np
        >>> from types import SimpleNamespace as Answers
        >>> [found.got for found in shape(Answers(pairs=[values.Pair("output", np.zeros(2), np.zeros(3))]))]
        ['(3,)']
    """
    for pair in trial.pairs:
        yield from values.compare_shape(pair)


def value(trial: Trial) -> Iterator[Difference]:
    """Each map has torch's values: exactly, or under the bound.

    Example:
        >>> import numpy as np
        >>> from types import SimpleNamespace as Answers
        >>> [found.got for found in value(Answers(pairs=[values.Pair("output", np.zeros(2), np.ones(2))]))]
        ['1.0']
    """
    for pair in trial.pairs:
        yield from values.compare_values(pair)
