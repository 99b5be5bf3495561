"""Elements picked from planes by their places, and put back there.

A plane is the last dimensions of an array taken together; a place is the number of an element in it, row by row. May
import: NumPy, `pyconv.dtypes`, `pyconv.geometry`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry.sizes import Size

Array = np.ndarray[Any, Any]


def gather(x: Array, at: Array, ndim: int) -> Array:
    """The elements of planes at places, zero for a place outside.

    Args:
        x: (..., *size).
        at: int64 (..., *outputs), with the same leading dimensions.
        ndim: the dimensions of a plane.

    Example:
        >>> gather(np.array([[5.0, 6.0, 7.0]]), np.array([[2, 0]]), 1)
        array([[7., 5.]])
    """
    flat, places = _flat(x, ndim), _flat(at, ndim)
    outside = _outside(places, flat.shape[1])
    if outside is None:
        return np.take_along_axis(flat, places, 1).reshape(at.shape)
    found = np.take_along_axis(flat, np.where(outside, 0, places), 1)
    return np.where(outside, found.dtype.type(0), found).reshape(at.shape)


def scatter_add(g: Array, at: Array, size: Size) -> Array:
    """Zeros with values added at places: the transpose of `gather`.

    Args:
        g: (..., *outputs).
        at: int64, of the shape of `g`.
        size: of the planes.

    Returns:
        (..., *size).

    Example:
        >>> scatter_add(np.array([[1.0, 2.0]]), np.array([[1, 1]]), (3,))
        array([[0., 3., 0.]])
    """
    values, places = _flat(g, len(size)), _flat(at, len(size))
    plane = math.prod(size)
    out = np.empty((values.shape[0], plane), dtypes.accumulation(g.dtype))
    rows = max(1, _PIECE // max(1, places.shape[1]))
    for i in range(0, len(out), rows):
        _put_together(out[i : i + rows], places[i : i + rows], values[i : i + rows])
    return out.astype(g.dtype, copy=False).reshape(*g.shape[: -len(size)], *size)


_PIECE = 1 << 14
"""Values that are put at their places at a time, so that those of their planes stay in the cache."""


def _put_together(out: Array, places: Array, values: Array) -> None:
    """Make each row zeros with values added at places."""
    outside = _outside(places, out.shape[1])
    if outside is not None:
        values, places = np.where(outside, values.dtype.type(0), values), np.where(outside, 0, places)
    out[...] = 0
    places = places + np.arange(len(out), dtype=np.int64)[:, None] * out.shape[1]
    np.add.at(out.reshape(-1), places.ravel(), values.astype(out.dtype, copy=False).ravel())


def scatter(x: Array, at: Array, size: Size) -> Array:
    """Zeros with values at places; of several at one place the last stays.

    Args:
        x: (..., *inputs).
        at: int64, of the shape of `x`; all inside.
        size: of the planes.

    Returns:
        (..., *size).
    """
    values, places = _flat(x, len(size)), _flat(at, len(size))
    out = np.zeros((values.shape[0], math.prod(size)), x.dtype)
    if out.size:
        out[np.arange(values.shape[0])[:, None], places] = values
    return out.reshape(*x.shape[: -len(size)], *size)


def last_outside(at: Array, plane: int) -> int | None:
    """The last of some places that is none of a plane of `plane` elements; None for a plane without elements."""
    outside = _outside(at, plane) if plane else None
    return None if outside is None else int(at[outside][-1])


def _flat(x: Array, ndim: int) -> Array:
    """The planes of an array as rows."""
    lead, rest = x.shape[: x.ndim - ndim], x.shape[x.ndim - ndim :]
    return x.reshape(math.prod(lead), math.prod(rest))


def _outside(places: Array, plane: int) -> Array | None:
    """Where places are outside a plane, None if they nowhere are."""
    if not places.size or (places.min() >= 0 and places.max() < plane):
        return None
    found: Array = (places < 0) | (places >= plane)
    return found
