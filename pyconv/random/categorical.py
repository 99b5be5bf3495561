"""Draws of categories, as `torch.multinomial` makes them.

May import: NumPy, the standard library, `pyconv.dtypes` and the lower files of `pyconv.random`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pyconv import dtypes
from pyconv.random import checks
from pyconv.random.distributions import fill_exponential
from pyconv.random.generator import Generator

if TYPE_CHECKING:
    pass

Array = np.ndarray[Any, Any]
Indices = np.ndarray[Any, np.dtype[np.int64]]


def multinomial(generator: Generator, weights: Array, count: int, replacement: bool) -> Indices:
    """The categories drawn from each row of weights.

    Args:
        generator: what to draw from.
        weights: shape (categories,) or (rows, categories); not negative, of any sum; a float dtype.
        count: how many to draw from each row.
        replacement: whether a category can be drawn again.

    Returns:
        Indices of shape (count,) or (rows, count).

    Raises:
        RuntimeError: the weights are no distribution, or have too few categories.

    Example:
        >>> multinomial(Generator().manual_seed(0), np.array([0.1, 0.2, 0.7]), 3, True)
        array([2, 2, 2])
    """
    checks.check_multinomial(weights, count, replacement)
    if not weights.size:
        return np.zeros((*weights.shape[:-1], count), np.int64)
    checks.check_distribution(weights, one_by_one=replacement and count > 1)
    if replacement and count > 1:
        return _with_replacement(generator, weights, count)
    races = fill_exponential(generator, np.empty(weights.shape, weights.dtype))
    with np.errstate(all="ignore"):
        keys = (weights.astype(dtypes.accumulation(weights.dtype)) / races).astype(weights.dtype)
    if count == 1:
        return np.argmax(keys, axis=-1, keepdims=True)
    return np.argsort(-keys, axis=-1, kind="stable")[..., :count]


def _with_replacement(generator: Generator, weights: Array, count: int) -> Indices:
    """The first category at which the running sum of weights reaches a uniform."""
    rows = weights.reshape(-1, weights.shape[-1])
    drawn = np.empty((len(rows), count), np.int64)
    for row, result in zip(rows, drawn, strict=True):
        running = np.cumsum(row.astype(dtypes.accumulation(row.dtype)), dtype=dtypes.accumulation(row.dtype))
        running /= running[-1]
        running[-1] = 1
        uniforms = generator.engine.unit(count, np.dtype(np.float64))
        result[...] = np.searchsorted(running.astype(np.float64), uniforms, side="left")
    return drawn.reshape(*weights.shape[:-1], count)
