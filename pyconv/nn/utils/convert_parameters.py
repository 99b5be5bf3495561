"""Parameters as one vector, and back.

May import: `pyconv.functions`, `pyconv.tensor`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyconv.functions.joining import cat
from pyconv.tensor import Tensor


def parameters_to_vector(parameters: Iterable[Any]) -> Tensor:
    """The elements of all parameters in one vector.

    Args:
        parameters: of any shapes.

    Returns:
        A tensor of one dimension, through which gradients go to the parameters.

    Example:
        >>> import pyconv
        >>> parameters_to_vector([pyconv.ones(2), pyconv.zeros(1, 1)])
        tensor([1., 1., 0.])
    """
    found: Tensor = cat([parameter.view(-1) for parameter in parameters])
    return found


def vector_to_parameters(vec: Tensor, parameters: Iterable[Any]) -> None:
    """Make the parameters look at the parts of a vector, one after the other.

    Args:
        vec: as many elements as all parameters have.
        parameters: of any shapes; their `data` is replaced.

    Raises:
        TypeError: `vec` is no tensor.

    Example:
        >>> import pyconv
        >>> p = pyconv.zeros(2)
        >>> vector_to_parameters(pyconv.ones(2), [p])
        >>> p
        tensor([1., 1.])
    """
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected torch.Tensor, but got: {_type_name(vec)}")
    start = 0
    for parameter in parameters:
        stop = start + parameter.numel()
        parameter.data = vec[start:stop].view_as(parameter).data
        start = stop


def _type_name(value: Any) -> str:
    """The name that torch gives a value's type, with its module where it is not a builtin."""
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
