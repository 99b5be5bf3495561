"""Sampling at the points of a grid, its transpose and its slope: the derivatives of each are made of the three.

Beside the grid, each takes any number of directions in which the grid is moved, and is then the derivative in these
directions. May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`, `pyconv.autograd`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.kernels import sample as kernels
from pyconv.kernels.sample import Sampling

Array = np.ndarray[Any, Any]


@primitive("GridSampler2D")
def _sample(x: Array, grid: Array, *directions: Array, how: Sampling) -> Array:
    return kernels.sample(x, grid, list(directions), how)


@primitive("GridSampler2DBackward")
def _spread(g: Array, grid: Array, *directions: Array, how: Sampling, sizes: tuple[int, ...]) -> Array:
    return kernels.spread(g, grid, list(directions), how, sizes)


@primitive("GridSampler2DBackward")
def _slope(g: Array, x: Array, grid: Array, *directions: Array, how: Sampling) -> Array:
    return kernels.slope(g, x, grid, list(directions), how)


_ALL = tuple(range(16))
"""Positions of operands, more than any derivative in use has."""


class _Family:
    """The three ops under the names that torch has for a number of dimensions."""

    def __init__(self, name: str) -> None:
        self.sample: Primitive = _sample.alias(name)
        self.spread: Primitive = _spread.alias(f"{name}Backward")
        self.slope: Primitive = _slope.alias(f"{name}Backward")
        for op in (self.sample, self.spread, self.slope):
            op.vjps = {}
        self.sample.defvjp_any(self._sample_vjp, saves=_ALL)
        self.spread.defvjp_any(self._spread_vjp, saves=_ALL)
        self.slope.defvjp_any(self._slope_vjp, saves=_ALL)

    def _sample_vjp(self, h: Any, position: int, x: Any, grid: Any, *directions: Any, how: Sampling) -> Any:
        if position == 0:
            return self.spread(h, grid, *directions, how=how, sizes=tuple(x.shape[2:]))
        return self.slope(h, x, grid, *_without(directions, position - 2), how=how)

    def _spread_vjp(
        self, h: Any, position: int, g: Any, grid: Any, *directions: Any, how: Sampling, sizes: tuple[int, ...]
    ) -> Any:
        if position == 0:
            return self.sample(h, grid, *directions, how=how)
        return self.slope(g, h, grid, *_without(directions, position - 2), how=how)

    def _slope_vjp(self, h: Any, position: int, g: Any, x: Any, grid: Any, *directions: Any, how: Sampling) -> Any:
        if position == 0:
            return self.sample(x, grid, *directions, h, how=how)
        if position == 1:
            return self.spread(g, grid, *directions, h, how=how, sizes=tuple(x.shape[2:]))
        return self.slope(g, x, grid, *_without(directions, position - 3), h, how=how)


def _without(directions: tuple[Any, ...], place: int) -> tuple[Any, ...]:
    """The directions but that of one place; all of them for the place before the first, which is the grid's."""
    return tuple(d for i, d in enumerate(directions) if i != place)


_FAMILIES = {2: _Family("GridSampler2D"), 3: _Family("GridSampler3D")}


def sample(x: Any, grid: Any, how: Sampling) -> Any:
    """The values of `x` at the points of a grid.

    Args:
        x: (N, C, H, W) or (N, C, D, H, W); a Tensor or an ndarray.
        grid: (N, *points, 2) or (N, *points, 3), the coordinate along the last axis first.
        how: how the points are read.
    """
    return _FAMILIES[grid.shape[-1]].sample(x, grid, how=how)


@primitive("AffineGridGenerator")
def affine(theta: Array, *, sizes: tuple[int, ...], corners: bool) -> Array:
    """The points of a regular grid under affine maps.

    Args:
        theta: (N, ndim, ndim + 1).
        sizes: how many points the grid has along each of the ndim dimensions.
        corners: whether its outermost points are at -1 and 1, or half a step within.

    Returns:
        (N, *sizes, ndim).
    """
    rows = _regular(sizes, corners, theta.dtype)
    points = rows @ theta.astype(rows.dtype).transpose(0, 2, 1)
    return points.reshape(len(theta), *sizes, len(sizes)).astype(theta.dtype)


def _regular(sizes: tuple[int, ...], corners: bool, dtype: np.dtype[Any]) -> Array:
    """The points of a regular grid one below the other, each with a 1 behind, in the dtype of the computation."""
    ndim = len(sizes)
    points = np.ones((*sizes, ndim + 1), dtype)
    for axis, n in enumerate(sizes):
        points[..., ndim - 1 - axis] = _steps(n, corners, dtype).reshape(-1, *(1,) * (ndim - 1 - axis))
    return points.reshape(-1, ndim + 1).astype(dtypes.accumulation(dtype))


def _steps(n: int, corners: bool, dtype: np.dtype[Any]) -> Array:
    """Equal steps from -1 to 1, or through the middles of n parts of that."""
    if n <= 1:
        return np.zeros(n, dtype)
    wide = dtypes.accumulation(dtype) if dtype.kind == "f" else dtype
    steps = np.linspace(-1, 1, n).astype(wide).astype(dtype)
    return steps if corners else (steps * dtype.type((n - 1) / n)).astype(dtype)


@primitive("AffineGridGeneratorBackward")
def _affine_transposed(g: Array, *, sizes: tuple[int, ...], corners: bool) -> Array:
    rows = _regular(sizes, corners, g.dtype)
    given = g.reshape(len(g), len(rows), g.shape[-1]).astype(rows.dtype)
    return (given.transpose(0, 2, 1) @ rows).astype(g.dtype)


affine.defvjp(0, lambda g, theta, **grid: _affine_transposed(g, **grid))
_affine_transposed.defvjp(0, lambda h, g, **grid: affine(h, **grid))
