"""The functions of torch that take two plain numbers too, or nothing at all, and make a tensor of them.

May import: NumPy, `pyconv.functions`, `pyconv.tensor`.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from pyconv.functions import arithmetic, joining
from pyconv.tensor.tensor import Tensor

__all__ = [
    "add",
    "block_diag",
    "div",
    "divide",
    "floor_divide",
    "mul",
    "multiply",
    "sub",
    "subtract",
    "true_divide",
]


def _of_numbers(declared: Any) -> Any:
    """The function, whose result is a Tensor where no argument is a tensor or an array."""

    @functools.wraps(declared)
    def call(*args: Any, **kwargs: Any) -> Any:
        found = declared(*args, **kwargs)
        if isinstance(found, np.ndarray) and not any(isinstance(a, np.ndarray) for a in (*args, *kwargs.values())):
            return Tensor._wrap(found)
        return found

    return call


add = _of_numbers(arithmetic.add)
sub = _of_numbers(arithmetic.sub)
subtract = _of_numbers(arithmetic.subtract)
mul = _of_numbers(arithmetic.mul)
multiply = _of_numbers(arithmetic.multiply)
div = _of_numbers(arithmetic.div)
divide = _of_numbers(arithmetic.divide)
true_divide = _of_numbers(arithmetic.true_divide)
floor_divide = _of_numbers(arithmetic.floor_divide)
block_diag = _of_numbers(joining.block_diag)
