"""Two maps of one name, and how far apart they may be.

May import: NumPy, `conformance.fills` and `difference.py`.

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
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from conformance.checks.difference import Difference
from conformance.fills import SIGNIFICAND_BITS, Array

_HALF_SUBNORMAL = {"f16": 2.0**-25, "bf16": 2.0**-134, "f32": 2.0**-150, "complex64": 2.0**-150}


@dataclass(frozen=True)
class Yardstick:
    """What a map of real numbers is measured with: its values in double precision, the bound on the error."""

    values: Array
    bound: Array


@dataclass(frozen=True)
class Pair:
    """A map of both libraries; without a yardstick the candidate's must be what is right exactly.

    Attributes:
        where: the name of the map.
        expected: torch's.
        got: the candidate's.
        yardstick: what it is measured with, where rounding may change it.
        exact: what is right, where torch itself is wrong.
    """

    where: str
    expected: Array
    got: Array
    yardstick: Yardstick | None = None
    exact: Array | None = None

    @property
    def tolerance(self) -> Array | float:
        """How far the candidate's values may be off and pass."""
        if self.yardstick is None:
            return 0.0 if self.exact is None else math.inf
        return math.inf if self.worst.torch_ratio > 1 else self.yardstick.bound

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
            right = self.expected if self.exact is None else self.exact
            same = _same(right, self.got)
            errors = np.where(same, -1.0, _errors(self.got, right))
            ratios, torch_ratio = np.where(same, 0.0, np.inf), 0.0 if self.exact is None else math.inf
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
    """The distances, in double precision; of complex numbers that of the worse part. Equal infinities have none."""
    with np.errstate(invalid="ignore", over="ignore"):
        if np.iscomplexobj(values) or np.iscomplexobj(exact):
            difference = values.astype(np.complex128) - exact
            distances = np.maximum(np.abs(difference.real), np.abs(difference.imag))
        else:
            distances = np.abs(values.astype(np.float64) - exact.astype(np.float64))
    return np.where(_same(values, exact), 0.0, distances)


def _same(first: Array, second: Array) -> Array:
    """Where two arrays are equal, or NaN both."""
    same: Array = (first == second) | ((first != first) & (second != second))
    return same


def compare_maps(expected: dict[str, Array], got: dict[str, Array]) -> Iterator[Difference]:
    """Both have the same maps: an output, and a gradient for each operand that has one.

    Example:
        >>> next(compare_maps({"output": np.ones(1)}, {})).expected
        'output'
    """
    if expected.keys() != got.keys():
        yield Difference("maps", "all", ", ".join(expected), ", ".join(got))


def compare_pair(pair: Pair) -> Iterator[Difference]:
    """The same dtype, the same shape and, where the shapes are the same, values that are near enough.

    Example:
        >>> [d.check for d in compare_pair(Pair("output", np.float32([1]), np.array([2.0])))]
        ['dtype', 'value']
    """
    yield from compare_dtype(pair)
    yield from compare_shape(pair)
    yield from compare_values(pair)


def compare_dtype(pair: Pair) -> Iterator[Difference]:
    """The same dtype.

    Example:
        >>> [found.got for found in compare_dtype(Pair("output", np.zeros(2, np.float32), np.zeros(2)))]
        ['float64']
    """
    if pair.expected.dtype != pair.got.dtype:
        yield Difference("dtype", pair.where, str(pair.expected.dtype), str(pair.got.dtype))


def compare_shape(pair: Pair) -> Iterator[Difference]:
    """The same shape.

    Example:
        >>> [found.got for found in compare_shape(Pair("output", np.zeros(2), np.zeros((2, 1))))]
        ['(2, 1)']
    """
    if pair.expected.shape != pair.got.shape:
        yield Difference("shape", pair.where, str(pair.expected.shape), str(pair.got.shape))


def compare_values(pair: Pair) -> Iterator[Difference]:
    """Equal values, or without equality an error under the bound, or one that is no larger than torch's.

    Example:
        >>> next(compare_values(Pair("output", np.ones(2), np.array([1.0, 3.0])))).detail
        '1 of 2 values, the worst at (1,)'
    """
    if pair.expected.shape != pair.got.shape:
        return
    worst = pair.worst
    if worst.count == 0 or (pair.yardstick is not None and worst.torch_ratio >= worst.ratio):
        return
    detail = f"{worst.count} of {pair.expected.size} values, the worst at {worst.index}"
    if pair.yardstick is not None:
        detail += f", error/bound {worst.ratio:.3g}, torch's own {worst.torch_ratio:.3g}"
    expected, got = pair.expected[worst.index], pair.got[worst.index]
    yield Difference("value", pair.where, str(expected), str(got), detail)
