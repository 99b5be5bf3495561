"""Libraries that are real torch but for one planted fault each, to see whether the harness finds it.

- `base.py`: what a fault is, and three ways to plant one.
- `maps.py`, `geometry.py`, `padding.py`, `dtypes.py`, `groups.py`, `gradients.py`, `errors.py`, `memory.py`,
  `layouts.py`, `repeat.py`, `algorithms.py`, `modules.py`: the faults, one family a file.

Whoever adds a check adds its fault: a function or class with a sentence for what is wrong, in the file of its family.

May import: NumPy and `conformance` below it; torch comes with the adapter that a fault is planted in.
"""

from __future__ import annotations

from types import ModuleType

from conformance.faults import (
    algorithms,
    dtypes,
    errors,
    geometry,
    gradients,
    groups,
    layouts,
    maps,
    memory,
    modules,
    padding,
    repeat,
)
from conformance.faults.base import Fault, Faulty

__all__ = ["FAULTS", "Fault", "Faulty"]


def _planted(family: ModuleType) -> tuple[Fault, ...]:
    return tuple(value for value in vars(family).values() if isinstance(value, Fault))


FAULTS: dict[str, tuple[Fault, ...]] = {
    family.__name__.rpartition(".")[2]: _planted(family)
    for family in (
        maps,
        geometry,
        padding,
        dtypes,
        groups,
        gradients,
        errors,
        memory,
        layouts,
        repeat,
        algorithms,
        modules,
    )
}
