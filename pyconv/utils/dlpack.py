"""torch.utils.dlpack: tensors from other libraries, and for them, by the DLPack protocol.

May import: `pyconv.signatures`, `pyconv.tensor`.
"""

from __future__ import annotations

from typing import Any

from pyconv.signatures import function
from pyconv.tensor.creation_data import from_dlpack

__all__ = ["from_dlpack", "to_dlpack"]


@function("(Tensor data)")
def _to_dlpack(data: Any) -> Any:
    """A capsule that holds a tensor's memory, for another library to take once.

    Args:
        data: of any shape, on the CPU.

    Raises:
        BufferError: the tensor wants a gradient.

    Example:
        >>> import pyconv
        >>> from_dlpack(to_dlpack(pyconv.ones(2)))
        tensor([1., 1.])
    """
    return data.__dlpack__()


to_dlpack = _to_dlpack
