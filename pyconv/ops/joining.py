"""Tensors put together, and moved about: cat, stack, flip, roll, repeat, triangles.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive
from pyconv.kernels.memory_order import ordered_as, suggests_channels_last
from pyconv.ops.index import narrow, select
from pyconv.ops.layout import contiguous, new
from pyconv.ops.shape import add_up, reshape
from pyconv.size import channels_last, channels_last_3d

Array = np.ndarray[Any, Any]
Size = tuple[int, ...]


def _along(dim: int, part: Any) -> tuple[Any, ...]:
    return (*(slice(None),) * dim, part)


@primitive("Cat")
def cat(*arrays: Array, dim: int, starts: Size) -> Array:
    """Arrays of one dtype, one after the other along a dimension; `starts` is where each begins.

    Vectors without elements are passed over, whatever the shape of the others.
    """
    joined = [x for x in arrays if x.shape != (0,)] or list(arrays[:1])
    if all(x.flags.c_contiguous for x in joined):
        return np.concatenate(joined, axis=dim)
    first = joined[0]
    shape = (*first.shape[:dim], sum(x.shape[dim] for x in joined), *first.shape[dim + 1 :])
    order = (
        (channels_last if first.ndim == 4 else channels_last_3d) if all(map(suggests_channels_last, joined)) else None
    )
    out = new(shape, first.dtype) if order is None else new(shape, first.dtype, order)
    return np.concatenate(joined, axis=dim, out=out)


def _cat_vjp(g: Any, position: int, *arrays: Any, dim: int, starts: Size) -> Any:
    start = starts[position]
    if arrays[position].shape == (0,):
        return reshape(narrow(g, index=_along(dim, slice(0, 0))), shape=(0,))
    return narrow(g, index=_along(dim, slice(start, start + arrays[position].shape[dim])))


cat.defvjp_any(_cat_vjp)


@primitive("Stack")
def stack(*arrays: Array, dim: int) -> Array:
    """Arrays of one shape and dtype along a new dimension: one after the other along the next, parted again."""
    if dim == arrays[0].ndim:
        return np.stack(arrays, axis=dim)
    shape = arrays[0].shape
    joined = cat.kernel(*arrays, dim=dim, starts=())
    return joined.reshape(*shape[:dim], len(arrays), *shape[dim:])


def _stack_vjp(g: Any, position: int, *arrays: Any, dim: int) -> Any:
    return select(g, index=_along(dim, position))


stack.defvjp_any(_stack_vjp)


@primitive("BlockDiag")
def block_diag(*arrays: Array, corners: tuple[tuple[int, int], ...], shape: Size) -> Array:
    """Matrices of one dtype along the diagonal of a larger one; `corners` is where each begins."""
    out = np.zeros(shape, arrays[0].dtype)
    for array, (row, column) in zip(arrays, corners, strict=True):
        out[row : row + array.shape[0], column : column + array.shape[1]] = array
    return out


def _block_vjp(g: Any, position: int, *arrays: Any, corners: tuple[tuple[int, int], ...], shape: Size) -> Any:
    (row, column), (height, width) = corners[position], arrays[position].shape
    return narrow(g, index=(slice(row, row + height), slice(column, column + width)))


block_diag.defvjp_any(_block_vjp)


@primitive("Flip")
def flip(x: Array, *, axes: Size) -> Array:
    """The elements in reverse order along some dimensions."""
    return np.flip(x, axes).copy()


flip.defvjp(0, lambda g, x, *, axes: flip(g, axes=axes))


@primitive("Roll")
def roll(x: Array, *, shifts: Size, axes: Size | None) -> Array:
    """The elements moved along dimensions, those that fall off put in again in front; without any, of all."""
    found: Array = contiguous(np.roll)(x, shift=shifts[0] if axes is None else shifts, axis=axes)
    return ordered_as(found, x)


roll.defvjp(0, lambda g, x, *, shifts, axes: roll(g, shifts=tuple(-n for n in shifts), axes=axes))


@primitive("Rot90")
def rot90(x: Array, *, times: int, axes: tuple[int, int]) -> Array:
    """The elements turned by right angles in the plane of two dimensions."""
    turns = times % 4
    if turns in (0, 2):
        return np.flip(x, axes if turns else ()).copy()
    return np.flip(x, axes[1 if turns == 1 else 0]).copy().swapaxes(*axes)


rot90.defvjp(0, lambda g, x, *, times, axes: rot90(g, times=-times, axes=axes))


@primitive("Repeat")
@contiguous
def repeat(x: Array, *, times: Size) -> Array:
    """The whole of `x` so many times along each dimension; there are at least as many numbers as dimensions."""
    return np.tile(x, times)


@primitive("RepeatBackward", variant=0)
def _unrepeat(g: Array, *, shape: Size, times: Size) -> Array:
    padded = (1,) * (len(times) - len(shape)) + shape
    split = [n for pair in zip(times, padded, strict=True) for n in pair]
    total = add_up(g.reshape(split), tuple(range(0, len(split), 2)))
    return total.astype(g.dtype).reshape(shape)


repeat.defvjp(0, lambda g, x, *, times: _unrepeat(g, shape=x.shape, times=times))
_unrepeat.defvjp(0, lambda g, x, *, shape, times: repeat(g, times=times))


def _triangle(x: Array, diagonal: int, *, upper: bool) -> Array:
    rows, columns = x.shape[-2:]
    kept = np.tri(rows, columns, diagonal - upper, np.bool_)
    return np.where(~kept if upper else kept, x, np.zeros((), x.dtype))


@primitive("Tril")
@contiguous
def tril(x: Array, *, diagonal: int) -> Array:
    """The lower triangle of each matrix, zeros above it."""
    return _triangle(x, diagonal, upper=False)


@primitive("Triu")
@contiguous
def triu(x: Array, *, diagonal: int) -> Array:
    """The upper triangle of each matrix, zeros below it."""
    return _triangle(x, diagonal, upper=True)


tril.defvjp(0, lambda g, x, *, diagonal: tril(g, diagonal=diagonal))
triu.defvjp(0, lambda g, x, *, diagonal: triu(g, diagonal=diagonal))
