"""Values that torch takes for ints, and the names of types as it prints them.

May import: NumPy, `pyconv.dtypes`, `pyconv.size`, `pyconv.autograd`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.size import device


def is_int(value: Any, tensors: type = Traced) -> bool:  # noqa: ARG001
    """Whether torch takes a value for an int: a bool does not count."""
    if isinstance(value, (int, np.integer)):
        return not isinstance(value, bool)
    if isinstance(value, np.ndarray):
        return value.ndim == 0 and value.dtype.kind in "iu"
    return isinstance(value, Traced) and value._array.ndim == 0 and value._array.dtype.kind in "iu"


def type_name(value: Any) -> str:
    """The name of a value's type as torch prints it."""
    kind = type(value)
    if kind.__module__ == "numpy":
        return f"numpy.{kind.__name__}"
    return f"torch.{kind.__name__}" if kind in (dtypes.dtype, device) else kind.__name__


def plain(function: str, name: str, value: Any) -> int | tuple[int, ...]:
    """An int for anything that torch takes for one, and a tuple for a list of them.

    Raises:
        TypeError: an item of the list is no int.
    """
    return plain_list(function, name, value) if isinstance(value, (tuple, list)) else int(value)


def plain_list(function: str, name: str, values: Sequence[Any]) -> tuple[int, ...]:
    """A tuple of ints.

    Raises:
        TypeError: an item is no int.
    """
    for position, item in enumerate(values):
        if not is_int(item):
            raise TypeError(
                f"{function}(): argument '{name}' failed to unpack the object at pos {position + 1} with error "
                f'"type must be tuple of ints,but got {type_name(item)}"'
            )
    return tuple(int(item) for item in values)
