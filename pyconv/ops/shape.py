"""Changes of shape, which move no value: reshape, permute, expand, and the sum that undoes an expansion.

May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`, `pyconv.autograd`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import primitive
from pyconv.kernels import sums
from pyconv.meta import as_strided, asarray
from pyconv.ops.cast import array_of

Array = np.ndarray[Any, Any]
Size = tuple[int, ...]


def view_strides(have: Size, strides: Size, wanted: Size) -> Size | None:
    """The strides of a view in another shape of as many elements, by torch's rule; None where there is no such view.

    Args:
        have: a shape.
        strides: of an array of that shape.
        wanted: another one of as many elements.

    Example:
        >>> view_strides((2, 3), (3, 1), (6,)), view_strides((2, 3), (1, 2), (6,))
        ((1,), None)
    """
    if not have:
        return (1,) * len(wanted)
    found: list[int] = []
    left = len(wanted)
    base, count, viewed = strides[-1], 1, 1
    for axis in reversed(range(len(have))):
        count *= have[axis]
        if axis and (have[axis - 1] == 1 or strides[axis - 1] == count * base):
            continue
        while left and (viewed < count or wanted[left - 1] == 1):
            left -= 1
            found.append(viewed * base)
            viewed *= wanted[left]
        if viewed != count:
            return None
        if axis:
            base, count, viewed = strides[axis - 1], 1, 1
    return None if left else tuple(reversed(found))


@primitive("View", is_view=True)
def reshape(x: Array, *, shape: Size) -> Array:
    """`x` in another shape of as many elements, a view where one is possible."""
    if x.flags.c_contiguous or not x.size:
        return x.reshape(shape)
    steps = view_strides(x.shape, x.strides, shape)
    return x.reshape(shape) if steps is None else np.lib.stride_tricks.as_strided(x, shape, steps)


reshape.defvjp(0, lambda g, x, *, shape: reshape(g, shape=x.shape))
reshape_copy = reshape.alias("UnsafeView", is_view=False)

squeeze = reshape.alias("Squeeze")
squeeze_one = reshape.alias("Squeeze", variant=1)
squeeze_some = reshape.alias("Squeeze", variant=2)
unsqueeze = reshape.alias("Unsqueeze")


@primitive("Permute", is_view=True)
def permute(x: Array, *, axes: Size) -> Array:
    """The view of `x` with its dimensions in another order."""
    return x.transpose(axes)


permute.defvjp(0, lambda g, x, *, axes: permute(g, axes=tuple(int(i) for i in np.argsort(axes))))

transpose = permute.alias("Transpose")
matrix_transpose = permute.alias("T")


@primitive("Expand", is_view=True)
def expand(x: Array, *, shape: Size) -> Array:
    """The view of `x` repeated along dimensions of size 1 and along new first ones, writeable where `x` is."""
    lead = len(shape) - x.ndim
    kept = zip(x.shape, shape[lead:], x.strides, strict=True)
    steps = [0 if n == 1 and wanted != 1 else step for n, wanted, step in kept]
    for at in range(lead - 1, -1, -1):
        beyond = shape[at + 1] * steps[0] if steps else 0
        steps.insert(0, beyond if shape[at] == 1 else 0)
    return as_strided(x, shape, tuple(steps))


expand.defvjp(0, lambda g, x, *, shape: sum_to(g, x.shape))


def check_expand(have: Size, wanted: Size, kind: dtypes.dtype) -> None:
    """Check that a shape can be expanded to another.

    Raises:
        RuntimeError: it cannot, with torch's text.
    """
    lead = len(wanted) - len(have)
    if lead < 0:
        raise RuntimeError(
            f"expand({dtypes.tensor_type(kind)}{{{list(have)}}}, size={list(wanted)}): the number of sizes "
            f"provided ({len(wanted)}) must be greater or equal to the number of dimensions in the tensor ({len(have)})"
        )
    if -1 in wanted[:lead]:
        raise RuntimeError(
            "The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension "
            f"{wanted.index(-1)}"
        )
    for i, n in reversed(tuple(enumerate(have))):
        if wanted[lead + i] not in (n, -1) and n != 1:
            raise RuntimeError(
                f"The expanded size of the tensor ({wanted[lead + i]}) must match the existing size ({n}) at "
                f"non-singleton dimension {lead + i}.  Target sizes: {list(wanted)}.  Tensor sizes: {list(have)}"
            )


def add_up(x: Array, axes: Size, keepdims: bool = False) -> Array:
    """The sum over dimensions in a wider dtype, as NumPy adds row to row, where a narrow total loses bits.

    Of single precision a few neighbours are added up as they are.
    """
    if x.dtype == np.float32 and type(x) is np.ndarray and x.size > sums.SMALL:
        found = sums.in_groups(x, tuple(axis % x.ndim for axis in axes))
        if found is not None:
            return found if keepdims else found.squeeze(axes)
    wide = _WIDER.get(x.dtype) or dtypes.accumulation(x.dtype)
    if wide == x.dtype or not (type(x) is np.ndarray and x.ndim and x.size) or x.size // len(x) > _PIECE:
        return asarray(x.sum(axis=axes, dtype=wide, keepdims=keepdims))
    # NumPy takes three times as long to cast while it adds
    step = max(1, _PIECE * len(x) // x.size)
    parts = [x[i : i + step].astype(wide).sum(axis=axes, keepdims=True) for i in range(0, len(x), step)]
    total = parts[0]
    if len(parts) > 1 and any(axis % x.ndim == 0 for axis in axes):
        for part in parts[1:]:
            total += part
    elif len(parts) > 1:
        total = np.concatenate(parts)
    return asarray(total if keepdims else total.squeeze(axes))


_PIECE = 1 << 16
"""Elements that are cast at a time."""


_WIDER = {np.dtype(np.float32): np.dtype(np.float64), np.dtype(np.complex64): np.dtype(np.complex128)}


@primitive("SumToSize")
def _sum_to(x: Array, *, shape: Size) -> Array:
    lead = x.ndim - len(shape)
    axes = (*range(lead), *(lead + i for i, n in enumerate(shape) if n == 1 and x.shape[lead + i] != 1))
    return add_up(x, axes).astype(x.dtype).reshape(shape)


_sum_to.defvjp(0, lambda g, x, *, shape: expand(g, shape=x.shape))


def sum_to(x: Any, shape: Size) -> Any:
    """The sum over what an expansion from `shape` repeated; `x` itself where it has that shape.

    Args:
        x: a Tensor or an ndarray.
        shape: a shape that broadcasts to that of `x`.

    Example:
        >>> sum_to(np.ones((2, 3)), (1, 3))
        array([[2., 2., 2.]])
    """
    return x if array_of(x).shape == tuple(shape) else _sum_to(x, shape=tuple(shape))
