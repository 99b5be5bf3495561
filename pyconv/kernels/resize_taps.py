"""The taps of every way of resizing, with the index arithmetic of torch's CPU kernels.

A position is worked out in the dtype of the computation, the product and the sum rounded together, as compiled code
does with a fused multiplication and addition. May import: NumPy, `pyconv.kernels`.

After R. Keys, "Cubic convolution interpolation for digital image processing", IEEE Trans. ASSP 29 (1981), and, with
antialiasing, the convolution resampling of the Python Imaging Library.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv.kernels.resize import Taps

Array = np.ndarray[Any, Any]
Float = np.dtype[Any]
_F32 = np.dtype(np.float32)


def _scale(size: int, length: int, factor: float | None, dtype: Float) -> Any:
    """How far the input moves for one step of the result: from the user's factor where there is one."""
    if factor is not None and factor > 0:
        return dtype.type(1.0 / factor)
    return dtype.type(dtype.type(size) / dtype.type(length))


def _scale_by_corners(size: int, length: int, factor: float | None, corners: bool, dtype: Float) -> Any:
    if not corners:
        return _scale(size, length, factor, dtype)
    return dtype.type(size - 1) / dtype.type(length - 1) if length > 1 else dtype.type(0)


def _positions(scale: Any, length: int, corners: bool, dtype: Float) -> Array:
    """Where in the input each element of the result lies."""
    to = np.arange(length, dtype=np.float64)
    exact = float(scale) * to if corners else float(scale) * (to + 0.5) - 0.5
    return exact.astype(dtype)


@functools.lru_cache(maxsize=256)
def nearest(size: int, length: int, factor: float | None, dtype: Float, plain: bool) -> Taps:
    """One element of the input for each of the result, looked for from its low edge.

    Args:
        size: of the input.
        length: of the result.
        factor: the user's scale factor, or None.
        dtype: of the computation.
        plain: whether the kernel is the one that takes single precision, and factors 1 and 2 without it.
    """
    to = np.arange(length)
    if plain and length in (size, 2 * size):
        found = to * size // length
    else:
        scale = _scale(size, length, factor, _F32 if plain else dtype)
        found = np.floor((to.astype(scale.dtype) * scale).astype(np.float32)).astype(np.intp)
    return Taps(size, np.minimum(found, size - 1)[None], None)


@functools.lru_cache(maxsize=256)
def nearest_exact(size: int, length: int, factor: float | None, dtype: Float, plain: bool) -> Taps:
    """One element of the input for each of the result, the one nearest to its middle; arguments as of `nearest`."""
    scale = _scale(size, length, factor, _F32 if plain else dtype)
    if plain:
        position = (np.arange(length) + 0.5) * float(scale)
    else:
        position = np.maximum(_positions(scale, length, False, dtype), 0).astype(np.float64) + 0.5
    found = np.floor(position.astype(np.float32)).astype(np.intp)
    return Taps(size, np.minimum(found, size - 1)[None], None)


@functools.lru_cache(maxsize=256)
def linear(size: int, length: int, factor: float | None, corners: bool, dtype: Float) -> Taps:
    """The two elements of the input around each of the result.

    Args:
        size: of the input.
        length: of the result.
        factor: the user's scale factor, or None.
        corners: whether the middles of the first and last elements fall together, rather than their outer edges.
        dtype: of the computation.

    Example:
        >>> taps = linear(3, 6, None, False, np.dtype(np.float32))
        >>> taps.index[0].tolist(), taps.weight[1].tolist()
        ([0, 0, 0, 1, 1, 2], [0.0, 0.25, 0.75, 0.25, 0.75, 0.25])
    """
    if size == length:
        low = high = np.arange(size)
        part = np.zeros(size, dtype)
    else:
        scale = _scale_by_corners(size, length, factor, corners, dtype)
        position = np.maximum(_positions(scale, length, corners, dtype), 0)
        low = np.minimum(position.astype(np.intp), size - 1)
        high = np.minimum(low + 1, size - 1)
        part = position - low.astype(dtype)
    return Taps(size, np.stack([low, high]), np.stack([1 - part, part]))


def _fused(a: Array | float, b: Array, c: float) -> Array:
    """The sum of a · b and c, in single precision rounded once."""
    return np.asarray(np.multiply(a, b, dtype=np.float64) + c).astype(b.dtype)


def _near(x: Array, a: float) -> Array:
    """Keys' cubic at a distance x of at most 1, less 1, over x."""
    return _fused(a + 2, x, -(a + 3)) * x


def _far(x: Array, a: float) -> Array:
    """Keys' cubic at a distance x from 1 to 2, plus 4a, over x."""
    return _fused(_fused(a, x, -5 * a), x, 8 * a)


def keys_weights(part: Array) -> tuple[Array, Array, Array, Array]:
    """The weights of the four elements around a position that lies `part` after the second, with a = -0.75.

    The steps are fused where torch's compiler fuses them.
    """
    a, rest = -0.75, 1 - part
    far = [_far(x, a) * x - 4 * a for x in (part + 1, rest + 1)]
    near = [_near(x, a) * x + 1 for x in (part, rest)]
    return far[0], near[0], near[1], far[1]


def _split(position: Array, size: int) -> tuple[Array, Array]:
    """The whole part of a position, inside the input, and what is left, from 0 to 1."""
    low = np.minimum(np.floor(position).astype(np.intp), size - 1)
    return low, np.clip(position - low.astype(position.dtype), 0, 1)


@functools.lru_cache(maxsize=256)
def cubic(size: int, length: int, factor: float | None, corners: bool, dtype: Float) -> Taps:
    """The four elements of the input around each of the result, by Keys' cubic; arguments as of `linear`."""
    scale = _scale_by_corners(size, length, factor, corners, dtype)
    low, part = _split(_positions(scale, length, corners, dtype), size)
    index = np.clip(low + np.arange(-1, 3)[:, None], 0, size - 1)
    return Taps(size, index, np.stack(keys_weights(part)))


def _triangle(x: Array) -> Array:
    return np.maximum(1 - np.abs(x), 0).astype(x.dtype)


def _keys(x: Array) -> Array:
    """Keys' cubic with a = -0.5, its last step fused, which it is not without antialiasing."""
    x, a = np.abs(x), -0.5
    return np.where(x < 1, _fused(_near(x, a), x, 1), np.where(x < 2, _fused(_far(x, a), x, -4 * a), 0)).astype(x.dtype)


def _lanczos(x: Array) -> Array:
    """Lanczos' window of three lobes."""
    wide = x.astype(np.float64)
    return np.where(np.abs(wide) < 3, np.sinc(wide) * np.sinc(wide / 3), 0).astype(x.dtype)


FILTERS: dict[str, tuple[int, Callable[[Array], Array]]] = {
    "bilinear": (2, _triangle),
    "bicubic": (4, _keys),
    "lanczos": (6, _lanczos),
}
"""The filters of antialiasing: how wide each is, and its values."""


@functools.lru_cache(maxsize=256)
def antialiased(size: int, length: int, factor: float | None, corners: bool, dtype: Float, mode: str) -> Taps:
    """All elements of the input under a filter as wide as an element of the result.

    Args:
        size: of the input.
        length: of the result.
        factor: the user's scale factor, or None.
        corners: how the scale is worked out.
        dtype: of the computation.
        mode: 'bilinear', 'bicubic' or 'lanczos'.
    """
    width, values = FILTERS[mode]
    scale = _scale_by_corners(size, length, factor, corners, dtype)
    support = dtype.type(width * 0.5 * float(scale)) if scale >= 1 else dtype.type(width * 0.5)
    shrink = dtype.type(1.0 / float(scale)) if scale >= 1 else dtype.type(1)
    most = math.ceil(support) * 2 + 1
    center = (float(scale) * (np.arange(length) + 0.5)).astype(dtype)
    first = np.maximum(np.trunc((center - support).astype(np.float64) + 0.5).astype(np.intp), 0)
    last = np.minimum(np.trunc((center + support).astype(np.float64) + 0.5).astype(np.intp), size)
    count = np.clip(last - first, 0, most)
    index = first + np.arange(most)[:, None]
    distance = ((index.astype(dtype) - center).astype(np.float64) + 0.5) * float(shrink)
    weight = np.where(np.arange(most)[:, None] < count, values(distance.astype(dtype)), 0).astype(dtype)
    total = np.add.accumulate(weight, axis=0)[-1]
    weight = weight / np.where(total == 0, 1, total).astype(dtype)
    return Taps(size, np.minimum(index, size - 1), weight, count)
