"""Tensors with values put in: at an index, everywhere, or in the place of a view.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import primitive
from pyconv.autograd.traced import Steps, Traced
from pyconv.ops.arithmetic import check_broadcast
from pyconv.ops.cast import array_of, as_like
from pyconv.ops.index import take
from pyconv.ops.layout import clone
from pyconv.ops.shape import check_expand, reshape, sum_to

Array = np.ndarray[Any, Any]
Size = tuple[int, ...]


def put_into(out: Array, index: tuple[Any, ...], value: Array) -> None:
    """out[index] = value.

    Raises:
        RuntimeError: the shape of `value` does not fit, with torch's text.
    """
    shape = _without_leading_ones(value.shape)
    try:
        out[index] = value.reshape(shape)
    except (ValueError, TypeError):
        raise _mismatch(shape, out[index].shape) from None


def _without_leading_ones(shape: Size) -> Size:
    while shape and shape[0] == 1:
        shape = shape[1:]
    return shape


def _fits_in(shape: Size, place: Size) -> bool:
    """Whether a shape can be expanded to another."""
    pairs = zip(reversed(shape), reversed(place), strict=False)
    return len(shape) <= len(place) and all(n in (1, size) for n, size in pairs)


def _mismatch(shape: Size, place: Size) -> RuntimeError:
    return RuntimeError(
        f"shape mismatch: value tensor of shape {list(shape)} cannot be broadcast to indexing result of shape "
        f"{list(place)}"
    )


def check_source(value: Any, x: Any, index: tuple[Any, ...] = ()) -> None:
    """Check that a Tensor which is to be put at an index with arrays has the dtype of `x`.

    Raises:
        RuntimeError: it has another, or a shape that does not fit.
    """
    if isinstance(value, Traced) and value._array.dtype != array_of(x).dtype:
        shape, place = _without_leading_ones(value._array.shape), array_of(x)[index].shape
        if not _fits_in(shape, place):
            raise _mismatch(shape, place)
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{dtypes.of(array_of(x)).scalar_name} for the destination and {dtypes.of(value._array).scalar_name} "
            "for the source."
        )


@primitive("IndexPut")
def _assign(x: Array, value: Array, *, index: tuple[Any, ...]) -> Array:
    out = clone.kernel(x)
    put_into(out, index, value)
    return out


_assign.defvjp(0, lambda g, x, value, *, index: _assign(g, np.zeros((), x.dtype), index=index))


_assign.defvjp(1, lambda g, x, value, *, index: sum_to(take(g, index=index), value.shape))


def assign(x: Any, value: Any, *, index: tuple[Any, ...]) -> Any:
    """`x` with `value`, a Tensor, an ndarray or a number, at `index`.

    Raises:
        RuntimeError: `value` is a Tensor of another dtype, or its shape does not fit.
    """
    check_source(value, x, index)
    return _assign(x, as_like(value, x), index=index)


@primitive("torch::autograd::CopyBackwards", variant=None)
def _replace(x: Array, value: Array) -> Array:
    return np.broadcast_to(value, np.broadcast_shapes(x.shape, value.shape))


_replace.defvjp(0, lambda g, x, value: _replace(g, np.zeros((), x.dtype)))


_replace.defvjp(1, lambda g, x, value: sum_to(g, value.shape))


_fill = _replace.alias("Fill")


_zero = _replace.alias("Zero")


def replace(x: Any, value: Any) -> Any:
    """`value`, a Tensor, an ndarray or a number, in the shape and dtype of `x`.

    Raises:
        RuntimeError: the shapes do not broadcast.
    """
    value = as_like(value, x)
    check_broadcast(array_of(x).shape, array_of(value).shape)
    return _replace(x, value)


def fill(x: Any, value: Any) -> Any:
    """One value everywhere, in the shape and dtype of `x`.

    Raises:
        RuntimeError: `value` has dimensions.
    """
    value = as_like(value, x)
    if array_of(value).ndim:
        raise RuntimeError(
            f"fill_ only supports 0-dimension value tensor but got tensor with {array_of(value).ndim} dimensions."
        )
    return _fill(x, value)


def zero(x: Any) -> Any:
    """Zeros in the shape and dtype of `x`."""
    return _zero(x, np.zeros((), array_of(x).dtype))


def settle(x: Any, value: Any) -> Any:
    """`replace` by the rules of an assignment to an index.

    Raises:
        RuntimeError: `value` cannot be expanded to the shape of `x`.
    """
    return _replace(x, settled(x, value))


def settled(x: Any, value: Any) -> Any:
    """`value` in the dtype of `x`, without dimensions of size 1 in front.

    Raises:
        RuntimeError: it cannot be expanded to the shape of `x`.
    """
    value = as_like(value, x)
    array = array_of(value)
    shape = _without_leading_ones(array.shape)
    check_expand(shape, array_of(x).shape, dtypes.of(array))
    return value if shape == array.shape else reshape(value, shape=shape)


def replay(x: Any, steps: Steps) -> Any:
    """What the ops that make a view make of `x`."""
    for op, static in steps:
        x = op(x, **static)
    return x


@primitive("torch::autograd::CopySlices", variant=None)
def copy_slices(x: Array, value: Array, *, steps: Steps) -> Array:
    """`x` with `value` in the place of the view that `steps` make of it."""
    out = x.copy()
    view = replay(out, steps)
    if np.may_share_memory(view, out):
        view[...] = value
    else:
        out.reshape(-1)[replay(np.arange(out.size).reshape(out.shape), steps)] = value
    return out


copy_slices.defvjp(0, lambda g, x, value, *, steps: copy_slices(g, np.zeros((), x.dtype), steps=steps))


copy_slices.defvjp(1, lambda g, x, value, *, steps: replay(g, steps))
