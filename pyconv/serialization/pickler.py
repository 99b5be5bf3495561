"""A pickler that writes torch's names for what pyconv has.

May import: the standard library, `pyconv.serialization`.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from typing import IO, Any

from pyconv import dtypes
from pyconv.nn.parameter import Buffer, Parameter
from pyconv.serialization import names, rebuild
from pyconv.serialization.storage import Owner, StorageType, storage_type
from pyconv.size import Size, device
from pyconv.tensor import Tensor
from pyconv.tensor.storage import UntypedStorage
from pyconv.tensor.typed_storage import TypedStorage


class Reference:
    """A storage in the place of which the file gets its key."""

    def __init__(self, owner: Owner, kind: StorageType) -> None:
        self.owner = owner
        self.kind = kind


_Base: Any = pickle._Pickler


class Pickler(_Base):  # type: ignore[misc]
    """Writes an object, and collects the storages of the tensors in it.

    It is the standard library's pickler in Python, because the one in C refuses names of modules that cannot be
    imported.

    Args:
        file: open for writing.
        protocol: of pickle.
        legacy: whether a storage's description has the field that only the old format has.

    Attributes:
        storages: the owners of memory by their keys in the file.
        itemsizes: the bytes of an element of each.
    """

    def __init__(self, file: IO[bytes], protocol: int, legacy: bool = False) -> None:
        super().__init__(file, protocol)
        self.storages: dict[str, Owner] = {}
        self._keys: dict[tuple[int, int], str] = {}
        self._kinds: dict[str, dtypes.dtype | None] = {}
        self._alive: list[Any] = []
        self.itemsizes: dict[str, int] = {}
        self._legacy = legacy

    def persistent_id(self, obj: Any) -> Any:
        if isinstance(obj, (TypedStorage, UntypedStorage)):
            untyped = dtypes.uint8 if self._legacy else None
            obj = Reference(Owner(obj.array), storage_type(getattr(obj, "dtype", None) or untyped))
        if not isinstance(obj, Reference):
            return None
        key = self._keys.setdefault(obj.owner.key, str(len(self._keys)))
        if obj.kind.dtype is not None and self._kinds.setdefault(key, obj.kind.dtype) is not obj.kind.dtype:
            raise RuntimeError("Cannot save multiple tensors or storages that view the same data as different types")
        self.storages.setdefault(key, obj.owner)
        self.itemsizes.setdefault(key, obj.kind.itemsize)
        count = obj.owner.array.nbytes // obj.kind.itemsize
        described = ("storage", obj.kind, key, "cpu", count)
        return (*described, None) if self._legacy else described

    def save(self, obj: Any, save_persistent_id: bool = True) -> None:
        """Write one object: the standard way, or torch's for what torch has."""
        if id(obj) not in self.memo:
            if isinstance(obj, StorageType):
                return self._global(obj, obj.module, obj.name)
            if isinstance(obj, dtypes.dtype):
                return self._global(obj, "torch", obj.name)
            if isinstance(obj, (Tensor, Size, device)):
                return self._reduced(obj, *_reduced(obj))
            if isinstance(obj, type) or callable(obj):
                known = names.theirs(obj)
                if known is not None:
                    return self._global(obj, *known)
        super().save(obj, save_persistent_id)
        return None

    def _global(self, obj: Any, module: str, name: str) -> None:
        self.write(pickle.GLOBAL + f"{module}\n{name}\n".encode())
        self._remember(obj)

    def _reduced(self, obj: Any, function: Any, arguments: tuple[Any, ...]) -> None:
        self.save(function)
        self.save(arguments)
        self.write(pickle.REDUCE)
        self._remember(obj)
        self._alive.append(arguments)

    def _remember(self, obj: Any) -> None:
        if id(obj) not in self.memo:
            self.memoize(obj)


def _reduced(value: Any) -> tuple[Any, tuple[Any, ...]]:
    """The function that makes a value again, and its arguments."""
    if isinstance(value, Size):
        return Size, (tuple(value),)
    if isinstance(value, device):
        return device, (value.type,) if value.index is None else (value.type, value.index)
    if isinstance(value, Buffer):
        return rebuild.from_type, (*_typed(value), {"persistent": value.persistent, "_is_buffer": True})
    state = value.__dict__
    if isinstance(value, Parameter):
        plain: tuple[Any, ...] = (value.data, value.requires_grad, OrderedDict())
        return (rebuild.parameter_with_state, (*plain, state)) if state else (rebuild.parameter, plain)
    if type(value) is Tensor and not state:
        return _plain(value)
    return rebuild.from_type, (*_typed(value, type(value)), state)


def _typed(value: Tensor, kind: type[Tensor] = Tensor) -> tuple[Any, ...]:
    function, arguments = _plain(value)
    return function, kind, arguments


def _plain(value: Tensor) -> tuple[Any, tuple[Any, ...]]:
    array, dtype = value._array, value.dtype
    owner, kind = Owner(array), storage_type(dtype)
    described: tuple[Any, ...] = (
        Reference(owner, kind),
        owner.offset(array),
        tuple(array.shape),
        value.stride(),
        value.requires_grad,
        OrderedDict(),
    )
    if kind.dtype is None:
        return rebuild.tensor_v3, (*described, dtype)
    return rebuild.tensor_v2, described
