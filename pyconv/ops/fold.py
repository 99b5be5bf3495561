"""unfold and fold, each the transpose of the other.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`, `pyconv.autograd`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive
from pyconv.geometry import Size, Window
from pyconv.kernels import window as kernels

Array = np.ndarray[Any, Any]


@primitive("Im2Col")
def unfold(x: Array, *, window: Window) -> Array:
    """(N, C, *spatial) → (N, C·taps, positions)."""
    return kernels.unfold(x, window)


@primitive("Col2Im")
def fold(columns: Array, *, window: Window, size: Size) -> Array:
    """(N, C·taps, positions) → (N, C, *size), summed where windows overlap."""
    return kernels.fold(columns, window, size)


unfold.defvjp(0, lambda g, x, *, window: fold(g, window=window, size=x.shape[2:]))
fold.defvjp(0, lambda g, x, *, window, size: unfold(g, window=window))
