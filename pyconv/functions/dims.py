"""The arguments of functions of tensors, made plain: sizes, dimensions and indices.

May import: NumPy, `pyconv.autograd`, `pyconv.signatures`.
"""

from __future__ import annotations

import math
import operator
import warnings
from typing import Any

import numpy as np

from pyconv.autograd.traced import Traced
from pyconv.signatures.values import type_name


def sizes(arguments: tuple[Any, ...]) -> tuple[int, ...]:
    """The integers of `f(2, 3)` or of `f((2, 3))`."""
    if len(arguments) == 1 and isinstance(arguments[0], (tuple, list)):
        arguments = tuple(arguments[0])
    return tuple(operator.index(n) for n in arguments)


def new_shape(caller: str, size: tuple[Any, ...]) -> tuple[int, ...]:
    """The shape that `zeros(2, 3)` or `zeros((2, 3))` asks for.

    Args:
        caller: the name of the function.
        size: its positional arguments.

    Raises:
        TypeError: they are no integers.
        RuntimeError: one is negative.
    """
    if not size:
        raise TypeError(f'{caller}() missing 1 required positional arguments: "size"')
    nested = isinstance(size[0], (tuple, list))
    if nested and len(size) > 1:
        raise TypeError(f"{caller}() takes 1 positional argument but {len(size)} were given")
    if not nested and not _is_integer(size[0]):
        raise TypeError(f"{caller}(): argument 'size' (position 1) must be tuple of ints, not {type(size[0]).__name__}")
    given = size[0] if nested else size
    for i, n in enumerate(given):
        if not _is_integer(n):
            kind = type(n).__name__
            first = f"(position 1) must be tuple of ints, but found element of type {kind} at pos 0"
            later = f'failed to unpack the object at pos {i + 1} with error "type must be tuple of ints,but got {kind}"'
            raise TypeError(f"{caller}(): argument 'size' {later if i else first}")
    shape = tuple(operator.index(n) for n in given)
    for n in shape:
        if n < 0:
            raise RuntimeError(
                "zeros: Dimension size must be non-negative."
                if caller == "zeros"
                else f"Trying to create tensor with negative dimension {n}: {list(shape)}"
            )
    return shape


def _is_integer(value: Any) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool)


def resolve_shape(shape: tuple[int, ...], count: int) -> tuple[int, ...]:
    """`shape` with its -1 worked out for `count` elements.

    Raises:
        RuntimeError: it does not fit.

    Example:
        >>> resolve_shape((2, -1), 6)
        (2, 3)
    """
    for i, n in enumerate(shape):
        if n < -1:
            raise RuntimeError(f"invalid shape dimension {n} at index {i} of shape {list(shape)}")
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


def dimensions(dims: Any, ndim: int) -> tuple[int, ...]:
    """Dimensions counted from 0, of one number or several; an empty sequence means all of them.

    Raises:
        IndexError: there is no such dimension.
        RuntimeError: one is named twice.
    """
    given = tuple(dims) if isinstance(dims, (tuple, list)) else (operator.index(dims),)
    if not given:
        return tuple(range(ndim))
    found = tuple(dimension(dim, ndim) for dim in given)
    for i, dim in enumerate(found):
        if dim in found[:i]:
            raise RuntimeError(f"dim {dim} appears multiple times in the list of dims")
    return found if ndim else ()


def as_index(key: Any, shape: tuple[int, ...]) -> tuple[Any, ...]:
    """An index that NumPy takes as torch takes `key`: integers, slices, None, an ellipsis and arrays.

    Raises:
        IndexError: an index is out of range, there are too many, or something is no index.
        ValueError: a slice does not step forwards.
        TypeError: something is a string.
    """
    if not isinstance(key, tuple) and _is_several(key):
        warnings.warn(_NO_TUPLE, UserWarning, stacklevel=3)
        key = tuple(key)
    parts = key if isinstance(key, tuple) else (key,)
    found = tuple(_part(part) for part in parts)
    if sum(part is Ellipsis for part in found) > 1:
        first = next(i for i, part in enumerate(found) if part is Ellipsis)
        found = (*found[: first + 1], *(part for part in found[first + 1 :] if part is not Ellipsis))
    if not shape and any(isinstance(part, slice) for part in found):
        raise IndexError("slice() cannot be applied to a 0-dim tensor.")
    taken = sum(part.ndim if _is_mask(part) else part is not None and part is not Ellipsis for part in found)
    if taken and not shape:
        raise IndexError(
            "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a "
            "0-dim tensor to a number"
        )
    if taken > len(shape):
        raise IndexError(f"too many indices for tensor of dimension {len(shape)}")
    _check_ranges(found, shape, taken)
    return found


_NO_TUPLE = (
    "Using a non-tuple sequence for multidimensional indexing is deprecated and will be changed in pytorch 2.9; use "
    "x[tuple(seq)] instead of x[seq]. In pytorch 2.9 this will be interpreted as tensor index, x[torch.tensor(seq)], "
    "which will result either in an error or a different result"
)
_FEW = 32


def _is_several(key: Any) -> bool:
    """Whether torch takes a list for several indices: a short one, of which an item is more than a number."""
    kinds = (Traced, np.ndarray, list, tuple, range, str, slice, type(None), type(Ellipsis))
    return isinstance(key, (list, range)) and len(key) < _FEW and any(isinstance(item, kinds) for item in key)


def _is_mask(part: Any) -> bool:
    return isinstance(part, np.ndarray) and part.dtype == np.bool_


def _part(part: Any) -> Any:
    if part is None or part is Ellipsis:
        return part
    if isinstance(part, slice):
        return _forward(part)
    if isinstance(part, str):
        raise TypeError("new(): invalid data type 'str'")
    if isinstance(part, (range, tuple)):
        part = list(part)
    if isinstance(part, (Traced, list, np.ndarray, bool)):
        return _array_part(part)
    try:
        return operator.index(part)
    except TypeError:
        raise IndexError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices "
            f"(got {type_name(part)})"
        ) from None


def _forward(part: slice) -> slice:
    if part.step is not None and part.step <= 0:
        raise ValueError("step must be greater than zero" if part.step else "slice step cannot be zero")
    return part


_INDICES = ("int64", "int32", "uint8")
"""The dtypes of integers that a tensor of indices can have."""


def _array_part(part: Any) -> Any:
    array = part._array if isinstance(part, Traced) else np.asarray(part)
    if not isinstance(part, Traced) and (array.dtype.kind == "f" or not array.size):
        array = array.astype(np.int64)
    if array.dtype == np.uint8 and array.ndim:
        warnings.warn(
            "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool instead.",
            UserWarning,
            stacklevel=5,
        )
    small = isinstance(part, Traced) and array.ndim and array.dtype.kind in "iu" and array.dtype.name not in _INDICES
    if array.dtype.kind not in "iub" or small:
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    if not array.ndim and array.dtype.name not in ("bool", "uint8"):
        return int(array)
    return array.astype(np.bool_) if array.dtype == np.uint8 else array


def _check_ranges(parts: tuple[Any, ...], shape: tuple[int, ...], taken: int) -> None:
    """Check integers against `shape`, and arrays against what the other parts leave of it."""
    rest: list[int] = []
    arrays: list[tuple[int, Any]] = []
    at = 0
    for part in parts:
        if part is None:
            rest.append(1)
        elif part is Ellipsis:
            rest.extend(shape[at : at + len(shape) - taken])
            at += len(shape) - taken
        elif isinstance(part, slice):
            rest.append(len(range(*part.indices(shape[at]))))
            at += 1
        elif isinstance(part, int):
            if not -shape[at] <= part < shape[at]:
                raise IndexError(f"index {part} is out of bounds for dimension {at} with size {shape[at]}")
            at += 1
        else:
            arrays.append((len(rest), part))
            count = part.ndim if _is_mask(part) else 1
            rest.extend(shape[at : at + count])
            at += count
    if arrays:
        rest.extend(shape[at:])
        _check_masks([(at, part) for at, part in arrays if _is_mask(part)], rest)
        _check_arrays([(at, part) for at, part in arrays if not _is_mask(part)], rest)


def _check_masks(masks: list[tuple[int, Any]], shape: list[int]) -> None:
    for at, mask in masks:
        for i, n in enumerate(mask.shape):
            if shape[at + i] != n:
                raise IndexError(
                    f"The shape of the mask {list(mask.shape)} at index {i} does not match the shape of the indexed "
                    f"tensor {shape} at index {at + i}"
                )


def _check_arrays(arrays: list[tuple[int, Any]], shape: list[int]) -> None:
    """Raise for the first element that is out of range, as torch goes through them: all arrays side by side."""
    try:
        together = np.broadcast_arrays(*(array for _, array in arrays))
    except ValueError:
        shapes = ", ".join(str(list(array.shape)) for _, array in arrays)
        raise IndexError(
            f"shape mismatch: indexing tensors could not be broadcast together with shapes {shapes}"
        ) from None
    outside = [(array < -shape[at]) | (array >= shape[at]) for (at, _), array in zip(arrays, together, strict=True)]
    if not any(wrong.any() for wrong in outside):
        return
    if any(shape[at] == 0 for at, _ in arrays):
        raise IndexError("index is out of bounds for dimension with size 0")
    first = int(np.argmax(np.logical_or.reduce(outside)))
    for (at, _), array, wrong in zip(arrays, together, outside, strict=True):
        if wrong.flat[first]:
            raise IndexError(f"index {array.flat[first]} is out of bounds for dimension {at} with size {shape[at]}")
