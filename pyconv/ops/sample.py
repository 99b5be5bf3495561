"""Sampling at the points of a grid, its transpose and its slope: the derivatives of each are made of the three.

Beside the grid, each takes any number of directions in which the grid is moved, and is then the derivative in these
directions. May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`, `pyconv.autograd`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.graph import Primitive, primitive
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
def affine(theta: Array, *, base: Array) -> Array:
    """The points of a regular grid under affine maps.

    Args:
        theta: (N, ndim, ndim + 1).
        base: (*sizes, ndim + 1), the points, each with a 1 behind.

    Returns:
        (N, *sizes, ndim).
    """
    wide = dtypes.accumulation(theta.dtype)
    rows = base.reshape(-1, base.shape[-1]).astype(wide)
    points = rows @ theta.astype(wide).transpose(0, 2, 1)
    return points.reshape(len(theta), *base.shape[:-1], theta.shape[1]).astype(theta.dtype)


@primitive("AffineGridGeneratorBackward")
def _affine_transposed(g: Array, *, base: Array) -> Array:
    wide = dtypes.accumulation(g.dtype)
    rows = base.reshape(-1, base.shape[-1]).astype(wide)
    given = g.reshape(len(g), len(rows), g.shape[-1]).astype(wide)
    return (given.transpose(0, 2, 1) @ rows).astype(g.dtype)


affine.defvjp(0, lambda g, theta, *, base: _affine_transposed(g, base=base))
_affine_transposed.defvjp(0, lambda h, g, *, base: affine(h, base=base))
