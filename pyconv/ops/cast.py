"""Changes of dtype, complex conjugates and parts, and copies.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import primitive
from pyconv.autograd.traced import Traced

Array = np.ndarray[Any, Any]


def array_of(x: Any) -> Array:
    """The ndarray of a Tensor, or the ndarray itself."""
    array: Array = x._array if isinstance(x, Traced) else x
    return array


@primitive("ToCopy")
def _cast(x: Array, *, dtype: np.dtype[Any]) -> Array:
    if x.dtype.kind == "c" and dtype.kind != "c":
        x = x.real
    return x.astype(dtype, order="C" if 0 in x.strides else "K")


_cast.defvjp(0, lambda g, x, *, dtype: cast(g, x.dtype))


def cast(x: Any, dtype: np.dtype[Any]) -> Any:
    """`x` in another dtype; `x` itself where it has it already.

    A complex value that is cast to a real one loses its imaginary part.

    Args:
        x: a Tensor or an ndarray.
        dtype: a NumPy dtype.

    Example:
        >>> cast(np.array([1.5]), np.dtype(np.int64))
        array([1])
    """
    return x if array_of(x).dtype == dtype else _cast(x, dtype=dtype)


def from_number(value: complex, dtype: np.dtype[Any]) -> Array:
    """A number as an array without dimensions; an unsigned dtype takes negative ones modulo its range.

    Raises:
        RuntimeError: the dtype cannot hold it, with torch's text.

    Example:
        >>> from_number(-1, np.dtype(np.uint8))
        array(255, dtype=uint8)
    """
    kind = dtypes.of(dtype)
    if not fits(value, kind):
        name = kind.cpp_name if dtypes.category(kind) > 1 else _INTEGER_NAMES.get(kind.name, f"{kind.name}_t")
        raise RuntimeError(f"value cannot be converted to type {name} without overflow")
    if kind is dtypes.bool_:
        return np.asarray(bool(value))
    if dtypes.category(kind) == 1:
        value = int(value.real)
    return np.asarray(value if kind.is_complex else value.real).astype(dtype)


_INTEGER_NAMES = {"int32": "int"}
_LARGEST = {"float16": 65504.0, "bfloat16": 2.0**128 - 2.0**120, "float32": 2.0**128 - 2.0**104}
_LARGEST["complex64"] = _LARGEST["float32"]


def fits(value: complex, kind: dtypes.dtype) -> bool:
    """Whether a dtype can hold a number, by torch's rules: an unsigned one takes negative numbers of its size."""
    if kind is dtypes.bool_:
        return True
    if value.imag and not kind.is_complex:
        return False
    if dtypes.category(kind) == 1:
        if isinstance(value, float) and value < 0 and not kind.is_signed:
            return False
        limits = np.iinfo(kind.numpy)
        lowest = int(limits.min) if kind.is_signed else -int(limits.max)
        return math.isfinite(value.real) and lowest <= int(value.real) <= int(limits.max)
    largest = _LARGEST.get(kind.name, math.inf)
    return not any(largest < abs(part) < math.inf for part in (value.real, value.imag))


def as_like(value: Any, x: Any) -> Any:
    """A Tensor, an ndarray or a number in the dtype of `x`.

    Raises:
        RuntimeError: a number that the dtype cannot hold.
    """
    dtype = array_of(x).dtype
    return cast(value, dtype) if isinstance(value, (Traced, np.ndarray)) else from_number(value, dtype)


@primitive("Clone")
def clone(x: Array) -> Array:
    """A copy, C-contiguous."""
    return x.copy()


clone.defvjp(0, lambda g, x: g)


@primitive("Conj")
def _conj(x: Array) -> Array:
    return np.conj(x)


_conj.defvjp(0, lambda g, x: conj(g))


def conj(x: Any) -> Any:
    """The complex conjugate; `x` itself where it is real.

    Example:
        >>> conj(np.array([1 + 2j]))
        array([1.-2.j])
    """
    return _conj(x) if array_of(x).dtype.kind == "c" else x
