"""One case through both libraries and all checks, and many cases one after the other.

May import: NumPy and `conformance` below it.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from conformance.adapters import Adapter
from conformance.case import Case, is_integer
from conformance.compare import (
    PAIR_CHECKS,
    Difference,
    Pair,
    Raised,
    Yardstick,
    check_maps,
    check_outcome,
    yardstick,
)
from conformance.fills import SIGNIFICAND_BITS, Array, Operands, draw, numpy_dtype

Outcome = dict[str, Array] | Raised


@dataclass(frozen=True)
class Verdict:
    """What came of a case.

    Attributes:
        case: the configuration.
        tier: `exact`, `real`, or `error` where torch raises.
        differences: what the checks found.
        mistrusted: whether a map of torch's is empty or mostly zeros, so that being equal says little.
        pairs: the maps of both libraries, where both have them.
        expected: torch's answer.
        got: the candidate's.
    """

    case: Case
    tier: str
    differences: tuple[Difference, ...]
    mistrusted: bool
    pairs: tuple[Pair, ...]
    expected: Outcome
    got: Outcome

    def ratios(self) -> tuple[float, float]:
        """The worst error over the bound, the candidate's and torch's own; zeros where nothing is measured."""
        alike = (pair for pair in self.pairs if pair.expected.shape == pair.got.shape)
        worst = [pair.worst for pair in alike if pair.yardstick is not None]
        return max((w.ratio for w in worst), default=0.0), max((w.torch_ratio for w in worst), default=0.0)


def run(cases: Iterable[Case], torch: Adapter, candidate: Adapter) -> Iterator[Verdict]:
    """The verdicts of the cases, one by one, with the libraries' warnings silenced.

    Args:
        cases: the configurations.
        torch: the library that is right.
        candidate: the one under test.

    Example:
        >>> from conformance.adapters import TorchAdapter
        >>> from conformance.case import parse
        >>> torch = TorchAdapter()
        >>> [verdict.tier for verdict in run([parse("conv1d n1 c1 o1 h5 k3 real")], torch, torch)]
        ['real']
    """
    for case in cases:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            verdict = run_case(case, torch, candidate)
        yield verdict


def run_case(case: Case, torch: Adapter, candidate: Adapter) -> Verdict:
    """The verdict of one case; see `run`."""
    operands = _operands(case, torch)
    expected = _attempt(torch, case, operands)
    got = _attempt(candidate, case, operands)
    differences = [check_outcome(expected, got)]
    pairs: list[Pair] = []
    if isinstance(expected, dict) and isinstance(got, dict):
        differences.append(check_maps(expected, got))
        yardsticks = _yardsticks(case, operands, expected, torch) if case.fill == "real" else {}
        pairs = [Pair(n, expected[n], got[n], yardsticks.get(n)) for n in expected if n in got]
        differences += [check(pair) for pair in pairs for check in PAIR_CHECKS]
    mistrusted = isinstance(expected, dict) and any(_mostly_zeros(array) for array in expected.values())
    tier = "error" if isinstance(expected, Raised) else "real" if case.fill == "real" else "exact"
    found = tuple(difference for difference in differences if difference is not None)
    return Verdict(case, tier, found, mistrusted, tuple(pairs), expected, got)


def _attempt(library: Adapter, case: Case, operands: Operands) -> Outcome:
    try:
        return library.run(case, operands)
    except Exception as error:  # a library may raise anything, and what it raises is what is compared
        return Raised(type(error).__name__, str(error))


def _mostly_zeros(array: Array) -> bool:
    return array.size == 0 or 2 * np.count_nonzero(array) < array.size


def _in_double(case: Case, dtype: str = "f64") -> Case:
    return replace(case, dtype=dtype, weight_dtype=None, bias_dtype=None)


def _taxicab(array: Array) -> Array:
    """|re| + |im|: it bounds every sum by which a complex product is computed, of three real ones or four."""
    return _magnitude(array.real) + _magnitude(array.imag)


def _magnitude(array: Array) -> Array:
    return np.abs(array).astype(np.float64)


def _ones(array: Array) -> Array:
    return np.ones(array.shape)


def _operands(case: Case, torch: Adapter) -> Operands:
    """The case's operands, integer fills of floating-point dtypes thinned until every sum is exact."""
    if case.fill != "ints" or is_integer(case.dtype):
        return draw(case)
    limit = 2.0 ** min(SIGNIFICAND_BITS[dtype] for dtype in case.dtypes().values() if not is_integer(dtype))
    halvings: Counter[str] = Counter()
    while True:
        operands = draw(case, halvings)
        sums = _attempt(torch, _in_double(case), operands.mapped(_taxicab))
        if isinstance(sums, Raised):
            return operands
        over = [name for name, array in sums.items() if array.max(initial=0.0) > limit]
        if not over:
            return operands
        halvings["input"] += "output" in over
        halvings["cotangent"] += any(name != "output" for name in over)


def _yardsticks(case: Case, operands: Operands, expected: dict[str, Array], torch: Adapter) -> dict[str, Yardstick]:
    """A yardstick for each map but those that only move numbers, which stay exact.

    None at all where torch refuses the case in double precision. It does so where a transposed convolution has
    an empty output, which some of its backends allow; all is zero there.
    """
    double = _in_double(case)
    magnitudes = _attempt(torch, double, operands.mapped(_magnitude))
    terms = _attempt(torch, double, operands.mapped(_ones))
    values: Outcome = expected
    if SIGNIFICAND_BITS[case.dtype] != 53:
        wide = "complex128" if case.dtype == "complex64" else "f64"
        values = _attempt(torch, _in_double(case, wide), operands.mapped(_cast(wide)))
    if isinstance(values, Raised) or isinstance(magnitudes, Raised) or isinstance(terms, Raised):
        return {}
    dtypes = {f"{name} gradient": dtype for name, dtype in case.dtypes().items()}
    moved = ("output",) if case.op in ("pad", "unfold") else ()
    return {
        name: yardstick(dtypes.get(name, case.dtype), values[name], magnitudes[name], terms[name])
        for name in expected
        if name not in moved
    }


def _cast(dtype: str) -> Callable[[Array], Array]:
    return lambda array: array.astype(numpy_dtype(dtype))
