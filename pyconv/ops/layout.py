"""The order in which elements lie in memory: copies and new arrays in torch's memory formats.

May import: NumPy, `pyconv.size`, `pyconv.kernels`, `pyconv.autograd`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive
from pyconv.kernels.memory_order import suggests_channels_last
from pyconv.meta import Meta
from pyconv.size import channels_last, channels_last_3d, contiguous_format, memory_format, preserve_format

Array = np.ndarray[Any, Any]
Size = tuple[int, ...]


def is_contiguous(x: Array, order: memory_format = contiguous_format) -> bool:
    """Whether the elements lie in a memory format, one after the other."""
    if order is contiguous_format:
        return bool(x.flags.c_contiguous)
    return x.ndim == len(order.order) and bool(x.transpose(order.order).flags.c_contiguous)


def suggested(x: Array) -> memory_format:
    """The memory format that the strides of an array are taken for."""
    if not suggests_channels_last(x):
        return contiguous_format
    return channels_last if x.ndim == 4 else channels_last_3d


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


def empty(shape: Size, dtype: np.dtype[Any]) -> Array:
    """An uninitialised array.

    Raises:
        RuntimeError: there is no room for one.
    """
    try:
        return np.empty(shape, dtype)
    except (ValueError, MemoryError) as error:
        raise RuntimeError(_no_room(shape, dtype.itemsize)) from error


def _no_room(shape: Size, itemsize: int) -> str:
    size = math.prod(shape) * itemsize
    if size >= _TOO_MANY:
        return f"Storage size calculation overflowed with sizes={list(shape)}"
    if math.prod(max(n, 1) for n in shape[1:]) >= _TOO_MANY:
        return "Stride calculation overflowed"
    return (
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to "
        f"allocate {size} bytes. Error code 12 (Cannot allocate memory)"
    )


_TOO_MANY = 2**63


def new(shape: Size, dtype: np.dtype[Any], order: memory_format = contiguous_format) -> Array:
    """An uninitialised array in a memory format.

    Raises:
        RuntimeError: the format has another number of dimensions, or there is no room.
    """
    if order is contiguous_format:
        return empty(shape, dtype)
    _check_rank(shape, order)
    return empty(tuple(shape[i] for i in order.order), dtype).transpose(_inverse(order))


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
    if _is_plain(x):
        return np.empty(x.shape, dtype)
    if is_dense(x):
        return with_strides(x.shape, dtype, tuple(step // x.itemsize for step in x.strides))
    return with_strides(x.shape, dtype, _dense_strides(x))


def _is_plain(x: Array) -> bool:
    """Whether an array is contiguous, with the strides of a new one: those of dimensions of one element may differ."""
    return bool(x.flags.c_contiguous) and 1 not in x.shape


def contiguous(kernel: Callable[..., Array]) -> Callable[..., Array]:
    """A kernel whose result is contiguous, however its operands lie.

    Example:
        >>> contiguous(np.exp)(np.zeros((2, 3)).T).strides
        (16, 8)
    """

    @functools.wraps(kernel)
    def run(*operands: Any, **static: Any) -> Array:
        out = kernel(*operands, **static)
        if isinstance(out, Meta):
            return Meta.empty(out.shape, out.dtype)
        return out if out.flags.c_contiguous else out.copy()

    return run


def laid_as(values: Array, like: Array) -> Array:
    """Values in memory of their own that has the order of an array of their shape.

    Example:
        >>> laid_as(np.zeros((2, 3)), np.ones((3, 2)).T).strides
        (8, 16)
    """
    if isinstance(values, Meta) or (_is_plain(like) and values.flags.c_contiguous):
        return values
    out: Array = new_like(like, values.dtype)
    np.copyto(out, values)
    return out


def iterated_strides(shape: Size, *strides: Size) -> Size:
    """Strides, in elements and without gaps, of a result that torch's iteration over operands lays out.

    Dimensions lie in the order of the first operand that tells them apart; one of stride 0 tells nothing.

    Args:
        shape: of the result.
        strides: of each operand, in bytes or elements, along the dimensions of the result.

    Example:
        >>> iterated_strides((2, 3, 4), (4, 0, 8), (0, 8, 0))
        (1, 2, 6)
    """
    order = list(reversed(range(len(shape))))
    for i in range(1, len(shape)):
        place = i
        for other in range(i - 1, -1, -1):
            found = _lies_further(shape, strides, order[other], order[place])
            if found < 0:
                break
            if found:
                order[other], order[place] = order[place], order[other]
                place = other
    found_strides, step = [0] * len(shape), 1
    for at in order:
        found_strides[at] = step
        step *= max(shape[at], 1)
    return tuple(found_strides)


def _lies_further(shape: Size, strides: tuple[Size, ...], a: int, b: int) -> int:
    """Whether neighbours along one dimension lie further apart than along another, -1 for closer, 0 for no matter."""
    for steps in strides:
        if not steps[a] or not steps[b]:
            continue
        if steps[a] != steps[b]:
            return 1 if steps[a] > steps[b] else -1
        if shape[a] > shape[b]:
            return 1
    return 0


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
    if _is_plain(x) and order in (preserve_format, contiguous_format):
        return x.copy()
    out = new_like(x, x.dtype, order)
    np.copyto(out, x)
    return out


clone.defvjp(0, lambda g, x, *, order=preserve_format: g)
