"""Discrete Fourier transforms over several dimensions, without norm: of complex numbers, to half a spectrum and back.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive
from pyconv.ops.arithmetic import mul
from pyconv.ops.index import put, take

Array = np.ndarray[Any, Any]
Axes = tuple[int, ...]


def _scaled(y: Array, scale: float, dtype: Any) -> Array:
    return (y if scale == 1 else y * scale).astype(dtype, copy=False)


def _complex(x: Array) -> Any:
    return np.complex64 if x.dtype in (np.float32, np.complex64) else np.complex128


@primitive("FftC2C")
def transform(x: Array, *, axes: Axes, forward: bool, scale: float) -> Array:
    """The transform of complex numbers, or its inverse, times a factor."""
    found = np.fft.fftn(x, axes=axes) if forward else np.fft.ifftn(x, axes=axes, norm="forward")
    return _scaled(found, scale, x.dtype)


transform.defvjp(0, lambda g, x, *, axes, forward, scale: transform(g, axes=axes, forward=not forward, scale=scale))


@primitive("FftR2C")
def from_real(x: Array, *, axes: Axes, half: bool, scale: float) -> Array:
    """The transform of real numbers; of the last of `axes`, `half` the spectrum."""
    found = np.fft.rfftn(x, axes=axes) if half else np.fft.fftn(x, axes=axes)
    return _scaled(found, scale, _complex(x))


@primitive("Real")
def real(x: Array) -> Array:
    """The real part of complex numbers."""
    return x.real.copy()


real.defvjp(0, lambda g, x: mul(g, np.ones((), x.dtype)))


def _from_real_vjp(g: Any, x: Any, *, axes: Axes, half: bool, scale: float) -> Any:
    if half:
        axis = axes[-1]
        shape = (*g.shape[:axis], x.shape[axis], *g.shape[axis + 1 :])
        g = put(g, index=(*(slice(None),) * axis, slice(0, g.shape[axis])), shape=shape)
    return real(transform(g, axes=axes, forward=False, scale=scale))


from_real.defvjp(0, _from_real_vjp)


@primitive("FftC2R")
def to_real(x: Array, *, axes: Axes, size: int, scale: float) -> Array:
    """The inverse transform of half a spectrum over the last of `axes`, to `size` real numbers there."""
    sizes = [*(x.shape[axis] for axis in axes[:-1]), size]
    return _scaled(np.fft.irfftn(x, sizes, axes=axes, norm="forward"), scale, x.real.dtype)


def _to_real_vjp(g: Any, x: Any, *, axes: Axes, size: int, scale: float) -> Any:
    """What stands for two of the spectrum counts twice."""
    count = x.shape[axes[-1]]
    times = np.ones(count, x.dtype)
    times[1 : 1 + size - count] = 2
    found = from_real(g, axes=axes, half=True, scale=scale)
    return mul(found, times.reshape(-1, *(1,) * (len(x.shape) - 1 - axes[-1])))


to_real.defvjp(0, _to_real_vjp)


def resized(x: Any, sizes: dict[int, int]) -> Any:
    """`x` cut, or filled up with zeros at the end, to these sizes of dimensions."""
    for axis, size in sizes.items():
        have = x.shape[axis]
        inner = (*(slice(None),) * axis, slice(0, min(size, have)))
        if size < have:
            x = take(x, index=inner)
        elif size > have:
            x = put(x, index=inner, shape=(*x.shape[:axis], size, *x.shape[axis + 1 :]))
    return x
