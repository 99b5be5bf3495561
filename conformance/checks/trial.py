"""One case before the checks: what is right, the library under test, and its answers.

May import: NumPy, `conformance.call`, `conformance.fills`, `conformance.adapters.base` and its neighbours.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from conformance.adapters.base import Adapter
from conformance.call import Call, Configuration
from conformance.checks.difference import Raised
from conformance.checks.reference import Outcome, Reference, attempt
from conformance.checks.values import Pair
from conformance.fills import Array


@dataclass
class Trial:
    """A case, what is right, and the library under test.

    Attributes:
        reference: torch's answers, or recorded ones.
        candidate: the library under test.
    """

    reference: Reference
    candidate: Adapter

    @property
    def case(self) -> Configuration:
        """The configuration."""
        return self.reference.case

    @functools.cached_property
    def before(self) -> dict[str, bytes]:
        """The operands' memory before the candidate saw them; what lies between their elements too."""
        return self.memory()

    def memory(self) -> dict[str, bytes]:
        """The operands' memory now."""
        operands, expected = self.reference.operands, self.expected
        arrays = dict(operands.arrays)
        if isinstance(expected, dict) and len(expected) > 1:
            arrays["cotangent"] = operands.draw("cotangent", expected["output"].shape)
        return {name: _whole(array).tobytes() for name, array in arrays.items()}

    @property
    def expected(self) -> Outcome:
        """Torch's maps, as far as the candidate differentiates, or what torch raises."""
        outcome = self.reference.outcome
        if isinstance(outcome, Raised) or self.candidate.orders:
            return outcome
        return {"output": outcome["output"]}

    @functools.cached_property
    def got(self) -> Outcome:
        """The candidate's maps, or what it raises."""
        _ = self.before
        return self.again()

    def again(self) -> Outcome:
        """The candidate's answer, computed anew."""
        return attempt(self.candidate.run, self.case, self.reference.operands)

    @functools.cached_property
    def pairs(self) -> list[Pair]:
        """The maps that are in both answers."""
        return self.paired(self.got)

    def paired(self, got: Outcome) -> list[Pair]:
        """The maps that are in both torch's answer and this one, with their yardsticks."""
        expected = self.expected
        if isinstance(expected, Raised) or isinstance(got, Raised):
            return []
        yardsticks, both = self.reference.yardsticks, [name for name in expected if name in got]
        return [Pair(n, expected[n], got[n], yardsticks.get(n), self._exact(n, expected[n], got[n])) for n in both]

    def _exact(self, name: str, expected: Array, got: Array) -> Array | None:
        """What is right, where the answers differ although they should be exact and torch's is wrong."""
        if self.case.fill == "real" or expected.shape != got.shape or np.array_equal(expected, got):
            return None
        right = self.reference.exact.get(name)
        return None if right is None or np.array_equal(expected, right) else right

    @property
    def answered(self) -> bool:
        """Whether both libraries answered with maps."""
        return not isinstance(self.expected, Raised) and not isinstance(self.got, Raised)

    @property
    def mistrusted(self) -> bool:
        """Whether a map of torch's is empty or mostly zeros, so that being equal says little.

        The maps of a call may have many zeros by its nature; there it is whether a result has nothing else.
        """
        expected = self.expected
        if isinstance(expected, dict) and isinstance(self.case, Call):
            return not any(array.any() for name, array in expected.items() if name.startswith("output"))
        return isinstance(expected, dict) and any(_mostly_zeros(array) for array in expected.values())


def _whole(array: Array) -> Array:
    return array.base if isinstance(array.base, np.ndarray) else array


def _mostly_zeros(array: Array) -> bool:
    return array.size == 0 or 2 * np.count_nonzero(array) < array.size
