"""Elements picked along one dimension, and the sum back into place that is the transpose of picking.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import Primitive, primitive

Array = np.ndarray[Any, Any]
Size = tuple[int, ...]


def ordered(x: Array) -> Array:
    """The values of `x` in a dtype that NumPy compares and sorts with NaN as the largest."""
    return x.astype(np.float32) if dtypes.of(x) is dtypes.bfloat16 else x


def lines(x: Array) -> Array:
    """`x` with at least one dimension."""
    return x.reshape(1) if not x.ndim else x


@primitive("Pick")
def _pick(x: Array, *, index: Array, axis: int, keepdim: bool) -> Array:
    found = np.take_along_axis(lines(x), lines(index), axis)
    if not x.ndim:
        return found.reshape(())
    return found if keepdim else found.squeeze(axis)


@primitive("Place")
def _place(g: Array, *, index: Array, axis: int, keepdim: bool, shape: Size) -> Array:
    line = lines(g) if keepdim or not shape else np.expand_dims(g, axis)
    out = np.zeros(shape or (1,), dtypes.accumulation(g.dtype))
    places = list(np.ogrid[tuple(map(slice, line.shape))])
    places[axis] = lines(index)
    np.add.at(out, tuple(places), line.astype(out.dtype, copy=False))
    return out.astype(g.dtype, copy=False).reshape(shape)


def _pick_vjp(g: Any, x: Any, *, index: Array, axis: int, keepdim: bool) -> Any:
    return _place(g, index=index, axis=axis, keepdim=keepdim, shape=tuple(x.shape))


def _place_vjp(h: Any, g: Any, *, index: Array, axis: int, keepdim: bool, shape: Size) -> Any:
    return _pick(h, index=index, axis=axis, keepdim=keepdim)


_pick.defvjp(0, _pick_vjp)
_place.defvjp(0, _place_vjp)


def picker(name: str, variant: int = 0) -> Primitive:
    """The op that picks by an index along a dimension, under torch's name of what the index was found for.

    Its keyword arguments: `index`, an integer ndarray with that dimension kept; `axis`; `keepdim`, whether the
    dimension stays when the index has one place in it.

    Example:
        >>> pick = picker("Sort")
        >>> pick(np.array([3.0, 1.0]), index=np.array([1, 0]), axis=0, keepdim=True)
        array([1., 3.])
    """
    return _pick.alias(name, variant=variant)
