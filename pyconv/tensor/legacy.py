"""torch's old names of tensor types: torch.FloatTensor and its kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.tensor`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.size import Size, device
from pyconv.tensor.data import as_array
from pyconv.tensor.tensor import Tensor

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
        if kwargs.get("device") is not None:
            device(kwargs["device"])
        return Tensor._wrap(_filled(args, cls.dtype))

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, Tensor) and instance.dtype is cls.dtype


def _filled(args: tuple[Any, ...], kind: dtypes.dtype) -> np.ndarray[Any, Any]:
    first = args[0] if args else 0
    if isinstance(first, (Size, int)):
        return np.empty(first if isinstance(first, Size) else args or 0, kind.numpy)
    if isinstance(first, (float, complex)):
        raise TypeError(f"new(): data must be a sequence (got {type(first).__name__})")
    if isinstance(first, Tensor):
        if first.dtype is not kind:
            raise TypeError(f"expected {_options(kind)} (got {_options(first.dtype)})")
        return first._array
    return np.array(as_array(first, kind))


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
