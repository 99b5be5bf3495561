"""A value whose gradient is refused, where torch computes a result and raises only when it is differentiated.

May import: NumPy, `pyconv.autograd`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive


@primitive("NotImplemented")
def undifferentiated(
    x: np.ndarray[Any, Any], *, reason: str, error: type[RuntimeError] = RuntimeError
) -> np.ndarray[Any, Any]:
    """X, whose gradient raises an error with a text of torch's.

    Args:
        x: of any shape and dtype.
        reason: the text.
        error: its type.

    Example:
        >>> import pyconv
        >>> undifferentiated(pyconv.ones(1, requires_grad=True), reason="none").backward()
        Traceback (most recent call last):
        RuntimeError: none
    """
    return x.view()


def _refuse(g: Any, x: Any, *, reason: str, error: type[RuntimeError] = RuntimeError) -> Any:
    raise error(reason)


undifferentiated.defvjp(0, _refuse)
