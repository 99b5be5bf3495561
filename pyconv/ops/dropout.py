"""The noise of dropout, and dropout that hands out its mask.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.random`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import primitive
from pyconv.meta import Meta, asarray
from pyconv.ops.layout import new_like
from pyconv.random.generator import Generator
from pyconv.size import contiguous_format

Array = np.ndarray[Any, Any]

_ALPHA = 1.7580993408473766
"""SELU's scale times its alpha: minus the value to which it saturates.

G. Klambauer et al., "Self-Normalizing Neural Networks", 2017.
"""


def noise(x: Array, p: float, *, features: bool, source: Generator) -> Array:
    """Ones, and zeros with probability `p`, for each element of `x` or for each channel.

    Raises:
        RuntimeError: channels are asked of an array without them.
        NotImplementedError: `x` is complex.
    """
    if isinstance(x, Meta):
        source = source.clone_state()
    if not features:
        return source.fill_bernoulli(new_like(x, x.dtype), 1 - p)
    if x.ndim < 2:
        raise RuntimeError("Feature dropout requires at least 2 dimensions in the input")
    one = (slice(None), slice(None), *[slice(1)] * (x.ndim - 2))
    return source.fill_bernoulli(new_like(x[one], x.dtype, contiguous_format), 1 - p)


def scaled(kept: Array, p: float) -> Array:
    """The noise that leaves the mean as it is.

    Raises:
        RuntimeError: the dtype is no float.
    """
    _check_float(kept)
    return _in_steps(kept, lambda values, wide: values / wide(1 - p))


def scaled_and_shifted(kept: Array, p: float) -> tuple[Array, Array]:
    """The factor and the summand that leave mean and variance as they are, for values that saturate below.

    Raises:
        RuntimeError: the dtype is no float.
    """
    _check_float(kept)
    a = 1 / math.sqrt((_ALPHA * _ALPHA * p + 1) * (1 - p))
    shift = _in_steps(
        kept,
        lambda values, wide: values + wide(-1),
        lambda values, wide: values * wide(_ALPHA * a),
        lambda values, wide: values + wide(_ALPHA * a * p),
    )
    return _in_steps(kept, lambda values, wide: values * wide(a)), shift


def _in_steps(values: Array, *steps: Any) -> Array:
    """Each step computed in the dtype's arithmetic and rounded to it."""
    wide = dtypes.accumulation(values.dtype)
    for step in steps:
        values = asarray(step(values.astype(wide), wide.type)).astype(values.dtype)
    return values


def _check_float(kept: Array) -> None:
    kind = dtypes.of(kept)
    if dtypes.category(kind) < 2:
        real = dtypes.get_default_dtype().scalar_name
        raise RuntimeError(f"result type {real} can't be cast to the desired output type {kind.scalar_name}")


@primitive("NativeDropout")
def native(x: Array, *, mask: Array, scale: float) -> Array:
    """`x` where the mask is set, scaled, and zero elsewhere."""
    return _in_steps(x, lambda values, wide: values * mask, lambda values, wide: values * wide(scale))


@primitive("NativeDropoutBackward")
def native_backward(g: Array, *, mask: Array, scale: float) -> Array:
    """The cotangent of `native`'s operand."""
    return _in_steps(g, lambda values, wide: values * mask, lambda values, wide: values * wide(scale))


native.defvjp(0, lambda g, x, *, mask, scale: native_backward(g, mask=mask, scale=scale))
native_backward.defvjp(0, lambda h, g, *, mask, scale: native_backward(h, mask=mask, scale=scale))
