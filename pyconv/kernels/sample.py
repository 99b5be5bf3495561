"""Sampling at the points of a grid: the value there, its transpose, and its derivatives with respect to the points.

May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.kernels import threads
from pyconv.kernels.pieces import LARGE
from pyconv.kernels.sample_points import Points, Sampling, terms

__all__ = ["Sampling", "sample", "slope", "spread"]

Array = np.ndarray[Any, Any]


def _flat(grid: Array, wide: np.dtype[Any]) -> Array:
    """(N, ..., ndim) as (N, P, ndim), in the dtype of the computation."""
    return grid.reshape(len(grid), math.prod(grid.shape[1:-1]), grid.shape[-1]).astype(wide, copy=False)


def sample(x: Array, grid: Array, directions: list[Array], how: Sampling) -> Array:
    """The values of `x` at the points of a grid, or their derivative in some directions.

    Args:
        x: (N, C, *sizes).
        grid: (N, *points, ndim), of the dtype of `x`.
        directions: of the shape of `grid` each.
        how: how the points are read.

    Returns:
        (N, C, *points). A point that is no number gives none in 2-D and 0 in 3-D, as in torch.

    Example:
        >>> x = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
        >>> sample(x, np.zeros((1, 1, 1, 2)), [], Sampling("bilinear", "zeros", False))
        array([[[[2.5]]]])
    """
    wide = dtypes.accumulation(x.dtype)
    sizes, points = x.shape[2:], grid.shape[1:-1]
    out = np.empty((*x.shape[:2], math.prod(points)), x.dtype)
    flat, flats = _flat(grid, wide), [_flat(d, wide) for d in directions]

    def one(n: int) -> None:
        rows = _rows(x[n], wide)
        at_points = Points(flat[n], sizes, how)
        total, taken = np.zeros((2, flat.shape[1], x.shape[1]), wide)
        for chosen, at, inside in at_points.taps():
            weight = at_points.along(chosen, [d[n] for d in flats])
            if len(sizes) == 3:
                weight = np.where(inside, weight, 0)
            np.take(rows, np.where(inside, at, len(rows) - 1), axis=0, out=taken, mode="clip")
            np.multiply(taken, weight[:, None], out=taken)
            np.add(total, taken, out=total)
        out[n] = total.T

    _each_sample(one, x, out)
    return out.reshape(*x.shape[:2], *points)


def _rows(sample: Array, wide: np.dtype[Any]) -> Array:
    """(C, *sizes) as one row of channels for each element, and one of zeros at the end."""
    rows = np.empty((math.prod(sample.shape[1:]) + 1, len(sample)), wide)
    rows[:-1] = sample.reshape(len(sample), len(rows) - 1).T
    rows[-1] = 0
    return rows


def _each_sample(work: Callable[[int], None], *arrays: Array) -> None:
    """`work` of the number of each sample, shared by threads where the arrays are large."""

    def run(n: int) -> None:
        with np.errstate(all="ignore"):
            work(n)

    with threads.together(alone=sum(array.size for array in arrays) < LARGE):
        threads.each(run, range(len(arrays[0])))


def spread(g: Array, grid: Array, directions: list[Array], how: Sampling, sizes: tuple[int, ...]) -> Array:
    """The transpose of `sample` as a map of its input.

    Args:
        g: (N, C, *points).
        grid: (N, *points, ndim).
        directions: of the shape of `grid` each.
        how: how the points are read.
        sizes: of the spatial dimensions of the result.
    """
    wide = dtypes.accumulation(g.dtype)
    channels, size = g.shape[1], math.prod(sizes)
    out = np.empty((len(g), channels, size), g.dtype)
    flat, flats = _flat(grid, wide), [_flat(d, wide) for d in directions]
    base = (np.arange(channels) * size)[:, None]

    def one(n: int) -> None:
        rows = g[n].reshape(channels, flat.shape[1]).astype(wide, copy=False)
        at_points = Points(flat[n], sizes, how)
        total = np.zeros(channels * size)
        for chosen, at, inside in at_points.taps():
            weight = at_points.along(chosen, [d[n] for d in flats])
            there = np.flatnonzero(inside)
            added = rows[:, there] * weight[there]
            total += np.bincount((base + at[there]).ravel(), added.ravel(), channels * size)
        out[n] = total.reshape(channels, size)

    _each_sample(one, g, out)
    return out.reshape(len(g), channels, *sizes)


def slope(g: Array, x: Array, grid: Array, directions: list[Array], how: Sampling) -> Array:
    """The derivative of ⟨g, sample(x, grid, directions)⟩ with respect to the grid.

    Args:
        g: (N, C, *points).
        x: (N, C, *sizes).
        grid: (N, *points, ndim).
        directions: of the shape of `grid` each.
        how: how the points are read.
    """
    wide = dtypes.accumulation(x.dtype)
    sizes = x.shape[2:]
    flat, flats = _flat(grid, wide), [_flat(d, wide) for d in directions]
    out = np.empty(flat.shape, grid.dtype)

    def one(n: int) -> None:
        rows = _rows(x[n], wide)
        given = np.ascontiguousarray(g[n].reshape(x.shape[1], flat.shape[1]).T, dtype=wide)
        at_points = Points(flat[n], sizes, how)
        total = np.zeros(flat.shape[1:], wide)
        for chosen, at, inside in at_points.taps():
            product = np.where(inside, np.einsum("pc,pc->p", rows[at], given), 0)
            for orders, factor in terms([d[n] for d in flats], len(sizes)):
                for axis in range(len(sizes)):
                    more = tuple(order + (i == axis) for i, order in enumerate(orders))
                    part = at_points.weight(chosen, more) * factor
                    total[:, axis] += product * (np.where(inside, part, 0) if len(sizes) == 3 else part)
        out[n] = total

    _each_sample(one, x, g)
    return out.reshape(grid.shape)
