"""Functions of tensors that torch has beside the methods.

May import: NumPy, `pyconv.tensor`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.ops.arithmetic import check_broadcast
from pyconv.tensor.tensor import Tensor


def is_tensor(obj: Any) -> bool:
    """Whether an object is a Tensor."""
    return isinstance(obj, Tensor)


def equal(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape and elements.

    Example:
        >>> import pyconv
        >>> equal(pyconv.ones(2), pyconv.tensor([1.0, 1.0]))
        True
    """
    return input.shape == other.shape and bool(np.array_equal(input._array, other._array))


def allclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Whether |input - other| <= atol + rtol·|other| for every element.

    Raises:
        RuntimeError: the dtypes differ, or the shapes do not broadcast.
    """
    if input.dtype is not other.dtype:
        raise RuntimeError(f"{input.dtype.scalar_name} did not match {other.dtype.scalar_name}")
    check_broadcast(input._array.shape, other._array.shape)
    return bool(np.allclose(input._array, other._array, rtol=rtol, atol=atol, equal_nan=equal_nan))


def _function(name: str) -> Any:
    method = getattr(Tensor, name)

    def call(input: Tensor, *args: Any, **kwargs: Any) -> Any:
        return method(input, *args, **kwargs)

    call.__name__ = name
    call.__doc__ = f"The method `Tensor.{name}`, as a function."
    return call


abs, exp, log, sqrt, sin, cos, tanh, relu, neg, square = map(
    _function, ("abs", "exp", "log", "sqrt", "sin", "cos", "tanh", "relu", "neg", "square")
)
sum, mean, max, min, all, any = map(_function, ("sum", "mean", "max", "min", "all", "any"))
flatten, reshape, permute, transpose, squeeze, unsqueeze, clone, isnan = map(
    _function, ("flatten", "reshape", "permute", "transpose", "squeeze", "unsqueeze", "clone", "isnan")
)
add, sub, mul, div, pow, conj = map(_function, ("add", "sub", "mul", "div", "pow", "conj"))
