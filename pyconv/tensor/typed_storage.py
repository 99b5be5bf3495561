"""Storages of numbers: torch.TypedStorage, which is deprecated there, and its old names, torch.FloatStorage and kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.warned`, `pyconv.tensor.storage`, `pyconv.tensor.data`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.tensor.data import as_array
from pyconv.tensor.storage import StorageBase, UntypedStorage, lines, place
from pyconv.warned import warn_once

Array = np.ndarray[Any, Any]

REMOVAL = (
    "TypedStorage is deprecated. It will be removed in the future and UntypedStorage will be the only storage class. "
    "This should only matter to you if you are using storages directly.  To access UntypedStorage directly, use "
    "tensor.untyped_storage() instead of tensor.storage()"
)


class TypedStorage(StorageBase):
    """The numbers in the memory under a tensor.

    Args:
        data: how many new numbers, or a sequence of them; none by default.
        wrap_storage: bytes to look at instead.
        dtype: of the numbers; the default one if None.
        device: 'cpu'.

    Raises:
        TypeError: the data are no numbers.

    Example:
        >>> TypedStorage([1, 2, 3], dtype=dtypes.int32)[1]
        2
    """

    __slots__ = ("__weakref__", "_untyped", "dtype")

    dtype: dtypes.dtype

    def __init__(self, data: Any = 0, *, wrap_storage: Any = None, dtype: Any = None, device: Any = None) -> None:  # noqa: ARG002
        self.dtype = dtypes.get_default_dtype() if dtype is None else dtype
        if wrap_storage is None:
            is_count = isinstance(data, (int, np.integer))
            made = np.empty(data, self.dtype.numpy) if is_count else as_array(data, self.dtype)
            wrap_storage = UntypedStorage.of(np.ascontiguousarray(made))
        self._untyped: UntypedStorage = wrap_storage

    @property
    def array(self) -> Array:
        """The numbers as an ndarray over the same memory."""
        return self._untyped.array.view(self.dtype.numpy)

    def untyped(self) -> UntypedStorage:
        """The same memory as bytes."""
        return self._untyped

    def data_ptr(self) -> int:
        """Where the numbers begin."""
        return self._untyped.data_ptr()

    def nbytes(self) -> int:
        """How many bytes they take."""
        return self._untyped.nbytes()

    def size(self) -> int:
        """How many there are."""
        return self.nbytes() // self.dtype.itemsize

    __len__ = size

    def element_size(self) -> int:
        """How many bytes each takes."""
        return self.dtype.itemsize

    def resizable(self) -> bool:
        """Whether tensors may move the numbers to larger memory."""
        return self._untyped.resizable()

    def tolist(self) -> list[Any]:
        """The numbers as Python's."""
        found: list[Any] = self.array.tolist()
        return found

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tolist())

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            raise RuntimeError("slices are only supported in UntypedStorage.__getitem__")
        return self.array[place(key, self.size(), "TypedStorage")].item()

    def __setitem__(self, key: Any, value: Any) -> None:
        self.array[key if isinstance(key, slice) else place(key, self.size(), "TypedStorage")] = value

    def fill_(self, value: Any) -> TypedStorage:
        """Set every number."""
        self.array[...] = value
        return self

    def copy_(self, source: TypedStorage, non_blocking: bool = False) -> TypedStorage:  # noqa: ARG002
        """Take over the numbers of another storage, in the dtype of this one."""
        self.array[...] = source.array
        return self

    def clone(self) -> TypedStorage:
        """A copy."""
        return TypedStorage(wrap_storage=self._untyped.clone(), dtype=self.dtype)

    def __copy__(self) -> TypedStorage:
        return self.clone()

    def __deepcopy__(self, memo: dict[int, Any]) -> TypedStorage:
        return memo.setdefault(id(self), self.clone())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TypedStorage) and self.data_ptr() == other.data_ptr() and self.dtype is other.dtype

    def __hash__(self) -> int:
        return id(self)

    def cpu(self) -> TypedStorage:
        """The storage itself."""
        return self

    def type(self) -> str:
        """The old name of such storages: 'torch.FloatStorage'."""
        return f"torch.{self.pickle_storage_type()}"

    def pickle_storage_type(self) -> str:
        """The old name without the module."""
        return f"{self.dtype.scalar_name}Storage"

    def to(self, *, dtype: dtypes.dtype) -> TypedStorage:
        """The numbers in another dtype; the storage itself where it has that."""
        if dtype is self.dtype:
            return self
        return TypedStorage(wrap_storage=UntypedStorage.of(self.array.astype(dtype.numpy)), dtype=dtype)

    def __getattr__(self, name: str) -> Any:
        """The method of a dtype's name: `storage.double()`."""
        kind = _NAMES.get(name)
        if kind is None:
            raise AttributeError(f"'TypedStorage' object has no attribute '{name}'", name=name, obj=self)
        return lambda: self.to(dtype=kind)

    def __sizeof__(self) -> int:
        return object.__sizeof__(self) + self.nbytes()

    def __repr__(self) -> str:
        about = f"dtype={self.dtype}, device=cpu"
        return f"{lines(self.tolist())}[torch.storage.TypedStorage({about}) of size {self.size()}]"


_NAMES = {
    "double": dtypes.float64,
    "float": dtypes.float32,
    "half": dtypes.float16,
    "bfloat16": dtypes.bfloat16,
    "long": dtypes.int64,
    "int": dtypes.int32,
    "short": dtypes.int16,
    "char": dtypes.int8,
    "byte": dtypes.uint8,
    "bool": dtypes.bool_,
    "complex_float": dtypes.complex64,
    "complex_double": dtypes.complex128,
}
"""The dtypes by the names of the methods."""


def numbers_of(storage: Any, dtype: dtypes.dtype) -> Array:
    """The memory of a storage as numbers of a dtype, for a method.

    Raises:
        RuntimeError: it is a storage of other numbers.
    """
    if isinstance(storage, TypedStorage) and storage.dtype is not dtype:
        raise RuntimeError(
            f"Expected a Storage of type {dtype.cpp_name} or an UntypedStorage, but got type "
            f"{storage.dtype.scalar_name} for argument 1 'storage'"
        )
    return storage.untyped().array.view(dtype.numpy)


def copied(storage: StorageBase, dtype: dtypes.dtype | None) -> Array:
    """The memory of a storage as numbers of a dtype, for `torch.tensor`; of bytes as int64 where there is none.

    Raises:
        RuntimeError: it is a storage of other numbers.
    """
    own = getattr(storage, "dtype", None)
    if own is not None and dtype not in (None, own):
        raise RuntimeError(
            f"Expected a Storage of type {dtype.scalar_name} or an UntypedStorage, but got {own.scalar_name}"
        )
    return numbers_of(storage, dtype or own or dtypes.int64)


class _Old(type):
    """The type of the old classes, of which every storage with their dtype is an instance."""

    dtype: dtypes.dtype

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, TypedStorage) and value.dtype is cls.dtype

    def __call__(cls, *args: Any, wrap_storage: Any = None) -> Any:
        if len(args) > 1:
            raise RuntimeError(
                f"{cls}.__new__ received an invalid combination of arguments. Expected one of:\n * no arguments\n "
                "* (int size)\n * (Sequence data)\n * (*, UntypedStorage wrap_storage)\nToo many positional arguments"
            )
        warn_once(REMOVAL, stacklevel=2)
        return TypedStorage(*args, wrap_storage=wrap_storage, dtype=cls.dtype)


def _old(dtype: dtypes.dtype) -> Any:
    name = f"{dtype.scalar_name}Storage"
    return _Old(name, (), {"dtype": dtype, "__module__": "torch", "__doc__": f"The old name of storages of {dtype}."})


DoubleStorage, FloatStorage, HalfStorage, BFloat16Storage = map(
    _old, (dtypes.float64, dtypes.float32, dtypes.float16, dtypes.bfloat16)
)
LongStorage, IntStorage, ShortStorage, CharStorage, ByteStorage, BoolStorage = map(
    _old, (dtypes.int64, dtypes.int32, dtypes.int16, dtypes.int8, dtypes.uint8, dtypes.bool_)
)
ComplexFloatStorage, ComplexDoubleStorage = map(_old, (dtypes.complex64, dtypes.complex128))
Storage = FloatStorage
