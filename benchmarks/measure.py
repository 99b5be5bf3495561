"""One task, measured: pyconv and its rivals on the same arrays.

May import: NumPy, `benchmarks`, `pyconv.kernels`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from benchmarks.calls import ours
from benchmarks.exact import Error, Reference
from benchmarks.layers import Task
from benchmarks.memory import resident_growth, traced_peak
from benchmarks.rivals import Rival
from benchmarks.timing import Run, interleaved
from pyconv.kernels import conv as kernels


@dataclass(frozen=True)
class Beside:
    """What a rival took, beside pyconv.

    Attributes:
        seconds: in each round.
        ratio: pyconv's shortest time over the rival's.
        quotients: pyconv's time over the rival's within each round.
        error: the rival's worst error in units of u·S; None where there is nothing exact.
        rms: pyconv's root-mean-square error over the rival's.
        peak: bytes of resident memory that the rival's call takes.
    """

    seconds: tuple[float, ...]
    ratio: float
    quotients: tuple[float, ...]
    error: float | None = None
    rms: float | None = None
    peak: int | None = None

    @property
    def median(self) -> float:
        """The median of the quotients."""
        return median(self.quotients)


@dataclass(frozen=True)
class Measured:
    """What one pass of a layer took.

    Attributes:
        suite: the suite.
        layer: the layer, as text.
        batch: N.
        name: the pass.
        algorithm: the planner's choice.
        seconds: pyconv's in each round.
        error: pyconv's worst error in units of u·S.
        bound: what it must stay under, (2 + 2√K).
        workspace: bytes that NumPy held beyond the result and the padded input.
        peak: bytes of resident memory that the call takes.
        beside: what each rival took.
        refused: what each rival that has no such convolution lacks.
    """

    suite: str
    layer: str
    batch: int
    name: str
    algorithm: str
    seconds: tuple[float, ...]
    error: float | None = None
    bound: float | None = None
    workspace: int | None = None
    peak: int | None = None
    beside: dict[str, Beside] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def measure(suite: str, task: Task, rivals: Sequence[Rival], rounds: int) -> Measured:
    """Time a task on all sides, and compare the results with float64's."""
    runs, refused = runnable(task, rivals)
    mine = ours(task)
    results = {name: next(r for r in rivals if r.name == name).array(run()) for name, run in runs.items()}
    own = np.asarray(mine() if not task.functional else mine().detach().numpy())  # type: ignore[attr-defined]
    reference = Reference(task)
    error = reference.error(own)
    peaks = {name: resident_growth(run) for name, run in runs.items()}
    seconds = interleaved([mine, *runs.values()], rounds)
    return Measured(
        suite,
        str(task.layer),
        task.batch,
        task.name,
        kernels.choose(task.conv, task.dtype, task.operation).name,
        tuple(seconds[0]),
        error.worst,
        reference.bound,
        max(0, traced_peak(mine) - task.allowance),
        resident_growth(mine),
        {
            name: beside(seconds[0], taken, error, reference.error(results[name]), peaks[name])
            for name, taken in zip(runs, seconds[1:])
        },
        refused,
    )


def runnable(task: Task, rivals: Iterable[Rival]) -> tuple[dict[str, Run], dict[str, str]]:
    """The call of each rival that has such a convolution, and what the others lack."""
    runs: dict[str, Run] = {}
    refused: dict[str, str] = {}
    for rival in rivals:
        with _refusal(rival.name, refused):
            runs[rival.name] = rival.run(task)
    return runs, refused


@contextmanager
def _refusal(name: str, refused: dict[str, str]) -> Iterator[None]:
    try:
        yield
    except NotImplementedError as lacking:
        refused[name] = str(lacking)


def beside(
    mine: Sequence[float],
    other: Sequence[float],
    error: Error | None = None,
    its: Error | None = None,
    peak: int | None = None,
) -> Beside:
    """A rival's measures, of the seconds and errors of both."""
    rms = _quotient(error.rms, its.rms) if error and its else None
    quotients = tuple(a / b for a, b in zip(mine, other))
    return Beside(tuple(other), min(mine) / min(other), quotients, its.worst if its else None, rms, peak)


def _quotient(mine: float, its: float) -> float:
    return mine / its if its else 1.0 if not mine else float("inf")
