"""Storages: the memory that one tensor or several look at, as a file holds it.

May import: NumPy, `pyconv.dtypes`, `pyconv.tensor`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.tensor.storage import UntypedStorage
from pyconv.tensor.typed_storage import TypedStorage

Array = np.ndarray[Any, Any]

_NAMED = (
    dtypes.float64,
    dtypes.float32,
    dtypes.float16,
    dtypes.bfloat16,
    dtypes.int64,
    dtypes.int32,
    dtypes.int16,
    dtypes.int8,
    dtypes.uint8,
    dtypes.bool_,
    dtypes.complex64,
    dtypes.complex128,
)


class StorageType:
    """What a file calls the type of a storage: `torch.FloatStorage`, or `torch.storage.UntypedStorage`."""

    def __init__(self, dtype: dtypes.dtype | None) -> None:
        self.dtype = dtype

    @property
    def module(self) -> str:
        """The module that the file names."""
        return "torch.storage" if self.dtype is None else "torch"

    @property
    def name(self) -> str:
        """The name of the class there."""
        return "UntypedStorage" if self.dtype is None else f"{self.dtype.scalar_name}Storage"

    @property
    def itemsize(self) -> int:
        """The bytes of an element; an untyped storage counts bytes."""
        return 1 if self.dtype is None else self.dtype.itemsize


@functools.cache
def storage_type(dtype: dtypes.dtype | None) -> StorageType:
    """The type for elements of a dtype: untyped for dtypes younger than the names."""
    return StorageType(dtype if dtype in _NAMED else None)


def storage_type_named(name: str) -> StorageType | None:
    """The type of a name, if it is one.

    Example:
        >>> storage_type_named("HalfStorage").dtype
        torch.float16
    """
    if name == "UntypedStorage":
        return storage_type(None)
    found = [dtype for dtype in _NAMED if name == f"{dtype.scalar_name}Storage"]
    return storage_type(found[0]) if found else None


class _Read:
    """What storages read from a file have beside others'."""

    __slots__ = ()

    untyped: Callable[[], UntypedStorage]

    @property
    def bytes(self) -> Array:
        """The bytes, an array of uint8."""
        return self.untyped().array

    def view(self, dtype: dtypes.dtype, offset: int, size: Any, stride: Any) -> Array:
        """An array of this memory.

        Args:
            dtype: of the elements.
            offset: of the first, in elements.
            size: the shape.
            stride: in elements.

        Raises:
            RuntimeError: the storage is too small.
        """
        step = dtype.itemsize
        shape = tuple(size)
        if 0 in shape:
            return np.empty(shape, dtype.numpy)
        needed = (offset + sum((n - 1) * s for n, s in zip(shape, stride, strict=True)) + 1) * step
        if needed > self.bytes.size:
            raise RuntimeError(
                f"setStorage: sizes {list(shape)}, strides {list(stride)}, storage offset {offset}, and itemsize "
                f"{step} requiring a storage size of {needed} are out of bounds for storage of size {self.bytes.size}"
            )
        strides = tuple(s * step for s in stride)
        return np.ndarray(shape, dtype.numpy, self.bytes.data, offset * step, strides)


class TypedRead(_Read, TypedStorage):
    """Numbers read from a file."""

    __slots__ = ()


class UntypedRead(_Read, UntypedStorage):
    """Bytes read from a file, which does not say of what numbers."""

    __slots__ = ()

    dtype = None


Storage = TypedRead | UntypedRead


def storage_over(data: Array, dtype: dtypes.dtype | None) -> Storage:
    """A storage of bytes read from a file, with the dtype that the file gives them, if any.

    Args:
        data: uint8 array.
        dtype: None for an untyped storage.
    """
    if dtype is None:
        found: UntypedRead = UntypedRead.over(data)
        return found
    return TypedRead(wrap_storage=UntypedStorage.over(data), dtype=dtype)


class Owner:
    """The array that owns the memory of a tensor, to be written as one storage."""

    def __init__(self, array: Array) -> None:
        self.array = _owner(array)

    @property
    def key(self) -> tuple[int, int]:
        """What tensors with this memory have in common: its address and size."""
        address = self.array.__array_interface__["data"][0] if self.array.nbytes else id(self.array)
        return address, self.array.nbytes

    def offset(self, array: Array) -> int:
        """The place of an array's first element in the memory, in elements of the array."""
        return (array.__array_interface__["data"][0] - self.key[0]) // array.itemsize if array.size else 0

    def tobytes(self) -> bytes:
        """The memory from first to last."""
        return self.array.transpose(_memory_order(self.array)).tobytes()


def _owner(array: Array) -> Array:
    """The array at the end of the views, if its memory has no gaps; else one with the same elements."""
    found, below = array, array.base
    while below is not None:
        if isinstance(below, np.ndarray):
            found = below
        below = getattr(below, "base", None)
    if _is_dense(found):
        return found
    return array if _is_dense(array) else array.copy()


def _is_dense(array: Array) -> bool:
    return bool(array.transpose(_memory_order(array)).flags.c_contiguous)


def _memory_order(array: Array) -> tuple[int, ...]:
    return tuple(sorted(range(array.ndim), key=lambda axis: -array.strides[axis]))
