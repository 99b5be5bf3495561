"""The largest and smallest elements along dimensions, and where they are.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.ops.along import lines, ordered, picker
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, div, mul, refuse
from pyconv.ops.cast import array_of
from pyconv.ops.layout import contiguous
from pyconv.ops.shape import expand, reshape

Array = np.ndarray[Any, Any]
Axes = tuple[int, ...]


def _kept(x: Any, axes: Axes) -> tuple[int, ...]:
    return tuple(1 if i in axes else n for i, n in enumerate(x.shape))


def _share(g: Any, y: Any, x: Any, *, axes: Axes, keepdim: bool) -> Any:
    """The cotangent, in equal parts to all that are equal to the result."""
    shape = array_of(x).shape
    ties = array_of(x) == array_of(y).reshape(_kept(x, axes))
    mask = ties.astype(array_of(x).dtype)
    count = ties.sum(axis=axes, keepdims=True).astype(mask.dtype)
    spread = expand(reshape(g, shape=_kept(x, axes)), shape=shape)
    return div(mul(spread, mask), np.broadcast_to(count, shape))


def _extreme(name: str, ufunc: np.ufunc) -> Primitive:
    def kernel(x: Array, *, axes: Axes, keepdim: bool) -> Array:
        if x.dtype == np.bool_:
            return np.asarray((np.any if ufunc is np.maximum else np.all)(x, axis=axes, keepdims=keepdim))
        return np.asarray(ufunc.reduce(ordered(x), axis=axes, keepdims=keepdim)).astype(x.dtype, copy=False)

    op = Primitive(contiguous(kernel), name, False)
    op.defvjp(0, _share, saves=(OUTPUT, 0))
    return op


_amax, _amin = _extreme("Amax", np.maximum), _extreme("Amin", np.minimum)
_of_both = {"amax": _amax.alias("Aminmax"), "amin": _amin.alias("Aminmax")}


def amax(x: Any, axes: Axes, keepdim: bool = False) -> Any:
    """The largest elements over dimensions; equal ones share the gradient.

    Example:
        >>> amax(np.array([[1.0, 3.0], [2.0, 0.0]]), (1,))
        array([3., 2.])
    """
    refuse("max_values_cpu", dtypes.of(array_of(x)), (*COMPLEX, *BAREBONES))
    return _amax(x, axes=axes, keepdim=keepdim)


def amin(x: Any, axes: Axes, keepdim: bool = False) -> Any:
    """The smallest elements over dimensions; equal ones share the gradient."""
    refuse("min_values_cpu", dtypes.of(array_of(x)), (*COMPLEX, *BAREBONES))
    return _amin(x, axes=axes, keepdim=keepdim)


def aminmax(x: Any, axes: Axes, keepdim: bool = False) -> tuple[Any, Any]:
    """The smallest and the largest elements over dimensions."""
    refuse("aminmax_cpu", dtypes.of(array_of(x)), (*COMPLEX, *BAREBONES))
    return tuple(_of_both[name](x, axes=axes, keepdim=keepdim) for name in ("amin", "amax"))


def place_of(x: Array, axis: int, largest: bool) -> Array:
    """The index of the first extreme element, or of the first NaN, with the dimension kept."""
    return np.asarray((np.argmax if largest else np.argmin)(ordered(lines(x)), axis=axis, keepdims=True))


_max, _min = picker("Max"), picker("Min")


@primitive("Place")
def _index(x: Array, *, index: Array, axis: int, keepdim: bool) -> Array:
    if not x.ndim:
        return index.reshape(())
    return index if keepdim else index.squeeze(axis)


def picked(op: Primitive, x: Any, index: Array, axis: int, keepdim: bool) -> tuple[Any, Any]:
    """The values at an index along a dimension, by an op that `picker` made, and the index like them.

    Args:
        op: gives the values.
        x: a Tensor or an ndarray.
        index: int64, with the dimension kept.
        axis: the dimension.
        keepdim: whether the results keep it.
    """
    return op(x, index=index, axis=axis, keepdim=keepdim), _index(x, index=index, axis=axis, keepdim=keepdim)


def extreme_along(x: Any, axis: int, keepdim: bool, largest: bool) -> tuple[Any, Any]:
    """The extreme elements along a dimension and where they first are; the gradient goes there.

    Raises:
        RuntimeError: `x` is complex.
    """
    array, name = array_of(x), "max" if largest else "min"
    if array.dtype.kind == "c":
        raise RuntimeError(f"{name}(): does not support complex input")
    refuse(f"{name}_cpu", dtypes.of(array), BAREBONES)
    return picked(_max if largest else _min, x, place_of(array, axis, largest), axis, keepdim)


def argument(x: Any, axis: int | None, keepdim: bool, largest: bool) -> Any:
    """Where the extreme elements of numbers with an order first are along a dimension, or among all elements.

    Raises:
        NotImplementedError: `x` is of a dtype that torch has no kernel for.
    """
    array, name = array_of(x), "argmax" if largest else "argmin"
    refuse(f"{name}_cpu", dtypes.of(array), BAREBONES)
    if axis is not None:
        return _index(x, index=place_of(array, axis, largest), axis=axis, keepdim=keepdim)
    found = place_of(array.reshape(-1), 0, largest)
    return _index(x, index=found.reshape((1,) * array.ndim if keepdim else ()), axis=0, keepdim=True)
