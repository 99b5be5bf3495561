"""The planner's cost model, fitted: which constants explain the times of all algorithms best.

The cost is a sum of terms, one a constant. Each is divided by its constant if that is a rate, else multiplied by it;
so the planner's own `cost` gives the terms, with all constants but one switched off.

May import: NumPy, `pyconv.kernels.conv`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from statistics import median
from unittest import mock

import numpy as np

from benchmarks.layers import Array, Task
from pyconv.kernels.conv import plan
from pyconv.kernels.conv.algorithm import Algorithm

HOLD = 0.1
"""How much one constant's being as it was weighs against one time's being as it is."""
RULE = "im2col"
"""The algorithm whose pace is 1."""
GOOD = 1.15
"""A choice is good where it takes at most so many times the best algorithm's time."""
WEIGHT = 0.1
"""What a choice that is not good counts besides what it loses."""
STAY = 0.02
"""What moving a pace by a factor of e counts: without it, paces that fit half of the layers were worse for the rest."""
FACTORS = tuple(1.04**power for power in range(-20, 21))
"""By which a pace is moved: to a half and to twice of what it is."""
SWEEPS = 4
"""How often every pace is moved."""
STEPS = 30
"""Steps of Gauss-Newton; ten are enough from anywhere near."""


@dataclass(frozen=True)
class Sample:
    """How long each algorithm took for a task.

    Attributes:
        task: the task.
        seconds: the shortest time by the algorithm's name.
    """

    task: Task
    seconds: dict[str, float]

    def choice(self) -> str:
        """The algorithm that the planner's cost would choose of these, with its constants as they are."""
        return min(self.seconds, key=lambda name: costs(self.task, plan.find(name)))

    def best(self) -> str:
        """The fastest."""
        return min(self.seconds, key=self.seconds.__getitem__)

    def excess(self) -> float:
        """The time of the choice over the best."""
        return self.seconds[self.choice()] / self.seconds[self.best()]


def costs(task: Task, algorithm: Algorithm) -> float:
    """What the planner says that an algorithm takes, in nanoseconds."""
    return plan.cost(algorithm.name, algorithm.estimate(task.conv, task.dtype, task.operation), task.dtype)


def constants() -> dict[str, float]:
    """The planner's constants by name.

    Example:
        >>> "PRODUCT_RATE" in constants()
        True
    """
    return {name: value for name, value in vars(plan).items() if name.isupper() and isinstance(value, float)}


def terms(task: Task, algorithm: Algorithm) -> Array:
    """What each constant is divided into or multiplied with in the cost: (constants,)."""
    off = {name: float("inf") if name.endswith("_RATE") else 0.0 for name in constants()}
    values = []
    for name in off:
        with using(off | {name: 1.0}):
            values.append(costs(task, algorithm))
    return np.array(values)


def fitted(samples: Sequence[Sample]) -> dict[str, float]:
    """The constants that bring the logarithms of costs and times closest.

    Gauss-Newton on the logarithms of the constants, so that they stay positive; each is held weakly
    to what it was, so that those that no time shows stay as they are.
    """
    names = list(constants())
    pairs = [(sample.task, plan.find(name), seconds) for sample in samples for name, seconds in sample.seconds.items()]
    parts = np.array([terms(task, algorithm) for task, algorithm, _ in pairs])  # (times, constants)
    times = np.array([seconds * 1e9 for *_, seconds in pairs])
    start = np.log([1 / value if name.endswith("_RATE") else value for name, value in constants().items()])
    logs = start.copy()
    for _ in range(STEPS):
        spent = parts * np.exp(logs)
        cost = spent.sum(axis=1)
        slopes = np.vstack([spent / cost[:, None], HOLD * np.eye(len(names))])  # of log cost and log factor
        missing = np.concatenate([np.log(times / cost), HOLD * (start - logs)])
        logs += np.clip(np.linalg.lstsq(slopes, missing, rcond=None)[0], -1, 1)
    return {name: float(np.exp(-log if name.endswith("_RATE") else log)) for name, log in zip(names, logs)}


def residuals(samples: Sequence[Sample]) -> dict[tuple[str, str], list[float]]:
    """Time over cost, by algorithm and pass: an algorithm that is off throughout has a wrong efficiency."""
    result: dict[tuple[str, str], list[float]] = {}
    for sample in samples:
        for name, seconds in sample.seconds.items():
            cost = costs(sample.task, plan.find(name))
            result.setdefault((name, sample.task.operation), []).append(seconds * 1e9 / cost)
    return result


def paced(samples: Sequence[Sample]) -> dict[str, float]:
    """The paces with which the planner's choices lose least.

    From the better of the paces that there are and of those that make the medians of time over cost the same, one
    algorithm's after another's is moved where that helps by more than chance would; the rule's stays 1.
    """
    names = sorted({name for sample in samples for name in sample.seconds})
    unpaced = np.full((len(samples), len(names)), np.inf)
    seconds = unpaced.copy()
    with using({"PACES": {}}):
        for i, sample in enumerate(samples):
            for name, value in sample.seconds.items():
                j = names.index(name)
                unpaced[i, j], seconds[i, j] = costs(sample.task, plan.find(name)), value

    def loss(paces: Array) -> float:
        return _lost(unpaced * paces, seconds) + STAY * float(np.abs(np.log(paces / start)).sum())

    alike = _alike(samples)
    starts = [np.array([plan.PACES.get(name, 1.0) for name in names]), np.array([alike[name] for name in names])]
    start = paces = min(starts, key=lambda paces: _lost(unpaced * paces, seconds))
    for _ in range(SWEEPS):
        for j, name in enumerate(names):
            if name != RULE:
                moved = (paces * np.where(np.arange(len(names)) == j, factor, 1) for factor in (1.0, *FACTORS))
                paces = min(moved, key=loss)
    return dict(zip(names, paces.tolist()))


def _lost(found: Array, seconds: Array) -> float:
    """What choices by costs (samples, algorithms) lose, in logarithms of times; more where one is not good."""
    excess = seconds[np.arange(len(seconds)), found.argmin(axis=1)] / seconds.min(axis=1)
    return float(np.mean(np.log(excess) + WEIGHT * (excess > GOOD)))


def _alike(samples: Sequence[Sample]) -> dict[str, float]:
    """The paces that make the median of time over cost the same for all algorithms: 1 for columns, the rule."""
    found: dict[str, list[float]] = {}
    for (name, _), quotients in residuals(samples).items():
        found.setdefault(name, []).extend(quotients)
    rule = median(found.get(RULE, [1.0]))
    return {name: plan.PACES.get(name, 1.0) * median(quotients) / rule for name, quotients in found.items()}


def using(values: Mapping[str, object]) -> AbstractContextManager[object]:
    """Other constants, or other `PACES`, for the planner's cost inside a `with` block."""
    return mock.patch.dict(vars(plan), values)
