"""torch.cuda.FloatTensor and its kin: types that no tensor here is of.

May import: `pyconv.dtypes`.
"""

from __future__ import annotations

from typing import Any

from pyconv import dtypes

_KINDS = {
    "BFloat16Tensor": dtypes.bfloat16,
    "BoolTensor": dtypes.bool_,
    "ByteTensor": dtypes.uint8,
    "CharTensor": dtypes.int8,
    "DoubleTensor": dtypes.float64,
    "FloatTensor": dtypes.float32,
    "HalfTensor": dtypes.float16,
    "IntTensor": dtypes.int32,
    "LongTensor": dtypes.int64,
    "ShortTensor": dtypes.int16,
}

__all__ = [*_KINDS]


class AbsentType(type):
    """The type of tensors of one dtype on a device that is not here.

    Example:
        >>> import pyconv
        >>> isinstance(pyconv.ones(1), pyconv.cuda.FloatTensor)
        False
    """

    dtype: dtypes.dtype
    is_cuda = True
    is_sparse = False

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002 (refused whatever they are)
        raise TypeError(f"type torch.cuda.{cls.__name__} not available. Torch not compiled with CUDA enabled.")

    def __instancecheck__(cls, instance: Any) -> bool:
        return False


def __getattr__(name: str) -> AbsentType:
    if name not in _KINDS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    made = AbsentType(name, (), {"dtype": _KINDS[name], "__module__": "torch.cuda"})
    globals()[name] = made
    return made
