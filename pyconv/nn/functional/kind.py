"""What Tensors and ndarrays have by other names.

May import: NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def array_of_like(array: Any, like: Any) -> Any:
    """An ndarray, as a Tensor where `like` is one.

    Example:
        >>> import pyconv
        >>> array_of_like(np.ones(2), pyconv.zeros(1))
        tensor([1., 1.], dtype=torch.float64)
    """
    return array if isinstance(like, np.ndarray) else like._wrap(array)


def size_of(value: Any) -> tuple[int, ...]:
    """The shape of an ndarray, or what `size` says of anything else.

    Example:
        >>> size_of(np.ones((2, 3)))
        (2, 3)
    """
    return value.shape if isinstance(value, np.ndarray) else tuple(value.size())
