"""Which results lie with their channels next to one another in memory, as torch lays them.

The order is seen where elements are drawn at random one after the other, and in strides. May import: NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def suggests_channels_last(x: Array) -> bool:
    """Whether torch takes the strides of a batch of images or volumes for channels that come last.

    Strides alone decide, gaps between elements do not matter; of strides that would do for both orders, those of
    one channel or of one pixel, the contiguous ones do not count.

    Example:
        >>> images = np.zeros((2, 4, 5, 3))
        >>> suggests_channels_last(images), suggests_channels_last(images.transpose(0, 3, 1, 2))
        (False, True)
    """
    if x.ndim not in (4, 5) or not x.size or not x.strides[1] or x.strides[-1] < x.strides[1]:
        return False
    least = 0
    for axis in (1, *range(x.ndim - 1, 1, -1), 0):
        stride = x.strides[axis]
        if stride < least or (axis == 0 and least == x.strides[1]):
            return False
        least = stride * x.shape[axis]
    return True


def is_laid_channels_last(x: Array) -> bool:
    """Whether batch normalization lays its result with channels last: where the elements lie so, or strides say so.

    Example:
        >>> x = np.zeros((1, 3, 2, 1)).transpose(0, 2, 1, 3)
        >>> is_laid_channels_last(x), suggests_channels_last(x)
        (True, False)
    """
    if x.flags.c_contiguous:
        return False
    if x.ndim in (4, 5) and bool(np.moveaxis(x, 1, -1).flags.c_contiguous):
        return True
    return suggests_channels_last(x)


def channels_last(x: Array) -> Array:
    """The values with channels next to one another: a view where they lie so.

    Example:
        >>> channels_last(np.zeros((2, 3, 1, 4), np.int8)).strides
        (12, 1, 12, 3)
    """
    moved: Array = np.moveaxis(x, 1, -1)
    # reshaped twice for the strides of axes of length one
    moved = np.ascontiguousarray(moved).reshape(-1).reshape(moved.shape)
    return np.moveaxis(moved, -1, 1)


def ordered_as(values: Array, like: Array) -> Array:
    """Values in the order that the strides of an array of their rank suggest, if that is channels last.

    Example:
        >>> ordered_as(np.zeros((1, 2, 3, 4), np.int8), np.zeros((1, 3, 4, 2)).transpose(0, 3, 1, 2)).strides
        (24, 1, 8, 2)
    """
    return channels_last(values) if suggests_channels_last(like) else values
