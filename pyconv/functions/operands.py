"""The operands of functions that take fewer plain numbers than the ops below them.

A TypeError raised here is the sign for torch's text, which the function's signatures make. May import: NumPy,
`pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.ops.cast import array_of, from_number


def tensor(x: Any) -> Any:
    """`x`, a Tensor or an ndarray.

    Raises:
        TypeError: it is neither.
    """
    if not isinstance(x, (Traced, np.ndarray)):
        raise TypeError("expected a Tensor")
    return x


def one_tensor(*operands: Any) -> tuple[Any, ...]:
    """The operands, of which one is a Tensor or an ndarray.

    Raises:
        TypeError: none is.
    """
    if not any(isinstance(x, (Traced, np.ndarray)) for x in operands):
        raise TypeError("expected a Tensor")
    return operands


def is_tensor(value: Any) -> bool:
    """Whether a value is a Tensor or an ndarray."""
    return isinstance(value, (Traced, np.ndarray))


def scalar_name(x: Any) -> str:
    """The name of a tensor's dtype in torch's texts.

    Example:
        >>> scalar_name(np.zeros(2, np.int64))
        'Long'
    """
    return dtypes.of(array_of(x)).scalar_name


def number_like(value: Any, input: Any) -> np.ndarray[Any, Any]:
    """A number, or a tensor of one, as an array without dimensions in the dtype of another.

    Example:
        >>> number_like(2, np.zeros(3))
        array(2.)
    """
    return from_number(value.item() if is_tensor(value) else value, array_of(input).dtype)
