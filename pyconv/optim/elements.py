"""The elements of tensors that a step of an optimizer changes without a trace in the graph.

May import: NumPy, `pyconv.autograd`, `pyconv.kernels`, `pyconv.tensor`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.mode import InferenceVersion, is_grad_enabled
from pyconv.kernels.steps import flattened
from pyconv.tensor import Tensor

Array = np.ndarray[Any, Any]


def elements(*tensors: Tensor) -> list[Array] | None:
    """The elements of each tensor in one dimension, in one order; None where a step needs operations on tensors.

    That is so where it is recorded, and where the tensors differ in dtype, shape or order, or were made for inference.

    Example:
        >>> import pyconv
        >>> with pyconv.no_grad():
        ...     elements(pyconv.ones(2, 2), pyconv.zeros(2, 2))
        [array([1., 1., 1., 1.], dtype=float32), array([0., 0., 0., 0.], dtype=float32)]
    """
    if is_grad_enabled():
        return None
    if any(isinstance(tensor._counter, InferenceVersion) for tensor in tensors):
        return None
    return flattened(*(tensor._array for tensor in tensors))


def changed(tensor: Tensor, times: int = 1) -> None:
    """Count changes of a tensor's elements that were made by hand."""
    tensor._counter.count += times
