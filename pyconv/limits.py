"""The limits of the number types: torch.finfo and torch.iinfo.

May import: NumPy, `pyconv.dtypes`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes

_RESOLUTION = {
    "float16": 1e-3,
    "bfloat16": 1e-2,
    "float32": 1e-6,
    "float64": 1e-15,
    "float8_e4m3fn": 1.0,
    "float8_e5m2": 1.0,
}
_OTHERS = {  # bits, eps, tiny, max of what NumPy does not know
    "bfloat16": (16, 2.0**-7, 2.0**-126, 2.0**128 - 2.0**120),
    "float8_e4m3fn": (8, 2.0**-3, 2.0**-6, 448.0),
    "float8_e5m2": (8, 2.0**-2, 2.0**-14, 57344.0),
}
_PARTS = {"complex32": "float16", "complex64": "float32", "complex128": "float64"}


class _Limits:
    """What two descriptions of types have in common."""

    __slots__ = ("_kind", "bits", "dtype", "max", "min")

    _kind: dtypes.dtype
    bits: int
    dtype: str
    max: Any
    min: Any

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._kind is self._kind

    def __hash__(self) -> int:
        return hash((type(self), self._kind.name))


def _checked(name: str, kind: Any) -> dtypes.dtype:
    if not isinstance(kind, dtypes.dtype):
        raise TypeError(f"{name}(): argument 'type' (position 1) must be torch.dtype, not {type(kind).__name__}")
    return kind


class finfo(_Limits):
    """The limits of a floating-point type; of a complex one, those of its parts.

    Args:
        type: the dtype, the default one if none is given.

    Attributes:
        bits: how many bits a number takes.
        eps: the least number whose sum with 1 is not 1.
        max: the largest number.
        min: the least.
        tiny: the least positive normal number, also `smallest_normal`.
        resolution: the decimal resolution.
        dtype: the name of the type.

    Raises:
        TypeError: it is an integer type, or no dtype.

    Example:
        >>> finfo(dtypes.float32).eps
        1.1920928955078125e-07
    """

    __slots__ = ("eps", "resolution", "smallest_normal", "tiny")

    def __init__(self, type: dtypes.dtype | None = None) -> None:
        kind = dtypes.get_default_dtype() if type is None else _checked("finfo", type)
        if dtypes.category(kind) < 2:
            raise TypeError(
                "torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo'"
            )
        self._kind = kind
        self.dtype = _PARTS.get(kind.name, kind.name)
        if self.dtype in _OTHERS:
            self.bits, self.eps, self.tiny, self.max = _OTHERS[self.dtype]
        else:
            limits = np.finfo(self.dtype)
            self.bits, self.eps, self.tiny = limits.bits, float(limits.eps), float(limits.smallest_normal)
            self.max = float(limits.max)
        self.min, self.smallest_normal = -self.max, self.tiny
        self.resolution = _RESOLUTION[self.dtype]

    def __repr__(self) -> str:
        names = ("resolution", "min", "max", "eps", "smallest_normal", "tiny")
        return f"finfo({', '.join(f'{name}={getattr(self, name):g}' for name in names)}, dtype={self.dtype})"


class iinfo(_Limits):
    """The limits of an integer type.

    Args:
        type: the dtype.

    Attributes:
        bits: how many bits a number takes.
        max: the largest number.
        min: the least.
        dtype: the name of the type.

    Raises:
        TypeError: it is no integer type, or no dtype.

    Example:
        >>> iinfo(dtypes.int8).max
        127
    """

    __slots__ = ()

    def __init__(self, type: dtypes.dtype) -> None:
        kind = _checked("iinfo", type)
        if kind is dtypes.bool_:
            raise TypeError("torch.bool is not supported by torch.iinfo")
        if dtypes.category(kind) > 1:
            raise TypeError("torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.iinfo'")
        limits = np.iinfo(kind.numpy)
        self._kind, self.dtype, self.bits = kind, kind.name, kind.itemsize * 8
        self.max, self.min = int(limits.max), int(limits.min)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"
