"""The memory under a tensor: torch.UntypedStorage, and what a tensor says of it.

May import: NumPy, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.ops.strided import address, memory, owner

Array = np.ndarray[Any, Any]


class UntypedStorage:
    """The bytes that a tensor, and all of its views, look at.

    Example:
        >>> import pyconv
        >>> pyconv.ones(2, 3)[1].untyped_storage().nbytes()
        24
    """

    __slots__ = ("_bytes", "_owner")

    def __init__(self, array: Array) -> None:
        self._owner = owner(array)
        self._bytes = memory(array)

    def data_ptr(self) -> int:
        """Where the bytes begin."""
        return address(self._owner) if self._bytes.size else 0

    def nbytes(self) -> int:
        """How many bytes there are."""
        return int(self._bytes.size)

    size = nbytes
    __len__ = nbytes

    def tolist(self) -> list[int]:
        """The bytes as ints."""
        found: list[int] = self._bytes.tolist()
        return found

    def __getitem__(self, key: int) -> int:
        return int(self._bytes[key])

    @property
    def array(self) -> Array:
        """The bytes as an ndarray over the same memory."""
        return self._bytes
