"""A function, measured: pyconv's and torch's on the same operands.

May import: NumPy, `benchmarks`, `pyconv`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import pyconv
from benchmarks.exact import UNIT, Error
from benchmarks.functions.function import Function
from benchmarks.measure import Measured, beside
from benchmarks.memory import traced_peak
from benchmarks.rivals import Rival
from benchmarks.timing import interleaved


def measure_function(
    group: str, function: Function, batch: int, name: str, rivals: Sequence[Rival], rounds: int
) -> Measured:
    """Time a function; rivals other than torch have none.

    Errors are those of the result, of a backward pass the first operand's gradient, in units of u times the largest,
    beside pyconv's in float64.
    """
    others = {rival.name: rival for rival in rivals if rival.name == "torch"}
    libraries = [pyconv, *(rival.torch for rival in others.values())]  # type: ignore[attr-defined]
    arrays = function.arrays(batch)
    runs = [function.run(library, [array.copy() for array in arrays], name) for library in libraries]
    errors = [None] * len(runs) if function.random else _errors(function, arrays, name, runs)
    mine, *theirs = interleaved(runs, rounds)
    return Measured(
        group,
        function.title,
        batch,
        name,
        "",
        tuple(mine),
        errors[0].worst if errors[0] else None,
        workspace=traced_peak(runs[0]),
        beside={key: beside(mine, its, errors[0], error) for key, its, error in zip(others, theirs, errors[1:])},
        refused={rival.name: "no such functions" for rival in rivals if rival.name not in others},
    )


def _errors(function: Function, arrays: Sequence[Any], name: str, runs: Sequence[Any]) -> list[Error | None]:
    wide = [array.astype(np.float64) if array.dtype.kind == "f" else array for array in arrays]
    exact = function.run(pyconv, wide, name)().detach().numpy()  # type: ignore[attr-defined]
    found: list[Error | None] = []
    for run in runs:
        away = np.abs(run().detach().numpy() - exact)
        found.append(Error(float(away.max() / (UNIT * np.abs(exact).max())), float(np.sqrt(np.mean(away**2)))))
    return found
