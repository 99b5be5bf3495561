"""Comparisons, tests of each element, and choice.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.traced import Traced
from pyconv.functions.alias import alias
from pyconv.functions.operands import tensor
from pyconv.ops import arithmetic, logic
from pyconv.ops.cast import array_of
from pyconv.signatures import function

__all__ = [
    "allclose",
    "eq",
    "equal",
    "ge",
    "greater",
    "greater_equal",
    "gt",
    "isclose",
    "isfinite",
    "isinf",
    "isnan",
    "isneginf",
    "isposinf",
    "isreal",
    "le",
    "less",
    "less_equal",
    "lt",
    "ne",
    "not_equal",
    "signbit",
    "where",
]

Array = np.ndarray[Any, Any]


def _equal(a: Array, b: Array) -> bool:
    return a.shape == b.shape and bool((a == b).all())


def _where(condition: Any, input: Any, other: Any) -> Any:
    if input is None and other is None:
        found = np.nonzero(array_of(condition))
        return tuple(type(condition)._wrap(places) for places in found) if isinstance(condition, Traced) else found
    return arithmetic.choose(condition, input, other)


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def eq(input: Any, other: Any) -> Any:
    """Where both are equal.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.eq(torch.tensor([1, 2, 3]), 2)
        tensor([False,  True, False])
    """
    return logic.compared("eq", tensor(input), other)


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def ne(input: Any, other: Any) -> Any:
    """Where they differ.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.ne(torch.tensor([1, 2, 3]), 2)
        tensor([ True, False,  True])
    """
    return logic.compared("ne", tensor(input), other)


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def lt(input: Any, other: Any) -> Any:
    """Where `input` is below `other`.

    Raises:
        NotImplementedError: one is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.lt(torch.tensor([1, 2, 3]), 2)
        tensor([ True, False, False])
    """
    return logic.compared("lt", tensor(input), other)


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def le(input: Any, other: Any) -> Any:
    """Where `input` is not above `other`.

    Raises:
        NotImplementedError: one is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.le(torch.tensor([1, 2, 3]), 2)
        tensor([ True,  True, False])
    """
    return logic.compared("le", tensor(input), other)


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def gt(input: Any, other: Any) -> Any:
    """Where `input` is above `other`.

    Raises:
        NotImplementedError: one is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.gt(torch.tensor([1, 2, 3]), 2)
        tensor([False, False,  True])
    """
    return logic.compared("gt", tensor(input), other)


@function(
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Tensor input, Number other, *, Tensor out = None)",
)
def ge(input: Any, other: Any) -> Any:
    """Where `input` is not below `other`.

    Raises:
        NotImplementedError: one is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.ge(torch.tensor([1, 2, 3]), 2)
        tensor([False,  True,  True])
    """
    return logic.compared("ge", tensor(input), other)


@function("(Tensor input, Tensor other, float rtol = 1e-05, float atol = 1e-08, bool equal_nan = False)")
def isclose(input: Any, other: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Any:
    """Where |input - other| <= atol + rtol·|other|, or both are equal.

    Raises:
        RuntimeError: the dtypes differ, a tolerance is negative, or the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.isclose(torch.tensor([1.0, 2.0]), torch.tensor([1.000001, 2.1]))
        tensor([ True, False])
    """
    return logic.isclose(input, other, rtol, atol, equal_nan)


@function("(Tensor input, Tensor other, float rtol = 1e-05, float atol = 1e-08, bool equal_nan = False)")
def allclose(input: Any, other: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Whether |input - other| <= atol + rtol·|other|, or both are equal, for every element.

    Raises:
        RuntimeError: the dtypes differ, a tolerance is negative, or the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.allclose(torch.tensor([1.0]), torch.tensor([1.000001]))
        True
    """
    return bool(array_of(logic.isclose(input, other, rtol, atol, equal_nan)).all())


@function("(Tensor input, Tensor other)")
def equal(input: Any, other: Any) -> bool:
    """Whether two tensors have the same shape and elements.

    Example:
        >>> import pyconv as torch
        >>> torch.equal(torch.ones(2), torch.tensor([1.0, 1.0]))
        True
    """
    return _equal(array_of(input), array_of(other))


@function("(Tensor input)")
def isnan(input: Any) -> Any:
    """Where an element is NaN.

    Example:
        >>> import pyconv as torch
        >>> torch.isnan(torch.tensor([1.0, float("inf"), float("nan")]))
        tensor([False, False,  True])
    """
    return logic.isnan(input)


@function("(Tensor input)")
def isinf(input: Any) -> Any:
    """Where an element is infinite.

    Example:
        >>> import pyconv as torch
        >>> torch.isinf(torch.tensor([1.0, float("inf"), float("nan")]))
        tensor([False,  True, False])
    """
    return logic.isinf(input)


@function("(Tensor input)")
def isfinite(input: Any) -> Any:
    """Where an element is finite.

    Example:
        >>> import pyconv as torch
        >>> torch.isfinite(torch.tensor([1.0, float("inf"), float("nan")]))
        tensor([ True, False, False])
    """
    return logic.isfinite(input)


@function("(Tensor input, *, Tensor out = None)")
def isposinf(input: Any) -> Any:
    """Where an element is positive infinity.

    Raises:
        RuntimeError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.isposinf(torch.tensor([1.0, float("inf"), float("nan")]))
        tensor([False,  True, False])
    """
    return logic.isposinf(input)


@function("(Tensor input, *, Tensor out = None)")
def isneginf(input: Any) -> Any:
    """Where an element is negative infinity.

    Raises:
        RuntimeError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.isneginf(torch.tensor([1.0, float("inf"), float("nan")]))
        tensor([False, False, False])
    """
    return logic.isneginf(input)


@function("(Tensor input)")
def isreal(input: Any) -> Any:
    """Where an element has no imaginary part.

    Example:
        >>> import pyconv as torch
        >>> torch.isreal(torch.tensor([1.0, float("inf"), float("nan")]))
        tensor([True, True, True])
    """
    return logic.isreal(input)


@function("(Tensor input, *, Tensor out = None)")
def signbit(input: Any) -> Any:
    """Where the sign bit is set: negative numbers, and the zero -0.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.signbit(torch.tensor([1.0, float("inf"), float("nan")]))
        tensor([False, False, False])
    """
    return logic.signbit(input)


@function(
    "(Tensor condition)",
    "(Tensor condition, Tensor input, Tensor other, *, Tensor out = None)",
    "(Tensor condition, Number self, Tensor other)",
    "(Tensor condition, Tensor input, Number other)",
    "(Tensor condition, Number self, Number other)",
)
def where(condition: Any, input: Any = None, other: Any = None) -> Any:
    """`input` where the condition holds, `other` elsewhere; with a condition alone, the indices where it holds.

    Raises:
        RuntimeError: the condition is not bool, or the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.where(torch.tensor([True, False]), torch.tensor([1.0, 2.0]), 0.0)
        tensor([1., 0.])
    """
    return _where(condition, input, other)


not_equal = alias("not_equal", ne)
less = alias("less", lt)
less_equal = alias("less_equal", le)
greater = alias("greater", gt)
greater_equal = alias("greater_equal", ge)
