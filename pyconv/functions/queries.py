"""Questions about tensors that have a plain answer.

May import: NumPy, `pyconv.dtypes`, `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import primitive
from pyconv.autograd.traced import Traced
from pyconv.ops.cast import array_of
from pyconv.signatures import function

__all__ = ["is_complex", "is_floating_point", "is_nonzero", "is_signed", "numel"]


@function("(Tensor input)")
def is_floating_point(input: Any) -> bool:
    """Whether the dtype is a real floating-point one.

    Example:
        >>> is_floating_point(np.ones(1))
        True
    """
    return dtypes.of(array_of(input)).is_floating_point


@function("(Tensor input)")
def is_inference(input: Any) -> bool:
    """Whether a tensor was made in inference mode.

    Example:
        >>> is_inference(np.ones(1))
        False
    """
    return isinstance(input, Traced) and bool(input.is_inference())  # type: ignore[attr-defined]


@function("(Tensor input)")
def is_complex(input: Any) -> bool:
    """Whether the dtype is complex.

    Example:
        >>> is_complex(np.ones(1))
        False
    """
    return dtypes.of(array_of(input)).is_complex


@function("(Tensor input)")
def is_signed(input: Any) -> bool:
    """Whether the dtype has negative numbers.

    Example:
        >>> is_signed(np.ones(1, np.uint8))
        False
    """
    return dtypes.of(array_of(input)).is_signed


@function("(Tensor input)")
def numel(input: Any) -> int:
    """The number of elements.

    Example:
        >>> numel(np.ones((2, 3)))
        6
    """
    return int(array_of(input).size)


@function("(Tensor input)")
def is_nonzero(input: Any) -> bool:
    """Whether the one element is not zero.

    Raises:
        RuntimeError: there are more, or none.

    Example:
        >>> is_nonzero(np.ones(1))
        True
    """
    array = array_of(input)
    if array.size != 1:
        many = "more than one value" if array.size else "no values"
        raise RuntimeError(f"Boolean value of Tensor with {many} is ambiguous")
    return bool(array.reshape(()))


@primitive("ShapeAsTensor")
def _shape_as_tensor(x: Any) -> Any:
    """The shape as a tensor."""
    return np.array(x.shape, np.int64)


def _assert(condition: Any, message: Any) -> None:
    """Python's assert as a function.

    Raises:
        AssertionError: the condition does not hold.
    """
    assert condition, message
