"""The operands of functions that take fewer plain numbers than the ops below them.

A TypeError raised here is the sign for torch's text, which the function's signatures make. May import: NumPy,
`pyconv.autograd`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.graph import Traced


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
