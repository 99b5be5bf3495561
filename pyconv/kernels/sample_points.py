"""The points of a grid: which elements of the input each is made of, with which weights, and the derivatives of these.

An axis of space has, for every point, a few elements of the input (its taps) and their weights; the taps of a point
are those of all axes, multiplied. May import: NumPy.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Orders = tuple[int, ...]


@dataclass(frozen=True)
class Sampling:
    """How points are read.

    Attributes:
        mode: 'bilinear', 'nearest' or 'bicubic'.
        padding: what lies outside of the input: 'zeros', 'border' or 'reflection'.
        corners: whether -1 and 1 are the middles of the corner elements, rather than their outer edges.
    """

    mode: str
    padding: str
    corners: bool


@dataclass(frozen=True, eq=False)
class Axis:
    """The taps of all points along one axis.

    Attributes:
        index: (T, P), which elements.
        inside: (T, P), whether they are there; an index that is not, is 0.
        part: (P,), how far after its low neighbour each point lies.
        slope: (P,), how fast that goes with the point's coordinate.
    """

    index: Array
    inside: Array
    part: Array
    slope: Array


def _unnormalized(points: Array, size: int, corners: bool) -> tuple[Array, float]:
    """Coordinates in elements, and how fast they go with those from -1 to 1."""
    kind = points.dtype.type
    if corners:
        factor = kind((size - 1) / 2)
        return (points + 1) * factor, float(factor)
    return (points + 1) * kind(size / 2) - kind(0.5), size / 2


def _reflected(x: Array, size: int, corners: bool) -> tuple[Array, Array]:
    """Coordinates brought back by reflection at the borders, and the sign of the way they go."""
    low, span = (0.0, size - 1) if corners else (-0.5, size)
    if not span:
        return np.zeros_like(x), np.zeros_like(x)
    kind = x.dtype.type
    x = x - kind(low)
    sign = np.where(x < 0, -1, 1).astype(x.dtype)
    x = np.abs(x)
    extra = np.fmod(x, kind(span))
    back = np.floor(x / kind(span)) % 2 == 1
    return np.where(back, kind(span) - extra, extra) + kind(low), np.where(back, -sign, sign)


def _clipped(x: Array, size: int) -> tuple[Array, Array]:
    """Coordinates clipped to the middles of the corner elements, NaN to 0, and where they lay between them."""
    free = (x > 0) & (x < size - 1)
    return np.fmin(np.fmax(x, 0), size - 1).astype(x.dtype), free


def _brought_in(x: Array, size: int, how: Sampling) -> tuple[Array, Array]:
    """Coordinates with what lies outside brought in, and how fast the result goes with them."""
    speed = np.ones_like(x)
    if how.padding == "reflection":
        x, speed = _reflected(x, size, how.corners)
    if how.padding != "zeros":
        x, free = _clipped(x, size)
        speed = speed * free
    return x, speed


def _whole(x: Array, size: int) -> Array:
    """Coordinates without a fraction as integers; those far outside, and those that are no number, as -9."""
    near = (x > -8) & (x < size + 8)
    return np.where(near, x, -9).astype(np.intp)


def axis_of(points: Array, size: int, how: Sampling) -> Axis:
    """The taps of points along one axis.

    Args:
        points: (P,), from -1 to 1 inside the input; single or double precision.
        size: the elements of the axis.
        how: how they are read.
    """
    x, scale = _unnormalized(points, size, how.corners)
    if how.mode == "bicubic":
        speed = np.ones_like(x)
    else:
        x, speed = _brought_in(x, size, how)
    low = np.rint(x) if how.mode == "nearest" else np.floor(x)
    offsets = np.array(_OFFSETS[how.mode])[:, None]
    if how.mode == "bicubic" and how.padding != "zeros":
        index = _whole(_brought_in(low + offsets.astype(x.dtype), size, how)[0], size)
    else:
        index = _whole(low, size) + offsets
    inside = (index >= 0) & (index < size)
    return Axis(np.where(inside, index, 0), inside, x - low, speed * points.dtype.type(scale))


_OFFSETS = {"nearest": (0,), "bilinear": (0, 1), "bicubic": (-1, 0, 1, 2)}


def weights(axis: Axis, mode: str, order: int) -> tuple[Array, ...]:
    """The weights of the taps, or a derivative of them with respect to the point's coordinate, (P,) each."""
    part = axis.part
    if mode == "nearest":
        found: tuple[Any, ...] = (np.full_like(part, order == 0),)
    elif mode == "bilinear":
        ones = np.ones_like(part)
        found = ((1 - part, part), (-ones, ones), (part * 0, part * 0))[min(order, 2)]
    else:
        found = _cubic(part, order)
    return tuple(w * axis.slope**order for w in found) if order else found


def _cubic(part: Array, order: int) -> tuple[Array, ...]:
    """Keys' cubic around a point, with the steps of torch's kernel, or a derivative of it."""
    if not order:
        far = [((_A * x - 5 * _A) * x + 8 * _A) * x - 4 * _A for x in (part + 1, 2 - part)]
        near = [((_A + 2) * x - (_A + 3)) * x * x + 1 for x in (part, 1 - part)]
        return far[0], near[0], near[1], far[1]
    polynomials = [np.polynomial.Polynomial(c).deriv(order) for c in _CUBICS]
    return tuple(np.asarray(p(part), part.dtype) + part * 0 for p in polynomials)


_A = -0.75
_CUBICS = (
    (0, _A, -2 * _A, _A),
    (1, 0, -(_A + 3), _A + 2),
    (0, -_A, 2 * _A + 3, -(_A + 2)),
    (0, 0, _A, -_A),
)
"""The weights as polynomials of the part, from the constant up."""


def terms(directions: list[Array], ndim: int) -> Iterator[tuple[Orders, Any]]:
    """The derivatives that make up one in some directions: of which order along each axis, with what factor.

    Args:
        directions: (P, ndim) each.
        ndim: how many axes there are.
    """
    for chosen in itertools.product(range(ndim), repeat=len(directions)):
        orders = tuple(chosen.count(axis) for axis in range(ndim))
        factor = math.prod((d[:, axis] for d, axis in zip(directions, chosen, strict=True)), start=1)
        yield orders, factor


class Points:
    """The points of one sample: their taps in the flattened input, and the weights of these.

    Args:
        grid: (P, ndim), the last axis of the input first.
        sizes: of the axes of the input, in order.
        how: how they are read.
    """

    def __init__(self, grid: Array, sizes: tuple[int, ...], how: Sampling) -> None:
        self.ndim = len(sizes)
        self.sizes = sizes
        self.mode = how.mode
        self.axes = [axis_of(grid[:, self.ndim - 1 - at], n, how) for at, n in enumerate(sizes)]
        self._weights: dict[tuple[int, int], tuple[Array, ...]] = {}

    def taps(self) -> Iterator[tuple[tuple[int, ...], Array, Array]]:
        """The number of each tap along every axis, where it is among all elements, and whether it is there."""
        for chosen in itertools.product(*(range(len(axis.index)) for axis in self.axes)):
            at: Any = 0
            inside: Any = True
            for axis, size, tap in zip(self.axes, self.sizes, chosen, strict=True):
                at = at * size + axis.index[tap]
                inside = inside & axis.inside[tap]
            yield chosen, at, inside

    def weight(self, chosen: tuple[int, ...], orders: Orders) -> Any:
        """The weight of a tap, or a derivative of it; the orders are given for the last axis first."""
        found: Any = 1
        for at, (tap, order) in enumerate(zip(chosen, reversed(orders), strict=True)):
            if (at, order) not in self._weights:
                self._weights[at, order] = weights(self.axes[at], self.mode, order)
            found = found * self._weights[at, order][tap]
        return found

    def along(self, chosen: tuple[int, ...], directions: list[Array]) -> Any:
        """The weight of a tap, or its derivative in some directions."""
        total: Any = 0
        for orders, factor in terms(directions, self.ndim):
            total = total + self.weight(chosen, orders) * factor
        return total
