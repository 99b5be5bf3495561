"""Activations as ops: one kernel forward, one backward, and the curvature for second derivatives.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.kernels`, `pyconv.ops`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.kernels import activation as kernels
from pyconv.kernels import gelu as gelu_kernels
from pyconv.kernels.memory_order import ordered_as
from pyconv.kernels.pieces import blockwise
from pyconv.kernels.select import chosen
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, add, mul, neg, refuse, sub, where
from pyconv.ops.cast import array_of, conj
from pyconv.ops.elementwise import flat, kind_of, widened
from pyconv.ops.index import put, take
from pyconv.ops.layout import contiguous
from pyconv.ops.shape import sum_to
from pyconv.ops.unary import exp, sigmoid, tanh

Array = np.ndarray[Any, Any]
Kernel = Callable[..., Any]
INTEGERS = (dtypes.uint8, dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64)
NOT_FLOATING = (dtypes.bool_, *INTEGERS, *BAREBONES, *COMPLEX)


def activation(name: str, value: Kernel, slope: Kernel, bend: Kernel | None = None) -> Primitive:
    """The op of an activation.

    Args:
        name: torch's, of the node.
        value: ndarray → ndarray.
        slope: its derivative, ndarray → ndarray.
        bend: its second derivative, of primitives; None where it is zero almost everywhere.
    """
    times = blockwise(lambda g, x, **static: g * slope(x, **static))
    back = Primitive(widened(times), f"{name}Backward", False)
    back.defvjp(0, lambda h, g, x, **static: back(h, x, **static), saves=(1,))
    if bend is None:
        back.defvjp(1, lambda h, g, x, **static: flat(h))
    else:
        back.defvjp(1, lambda h, g, x, **static: mul(mul(h, g), conj(bend(x, **static))), saves=(0, 1))
    op = Primitive(widened(lambda x, **static: ordered_as(value(x, **static), x)), name, False)
    op.defvjp(0, lambda g, x, **static: back(g, x, **static), saves=(0,))
    return op


def _elu_bend(x: Any, *, alpha: float, scale: float, input_scale: float) -> Any:
    below = mul(exp(mul(x, input_scale)), alpha * scale * input_scale**2)
    return where(array_of(x) < 0, below, 0)


def _silu_bend(x: Any) -> Any:
    s = sigmoid(x)
    rest = sub(1, s)
    return mul(mul(s, rest), add(mul(x, sub(rest, s)), 2))


def _softplus_bend(x: Any, *, beta: float, threshold: float) -> Any:
    s = sigmoid(mul(x, beta))
    return where(array_of(x) * beta > threshold, 0, mul(mul(s, sub(1, s)), beta))


def _log_sigmoid_bend(x: Any) -> Any:
    s = sigmoid(x)
    return neg(mul(s, sub(1, s)))


def _mish_bend(x: Any) -> Any:
    t, s = tanh(softplus(x, beta=1.0, threshold=math.inf)), sigmoid(x)
    inner = add(mul(x, sub(sub(1, s), mul(mul(t, s), 2))), 2)
    return mul(mul(sub(1, mul(t, t)), s), inner)


def _hardswish_bend(x: Any) -> Any:
    array = array_of(x)
    return np.where(np.abs(array) < 3, array.dtype.type(1 / 3), array.dtype.type(0))


hardtanh = activation("Hardtanh", kernels.hardtanh, kernels.hardtanh_slope)
leaky_relu = activation("LeakyRelu", kernels.leaky_relu, kernels.leaky_relu_slope)
rrelu_eval = activation("RreluWithNoise", kernels.leaky_relu, kernels.leaky_relu_slope)
elu = activation("Elu", kernels.elu, kernels.elu_slope, _elu_bend)
celu = activation("Celu", kernels.elu, kernels.elu_slope, _elu_bend)
silu = activation("Silu", kernels.silu, lambda x: np.conj(kernels.silu_slope(x)), _silu_bend)
softplus = activation("Softplus", kernels.softplus, kernels.softplus_slope, _softplus_bend)
log_sigmoid = activation("LogSigmoid", contiguous(kernels.log_sigmoid), kernels.log_sigmoid_slope, _log_sigmoid_bend)
mish = activation("Mish", kernels.mish, kernels.mish_slope, _mish_bend)
hardsigmoid = activation("Hardsigmoid", kernels.hardsigmoid, kernels.hardsigmoid_slope)
hardswish = activation("Hardswish", kernels.hardswish, kernels.hardswish_slope, _hardswish_bend)
hardshrink = activation("Hardshrink", kernels.hardshrink, kernels.shrink_slope)
softshrink = activation("Softshrink", kernels.softshrink, kernels.shrink_slope)
threshold = activation("Threshold", kernels.threshold, kernels.threshold_slope)


def _gelu_bend(x: Any) -> Any:
    square = mul(x, x)
    return mul(mul(exp(mul(square, -0.5)), sub(2, square)), 1 / math.sqrt(2 * math.pi))


def _gelu_tanh_bend(x: Any) -> Any:
    linear, cubic = math.sqrt(2 / math.pi), 0.044715
    square = mul(x, x)
    t = tanh(mul(mul(x, add(mul(square, cubic), 1)), linear))
    inner = mul(add(mul(square, 3 * cubic), 1), linear)
    steep = sub(1, mul(t, t))
    curve = sub(mul(x, 3 * cubic * linear), mul(mul(inner, inner), t))
    return mul(steep, add(inner, mul(x, curve)))


gelu = activation("Gelu", gelu_kernels.gelu, gelu_kernels.gelu_slope, _gelu_bend)
gelu_tanh = activation("Gelu", kernels.gelu_tanh, kernels.gelu_tanh_slope, _gelu_tanh_bend)


@primitive("RreluWithNoise")
@contiguous
def rrelu(x: Array, *, noise: Array) -> Array:
    """X times the noise, rounded once."""
    return (x * noise).astype(x.dtype)


rrelu.defvjp(0, lambda g, x, *, noise: rrelu(g, noise=noise.astype(x.dtype)))


@primitive("PreluKernel")
def _prelu(x: Array, w: Array) -> Array:
    return chosen(x > 0, x, np.asarray(x * w))


@primitive("PreluKernelBackward")
def _prelu_back(g: Array, x: Array, w: Array) -> Array:
    return chosen(x > 0, g, np.asarray(g * w))


# at zero torch's second derivatives are those from the right
_prelu_back.defvjp(0, lambda h, g, x, w: where(array_of(x) >= 0, h, mul(h, w)), saves=(1, 2))
_prelu_back.defvjp(2, lambda h, g, x, w: sum_to(where(array_of(x) >= 0, 0, mul(h, g)), w.shape), saves=(0, 1))
_prelu.defvjp(0, lambda g, x, w: _prelu_back(g, x, w), saves=(0, 1))
_prelu.defvjp(1, lambda g, x, w: sum_to(mul(g, where(array_of(x) >= 0, 0, x)), w.shape), saves=(0,))


def prelu(x: Any, w: Any) -> Any:
    """X where it is positive, else x · w, for weights that broadcast.

    Raises:
        NotImplementedError: torch has no kernel for the dtype.
    """
    refuse("prelu_cpu", kind_of(x), NOT_FLOATING)
    return _prelu(x, w)


def _halves(ndim: int, axis: int, size: int) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    whole = [slice(None)] * ndim
    first, second = list(whole), list(whole)
    first[axis], second[axis] = slice(0, size // 2), slice(size // 2, size)
    return tuple(first), tuple(second)


def _glu_kernel(x: Array, *, axis: int) -> Array:
    first, second = _halves(x.ndim, axis, x.shape[axis])
    return _gated(x[first], x[second])


@blockwise
def _gated(x: Array, gate: Array) -> Array:
    return x * kernels.sigmoid(gate)


glu = Primitive(widened(_glu_kernel), "Glu", False)


@blockwise
def _gate_back_kernel(g: Array, a: Array, s: Array) -> Array:
    return (1 - s) * s * g * a


_gate_back = Primitive(widened(_gate_back_kernel), "GluBackward", False)
"""The cotangent of what opens the gate, from that of the result, what goes through, and how far it is open."""

_gate_back.defvjp(0, lambda h, g, a, s: _gate_back(h, a, s), saves=(1, 2))
_gate_back.defvjp(1, lambda h, g, a, s: _gate_back(h, g, s), saves=(0, 2))
_gate_back.defvjp(2, lambda h, g, a, s: mul(mul(mul(h, g), a), sub(1, mul(s, 2))), saves=(0, 1, 2))


def _glu_vjp(g: Any, x: Any, *, axis: int) -> Any:
    shape = tuple(array_of(x).shape)
    first, second = _halves(len(shape), axis, shape[axis])
    a, b = take(x, index=first), take(x, index=second)
    s = sigmoid(b)
    to_gate = _gate_back(g, a, s)
    return add(put(mul(g, s), index=first, shape=shape), put(to_gate, index=second, shape=shape))


glu.defvjp(0, _glu_vjp, saves=(0,))
