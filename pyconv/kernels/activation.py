"""Activations of single numbers, and their derivatives: ndarray → ndarray.

Each pair is `name(x, …)` and `name_slope(x, …)`. At a corner the slope is the one that torch takes. May import: NumPy,
`pyconv.kernels`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.kernels.pieces import blockwise
from pyconv.kernels.select import chosen, either, kept

Array = np.ndarray[Any, Any]

_SIXTH = float(np.float32(1 / 6))
"""Torch has the constant in single precision, for double precision too."""
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


def hardtanh(x: Array, low: float, high: float) -> Array:
    """min(max(x, low), high)."""
    return np.clip(x, x.dtype.type(low), x.dtype.type(high))


@blockwise
def hardtanh_slope(x: Array, low: float, high: float) -> Array:
    """1 strictly between the bounds."""
    return (~((x <= low) | (x >= high))).astype(x.dtype)


@blockwise
def leaky_relu(x: Array, negative_slope: float) -> Array:
    """X where it is positive, else x · negative_slope."""
    return chosen(x > 0, x, x * negative_slope)


@blockwise
def leaky_relu_slope(x: Array, negative_slope: float) -> Array:
    """1 where x is positive, else negative_slope."""
    return either(x > 0, 1, negative_slope, x.dtype)


@blockwise
def elu(x: Array, alpha: float, scale: float, input_scale: float) -> Array:
    """Scale · x from 0 on, else alpha · scale · (exp(input_scale · x) - 1)."""
    below = np.minimum(x, 0)
    below *= input_scale
    return chosen(x < 0, np.expm1(below, out=below) * (alpha * scale), x * scale)


@blockwise
def elu_slope(x: Array, alpha: float, scale: float, input_scale: float) -> Array:
    """The derivative of `elu`, at 0 from the left."""
    steep = alpha * scale * input_scale
    found = np.minimum(x, 0)
    found *= input_scale
    np.exp(found, out=found)
    found *= steep
    return chosen(x <= 0, found, np.full_like(x, scale))


@blockwise
def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)); an exponential that overflows gives 0."""
    found = np.exp(-x)
    found += 1
    return np.reciprocal(found, out=found)


@blockwise
def silu(x: Array) -> Array:
    """X · sigmoid(x)."""
    found = np.exp(-x)
    found += 1
    return np.divide(x, found, out=found)


@blockwise
def silu_slope(x: Array) -> Array:
    """The derivative of `silu`."""
    s = sigmoid(x)
    return s * (1 + x * (1 - s))


@blockwise
def softplus(x: Array, beta: float, threshold: float) -> Array:
    """log(1 + exp(beta · x)) / beta, x itself where beta · x is above the threshold."""
    scaled = x * beta
    return chosen(scaled > threshold, x, _log1p_exp(scaled) / beta)


def _log1p_exp(x: Array) -> Array:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


@blockwise
def softplus_slope(x: Array, beta: float, threshold: float) -> Array:
    """The derivative of `softplus`."""
    scaled = x * beta
    return chosen(scaled > threshold, np.ones_like(x), sigmoid(scaled))


@blockwise
def log_sigmoid(x: Array) -> Array:
    """log(sigmoid(x))."""
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))


@blockwise
def log_sigmoid_slope(x: Array) -> Array:
    """The derivative of `log_sigmoid`."""
    return sigmoid(-x)


@blockwise
def mish(x: Array) -> Array:
    """X · tanh(softplus(x))."""
    return x * _tanh_softplus(x)[0]


@blockwise
def mish_slope(x: Array) -> Array:
    """The derivative of `mish`."""
    value, steep = _tanh_softplus(x)
    return value + x * sigmoid(x) * steep


def _tanh_softplus(x: Array) -> tuple[Array, Array]:
    """tanh(softplus(x)) and 1 - its square, from u = sigmoid(-x): (1 - u²) / (1 + u²) without cancellation."""
    u = sigmoid(-x)
    both = 1 + u * u
    return sigmoid(x) * (1 + u) / both, (2 * u / both) ** 2


@blockwise
def hardsigmoid(x: Array) -> Array:
    """min(max(x + 3, 0), 6) / 6."""
    return np.clip(x + 3, 0, 6) / 6


@blockwise
def hardsigmoid_slope(x: Array) -> Array:
    """1/6 strictly between -3 and 3."""
    return either((x > -3) & (x < 3), _SIXTH, 0, x.dtype)


@blockwise
def hardswish(x: Array) -> Array:
    """X · min(max(x + 3, 0), 6) / 6."""
    return x * np.clip(x + 3, 0, 6) / 6


@blockwise
def hardswish_slope(x: Array) -> Array:
    """The derivative of `hardswish`."""
    middle = chosen(x < 3, x / 3 + x.dtype.type(0.5), np.ones_like(x))
    return kept(~(x <= -3), middle)


@blockwise
def hardshrink(x: Array, lambd: float) -> Array:
    """X, but 0 within lambd of 0."""
    return kept(~((x >= -lambd) & (x <= lambd)), x)


@blockwise
def shrink_slope(x: Array, lambd: float) -> Array:
    """1, but 0 within lambd of 0."""
    return (~((x >= -lambd) & (x <= lambd))).astype(x.dtype)


@blockwise
def softshrink(x: Array, lambd: float) -> Array:
    """X moved towards 0 by lambd, and 0 within lambd of 0."""
    bound = x.dtype.type(lambd)
    return chosen(x > bound, x - bound, chosen(x < -bound, x + bound, x * 0))


@blockwise
def threshold(x: Array, threshold: float, value: float) -> Array:
    """X where it is above the threshold, else value."""
    return chosen(x <= threshold, np.full_like(x, value), x)


@blockwise
def threshold_slope(x: Array, threshold: float, value: float) -> Array:  # noqa: ARG001
    """1 where x is above the threshold."""
    return (~(x <= threshold)).astype(x.dtype)


_GELU_LINEAR = math.sqrt(2 / math.pi)
_GELU_CUBIC = 0.044715


@blockwise
def gelu_tanh(x: Array) -> Array:
    """The tanh approximation of x · Φ(x)."""
    return 0.5 * x * (1 + np.tanh(_GELU_LINEAR * (x + _GELU_CUBIC * x * x * x)))


@blockwise
def gelu_tanh_slope(x: Array) -> Array:
    """The derivative of `gelu_tanh`."""
    t = np.tanh(_GELU_LINEAR * (x + _GELU_CUBIC * x * x * x))
    inner = _GELU_LINEAR * (1 + 3 * _GELU_CUBIC * x * x)
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * inner
