"""What is right: torch's answers to a case, how exact they are, and what a module of it looks like.

May import: NumPy, `conformance.case`, `conformance.fills`, `conformance.adapters.base`, and `difference.py` and
`values.py` beside it.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from conformance.adapters.base import Adapter, Maps
from conformance.call import Configuration
from conformance.case import Case, is_integer
from conformance.checks.difference import Raised
from conformance.checks.values import Yardstick, yardstick
from conformance.fills import SIGNIFICAND_BITS, Array, Operands, draw, numpy_dtype

Outcome = Maps | Raised
Ask = Callable[[Any, Operands], Maps]


class Reference(Protocol):
    """What a case's answers are compared with; `Live` and `LiveCall` ask torch, `golden.Recorded` reads a file.

    Attributes:
        case: the configuration.
        operands: what both libraries are given.
        reductions: how far integer fills are reduced; see `fills.draw`.
        outcome: torch's maps, or what torch raises.
        yardsticks: of the maps that rounding may change, by name; the others must be equal.
        exact: the maps in double precision, where integer fills make them right whatever adds them.
        second: torch's second derivatives, and their yardsticks.
        facts: what can be read off a module of the case; None where it goes through no module.
    """

    @property
    def case(self) -> Configuration: ...
    @property
    def operands(self) -> Operands: ...
    @property
    def reductions(self) -> Mapping[str, int]: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def yardsticks(self) -> Mapping[str, Yardstick]: ...
    @property
    def exact(self) -> Maps: ...
    @property
    def second(self) -> tuple[Maps, Mapping[str, Yardstick]]: ...
    @property
    def facts(self) -> dict[str, Any] | Raised | None: ...


def attempt(call: Ask, case: Any, operands: Operands) -> Outcome:
    """What a library answers, an exception as `Raised`.

    Example:
        >>> attempt(lambda case, operands: {}["output"], Case("pad"), Operands({}, np.zeros))
        Raised(kind='KeyError', text="'output'")
    """
    try:
        return call(case, operands)
    except Exception as error:  # a library may raise anything, and what it raises is what is compared
        return Raised(type(error).__name__, str(error))


@dataclass
class Live:
    """The answers of torch, asked for when they are needed."""

    case: Case
    torch: Adapter

    @functools.cached_property
    def reductions(self) -> Counter[str]:
        """How far the integer fills must be reduced for every sum to be exact; see `fills.draw`."""
        return _reductions(self.case, self.torch)

    @functools.cached_property
    def operands(self) -> Operands:
        """See `Reference`."""
        return draw(self.case, self.reductions)

    @functools.cached_property
    def outcome(self) -> Outcome:
        """See `Reference`."""
        return attempt(self.torch.run, self.case, self.operands)

    @functools.cached_property
    def yardsticks(self) -> Mapping[str, Yardstick]:
        """See `Reference`; for a case with real numbers that torch does not refuse."""
        if self.case.fill != "real" or isinstance(self.outcome, Raised):
            return {}
        moved = ("output",) if self.case.op in ("pad", "unfold") else ()
        return self._measured(self.torch.run, {n: a for n, a in self.outcome.items() if n not in moved})

    @functools.cached_property
    def exact(self) -> Maps:
        """See `Reference`; none for integer dtypes, whose sums wrap."""
        if is_integer(self.case.dtype):
            return {}
        wide = "complex128" if self.case.dtype.startswith("complex") else "f64"
        found = attempt(self.torch.run, in_double(self.case, wide), self.operands.mapped(_cast(wide)))
        return {} if isinstance(found, Raised) else found

    @functools.cached_property
    def second(self) -> tuple[Maps, Mapping[str, Yardstick]]:
        """See `Reference`; every map has a yardstick, for its sums are longer than the fills are made for."""
        found = attempt(self.torch.second, self.case, self.operands)
        if isinstance(found, Raised):
            return {}, {}
        yardsticks = self._measured(self.torch.second, found)
        return {name: found[name] for name in yardsticks}, yardsticks

    @functools.cached_property
    def facts(self) -> dict[str, Any] | Raised | None:
        """See `Reference`."""
        try:
            return self.torch.facts(self.case)
        except Exception as error:
            return Raised(type(error).__name__, str(error))

    def _measured(self, call: Ask, maps: Maps) -> dict[str, Yardstick]:
        """A yardstick for each map: its values, S and K, all in double precision.

        None at all where torch refuses the case in double precision. It does so where a transposed convolution
        has an empty output, which some of its backends allow; all is zero there.
        """
        double, operands = in_double(self.case), self.operands
        magnitudes = attempt(call, double, operands.mapped(_magnitude))
        terms = attempt(call, double, operands.mapped(_ones))
        values: Outcome = maps
        if SIGNIFICAND_BITS[self.case.dtype] != 53:
            wide = "complex128" if self.case.dtype == "complex64" else "f64"
            values = attempt(call, in_double(self.case, wide), operands.mapped(_cast(wide)))
        if isinstance(values, Raised) or isinstance(magnitudes, Raised) or isinstance(terms, Raised):
            return {}
        dtypes = {f"{name} gradient": dtype for name, dtype in self.case.dtypes().items()}
        return {n: yardstick(dtypes.get(n, self.case.dtype), values[n], magnitudes[n], terms[n]) for n in maps}


def in_double(case: Case, dtype: str = "f64") -> Case:
    """The case in double precision, its operands all of one dtype.

    Example:
        >>> str(in_double(Case("conv1d", weight_dtype="f16")))
        'conv1d f64 ints seed0'
    """
    return replace(case, dtype=dtype, weight_dtype=None, bias_dtype=None)


def _reductions(case: Case, torch: Adapter) -> Counter[str]:
    reductions: Counter[str] = Counter()
    if case.fill != "ints" or is_integer(case.dtype):
        return reductions
    limit = 2.0 ** min(SIGNIFICAND_BITS[dtype] for dtype in case.dtypes().values() if not is_integer(dtype))
    while True:
        sums = attempt(torch.run, in_double(case), draw(case, reductions).mapped(_taxicab))
        if isinstance(sums, Raised):
            return reductions
        over = {n: array.max(initial=0.0) / limit for n, array in sums.items() if array.max(initial=0.0) > limit}
        if not over:
            return reductions
        halvings = Counter({n: max(math.ceil(math.log2(excess)), 1) for n, excess in over.items()})
        reductions["input"] += halvings.pop("output", 0)
        reductions["cotangent"] += max(halvings.values(), default=0)


def _taxicab(array: Array) -> Array:
    """|re| + |im|: it bounds every sum by which a complex product is computed, of three real ones or four."""
    return _magnitude(array.real) + _magnitude(array.imag)


def _magnitude(array: Array) -> Array:
    return np.abs(array).astype(np.float64)


def _ones(array: Array) -> Array:
    return np.ones(array.shape)


def _cast(dtype: str) -> Callable[[Array], Array]:
    return lambda array: array.astype(numpy_dtype(dtype))
