"""Negatives, absolute values and signs.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.functions.alias import alias
from pyconv.ops import arithmetic, unary
from pyconv.ops.cast import array_of
from pyconv.signatures import function

__all__ = [
    "abs",
    "absolute",
    "neg",
    "negative",
    "positive",
    "sgn",
    "sign",
]


def _not_bool(input: Any) -> Any:
    if array_of(input).dtype == np.bool_:
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


@function("(Tensor input, *, Tensor out = None)")
def neg(input: Any) -> Any:
    """The negative.

    Raises:
        RuntimeError: `input` is bool.

    Example:
        >>> import pyconv as torch
        >>> torch.neg(torch.tensor([1, -2]))
        tensor([-1,  2])
    """
    return arithmetic.neg(input)


@function("(Tensor input)")
def positive(input: Any) -> Any:
    """`input` itself.

    Raises:
        RuntimeError: `input` is bool.

    Example:
        >>> import pyconv as torch
        >>> torch.positive(torch.tensor([1, -2]))
        tensor([ 1, -2])
    """
    return _not_bool(input)


@function("(Tensor input, *, Tensor out = None)")
def abs(input: Any) -> Any:
    """The absolute value, real for complex `input`.

    Raises:
        NotImplementedError: `input` is bool.

    Example:
        >>> import pyconv as torch
        >>> torch.abs(torch.tensor([-1, 2]))
        tensor([1, 2])
    """
    return unary.absolute(input)


@function("(Tensor input, *, Tensor out = None)")
def sgn(input: Any) -> Any:
    """The sign, for complex numbers the direction: input / |input|, and 0 at 0.

    Example:
        >>> import pyconv as torch
        >>> torch.sgn(torch.tensor([3 + 4j, 0j]))
        tensor([0.6000+0.8000j, 0.0000+0.0000j])
    """
    return unary.sgn(input)


@function("(Tensor input, *, Tensor out = None)")
def sign(input: Any) -> Any:
    """The sign: -1, 0 or 1.

    Raises:
        NotImplementedError: `input` is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.sign(torch.tensor([-2.5, 0.0, 7.0]))
        tensor([-1.,  0.,  1.])
    """
    return unary.sign(input)


negative = alias("negative", neg)
absolute = alias("absolute", abs)
