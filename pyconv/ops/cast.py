"""Changes of dtype, complex conjugates and parts, and copies.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.graph import Traced, primitive

Array = np.ndarray[Any, Any]


@primitive("ToCopy")
def _cast(x: Array, *, dtype: np.dtype[Any]) -> Array:
    if x.dtype.kind == "c" and dtype.kind != "c":
        x = x.real
    return x.astype(dtype)


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
    array = x._array if isinstance(x, Traced) else x
    return x if array.dtype == dtype else _cast(x, dtype=dtype)


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
    array = x._array if isinstance(x, Traced) else x
    return _conj(x) if array.dtype.kind == "c" else x
