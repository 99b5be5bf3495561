"""Elements moved between the channels and space, and channels between groups.

May import: NumPy, `pyconv.kernels`, `pyconv.autograd`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive
from pyconv.kernels.memory_order import ordered_as

Array = np.ndarray[Any, Any]


@primitive("PixelShuffle")
def pixel_shuffle(x: Array, *, factor: int) -> Array:
    """(..., C·r², H, W) as (..., C, H·r, W·r).

    Example:
        >>> pixel_shuffle(np.arange(4.0).reshape(4, 1, 1), factor=2)
        array([[[0., 1.],
                [2., 3.]]])
    """
    *lead, channels, height, width = x.shape
    rest = channels // (factor * factor)
    parts = x.reshape(*lead, rest, factor, factor, height, width)
    moved = np.moveaxis(parts, (-4, -3), (-3, -1))  # (..., C, H, r, W, r)
    return ordered_as(moved.reshape(*lead, rest, height * factor, width * factor), x)


@primitive("PixelUnshuffle")
def pixel_unshuffle(x: Array, *, factor: int) -> Array:
    """(..., C, H·r, W·r) as (..., C·r², H, W).

    Example:
        >>> pixel_unshuffle(np.arange(4.0).reshape(1, 2, 2), factor=2).ravel()
        array([0., 1., 2., 3.])
    """
    *lead, channels, height, width = x.shape
    low, narrow = height // factor, width // factor
    parts = x.reshape(*lead, channels, low, factor, narrow, factor)
    moved = np.moveaxis(parts, (-3, -1), (-4, -3))  # (..., C, r, r, H, W)
    return ordered_as(moved.reshape(*lead, channels * factor * factor, low, narrow), x)


pixel_shuffle.defvjp(0, lambda g, x, *, factor: pixel_unshuffle(g, factor=factor))
pixel_unshuffle.defvjp(0, lambda g, x, *, factor: pixel_shuffle(g, factor=factor))


@primitive("ChannelShuffle")
def channel_shuffle(x: Array, *, groups: int) -> Array:
    """(N, g·C, ...) with the channels of the groups in turn.

    Example:
        >>> channel_shuffle(np.arange(4.0).reshape(1, 4, 1), groups=2).ravel()
        array([0., 2., 1., 3.])
    """
    parts = x.reshape(x.shape[0], groups, x.shape[1] // groups, *x.shape[2:])
    return ordered_as(parts.swapaxes(1, 2).reshape(x.shape), x)


channel_shuffle.defvjp(0, lambda g, x, *, groups: channel_shuffle(g, groups=x.shape[1] // groups if x.shape[1] else 1))
