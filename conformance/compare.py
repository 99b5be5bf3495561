"""What counts as a difference, one check a function.

May import: NumPy and `conformance.fills`.

Two tiers. With integer fills every sum is exact, and the results must be equal. With real fills the error
against a result computed in double precision must stay under (2 + 2√K)·(u·S + η), where u is the unit roundoff
of the dtype, S the sum of the magnitudes of an output's terms, K their number, and η half the smallest
subnormal. S comes from running the case on magnitudes and K from running it on ones, both by torch in double
precision; so they are right for every map, padding mode and border. Of a complex result the real and the
imaginary part are measured apart: each is a real sum of 2K terms, whose magnitudes add up to at most
S = Σ|x||w|; so K is doubled. Where the dtype is itself double, the reference has such an error too, and the
bound is doubled.
"""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass

import numpy as np

from conformance.fills import SIGNIFICAND_BITS, Array

_HALF_SUBNORMAL = {"f16": 2.0**-25, "bf16": 2.0**-134, "f32": 2.0**-150, "complex64": 2.0**-150}


@dataclass(frozen=True)
class Raised:
    """An exception that a library answered with."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One thing in which the candidate is not torch.

    Attributes:
        check: which check found it: outcome, error type, error text, maps, dtype, shape, or value.
        where: the map, or `error`.
        expected: torch's side, as text.
        got: the candidate's.
        detail: how much and where.
    """

    check: str
    where: str
    expected: str
    got: str
    detail: str = ""


@dataclass(frozen=True)
class Yardstick:
    """What a map of real numbers is measured with: its values in double precision, the bound on the error."""

    values: Array
    bound: Array


@dataclass(frozen=True)
class Pair:
    """A map of both libraries; without a yardstick they must be equal."""

    where: str
    expected: Array
    got: Array
    yardstick: Yardstick | None = None

    @functools.cached_property
    def worst(self) -> Worst:
        """Where the two, of one shape, are furthest off, and how far.

        Example:
            >>> Pair("output", np.array([1, 2, 3]), np.array([1, 2, 4])).worst
            Worst(index=(2,), ratio=inf, torch_ratio=0.0, count=1)
        """
        if self.expected.size == 0:
            return Worst((), 0.0, 0.0, 0)
        if self.yardstick is None:
            errors = np.where(self.expected == self.got, -1.0, _errors(self.got, self.expected))
            ratios, torch_ratio = np.where(self.expected == self.got, 0.0, np.inf), 0.0
        else:
            ratios = errors = _errors(self.got, self.yardstick.values) / self.yardstick.bound
            torch_ratio = float(np.max(_errors(self.expected, self.yardstick.values) / self.yardstick.bound))
        index = np.unravel_index(np.argmax(errors), errors.shape)
        outside = int(np.count_nonzero(~(ratios <= 1)))
        return Worst(tuple(int(i) for i in index), float(ratios.max()), torch_ratio, outside)


@dataclass(frozen=True)
class Worst:
    """The element of a pair that is furthest off.

    Attributes:
        index: its place, empty where the map has no element.
        ratio: the candidate's largest error over the bound; without a yardstick 0 (equal) or infinite.
        torch_ratio: torch's own.
        count: how many elements of the candidate are outside the bound.
    """

    index: tuple[int, ...]
    ratio: float
    torch_ratio: float
    count: int


def yardstick(dtype: str, values: Array, magnitudes: Array, terms: Array) -> Yardstick:
    """The yardstick of one map.

    Args:
        dtype: the token of the dtype that is measured.
        values: the map in double precision.
        magnitudes: S, the map of the magnitudes.
        terms: the map of ones, whose largest element is K.

    Example:
        >>> one = np.ones(1)
        >>> yardstick("f16", one, one, one).bound * 2**11
        array([4.00024414])
    """
    count = float(terms.max(initial=1.0)) * (2 if dtype.startswith("complex") else 1)
    roundoff = 2.0 ** -SIGNIFICAND_BITS[dtype]
    bound = (2 + 2 * math.sqrt(count)) * (roundoff * magnitudes + _HALF_SUBNORMAL.get(dtype, 2.0**-1074))
    return Yardstick(values, bound * (2 if SIGNIFICAND_BITS[dtype] == 53 else 1))


def _errors(values: Array, exact: Array) -> Array:
    """The distances, in double precision; of complex numbers that of the worse part."""
    if np.iscomplexobj(values) or np.iscomplexobj(exact):
        difference = values.astype(np.complex128) - exact
        return np.maximum(np.abs(difference.real), np.abs(difference.imag))
    return np.abs(values.astype(np.float64) - exact.astype(np.float64))


def check_outcome(expected: object, got: object) -> Difference | None:
    """Both raise, with one type and one text, or neither does. The order in `{...}`, a set's, is free.

    Example:
        >>> check_outcome({}, Raised("ValueError", "no"))
        Difference(check='outcome', where='error', expected='no error', got='ValueError: no', detail='')
    """
    if not isinstance(expected, Raised) and not isinstance(got, Raised):
        return None
    if not isinstance(expected, Raised) or not isinstance(got, Raised):
        return Difference("outcome", "error", _told(expected), _told(got))
    if expected.kind != got.kind:
        return Difference("error type", "error", _told(expected), _told(got))
    if _ordered(expected.text) != _ordered(got.text):
        return Difference("error text", "error", _told(expected), _told(got))
    return None


def _told(outcome: object) -> str:
    return f"{outcome.kind}: {outcome.text}" if isinstance(outcome, Raised) else "no error"


def _ordered(text: str) -> str:
    """The text with the members of each `{...}` in alphabetical order."""
    return re.sub(r"\{([^{}]*)\}", lambda m: "{" + ", ".join(sorted(m[1].split(", "))) + "}", text)


def check_maps(expected: dict[str, Array], got: dict[str, Array]) -> Difference | None:
    """Both have the same maps: an output, and a gradient for each operand that has one.

    Example:
        >>> check_maps({"output": np.ones(1)}, {}).expected
        'output'
    """
    if expected.keys() == got.keys():
        return None
    return Difference("maps", "all", ", ".join(expected), ", ".join(got))


def check_dtype(pair: Pair) -> Difference | None:
    """The same dtype.

    Example:
        >>> check_dtype(Pair("output", np.float32([1]), np.float64([1]))).got
        'float64'
    """
    if pair.expected.dtype == pair.got.dtype:
        return None
    return Difference("dtype", pair.where, str(pair.expected.dtype), str(pair.got.dtype))


def check_shape(pair: Pair) -> Difference | None:
    """The same shape.

    Example:
        >>> check_shape(Pair("output", np.ones(1), np.ones((1, 1)))).got
        '(1, 1)'
    """
    if pair.expected.shape == pair.got.shape:
        return None
    return Difference("shape", pair.where, str(pair.expected.shape), str(pair.got.shape))


def check_values(pair: Pair) -> Difference | None:
    """Equal values, or without equality an error under the bound, or one that is no larger than torch's.

    Example:
        >>> check_values(Pair("output", np.ones(2), np.array([1.0, 3.0]))).detail
        '1 of 2 values, the worst at (1,)'
    """
    if pair.expected.shape != pair.got.shape:
        return None
    worst = pair.worst
    if worst.count == 0 or worst.torch_ratio >= worst.ratio:
        return None
    detail = f"{worst.count} of {pair.expected.size} values, the worst at {worst.index}"
    if pair.yardstick is not None:
        detail += f", error/bound {worst.ratio:.3g}, torch's own {worst.torch_ratio:.3g}"
    expected, got = pair.expected[worst.index], pair.got[worst.index]
    return Difference("value", pair.where, str(expected), str(got), detail)


PAIR_CHECKS = (check_dtype, check_shape, check_values)
