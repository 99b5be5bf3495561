"""The memory under a tensor: torch.UntypedStorage, and whether NumPy looks at it, too.

A storage cannot be given another size here: the tensors over it would not follow. May import: NumPy, `pyconv.size`,
`pyconv.ops`.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np

from pyconv.ops.strided import address, memory, owner
from pyconv.size import device

Array = np.ndarray[Any, Any]

_lent: weakref.WeakValueDictionary[int, Array] = weakref.WeakValueDictionary()
"""The owners of memory that NumPy looks at beside a tensor, by id."""


def lend(array: Array) -> Array:
    """Remember that NumPy looks at the memory of an array: tensors over it no longer move to larger memory."""
    found = owner(array)
    _lent[id(found)] = found
    return array


def is_lent(array: Array) -> bool:
    """Whether NumPy looks at the memory of an array beside tensors."""
    return id(owner(array)) in _lent


class StorageBase:
    """What storages of bytes and of numbers have in common: they are on the CPU, and of this process alone."""

    __slots__ = ()

    is_cuda = False
    is_hpu = False
    is_sparse = False
    is_sparse_csr = False
    filename = None

    @property
    def device(self) -> device:
        """The CPU."""
        return device("cpu")

    def is_shared(self) -> bool:
        """False."""
        return False

    def is_pinned(self, device: Any = None) -> bool:  # noqa: ARG002
        """False."""
        return False

    def get_device(self) -> int:
        """-1, as for everything on the CPU."""
        return -1


class UntypedStorage(StorageBase):
    """The bytes that a tensor, and all of its views, look at.

    Args:
        size: how many new bytes, or a sequence of their values.

    Example:
        >>> import pyconv
        >>> pyconv.ones(2, 3)[1].untyped_storage().nbytes()
        24
        >>> UntypedStorage([1, 2]).tolist()
        [1, 2]
    """

    __slots__ = ("__weakref__", "_bytes", "_owner")

    def __init__(self, size: Any = 0) -> None:
        made = np.empty(size, np.uint8) if isinstance(size, (int, np.integer)) else np.array(size, np.uint8)
        self._owner = self._bytes = made

    @classmethod
    def of(cls, array: Array) -> UntypedStorage:
        """The memory under an array."""
        found = cls.__new__(cls)
        found._owner, found._bytes = owner(array), memory(array)
        return found

    @classmethod
    def over(cls, data: Array) -> Any:
        """These bytes alone, of whatever memory they are a part."""
        found = cls.__new__(cls)
        found._owner = found._bytes = data
        return found

    def data_ptr(self) -> int:
        """Where the bytes begin."""
        return address(self._owner) if self._bytes.size else 0

    def nbytes(self) -> int:
        """How many bytes there are."""
        return int(self._bytes.size)

    size = nbytes
    __len__ = nbytes

    def element_size(self) -> int:
        """1."""
        return 1

    def resizable(self) -> bool:
        """Whether tensors may move what is here to larger memory: not where NumPy looks at it, too."""
        return not is_lent(self._owner)

    def tolist(self) -> list[int]:
        """The bytes as ints."""
        found: list[int] = self._bytes.tolist()
        return found

    def __iter__(self) -> Iterator[int]:
        return iter(self.tolist())

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            return UntypedStorage.over(self._bytes[key])
        return int(self._bytes[place(key, self._bytes.size, "UntypedStorage")])

    def __setitem__(self, key: Any, value: int) -> None:
        self._bytes[key if isinstance(key, slice) else place(key, self._bytes.size, "UntypedStorage")] = value

    def fill_(self, value: int) -> UntypedStorage:
        """Set every byte."""
        self._bytes[...] = value
        return self

    def copy_(self, source: Any, non_blocking: bool = False) -> UntypedStorage:  # noqa: ARG002
        """Take over the bytes of another storage.

        Raises:
            RuntimeError: it has another number of them.
        """
        other = source.untyped()
        if other.nbytes() != self.nbytes():
            raise RuntimeError(
                f"size does not match, self was {self.nbytes()} bytes but src was {other.nbytes()} bytes"
            )
        self._bytes[...] = other.array
        return self

    def clone(self) -> UntypedStorage:
        """A copy."""
        return UntypedStorage.of(self._bytes.copy())

    def __copy__(self) -> UntypedStorage:
        return self.clone()

    def __deepcopy__(self, memo: dict[int, Any]) -> UntypedStorage:
        return memo.setdefault(id(self), self.clone())

    def new(self) -> UntypedStorage:
        """A storage without bytes."""
        return UntypedStorage()

    def untyped(self) -> UntypedStorage:
        """The storage itself."""
        return self

    cpu = untyped

    def type(self) -> str:
        """'torch.storage.UntypedStorage'."""
        return "torch.storage.UntypedStorage"

    def __sizeof__(self) -> int:
        return object.__sizeof__(self) + self.nbytes()

    def __repr__(self) -> str:
        return f"{lines(self.tolist())}[torch.storage.UntypedStorage(device=cpu) of size {self.nbytes()}]"

    @property
    def array(self) -> Array:
        """The bytes as an ndarray over the same memory."""
        return self._bytes


def place(key: Any, count: int, kind: str) -> int:
    """A place in a storage, counted from 0.

    Raises:
        RuntimeError: it is no int.
        IndexError: it is outside.
    """
    if not isinstance(key, (int, np.integer)):
        raise RuntimeError(f"can't index a <class 'torch.storage.{kind}'> with {type(key)}")
    if not -count <= key < count:
        raise IndexError(f"index {key} out of range for storage of size {count}")
    return int(key) % count


def lines(values: list[Any]) -> str:
    """The values a line each, as torch prints storages."""
    return " " + "\n ".join(map(str, values)) + "\n"
