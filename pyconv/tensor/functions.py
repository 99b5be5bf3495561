"""Functions of tensors that torch has beside the methods.

May import: NumPy, `pyconv.tensor`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

from pyconv.tensor.tensor import Tensor


def is_tensor(obj: Any) -> bool:
    """Whether an object is a Tensor."""
    return isinstance(obj, Tensor)
