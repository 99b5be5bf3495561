"""Views by strides: as_strided, diagonal, unfold, and the real and imaginary parts of complex values.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive
from pyconv.meta import NO_DATA, Meta
from pyconv.ops.arithmetic import mul
from pyconv.ops.cast import array_of
from pyconv.ops.index import put, take

Array = np.ndarray[Any, Any]
Size = tuple[int, ...]


def owner(x: Array) -> Array:
    """The array that owns the memory which `x` looks at."""
    if isinstance(x, Meta):
        raise NotImplementedError(NO_DATA)
    root = x
    while True:
        base = root.base if isinstance(root.base, np.ndarray) else getattr(root.base, "base", None)
        if not isinstance(base, np.ndarray):
            return root
        root = base


def memory(x: Array) -> Array:
    """The bytes that `x` lies in, all of those that its owner has.

    Example:
        >>> memory(np.zeros(6, np.int16)[2:]).size
        12
    """
    root = owner(x)
    if not root.size:
        return np.empty(0, np.uint8)
    last = sum((n - 1) * step for n, step in zip(root.shape, root.strides, strict=True))
    count = last // root.itemsize + 1
    return np.lib.stride_tricks.as_strided(root, (count,), (root.itemsize,)).view(np.uint8)


def address(x: Array) -> int:
    """Where the first element of `x` is."""
    if isinstance(x, Meta):
        raise NotImplementedError(NO_DATA)
    return int(x.__array_interface__["data"][0])


def offset(x: Array) -> int:
    """How many elements before `x` its memory begins."""
    return (address(x) - address(owner(x))) // x.itemsize if x.size else 0


def strides(x: Array) -> Size:
    """The strides of `x` in elements; those of a contiguous array where NumPy has none for want of elements."""
    if not x.size and 0 in x.strides:
        return tuple(math.prod(max(n, 1) for n in x.shape[axis + 1 :]) for axis in range(x.ndim))
    return tuple(step // x.itemsize for step in x.strides)


def positions(size: Size, stride: Size, start: int) -> Array:
    """The places in memory, counted in elements, of a view's elements.

    Example:
        >>> positions((2, 2), (1, 1), 3)
        array([[3, 4],
               [4, 5]])
    """
    found = np.full(size, start, np.int64)
    for axis, (n, step) in enumerate(zip(size, stride, strict=True)):
        found += (np.arange(n) * step).reshape((n,) + (1,) * (len(size) - axis - 1))
    return found


def view_of_memory(x: Array, size: Size, stride: Size, start: int) -> Array:
    """The view of the memory under `x`, all in elements; see `as_strided`."""
    if not math.prod(size):
        return np.empty(size, x.dtype)
    width = x.itemsize
    steps = tuple(step * width for step in stride)
    return np.ndarray(size, x.dtype, memory(x), start * width, steps)


@primitive("AsStrided", is_view=True)
def as_strided(x: Array, *, size: Size, stride: Size, start: int, own: tuple[Size, int]) -> Array:
    """The view of the memory under `x` of a size, a stride and an offset.

    Args:
        x: (...).
        size: of the view.
        stride: how many elements apart its neighbours are, along each dimension.
        start: where its first element is.
        own: the stride and offset of `x` itself, for the gradient.
    """
    return view_of_memory(x, size, stride, start)


def _spread(g: Any, x: Any, *, size: Size, stride: Size, start: int, own: tuple[Size, int]) -> Any:
    inside, outside = positions(x.shape, *own), positions(size, stride, start)
    every = np.concatenate([inside.ravel(), outside.ravel(), [0]])
    first = int(every.min())
    total = put(g, index=(outside - first,), shape=(int(every.max()) - first + 1,))
    return _shared(take(total, index=(inside - first,)), inside - first)


def _shared(g: Any, inside: Array) -> Any:
    """A cotangent of an element of memory, shared by the elements of the operand that lie there."""
    times = np.bincount(inside.ravel(), minlength=1)
    return g if times.max() <= 1 else mul(g, (1 / times[inside]).astype(array_of(g).dtype))


as_strided.defvjp(0, _spread)


@primitive("Diagonal", is_view=True)
def diagonal(x: Array, *, offset: int, dim1: int, dim2: int) -> Array:
    """The view of the diagonals over two dimensions, along a new last one, writeable where `x` is."""
    rest = [axis for axis in range(x.ndim) if axis not in (dim1, dim2)]
    square = x.transpose((*rest, dim1, dim2))[..., max(-offset, 0) :, max(offset, 0) :]
    length = min(square.shape[-2:])
    steps = (*square.strides[:-2], square.strides[-2] + square.strides[-1])
    return np.lib.stride_tricks.as_strided(square, (*square.shape[:-2], length), steps)


@primitive("DiagonalBackward", variant=0)
def spread_diagonal(g: Array, *, shape: Size, offset: int, dim1: int, dim2: int) -> Array:
    """Zeros of `shape` with `g` on their diagonals."""
    out = np.zeros(shape, g.dtype)
    diagonal.kernel(out, offset=offset, dim1=dim1, dim2=dim2)[...] = g
    return out


diagonal.defvjp(0, lambda g, x, **where: spread_diagonal(g, shape=x.shape, **where))
spread_diagonal.defvjp(0, lambda g, x, *, shape, **where: diagonal(g, **where))
embed = spread_diagonal.alias("DiagEmbed")


@primitive("Unfold", is_view=True)
def unfold(x: Array, *, dim: int, size: int, step: int) -> Array:
    """The view of the windows of a size, a step apart, along a dimension; their elements along a new last one."""
    if not x.ndim:
        return np.lib.stride_tricks.as_strided(x, (size,), (x.itemsize,))
    count = (x.shape[dim] - size) // step + 1
    shape = (*x.shape[:dim], count, *x.shape[dim + 1 :], size)
    move = x.strides[dim]
    steps = (*x.strides[:dim], move * step, *x.strides[dim + 1 :], move)
    return np.lib.stride_tricks.as_strided(x, shape, steps)


@primitive("UnfoldBackward")
def fold(g: Array, *, shape: Size, dim: int, size: int, step: int) -> Array:
    """Zeros of `shape` with the windows `g` added in their places."""
    if not shape:
        return np.asarray(g.sum(-1, dtype=g.dtype))
    wide = np.zeros(shape, np.float32 if g.dtype.itemsize == 2 and g.dtype.kind not in "iub" else g.dtype)
    along = np.moveaxis(wide, dim, 0)
    windows = np.moveaxis(g, dim, 0)
    for tap in range(size):
        along[tap : tap + step * (len(windows) - 1) + 1 : step] += windows[..., tap]
    return wide.astype(g.dtype, copy=False)


unfold.defvjp(0, lambda g, x, **window: fold(g, shape=x.shape, **window))
fold.defvjp(0, lambda g, x, *, shape, **window: unfold(g, **window))


@primitive("ViewAsReal", is_view=True)
def view_as_real(x: Array) -> Array:
    """The view of complex values as pairs of real ones."""
    return np.lib.stride_tricks.as_strided(x.real, (*x.shape, 2), (*x.strides, x.itemsize // 2))


@primitive("ViewAsComplex", is_view=True)
def view_as_complex(x: Array) -> Array:
    """The view of pairs of real values as complex ones, a copy where the pairs lie apart."""
    kind = np.complex128 if x.itemsize == 8 else np.complex64
    if x.size and x.strides[-1] != x.itemsize:
        x = np.ascontiguousarray(x)
    if not x.size:
        return np.empty(x.shape[:-1], kind)
    start = address(x) - address(owner(x))
    return np.ndarray(x.shape[:-1], kind, memory(x), start, x.strides[:-1])


view_as_real.defvjp(0, lambda g, x: view_as_complex(g))
view_as_complex.defvjp(0, lambda g, x: view_as_real(g))


@primitive("ViewDtype")
def view_dtype(x: Array, *, dtype: np.dtype[Any]) -> Array:
    """The view of the memory as values of another dtype; no gradient goes through it."""
    return x.view(dtype)
