"""torch's old names of tensor types: torch.FloatTensor and its kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.tensor`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.determinism import settle
from pyconv.size import Size
from pyconv.size import device as Device
from pyconv.tensor.data import as_array
from pyconv.tensor.methods.creation import CONSTRUCTOR, refuse_device
from pyconv.tensor.storage import UntypedStorage
from pyconv.tensor.tensor import Tensor
from pyconv.tensor.typed_storage import TypedStorage, numbers_of

Array = np.ndarray[Any, Any]

_KINDS = {
    "FloatTensor": dtypes.float32,
    "DoubleTensor": dtypes.float64,
    "HalfTensor": dtypes.float16,
    "BFloat16Tensor": dtypes.bfloat16,
    "ByteTensor": dtypes.uint8,
    "CharTensor": dtypes.int8,
    "ShortTensor": dtypes.int16,
    "IntTensor": dtypes.int32,
    "LongTensor": dtypes.int64,
    "BoolTensor": dtypes.bool_,
}

_DOC = "The old constructor of tensors of dtype {}, which every one of them is an instance of."

__all__ = [*_KINDS]


class TensorType(type):
    """A type whose instances are the tensors of one dtype, and which makes such tensors.

    Example:
        >>> import pyconv
        >>> pyconv.LongTensor([1, 2]), isinstance(pyconv.ones(1), pyconv.LongTensor)
        (tensor([1, 2]), False)
    """

    dtype: dtypes.dtype
    is_cuda = False
    is_sparse = False

    def __call__(cls, *args: Any, **kwargs: Any) -> Tensor:
        refuse_device(args, kwargs, *CONSTRUCTOR)
        return made(cls.dtype, *args, **kwargs)

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, Tensor) and instance.dtype is cls.dtype


def made(kind: dtypes.dtype, *args: Any, size: Any = None, device: Any = None) -> Tensor:
    """A tensor of a dtype in the old way: uninitialised from sizes, holding data, or another's memory.

    Args:
        kind: the dtype.
        args: sizes one by one, a Size, a tensor, a storage, or anything that nests numbers.
        size: the sizes, instead.
        device: the CPU, or None.

    Raises:
        RuntimeError: a size is negative, or the device is another.
        TypeError: it is no data, or a tensor of another dtype.

    Example:
        >>> made(dtypes.int64, [1, 2]), made(dtypes.float32, 2, 3).shape
        (tensor([1, 2]), torch.Size([2, 3]))
    """
    if device is not None and Device(device).type != "cpu":
        place = Device(device).type
        raise RuntimeError(f"legacy constructor expects device type: cpu but device type: {place} was passed")
    return Tensor._wrap(_filled(args if size is None else (Size(size),), kind))


def _filled(args: tuple[Any, ...], kind: dtypes.dtype) -> Array:
    first = args[0] if args else 0
    if isinstance(first, Size) or (isinstance(first, int) and not isinstance(first, bool)):
        return _empty(tuple(first) if isinstance(first, Size) else args or (0,), kind)
    if isinstance(first, Tensor):
        if first.dtype is not kind:
            raise TypeError(f"expected {_options(kind)} (got {_options(first.dtype)})")
        return first._array
    if isinstance(first, (UntypedStorage, TypedStorage)):
        return numbers_of(first, kind)
    if isinstance(first, str):
        raise TypeError("new(): invalid data type 'str'")
    if first is None or isinstance(first, (bool, float, complex)):
        raise TypeError(f"new(): data must be a sequence (got {type(first).__name__})")
    return np.array(as_array(first, kind))


def _empty(shape: tuple[int, ...], kind: dtypes.dtype) -> Array:
    for n in shape:
        if n < 0:
            raise RuntimeError(f"Trying to create tensor with negative dimension {n}: {list(shape)}")
    return settle(np.empty(shape, kind.numpy))


def _options(kind: dtypes.dtype) -> str:
    return (
        f"TensorOptions(dtype={kind.cpp_name}, device=cpu, layout=Strided, requires_grad=false (default), "
        "pinned_memory=false (default), memory_format=(nullopt))"
    )


def __getattr__(name: str) -> TensorType:
    if name not in _KINDS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    made = TensorType(name, (), {"dtype": _KINDS[name], "__module__": "torch", "__doc__": _DOC.format(_KINDS[name])})
    globals()[name] = made
    return made
