"""What there is to explain, and when an explanation fits.

May import: NumPy and `conformance` below this package.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from conformance.adapters.base import Adapter, Maps
from conformance.case import SPATIAL_AXES, Case, is_integer
from conformance.checks.difference import Raised
from conformance.checks.reference import attempt, in_double
from conformance.checks.values import yardstick
from conformance.fills import Array, Operands

ENOUGH_BITS = 6.0
"""A fit counts if chance would bring it about less often than once in 2**6."""
_MOST_BITS_AN_ELEMENT = 24.0


@dataclass(frozen=True)
class Explanation:
    """What a library with one certain fault would give.

    Attributes:
        text: what the maps then look like.
        maps: by name; a fault may concern some of them only.
        free: how many numbers of the answer itself went into the explanation, and so prove nothing.
        certain: whether the fit needs no weighing of chance.
    """

    text: str
    maps: Maps
    free: int = 0
    certain: bool = False


Hypothesis = Callable[["Scene"], Iterator[Explanation]]


@dataclass(frozen=True)
class Scene:
    """A case with both answers.

    Attributes:
        case: the configuration.
        operands: what both libraries were given.
        torch: the library that is right, to be asked for other configurations.
        expected: torch's maps.
        got: the candidate's.
    """

    case: Case
    operands: Operands
    torch: Adapter
    expected: Maps
    got: Maps

    @property
    def axes(self) -> tuple[str, ...]:
        """The names of the spatial axes, as many as the operation has; of a pad those of its size."""
        count = SPATIAL_AXES[self.case.op] or len(self.case.size or ())
        return ("D", "H", "W")[-count:]

    @functools.cached_property
    def wrong(self) -> tuple[str, ...]:
        """The names of the maps to explain."""
        return tuple(name for name in self.expected if name in self.got and not self._right(name))

    @functools.cached_property
    def bounds(self) -> Maps:
        """How far each element of the maps that rounding may change may be off."""
        if is_integer(self.case.dtype) or (self.case.fill != "real" and "output" in self.expected):
            return {}
        double = in_double(self.case)
        ask = self.torch.run if "output" in self.expected else self.torch.second
        sums = attempt(ask, double, self.operands.mapped(lambda a: np.abs(a).astype(np.float64)))
        terms = attempt(ask, double, self.operands.mapped(lambda a: np.ones(a.shape)))
        if isinstance(sums, Raised) or isinstance(terms, Raised):
            return {}
        dtypes = {f"{name} gradient": dtype for name, dtype in self.case.dtypes().items()}
        return {
            name: yardstick(dtypes.get(name, self.case.dtype), a, sums[name], terms[name]).bound
            for name, a in self.expected.items()
            if name in sums
        }

    def _right(self, name: str) -> bool:
        expected, got = self.expected[name], self.got[name]
        if (expected.shape, expected.dtype) != (got.shape, got.dtype):
            return False
        return bool(np.all(apart(expected, got) <= self.bounds.get(name, 0.0)))

    def ask(self, case: Case, operands: Operands) -> Maps:
        """What torch gives for another configuration or other operands; no maps where it refuses."""
        found = attempt(self.torch.run, case, operands)
        return {} if isinstance(found, Raised) else found

    def tolerance(self, name: str) -> float:
        """How far two answers that mean the same may be apart."""
        return 4 * float(np.max(self.bounds.get(name, 0.0), initial=0.0))

    def fitting(self, explanation: Explanation) -> list[str]:
        """The names of the wrong maps that are what the explanation says, all of them together hardly by chance."""
        found = {name: explanation.maps[name] for name in self.wrong if name in explanation.maps}
        names = [name for name, array in found.items() if self._fits(name, array)]
        bits = sum(self._bits(name, found[name], explanation.free) for name in names)
        return names if explanation.certain or bits >= ENOUGH_BITS else []

    def _fits(self, name: str, found: Array) -> bool:
        got = self.got[name]
        return found.shape == got.shape and bool(np.all(apart(found, got) <= self.tolerance(name)))

    def _bits(self, name: str, found: Array, free: int) -> float:
        """How improbable it is that other numbers than torch's agree so well."""
        expected = self.expected[name]
        told = found != 0 if expected.shape != found.shape else ~(apart(found, expected) <= self.tolerance(name))
        largest = max(float(np.abs(wide(array)).max(initial=0)) for array in (found, expected))
        if not math.isfinite(largest) or largest == 0:
            return 0.0
        each = math.log2(largest / (self.tolerance(name) or 0.25))
        return max(np.count_nonzero(told) - free, 0) * min(max(each, 0.0), _MOST_BITS_AN_ELEMENT)


def wide(array: Array) -> Array:
    """The array in double precision."""
    return array.astype(np.complex128 if np.iscomplexobj(array) else np.float64)


def apart(first: Array, second: Array) -> Array:
    """The distances between the elements of two arrays of one shape.

    Between different integers it is infinite, between NaN and NaN it is 0.

    Example:
        >>> apart(np.array([1, 2]), np.array([1, 3])), apart(np.array([1.0]), np.array([3]))
        (array([ 0., inf]), array([2.]))
    """
    if first.dtype.kind in "iu" and second.dtype.kind in "iu":
        return np.where(first == second, 0.0, np.inf)
    a, b = wide(first), wide(second)
    return np.where(np.isnan(a) & np.isnan(b), 0.0, np.abs(a - b))
