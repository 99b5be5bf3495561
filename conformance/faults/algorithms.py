"""Faults of one algorithm among several, which the library would not choose by itself.

May import: the standard library, NumPy, `conformance.case`, `conformance.fills`, `base.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from conformance.adapters.base import Maps
from conformance.case import Case
from conformance.faults.base import Faulty, wrong_library
from conformance.fills import Operands


class Choosing(Faulty):
    """Real torch under the names of two algorithms, of which it would choose the first.

    Example:
        >>> from conformance.adapters import TorchAdapter
        >>> adapter = Choosing(TorchAdapter())
        >>> with adapter.using("second"):
        ...     adapter.algorithm
        'second'
    """

    algorithms = ("first", "second")
    algorithm = "first"

    @contextmanager
    def using(self, algorithm: str) -> Iterator[None]:
        """See `Adapter.using`."""
        self.algorithm = algorithm
        try:
            yield
        finally:
            self.algorithm = "first"


@wrong_library("algorithms")
class SecondAlgorithmWrong(Choosing):
    """The second algorithm leaves out the weight's last input channel, or its last output channel if transposed."""

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        maps = super().run(case, operands)
        if self.algorithm == "first":
            return maps
        weight = operands.arrays["weight"].copy()
        weight[:, -1:] = 0
        output = super().run(case, Operands(operands.arrays | {"weight": weight}, operands.draw))["output"]
        return maps | {"output": output}


@wrong_library("algorithms")
class SecondAlgorithmWrongInTheWeightGradient(Choosing):
    """The second algorithm's gradient of the weight is a mean over the places of the output."""

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        maps = super().run(case, operands)
        gradient = maps.get("weight gradient")
        if self.algorithm == "second" and gradient is not None:
            places = max(int(np.prod(maps["output"].shape[2:])), 1)
            maps["weight gradient"] = (gradient / places).astype(gradient.dtype)
        return maps


@wrong_library("algorithms")
class SecondAlgorithmWithoutGroups(Choosing):
    """The second algorithm raises where there are groups."""

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        maps = super().run(case, operands)
        if self.algorithm == "second" and (case.groups or 1) > 1:
            raise NotImplementedError("groups")
        return maps


@wrong_library("algorithms")
class SecondAlgorithmWider(Choosing):
    """The second algorithm leaves half precision in float32."""

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        maps = super().run(case, operands)
        half = self.algorithm == "second" and maps["output"].dtype.itemsize == 2 and case.dtype in ("f16", "bf16")
        return maps | ({"output": maps["output"].astype(np.float32)} if half else {})
