"""NumPy's warnings of overflow, division by zero and the like held back, which torch does not give.

`numpy.errstate` does the same and takes longer than a small operation. May import: NumPy, the standard library.
"""

from __future__ import annotations

from contextvars import copy_context
from typing import Any

import numpy as np


def _silence() -> Any:
    """The context variable in which NumPy keeps what it does about such errors, and its value where they are ignored.

    None, where this version of NumPy has no such variable.
    """
    with np.errstate(all="ignore"):
        for variable in copy_context():
            if variable.name == "numpy.ufunc.extobj":
                return variable, variable.get()
    return None


_SILENCE = _silence()


def hold() -> Any:
    """Hold warnings back from now on; what is returned is to be given to `release`.

    Example:
        >>> token = hold()
        >>> np.array([1.0]) / 0
        array([inf])
        >>> release(token)
    """
    if _SILENCE is not None:
        return _SILENCE[0].set(_SILENCE[1])
    state = np.errstate(all="ignore")
    state.__enter__()
    return state


def release(token: Any) -> None:
    """Undo a `hold`."""
    if _SILENCE is not None:
        _SILENCE[0].reset(token)
    else:
        token.__exit__()
