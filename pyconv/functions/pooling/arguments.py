"""The arguments of pooling functions, made plain.

A TypeError without a text is the sign for torch's, which the function's signature makes. May import: NumPy,
`pyconv.dtypes`, `pyconv.geometry`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.geometry.sizes import Size
from pyconv.ops import shape
from pyconv.ops.cast import array_of
from pyconv.signatures.values import is_int, plain_list

INTEGERS = (dtypes.uint8, dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64)
FLOATS = (dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64)


def shape_of(input: Any) -> Size:
    """The shape of a Tensor or an ndarray.

    Raises:
        TypeError: it is neither.
    """
    if not isinstance(input, (Traced, np.ndarray)):
        raise TypeError("expected a Tensor")
    found: Size = array_of(input).shape
    return found


def flags(*values: Any) -> None:
    """Raise TypeError unless values are bools."""
    if not all(isinstance(value, (bool, np.bool_)) for value in values):
        raise TypeError("expected a bool")


def ints(function: str, name: str, value: Any, count: int) -> Size:
    """The integers of an argument: `count` times the one, or those of a list, of any length.

    Raises:
        TypeError: it is neither an integer nor a list of them.
    """
    if is_int(value):
        return (int(value),) * count
    if isinstance(value, (tuple, list)):
        return plain_list(function, name, value)
    raise TypeError("expected integers")


def repeated(values: Size, count: int, text: str) -> Size:
    """As many values as dimensions, from as many or one.

    Raises:
        RuntimeError: there is another number of them, with `text`.
    """
    if len(values) == 1:
        return values * count
    if len(values) != count:
        raise RuntimeError(text)
    return values


def one(function: str, name: str, values: Size) -> int:
    """The one integer of an argument.

    Raises:
        RuntimeError: there is another number of them.
    """
    if len(values) != 1:
        raise RuntimeError(f"{function}() argument '{name}' should contain one int (got {len(values)})")
    return values[0]


def check_rank(size: Size, function: str) -> None:
    """Raise RuntimeError unless an input of pooling over one dimension has two or three."""
    if len(size) not in (2, 3):
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {len(size)}-dimensional tensor for argument #1 'self' (while "
            f"checking arguments for {function})"
        )


def check_dtype(input: Any, stub: str, taken: tuple[dtypes.dtype, ...]) -> None:
    """Raise NotImplementedError unless torch has a kernel `stub` for the dtype of a tensor."""
    kind = dtypes.of(array_of(input))
    if kind not in taken:
        raise NotImplementedError(f"\"{stub}\" not implemented for '{kind.scalar_name}'")


def with_row(input: Any) -> Any:
    """A tensor (..., L) as (..., 1, L)."""
    size = array_of(input).shape
    return shape.unsqueeze(input, shape=(*size[:-1], 1, size[-1]))


def without_row(result: Any) -> Any:
    """A tensor (..., 1, L) as (..., L)."""
    size = array_of(result).shape
    return shape.squeeze_one(result, shape=(*size[:-2], size[-1]))
