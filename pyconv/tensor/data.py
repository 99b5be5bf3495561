"""What `tensor` and `as_tensor` are given, as an ndarray: numbers, nested sequences of them, ndarrays, tensors.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.warned`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.ops.cast import cast, fits
from pyconv.warned import warn_once

Array = np.ndarray[Any, Any]


def as_array(data: Any, dtype: dtypes.dtype | None) -> Array:
    """An ndarray of data, over the same memory where that is possible.

    Args:
        data: a number, nested sequences of numbers, an ndarray or a Tensor.
        dtype: the dtype of the result; by default that of the data, where Python floats have the default dtype.

    Raises:
        TypeError: something is no number.
        ValueError: sequences have different lengths, or an integer takes more than 64 bits.
        RuntimeError: the dtype has no room for an integer, or there is none for the data.

    Example:
        >>> as_array([1, 2.5], None)
        array([1. , 2.5], dtype=float32)
    """
    if isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(data).__name__}'")
    if isinstance(data, (Traced, np.ndarray, np.generic)):
        array = np.asarray(data._array if isinstance(data, Traced) else data)
        dtypes.of(array)
        return array if dtype is None else np.asarray(cast(array, dtype.numpy))
    shape = _shape(data)
    leaves = list(_leaves(data, shape, 0))
    kind = _inferred(leaves) if dtype is None else dtype
    return numbers(leaves, kind).reshape(shape)


def numbers(values: Sequence[Any], kind: dtypes.dtype) -> Array:
    """An ndarray of one dimension of numbers.

    Raises:
        TypeError: one is no number.
        ValueError: an integer takes more than 64 bits.
        RuntimeError: the dtype has no room for one.

    Example:
        >>> numbers([1, 2.5], dtypes.int64)
        array([1, 2])
    """
    return _array([_number(value, kind) for value in values], kind)


def _is_sequence(data: Any) -> bool:
    if isinstance(data, (list, tuple)):
        return True
    if isinstance(data, np.ndarray):
        return data.ndim > 0
    if isinstance(data, (str, bytes, dict, Traced, np.generic)):
        return False
    return isinstance(data, Sequence) or (hasattr(data, "__getitem__") and hasattr(data, "__len__"))


def _shape(data: Any) -> tuple[int, ...]:
    """The lengths of the first sequence of each depth."""
    shape: list[int] = []
    while _is_sequence(data):
        shape.append(len(data))
        if not shape[-1]:
            break
        data = _first(data)
        if isinstance(data, np.ndarray) and not data.ndim:
            raise TypeError("len() of unsized object")
    if isinstance(data, str):
        raise ValueError("too many dimensions 'str'")
    return tuple(shape)


def _first(data: Any) -> Any:
    try:
        return data[0]
    except Exception:
        raise ValueError(f"could not determine the shape of object type '{type(data).__name__}'") from None


def _leaves(data: Any, shape: tuple[int, ...], depth: int) -> Iterator[Any]:
    """The items at the depth of `shape`, from first to last."""
    if isinstance(data, np.ndarray):
        warn_once(_SLOW)
    if depth == len(shape):
        yield data
        return
    if not _is_sequence(data):
        raise TypeError("not a sequence")
    if len(data) != shape[depth]:
        raise ValueError(f"expected sequence of length {shape[depth]} at dim {depth} (got {len(data)})")
    if 0 in shape[depth:]:
        return
    if depth + 1 == len(shape):
        yield from data
    else:
        for item in data:
            yield from _leaves(item, shape, depth + 1)


_SLOW = (
    "Creating a tensor from a list of numpy.ndarrays is extremely slow. Please consider converting the list to a "
    "single numpy.ndarray with numpy.array() before converting to a tensor."
)


def _inferred(leaves: Sequence[Any]) -> dtypes.dtype:
    kinds = {_kind(leaf): None for leaf in leaves}
    return functools.reduce(dtypes.promote_types, kinds) if kinds else dtypes.get_default_dtype()


def _kind(leaf: Any) -> dtypes.dtype:
    if isinstance(leaf, Traced):
        return dtypes.of(leaf._array)
    if isinstance(leaf, (np.generic, np.ndarray)):
        return dtypes.of(np.asarray(leaf))
    if isinstance(leaf, (bool, int, float, complex)):
        return dtypes.result_type([(dtypes.of_number(leaf), "number")])
    if isinstance(leaf, bytes):
        raise TypeError("new(): invalid data type 'bytes'")
    if _is_sequence(leaf):
        if any(item is leaf for item in leaf):
            raise TypeError("new(): self-referential lists are incompatible")
        return _inferred(leaf)
    if isinstance(leaf, str):
        raise TypeError("new(): invalid data type 'str'")
    raise RuntimeError(f"Could not infer dtype of {type(leaf).__name__}")


def _number(leaf: Any, kind: dtypes.dtype) -> complex:
    """A leaf as a number for a dtype."""
    if isinstance(leaf, (Traced, np.generic, np.ndarray)):
        if isinstance(leaf, np.ndarray):
            warn_once(_SLOW)
        array = leaf._array if isinstance(leaf, Traced) else np.asarray(leaf)
        if array.size != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        leaf = array.reshape(()).item()
    integral = dtypes.category(kind) == 1
    if not isinstance(leaf, (bool, int, float, complex)) or (isinstance(leaf, complex) and _is_real(kind)):
        name = type(leaf).__name__
        integral = dtypes.category(kind) < 2
        raise TypeError(f"'{name}' object cannot be interpreted as an integer" if integral else _NOT_REAL + name)
    if integral and isinstance(leaf, int) and not -(2**63) <= leaf < 2 ** (64 if kind is dtypes.uint64 else 63):
        raise ValueError("Overflow when unpacking long long")
    if integral and not fits(leaf, kind):
        raise RuntimeError(f"value cannot be converted to type {kind.name} without overflow")
    return leaf


_NOT_REAL = "must be real number, not "


def _is_real(kind: dtypes.dtype) -> bool:
    return dtypes.category(kind) in (1, 2)


def _array(values: list[Any], kind: dtypes.dtype) -> Array:
    if kind is dtypes.bool_:
        return np.array(values, np.bool_)
    if dtypes.category(kind) == 1:
        span = 0 if kind.is_signed else 2 ** (8 * kind.itemsize)
        return np.array([int(value) % span if span else int(value) for value in values], kind.numpy)
    with np.errstate(all="ignore"):
        return np.array(values, np.complex128 if kind.is_complex else np.float64).astype(kind.numpy)
