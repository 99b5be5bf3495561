"""Faults that show only when a call is repeated: in the same way, or on more threads.

May import: the standard library, NumPy, `conformance.case`, `conformance.fills`, `base.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from conformance.adapters.base import Maps
from conformance.case import Case
from conformance.faults.base import Faulty, wrong_library
from conformance.fills import Operands


class Counting(Faulty):
    """Real torch that knows how many calls there were before, and on how many threads it computes.

    Example:
        >>> from conformance.adapters import TorchAdapter
        >>> adapter = Counting(TorchAdapter())
        >>> with adapter.threads(2):
        ...     adapter.count, adapter.calls
        (2, 0)
    """

    def __init__(self, torch: Any) -> None:
        super().__init__(torch)
        self.calls = 0
        self.count = 1

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        self.calls += 1
        return super().run(case, operands)

    @contextmanager
    def threads(self, count: int) -> Iterator[None]:
        """See `Adapter.threads`."""
        self.count = count
        try:
            yield
        finally:
            self.count = 1


@wrong_library("repeat", "written", "threads")
class NondeterministicLastBit(Counting):
    """Every other call adds in another order, so that sums of real numbers end in another bit."""

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        maps = super().run(case, operands)
        return _nudged(case, maps) if self.calls % 2 == 0 else maps


@wrong_library("repeat", "threads", "written", "algorithms", "value", "adjoint")
class BufferReturned(Faulty):
    """The result lies in a buffer that the next call of its shape and dtype writes to."""

    def __init__(self, torch: Any) -> None:
        super().__init__(torch)
        self.buffers: dict[tuple[Any, ...], Any] = {}

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        maps = super().run(case, operands)
        output = maps["output"]
        buffer = self.buffers.setdefault((output.shape, output.dtype), np.empty_like(output))
        buffer[...] = output
        return maps | {"output": buffer}


@wrong_library("value", "adjoint", "repeat", "written", "threads")
class BiasForgottenOnTheThirdCall(Counting):
    """Every third call forgets the bias."""

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        maps = super().run(case, operands)
        if self.calls % 3 or "bias" not in operands.arrays:
            return maps
        bias = np.zeros_like(operands.arrays["bias"])
        return super().run(case, Operands(operands.arrays | {"bias": bias}, operands.draw))


@wrong_library("threads")
class ThreadsChangeTheLastBit(Counting):
    """More than one thread adds in another order."""

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        maps = super().run(case, operands)
        return _nudged(case, maps) if self.count > 1 else maps


@wrong_library("threads")
class SecondThreadNotAwaited(Counting):
    """On more than one thread the last image of a batch is not there yet."""

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        maps = super().run(case, operands)
        if self.count > 1 and (case.batch or 0) > 1:
            output = maps["output"].copy()
            output[-1:] = 0
            maps["output"] = output
        return maps


def _nudged(case: Case, maps: Maps) -> Maps:
    """The maps with the last bit of the output's first element changed, where there are sums of real numbers."""
    output = maps["output"].copy()
    if case.fill == "real" and case.op not in ("pad", "unfold") and output.size:
        output.reshape(-1)[:1].view(np.uint8)[0] ^= 1
    return maps | {"output": output}
