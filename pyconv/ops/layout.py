"""The order in which elements lie in memory: copies and new arrays in torch's memory formats.

May import: NumPy, `pyconv.size`, `pyconv.autograd`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.autograd.graph import primitive
from pyconv.meta import Meta
from pyconv.size import contiguous_format, memory_format, preserve_format

Array = np.ndarray[Any, Any]
Size = tuple[int, ...]


def is_contiguous(x: Array, order: memory_format = contiguous_format) -> bool:
    """Whether the elements lie in a memory format, one after the other."""
    if order is contiguous_format:
        return bool(x.flags.c_contiguous)
    return x.ndim == len(order.order) and bool(x.transpose(order.order).flags.c_contiguous)


def is_dense(x: Array) -> bool:
    """Whether the elements fill their memory, each its own place, in some order of the dimensions."""
    if x.flags.c_contiguous or x.flags.f_contiguous:
        return True
    step = x.itemsize
    for at in sorted((i for i in range(x.ndim) if x.shape[i] != 1), key=lambda i: x.strides[i]):
        if x.strides[at] != step:
            return False
        step *= x.shape[at]
    return True


def new(shape: Size, dtype: np.dtype[Any], order: memory_format = contiguous_format) -> Array:
    """An uninitialised array in a memory format.

    Raises:
        RuntimeError: the format has another number of dimensions.
    """
    if order is contiguous_format:
        return np.empty(shape, dtype)
    _check_rank(shape, order)
    return np.empty(tuple(shape[i] for i in order.order), dtype).transpose(_inverse(order))


def _check_rank(shape: Size, order: memory_format) -> None:
    count = len(order.order)
    if len(shape) != count:
        raise RuntimeError(f"required rank {count} tensor to use {order.name} format")


def _inverse(order: memory_format) -> Size:
    """Where each dimension stands in a format."""
    return tuple(order.order.index(i) for i in range(len(order.order)))


def with_strides(shape: Size, dtype: np.dtype[Any], strides: Size) -> Array:
    """An uninitialised array of strides in elements."""
    count = 1 + sum((n - 1) * step for n, step in zip(shape, strides, strict=True)) if math.prod(shape) else 0
    memory = np.empty(count, dtype)
    return np.lib.stride_tricks.as_strided(memory, shape, tuple(step * memory.itemsize for step in strides))


def new_meta(shape: Size, dtype: np.dtype[Any], order: memory_format | None = None) -> Any:
    """An array without elements in a memory format."""
    if order is None or order is contiguous_format:
        return Meta.empty(shape, dtype)
    _check_rank(shape, order)
    return Meta.empty(tuple(shape[i] for i in order.order), dtype).transpose(_inverse(order))


def new_like(x: Array, dtype: np.dtype[Any], order: memory_format | None = None, is_meta: bool | None = None) -> Any:
    """An uninitialised array of the shape of another, by default in the order of its elements.

    A tensor whose elements do not fill their memory gives one whose do, with the dimensions in the same order. It has
    no elements if `is_meta`, by default if `x` has none.
    """
    if isinstance(x, Meta) if is_meta is None else is_meta:
        if order is not None and order is not preserve_format:
            return new_meta(x.shape, dtype, order)
        return Meta.like(x, dtype, x.strides if is_dense(x) else _dense_strides(x))
    if order is not None and order is not preserve_format:
        return new(x.shape, dtype, order)
    if x.flags.c_contiguous:
        return np.empty(x.shape, dtype)
    if is_dense(x):
        return with_strides(x.shape, dtype, tuple(step // x.itemsize for step in x.strides))
    return with_strides(x.shape, dtype, _dense_strides(x))


def _dense_strides(x: Array) -> Size:
    """Strides without gaps, with the dimensions in the order of those of `x`.

    A dimension of stride 0 keeps its place between its neighbours.
    """

    def before(a: int, b: int) -> int:
        first, second = x.strides[a], x.strides[b]
        if not first or not second:
            return 0
        return (first > second) - (first < second) or (x.shape[a] > x.shape[b]) - (x.shape[a] < x.shape[b])

    order = list(reversed(range(x.ndim)))
    for i in range(1, x.ndim):
        place = i
        for other in range(i - 1, -1, -1):
            found = before(order[other], order[place])
            if found > 0:
                order[other], order[place] = order[place], order[other]
                place = other
            elif found < 0:
                break
    found_strides, step = [0] * x.ndim, 1
    for at in order:
        found_strides[at] = step
        step *= max(x.shape[at], 1)
    return tuple(found_strides)


@primitive("Clone")
def clone(x: Array, *, order: memory_format = preserve_format) -> Array:
    """A copy in a memory format."""
    if x.flags.c_contiguous and order in (preserve_format, contiguous_format):
        return x.copy()
    out = new_like(x, x.dtype, order)
    np.copyto(out, x)
    return out


clone.defvjp(0, lambda g, x, *, order=preserve_format: g)
