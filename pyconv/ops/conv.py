"""The three maps of a convolution as primitives: the derivatives of each are made of the other two.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import primitive
from pyconv.geometry import Conv
from pyconv.kernels import conv as kernels
from pyconv.kernels.bounds import Bounds
from pyconv.kernels.memory_order import channels_last, suggests_channels_last
from pyconv.ops.cast import conj
from pyconv.ops.reduce import total

Array = np.ndarray[Any, Any]


@primitive("Convolution")
def conv(x: Array, w: Array, b: Array | None, *, geometry: Conv) -> Array:
    """The convolution plus a bias: (N, C, *input), (O, C/G, *kernel), (O,) → (N, O, *output)."""
    return _ordered(kernels.forward(x, w, b, geometry), x, w)


@primitive("Convolution")
def bounded_conv(x: Array, w: Array, b: Array | None, *, geometry: Conv, bounds: Bounds) -> Array:
    """The convolution plus a bias, cut off at bounds; there is no gradient."""
    return _ordered(kernels.forward(x, w, b, geometry, bounds), x, w)


def _ordered(y: Array, x: Array, w: Array) -> Array:
    """A result with its channels last where torch puts them there, of volumes in double precision it does not."""
    if y.ndim == 5 and y.dtype == np.float64:
        return y
    return channels_last(y) if suggests_channels_last(x) or suggests_channels_last(w) else y


@primitive("ConvolutionInputGrad")
def conv_input_grad(gy: Array, w: Array, *, geometry: Conv) -> Array:
    """The gradient with respect to x: (N, O, *output), (O, C/G, *kernel) → (N, C, *input)."""
    return _ordered(kernels.input_grad(gy, w, geometry), gy, w)


@primitive("ConvolutionWeightGrad")
def conv_weight_grad(x: Array, gy: Array, *, geometry: Conv) -> Array:
    """The gradient with respect to w: (N, C, *input), (N, O, *output) → (O, C/G, *kernel)."""
    return _ordered(kernels.weight_grad(x, gy, geometry), x, gy)


@primitive("Zeros")
def _zeros_like(g: Array, *, shape: tuple[int, ...]) -> Array:
    return np.zeros(shape, g.dtype)


@primitive("ConvolutionBiasGrad")
def _no_bias_grad(gy: Array, *, size: int) -> Array:
    """The gradient with respect to the bias of a convolution without input channels, which uses none."""
    return np.zeros(size, gy.dtype)


def _channel_sum(g: Any, x: Any, w: Any, b: Any, *, geometry: Conv) -> Any:
    return total(g, (0, *range(2, 2 + geometry.window.ndim)))


def _bias_grad(g: Any, x: Any, w: Any, b: Any, *, geometry: Conv) -> Any:
    if not geometry.in_channels:
        return _no_bias_grad(g, size=geometry.out_channels)
    return _channel_sum(g, x, w, b, geometry=geometry)


conv.defvjp(0, lambda g, x, w, b, *, geometry: conv_input_grad(g, conj(w), geometry=geometry), saves=(1,))
conv.defvjp(1, lambda g, x, w, b, *, geometry: conv_weight_grad(conj(x), g, geometry=geometry), saves=(0,))
conv.defvjp(2, _bias_grad)

conv_input_grad.defvjp(0, lambda g, gy, w, *, geometry: conv(g, conj(w), None, geometry=geometry), saves=(1,))
conv_input_grad.defvjp(1, lambda g, gy, w, *, geometry: conv_weight_grad(g, conj(gy), geometry=geometry), saves=(0,))

conv_weight_grad.defvjp(0, lambda g, x, gy, *, geometry: conv_input_grad(conj(gy), g, geometry=geometry), saves=(1,))
conv_weight_grad.defvjp(1, lambda g, x, gy, *, geometry: conv(conj(x), g, None, geometry=geometry), saves=(0,))

_no_bias_grad.defvjp(0, lambda g, gy, *, size: _zeros_like(g, shape=gy.shape))


@primitive("Convolution")
def conv_transpose(x: Array, w: Array, b: Array | None, *, geometry: Conv) -> Array:
    """The transposed convolution: the input gradient of `geometry`, plus a bias, rounded once.

    (N, O, *output), (O, C/G, *kernel), (C,) → (N, C, *input) in the letters of the convolution that it transposes.
    """
    if b is None:
        return _ordered(kernels.input_grad(x, w, geometry), x, w)
    y = kernels.input_grad(x, w, geometry, dtypes.accumulation(x.dtype))
    y += b.reshape(-1, *(1 for _ in geometry.input))
    return _ordered(y.astype(x.dtype, copy=False), x, w)


conv_transpose.defvjp(0, lambda g, x, w, b, *, geometry: conv(g, conj(w), None, geometry=geometry), saves=(1,))
conv_transpose.defvjp(1, lambda g, x, w, b, *, geometry: conv_weight_grad(g, conj(x), geometry=geometry), saves=(0,))
conv_transpose.defvjp(2, _channel_sum)
