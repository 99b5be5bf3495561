"""The arguments of a tensor's methods, made plain: sizes, dimensions and indices.

May import: NumPy, `pyconv.autograd`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv.autograd.graph import Traced


def sizes(arguments: tuple[Any, ...]) -> tuple[int, ...]:
    """The integers of `f(2, 3)` or of `f((2, 3))`."""
    if len(arguments) == 1 and isinstance(arguments[0], (tuple, list)):
        arguments = tuple(arguments[0])
    return tuple(operator.index(n) for n in arguments)


def resolve_shape(shape: tuple[int, ...], count: int) -> tuple[int, ...]:
    """`shape` with its -1 worked out for `count` elements.

    Raises:
        RuntimeError: it does not fit.

    Example:
        >>> resolve_shape((2, -1), 6)
        (2, 3)
    """
    if shape.count(-1) > 1:
        raise RuntimeError("only one dimension can be inferred")
    known = math.prod(n for n in shape if n != -1)
    if -1 not in shape:
        if known != count:
            raise RuntimeError(f"shape '{list(shape)}' is invalid for input of size {count}")
        return shape
    if not known and not count:
        raise RuntimeError(
            f"cannot reshape tensor of 0 elements into shape {list(shape)} because the unspecified dimension size -1 "
            "can be any value and is ambiguous"
        )
    if not known or count % known:
        raise RuntimeError(f"shape '{list(shape)}' is invalid for input of size {count}")
    return tuple(count // known if n == -1 else n for n in shape)


def dimension(dim: int, ndim: int) -> int:
    """A dimension counted from 0.

    Raises:
        IndexError: there is no such dimension.
    """
    limit = max(ndim, 1)
    if not -limit <= dim < limit:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-limit}, {limit - 1}], but got {dim})")
    return dim % limit


def dimensions(dims: int | Sequence[int], ndim: int) -> tuple[int, ...]:
    """Dimensions counted from 0; an empty sequence means all of them.

    Raises:
        IndexError: there is no such dimension.
        RuntimeError: one is named twice.
    """
    given = (dims,) if isinstance(dims, int) else tuple(dims)
    if not given:
        return tuple(range(ndim))
    found = tuple(dimension(dim, ndim) for dim in given)
    for i, dim in enumerate(found):
        if dim in found[:i]:
            raise RuntimeError(f"dim {dim} appears multiple times in the list of dims")
    return found if ndim else ()


def as_index(key: Any, shape: tuple[int, ...]) -> tuple[Any, ...]:
    """An index that NumPy takes as torch takes `key`.

    Raises:
        IndexError: an index is out of range, or there are too many.
        ValueError: a slice steps backwards.
        TypeError: something is no index.
    """
    parts = key if isinstance(key, tuple) else (key,)
    found = tuple(_part(part) for part in parts)
    taken = sum(part.ndim if _is_mask(part) else part is not None and part is not Ellipsis for part in found)
    if taken > len(shape):
        raise IndexError(f"too many indices for tensor of dimension {len(shape)}")
    _check_integers(found, shape, taken)
    return found


def _is_mask(part: Any) -> bool:
    return isinstance(part, np.ndarray) and part.dtype == np.bool_


def _part(part: Any) -> Any:
    if part is None or part is Ellipsis:
        return part
    if isinstance(part, slice):
        if part.step is not None and part.step <= 0:
            raise ValueError("step must be greater than zero")
        return part
    if isinstance(part, Traced):
        array = part._array
        return array.astype(np.bool_) if array.dtype == np.uint8 else array
    if isinstance(part, (list, np.ndarray, bool)):
        return np.asarray(part)
    try:
        return operator.index(part)
    except TypeError:
        raise TypeError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices "
            f"(got {type(part).__name__})"
        ) from None


def _check_integers(parts: tuple[Any, ...], shape: tuple[int, ...], taken: int) -> None:
    at = 0
    for part in parts:
        if part is Ellipsis:
            at += len(shape) - taken
        elif _is_mask(part):
            at += part.ndim
        elif part is not None:
            if isinstance(part, int) and not -shape[at] <= part < shape[at]:
                raise IndexError(f"index {part} is out of bounds for dimension {at} with size {shape[at]}")
            at += 1
