"""torch's activations that are built in: relu and its kin, each also as an operation in place.

May import: NumPy, `pyconv.dtypes`, `pyconv.random`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.dims import dimension
from pyconv.kernels.activation import SELU_ALPHA, SELU_SCALE
from pyconv.ops import activation as ops
from pyconv.ops import unary
from pyconv.ops.activation import INTEGERS, NOT_FLOATING
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, refuse
from pyconv.ops.cast import array_of, from_number
from pyconv.ops.elementwise import kind_of
from pyconv.ops.shape import reshape
from pyconv.random import Generator, default_generator
from pyconv.signatures import function

__all__ = ["celu", "hardshrink", "prelu", "relu", "rrelu", "selu", "threshold"]


@function("(Tensor input)")
def relu(input: Any) -> Any:
    """max(input, 0), elementwise.

    Raises:
        RuntimeError: `input` is bool.
        NotImplementedError: it is complex.

    Example:
        >>> import numpy as np
        >>> relu(np.array([-1.0, 2.0]))
        array([0., 2.])
    """
    return unary.relu(input)


@function("(Tensor input, Number min_val = -1, Number max_val = 1, *, Tensor out = None)")
def hardtanh(input: Any, min_val: float = -1, max_val: float = 1) -> Any:
    """min(max(input, min_val), max_val), elementwise.

    Raises:
        RuntimeError: `input` is bool, or unsigned with a negative bound.
        NotImplementedError: it is complex.

    Example:
        >>> import numpy as np
        >>> hardtanh(np.array([-3.0, 0.5]))
        array([-1. ,  0.5])
    """
    kind = kind_of(input)
    if kind is dtypes.bool_:
        raise RuntimeError("Bool inputs not supported for hardtanh")
    if kind in COMPLEX:
        raise NotImplementedError("clamp is not supported for complex types")
    if dtypes.category(kind) == 1:
        if not all(abs(bound) < 2**63 for bound in (min_val, max_val)):
            raise RuntimeError("value cannot be converted to type int64_t without overflow")
        min_val, max_val = int(min_val), int(max_val)
        if kind is dtypes.uint8 and min(min_val, max_val) < 0:
            raise RuntimeError("cannot do hardtanh on an unsigned type with negative limits")
    refuse("clamp_scalar_cpu", kind, BAREBONES)
    return ops.hardtanh(input, low=min_val, high=max_val)


@function("(Tensor input)")
def relu6(input: Any) -> Any:
    """min(max(input, 0), 6), elementwise.

    Raises:
        RuntimeError: `input` is bool.
        NotImplementedError: it is complex.
    """
    return hardtanh.raw(input, 0, 6)  # type: ignore[attr-defined]


@function("(Tensor input, Number negative_slope = 0.01, *, Tensor out = None)")
def leaky_relu(input: Any, negative_slope: float = 0.01) -> Any:
    """The input where it is positive, else times `negative_slope`.

    Raises:
        NotImplementedError: no floating-point dtype.
    """
    refuse("leaky_relu_cpu", kind_of(input), NOT_FLOATING)
    return ops.leaky_relu(input, negative_slope=float(negative_slope))


@function("(Tensor input, Number alpha = 1, Number scale = 1, Number input_scale = 1, *, Tensor out = None)")
def elu(input: Any, alpha: float = 1, scale: float = 1, input_scale: float = 1) -> Any:
    """The exponential linear unit (D.-A. Clevert, T. Unterthiner, S. Hochreiter, 2015, arXiv:1511.07289).

    Raises:
        NotImplementedError: no floating-point dtype.
    """
    refuse("elu_cpu", kind_of(input), NOT_FLOATING)
    return ops.elu(input, alpha=float(alpha), scale=float(scale), input_scale=float(input_scale))


@function("(Tensor input)")
def selu(input: Any) -> Any:
    """The scaled exponential linear unit (G. Klambauer and others, 2017, arXiv:1706.02515).

    Raises:
        NotImplementedError: no floating-point dtype.
    """
    refuse("elu_cpu", kind_of(input), NOT_FLOATING)
    return ops.elu(input, alpha=SELU_ALPHA, scale=SELU_SCALE, input_scale=1.0)


@function("(Tensor input, Number alpha = 1.0)")
def celu(input: Any, alpha: float = 1.0) -> Any:
    """The continuously differentiable exponential linear unit (J. T. Barron, 2017, arXiv:1704.07483).

    Raises:
        RuntimeError: `alpha` is zero.
        NotImplementedError: no floating-point dtype.
    """
    if not alpha - 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    refuse("elu_cpu", kind_of(input), NOT_FLOATING)
    return ops.celu(input, alpha=float(alpha), scale=1.0, input_scale=1.0 / float(alpha))


@function("(Tensor input, *, Tensor out = None)")
def silu(input: Any) -> Any:
    """Input · sigmoid(input), the swish.

    Raises:
        NotImplementedError: an integer dtype.
    """
    refuse("silu_cpu", kind_of(input), (dtypes.bool_, *INTEGERS, *BAREBONES))
    return ops.silu(input)


@function("(Tensor input, *, Tensor out = None)")
def mish(input: Any) -> Any:
    """Input · tanh(softplus(input)) (D. Misra, 2019, arXiv:1908.08681).

    Raises:
        NotImplementedError: no floating-point dtype.
    """
    refuse("mish_cpu", kind_of(input), NOT_FLOATING)
    return ops.mish(input)


@function("(Tensor input, *, Tensor out = None)")
def hardsigmoid(input: Any) -> Any:
    """min(max(input + 3, 0), 6) / 6.

    Raises:
        NotImplementedError: no floating-point dtype.
    """
    refuse("hardsigmoid_cpu", kind_of(input), NOT_FLOATING)
    return ops.hardsigmoid(input)


@function("(Tensor input, *, Tensor out = None)")
def hardswish(input: Any) -> Any:
    """Input · hardsigmoid(input) (A. Howard and others, "Searching for MobileNetV3", 2019, arXiv:1905.02244).

    Raises:
        NotImplementedError: no floating-point dtype.
    """
    refuse("hardswish_cpu", kind_of(input), NOT_FLOATING)
    return ops.hardswish(input)


@function("(Tensor input, *, Tensor out = None)")
def log_sigmoid(input: Any) -> Any:
    """log(sigmoid(input)).

    Raises:
        NotImplementedError: no floating-point dtype.
    """
    refuse("log_sigmoid_cpu", kind_of(input), NOT_FLOATING)
    return ops.log_sigmoid(input)


@function("(Tensor input, *, str approximate = 'none', Tensor out = None)")
def gelu(input: Any, *, approximate: str = "none") -> Any:
    """Input · Φ(input), Φ the normal distribution (D. Hendrycks, K. Gimpel, 2016, arXiv:1606.08415).

    Args:
        input: of a floating-point dtype.
        approximate: 'tanh' takes a formula with tanh for Φ.

    Raises:
        RuntimeError: `approximate` is neither 'none' nor 'tanh'.
        NotImplementedError: no floating-point dtype.
    """
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    refuse("GeluKernelImpl", kind_of(input), NOT_FLOATING)
    return ops.gelu(input) if approximate == "none" else ops.gelu_tanh(input)


@function("(Tensor input, Number beta = 1, Number threshold = 20, *, Tensor out = None)")
def softplus(input: Any, beta: float = 1, threshold: float = 20) -> Any:
    """log(1 + exp(beta · input)) / beta, the input itself where beta · input is above the threshold.

    Raises:
        NotImplementedError: no floating-point dtype.
    """
    refuse("softplus_cpu", kind_of(input), NOT_FLOATING)
    return ops.softplus(input, beta=float(beta), threshold=float(threshold))


@function("(Tensor input, Number lambd = 0.5, *, Tensor out = None)")
def hardshrink(input: Any, lambd: float = 0.5) -> Any:
    """The input, but 0 within `lambd` of 0.

    Raises:
        NotImplementedError: no floating-point dtype.
    """
    refuse("hardshrink_cpu", kind_of(input), NOT_FLOATING)
    return ops.hardshrink(input, lambd=float(lambd))


_LARGEST = {
    "float64": sys.float_info.max,
    "float32": (2 - 2**-23) * 2.0**127,
    "float16": 65504.0,
    "bfloat16": 255 * 2.0**120,
}


@function("(Tensor input, Number lambd = 0.5, *, Tensor out = None)")
def softshrink(input: Any, lambd: float = 0.5) -> Any:
    """The input moved towards 0 by `lambd`, and 0 within it.

    Raises:
        RuntimeError: `lambd` is negative, or beyond the numbers of the dtype.
        NotImplementedError: no floating-point dtype.
    """
    kind = kind_of(input)
    refuse("softshrink_check", kind, NOT_FLOATING)
    largest = _LARGEST[kind.name]
    if not 0 <= lambd <= largest:
        raise RuntimeError(
            f"lambda must be in range [0, {largest:g}] for input dtype {kind.scalar_name}, but found {lambd:g}"
        )
    return ops.softshrink(input, lambd=float(lambd))


@function("(Tensor input, Number threshold, Number value, *, Tensor out = None)")
def threshold(input: Any, threshold: float, value: float) -> Any:
    """The input where it is above the threshold, else `value`.

    Raises:
        NotImplementedError: bool or complex.

    Example:
        >>> import numpy as np
        >>> from pyconv.functions import activation
        >>> activation.threshold(np.array([1.0, 3.0]), 2, -1)
        array([-1.,  3.])
    """
    refuse("threshold_cpu", kind_of(input), (dtypes.bool_, *BAREBONES, *COMPLEX))
    dtype = array_of(input).dtype
    least = from_number(threshold, dtypes.accumulation(dtype))[()]
    return ops.threshold(input, threshold=least, value=from_number(value, dtype)[()])


@function("(Tensor input, Tensor weight)")
def prelu(input: Any, weight: Any) -> Any:
    """The input where it is positive, else times `weight`.

    Args:
        input: (N, C, …), or any shape for one weight.
        weight: (C,), or one element.

    Raises:
        RuntimeError: the sizes or dtypes do not go together.
    """
    x, w = array_of(input), array_of(weight)
    if w.size != 1:
        if not x.ndim:
            raise RuntimeError("Not allow zero-dim input tensor.")
        channels = x.shape[1] if x.ndim > 1 else 1
        if channels != w.size:
            raise RuntimeError(
                f"Mismatch of parameter numbers and input channel size. Found parameter numbers = {w.size} and channel "
                f"size = {channels}."
            )
    if w.ndim > 1:
        raise RuntimeError(f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {w.ndim}")
    if w.dtype != x.dtype:
        kinds = dtypes.of(x).scalar_name, dtypes.of(w).scalar_name
        raise RuntimeError(f"prelu: Type promoting not supported. Got {kinds[0]} and {kinds[1]}")
    shape = (1,) * min(x.ndim, 1) + (w.size,) + (1,) * (x.ndim - 2) if x.ndim > 1 else (w.size,) * x.ndim
    return ops.prelu(input, weight if w.shape == shape else reshape(weight, shape=shape))


@function(
    "(Tensor input, Number lower = 0.125, Number upper = 0.333333, bool training = False, Generator generator = None)"
)
def rrelu(
    input: Any,
    lower: float = 0.125,
    upper: float = 1 / 3,
    training: bool = False,
    generator: Generator | None = None,
) -> Any:
    """The leaky ReLU with a slope drawn for each element in training (B. Xu and others, 2015, arXiv:1505.00853).

    Args:
        input: of a floating-point dtype.
        lower: the least slope.
        upper: the largest slope.
        training: whether to draw; else the slope is their mean.
        generator: of the random numbers.

    Raises:
        RuntimeError: the bounds are in the wrong order.
        NotImplementedError: no floating-point dtype.
    """
    for name, bound in (("lower", lower), ("upper", upper)):
        if not math.isfinite(bound):
            raise RuntimeError(f"rrelu: {name} bound must be finite, got {float(bound):g}")
    if lower > upper:
        raise RuntimeError("Lower bound should be less than or equal to the upper bound")
    kind = kind_of(input)
    if not training:
        refuse("leaky_relu_cpu", kind, NOT_FLOATING)
        return ops.rrelu_eval(input, negative_slope=(lower + upper) / 2)
    refuse("rrelu_with_noise_out_cpu", kind, (*NOT_FLOATING, dtypes.float16))
    x = array_of(input)
    noise = np.ones(x.shape, dtypes.accumulation(x.dtype))
    below = x <= 0
    slopes = np.empty(int(below.sum()), np.float64)
    (default_generator if generator is None else generator).fill_uniform(slopes, *_as_wide(x, lower, upper))
    noise[below] = slopes
    return ops.rrelu(input, noise=noise)


def _as_wide(x: Any, *bounds: float) -> list[float]:
    """Numbers rounded to the dtype that an array is computed in."""
    return [float(dtypes.accumulation(x.dtype).type(bound)) for bound in bounds]


@function("(Tensor input, int dim = -1, *, Tensor out = None)")
def glu(input: Any, dim: int = -1) -> Any:
    """The first half of the input times the sigmoid of the second (Y. Dauphin and others, 2016, arXiv:1612.08083).

    Raises:
        RuntimeError: the dimension cannot be halved.
        NotImplementedError: no floating-point dtype.
    """
    shape = array_of(input).shape
    if not shape:
        raise RuntimeError("glu does not support 0-dimensional tensors")
    axis = dimension(dim, len(shape))
    if shape[axis] % 2:
        raise RuntimeError(f"Halving dimension must be even, but dimension {axis} is size {shape[axis]}")
    refuse("glu_cpu", kind_of(input), NOT_FLOATING)
    return ops.glu(input, axis=axis)
