"""What the windows are asked for beside their shape.

May import: `pyconv.dtypes`, `pyconv.size`.
"""

from __future__ import annotations

from typing import Any

from pyconv import dtypes
from pyconv.size import strided


def checked(
    name: str,
    length: int,
    dtype: Any,
    layout: Any,
    device: Any,
    requires_grad: bool,
) -> dict[str, Any]:
    """The options of a window's tensors.

    Raises:
        ValueError: a negative length, another layout, or neither float32 nor float64.
    """
    dtype = dtypes.get_default_dtype() if dtype is None else dtype
    if length < 0:
        raise ValueError(f"{name} requires non-negative window length, got M={length}")
    if layout is not strided:
        raise ValueError(f"{name} is implemented for strided tensors only, got: {layout}")
    if dtype not in (dtypes.float32, dtypes.float64):
        raise ValueError(f"{name} expects float32 or float64 dtypes, got: {dtype}")
    return {"dtype": dtype, "device": device, "requires_grad": requires_grad}
