"""Faults of memory: operands that are written to, results that are not.

May import: the standard library, NumPy, `conformance.case`, `conformance.fills`, `base.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from conformance.adapters.base import Maps
from conformance.case import Case
from conformance.faults.base import Faulty, wrong_answers, wrong_library
from conformance.fills import Array, Operands

_FOUND_BY = ("operands", "adjoint", "value", "repeat", "threads", "written")


@wrong_answers(*_FOUND_BY)
def input_written_to(torch: Any, case: Case, operands: Operands) -> Maps:
    """The input is negated in its place."""
    maps: Maps = torch.run(case, operands)
    _negate(operands.arrays["input"])
    return maps


@wrong_answers(*_FOUND_BY)
def weight_written_to(torch: Any, case: Case, operands: Operands) -> Maps:
    """The weight is negated in its place."""
    maps: Maps = torch.run(case, operands)
    if "weight" in operands.arrays:
        _negate(operands.arrays["weight"])
    return maps


@wrong_answers(*_FOUND_BY)
def cotangent_written_to(torch: Any, case: Case, operands: Operands) -> Maps:
    """The cotangent is negated in its place."""
    maps: Maps = torch.run(case, operands)
    if len(maps) > 1:
        _negate(operands.draw("cotangent", maps["output"].shape))
    return maps


@wrong_answers("operands")
def written_to_between_the_elements(torch: Any, case: Case, operands: Operands) -> Maps:
    """What lies in memory between the elements of the input is made zero."""
    maps: Maps = torch.run(case, operands)
    array = operands.arrays["input"]
    if case.layout == "strided" and isinstance(array.base, np.ndarray):
        array.base[..., 1::2] = 0
    return maps


@wrong_library("written")
class ZerosNotWritten(Faulty):
    """Zeros are not written: fresh memory is taken to hold them, and does outside of `poisoned`."""

    fresh = 0.0

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        return {name: self._written(array) for name, array in super().run(case, operands).items()}

    @contextmanager
    def poisoned(self) -> Iterator[None]:
        """See `Adapter.poisoned`."""
        self.fresh = np.nan
        try:
            yield
        finally:
            self.fresh = 0.0

    def _written(self, array: Array) -> Array:
        memory = np.full_like(array, self.fresh if array.dtype.kind in "fcV" else 0)
        return np.where(array == 0, memory, array)


def _negate(array: Array) -> None:
    if array.flags.writeable:
        array[...] = -array
