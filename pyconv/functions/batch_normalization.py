"""torch.batch_norm, torch.instance_norm, and the native form that gives statistics too.

May import: NumPy, and all of pyconv below `tensor`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.traced import Traced
from pyconv.functions.layout import contiguous
from pyconv.functions.normalization import Array, check_floating, check_mixed, result_dtype, wrapped
from pyconv.meta import Meta
from pyconv.ops import norm as ops
from pyconv.ops.arithmetic import add, mul
from pyconv.ops.cast import array_of, clone
from pyconv.ops.index import take
from pyconv.ops.shape import expand, reshape
from pyconv.signatures import function

__all__ = ["batch_norm", "instance_norm", "native_batch_norm"]


@function(
    "(Tensor input, Tensor weight = None, Tensor bias = None, Tensor running_mean = None, Tensor running_var = None, "
    "bool training, float momentum, float eps, bool cudnn_enabled)"
)
def batch_norm(
    input: Any,
    weight: Any,
    bias: Any,
    running_mean: Any,
    running_var: Any,
    training: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,  # noqa: ARG001
) -> Any:
    """Batch normalization by the statistics of the batch, or by running ones.

    S. Ioffe, C. Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate
    Shift", ICML 2015.

    Args:
        input: (N, C, ...), floating point.
        weight: (C,), or None for ones; of the dtype of `input`, or float32 beside a 16-bit input.
        bias: (C,), or None for zeros.
        running_mean: (C,), or None; in training it is moved towards the batch's mean, without notice to the tape.
        running_var: (C,), or None; likewise, towards the batch's unbiased variance.
        training: whether the statistics are the batch's.
        momentum: how far the running statistics are moved.
        eps: added to the variance.
        cudnn_enabled: means nothing here.

    Returns:
        A tensor of the shape and dtype of `input`.

    Raises:
        RuntimeError: a size or a dtype does not fit, or there are no running statistics and no training.
        ValueError: one of the running statistics is given, the other is not.

    Example:
        >>> x = np.array([[1.0, 0.0], [3.0, 0.0]])
        >>> batch_norm(x, None, None, None, None, True, 0.1, 0.0001, False).round(2)
        array([[-1.,  0.],
               [ 1.,  0.]])
    """
    shape = array_of(input).shape
    momentum, eps = float(momentum), float(eps)
    if not shape:
        raise RuntimeError(
            "SmallVector unable to grow. Requested capacity (18446744073709551615) is larger than "
            "maximum value for size type (4294967295)"
        )
    if not array_of(input).size:
        return _empty_batch(input, weight, bias)
    channels = shape[1] if len(shape) > 1 else 0
    for name, running in (("running_mean", running_mean), ("running_var", running_var)):
        if running is None and not training:
            raise RuntimeError(f"{name} must be defined in evaluation mode")
        _check_channels(name, running, channels)
    _check_channels("weight", weight, channels)
    _check_channels("bias", bias, channels)
    if len(shape) < 2:
        raise IndexError("Dimension out of range (expected to be in range of [-1, 0], but got 1)")
    return _native(input, weight, bias, running_mean, running_var, training, momentum, eps)[0]


def _check_channels(name: str, value: Any, channels: int) -> None:
    if value is not None and array_of(value).size != channels:
        raise RuntimeError(f"{name} should contain {channels} elements not {array_of(value).size}")


def _empty_batch(x: Any, weight: Any, bias: Any) -> Any:
    """What torch makes of a batch without elements: a copy, which the parameters have touched."""
    out = clone(x)
    if weight is not None:
        out = mul(out, _first(weight))
    return out if bias is None else add(out, _first(bias))


def _first(value: Any) -> Any:
    if not array_of(value).size:
        raise IndexError("select(): index 0 out of range for tensor of size [0] at dimension 0")
    return take(value, index=(0,))


def _native(
    x: Any, weight: Any, bias: Any, running_mean: Any, running_var: Any, training: bool, momentum: float, eps: float
) -> tuple[Any, Array, Array]:
    """The result, and the statistics in the view, float64."""
    if training and (running_mean is None) != (running_var is None):
        raise ValueError("running_mean and running_var must either both be None or neither be None")
    check_floating("batch_norm", x)
    check_mixed(x, weight, bias, running_mean, running_var)
    for running in (running_mean, running_var):
        if running is not None and array_of(running).ndim != 1:
            raise RuntimeError(f"TensorAccessor expected 1 dims but tensor has {array_of(running).ndim}")
    layout = ops.batch_layout(array_of(x).shape, fixed=not training)
    if training:
        center, variance = ops.statistics(x, layout)
        if running_mean is not None:
            _move(running_mean, center, momentum)
            with np.errstate(all="ignore"):
                _move(running_var, variance * np.divide(layout.count, layout.count - 1), momentum)
    else:
        center, variance = (array_of(r).astype(np.float64).reshape(1, -1, 1) for r in (running_mean, running_var))
    with np.errstate(all="ignore"):
        rstd = 1 / np.sqrt(variance + eps)
    return ops.normalize(x, weight, bias, layout, center, rstd), center, rstd


def _move(running: Any, value: Array, momentum: float) -> None:
    """Move a running statistic towards a new value; the tape is not told, as in torch."""
    array = array_of(running)
    if isinstance(array, Meta):
        return
    with np.errstate(all="ignore"):
        array[...] = momentum * value.reshape(array.shape) + (1 - momentum) * array.astype(np.float64)


@function(
    "(Tensor input, Tensor weight = None, Tensor bias = None, Tensor running_mean = None, Tensor running_var = None, "
    "bool training, float momentum, float eps, *, tuple of Tensors out = None)"
)
def native_batch_norm(
    input: Any,
    weight: Any,
    bias: Any,
    running_mean: Any,
    running_var: Any,
    training: bool,
    momentum: float,
    eps: float,
) -> Any:
    """Batch normalization together with the statistics it used: `batch_norm`'s arguments and result, and two more.

    Returns:
        The result; the mean, and one over the standard deviation, of shape (C,), or without elements where the
        statistics are the running ones.

    Raises:
        RuntimeError: there is no element, or a dtype does not fit.
        ValueError: one of the running statistics is given, the other is not.

    Example:
        >>> x = np.array([[1.0, 0.0], [3.0, 0.0]])
        >>> y, mean, rstd = native_batch_norm(x, None, None, None, None, True, 0.1, 1.0)
        >>> mean, rstd.round(2)
        (array([2., 0.]), array([0.71, 1.  ]))
    """
    shape = array_of(input).shape
    if not array_of(input).size:
        raise RuntimeError(f"input tensor must have at least one element, but got input_sizes = {list(shape)}")
    if len(shape) < 2:
        raise IndexError("Dimension out of range (expected to be in range of [-1, 0], but got 1)")
    out, center, rstd = _native(input, weight, bias, running_mean, running_var, training, float(momentum), float(eps))
    dtype = result_dtype(input, weight, bias, running_mean, running_var)
    if not training:
        center = rstd = np.empty(0)
    return out, *(wrapped(value.reshape(-1).astype(dtype), input) for value in (center, rstd))


@function(
    "(Tensor input, Tensor weight = None, Tensor bias = None, Tensor running_mean = None, Tensor running_var = None, "
    "bool use_input_stats, float momentum, float eps, bool cudnn_enabled)"
)
def instance_norm(
    input: Any,
    weight: Any,
    bias: Any,
    running_mean: Any,
    running_var: Any,
    use_input_stats: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Any:
    """Normalization of every channel of every sample by its own statistics, or by running ones.

    D. Ulyanov, A. Vedaldi, V. Lempitsky, "Instance Normalization: The Missing Ingredient for Fast Stylization", 2016.

    Args:
        input: (N, C, ...), floating point.
        weight: (C,), or None for ones.
        bias: (C,), or None for zeros.
        running_mean: (C,), or None; moved towards the mean over the samples of their means.
        running_var: (C,), or None; likewise, of their unbiased variances. Where the mean has another dtype than the
            weight, or than the input without a weight, both count as rounded to that.
        use_input_stats: whether the statistics are the input's.
        momentum: how far the running statistics are moved.
        eps: added to the variance.
        cudnn_enabled: means nothing here.

    Returns:
        A tensor of the shape and dtype of `input`.

    Raises:
        RuntimeError: a size or a dtype does not fit, or there are no statistics.

    Example:
        >>> x = np.array([[[1.0, 3.0], [2.0, 6.0]]])
        >>> instance_norm(x, None, None, None, None, True, 0.1, 0.0, False)
        array([[[-1.,  1.],
                [-1.,  1.]]])
    """
    if not use_input_stats and (running_mean is None or running_var is None):
        raise RuntimeError("Expected running_mean and running_var to be defined when use_input_stats is false")
    shape = array_of(input).shape
    if len(shape) < 2:
        axis = len(shape)
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-axis}, {axis - 1}], but got {axis})"
            if axis
            else "Dimension specified as 0 but tensor has no dimensions"
        )
    batch, channels = shape[:2]
    for parameter in (weight, bias, running_mean, running_var):
        if parameter is not None and array_of(parameter).ndim > 1:
            raise RuntimeError(
                "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor"
            )
    lead = array_of(input if weight is None else weight).dtype
    kind = None if running_mean is None or array_of(running_mean).dtype == lead else lead
    means, variances = (_tiled(r, batch, kind) for r in (running_mean, running_var))
    out = batch_norm(
        reshape(contiguous(input), shape=(1, batch * channels, *shape[2:])),
        _repeated(weight, batch),
        _repeated(bias, batch),
        None if means is None else wrapped(means, input),
        None if variances is None else wrapped(variances, input),
        use_input_stats,
        momentum,
        eps,
        cudnn_enabled,
    )
    for target, values in ((running_mean, means), (running_var, variances)):
        if values is not None and use_input_stats:
            if not array_of(target).ndim:
                raise RuntimeError(f"output with shape [] doesn't match the broadcast shape [{channels}]")
            _average_into(target, values.reshape(batch, channels))
    return reshape(out, shape=shape)


def _tiled(running: Any, count: int, kind: np.dtype[Any] | None) -> Array | None:
    """A running statistic, `count` times one after the other, in memory of its own; of a dtype, None for its own."""
    if running is None:
        return None
    array = array_of(running)
    return np.tile(array.reshape(-1), count).astype(kind or array.dtype)


def _repeated(value: Any, count: int) -> Any:
    """A parameter, `count` times one after the other."""
    if value is None:
        return None
    size = array_of(value).shape or (1,)
    return reshape(expand(value, shape=(count, *size)), shape=(count * size[0], *size[1:]))


def _average_into(target: Any, values: Array) -> None:
    """Put the mean over the samples into a running statistic, a change that is counted."""
    array_of(target)[...] = values.mean(axis=0, dtype=np.float64).astype(values.dtype)
    if isinstance(target, Traced):
        target._counter.count += 1
