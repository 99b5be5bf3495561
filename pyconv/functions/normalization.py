"""torch.batch_norm, group_norm, layer_norm, instance_norm, rms_norm, and the native forms that give statistics too.

Past 300 lines because each form has its checks in the words of torch. May import: NumPy, and all of pyconv below
`tensor`.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.graph import Traced
from pyconv.ops import norm as ops
from pyconv.ops.arithmetic import add, mul
from pyconv.ops.cast import array_of, cast, clone
from pyconv.ops.index import take
from pyconv.ops.power import power
from pyconv.ops.reduce import mean
from pyconv.ops.shape import expand, reshape
from pyconv.ops.unary import rsqrt
from pyconv.signatures import function
from pyconv.signatures.values import plain_list, type_name

__all__ = [
    "batch_norm",
    "group_norm",
    "instance_norm",
    "layer_norm",
    "native_batch_norm",
    "native_group_norm",
    "native_layer_norm",
    "rms_norm",
]

Array = np.ndarray[Any, Any]
_HALF = dtypes.float16, dtypes.bfloat16


def _kind(x: Any) -> dtypes.dtype:
    return dtypes.of(array_of(x))


def _check_floating(stub: str, x: Any) -> None:
    kind = _kind(x)
    if not (kind.is_floating_point and kind.itemsize > 1):
        raise NotImplementedError(f"\"{stub}\" not implemented for '{kind.scalar_name}'")


def check_mixed(x: Any, *parameters: Any) -> None:
    """Check the dtypes of parameters: that of the input, or float32 for a 16-bit input.

    Raises:
        RuntimeError: another, with torch's text.
    """
    given = [p for p in parameters if p is not None]
    kind = _kind(x)
    if not given:
        return
    if _kind(given[0]) is not kind:
        if any(_kind(p) is not dtypes.float32 for p in given):
            raise RuntimeError("mixed dtype (CPU): expect parameter to have scalar type of Float")
        if kind not in _HALF:
            raise RuntimeError("mixed dtype (CPU): all inputs must share same datatype.")
    for p in given:
        if _kind(p) is not _kind(given[0]):
            raise RuntimeError(f"expected scalar type {_kind(given[0]).scalar_name} but found {_kind(p).scalar_name}")


def _result_dtype(x: Any, *parameters: Any) -> np.dtype[Any]:
    """The dtype of the statistics: the parameters', or the input's."""
    found: np.dtype[Any] = next((array_of(p).dtype for p in parameters if p is not None), array_of(x).dtype)
    return found


def _wrapped(array: Array, x: Any) -> Any:
    """An array as what `x` is."""
    return type(x)._wrap(array) if isinstance(x, Traced) else array


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
    _check_floating("batch_norm", x)
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
    dtype = _result_dtype(input, weight, bias, running_mean, running_var)
    if not training:
        center = rstd = np.empty(0)
    return out, *(_wrapped(value.reshape(-1).astype(dtype), input) for value in (center, rstd))


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
        reshape(input, shape=(1, batch * channels, *shape[2:])),
        _repeated(weight, batch),
        _repeated(bias, batch),
        None if means is None else _wrapped(means, input),
        None if variances is None else _wrapped(variances, input),
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


@function(
    "(Tensor input, int num_groups, Tensor weight = None, Tensor bias = None, float eps = 1e-05, "
    "bool cudnn_enabled = True)"
)
def group_norm(
    input: Any,
    num_groups: int,
    weight: Any = None,
    bias: Any = None,
    eps: float = 1e-05,
    cudnn_enabled: bool = True,  # noqa: ARG001
) -> Any:
    """Normalization of every group of channels of every sample by its own statistics.

    Y. Wu, K. He, "Group Normalization", ECCV 2018.

    Args:
        input: (N, C, ...), floating point.
        num_groups: which divides C.
        weight: (C,), or None for ones; of the dtype of `input`, or float32 beside a 16-bit input.
        bias: (C,), or None for zeros.
        eps: added to the variance.
        cudnn_enabled: means nothing here.

    Returns:
        A tensor of the shape and dtype of `input`.

    Raises:
        RuntimeError: a size or a dtype does not fit.
        NotImplementedError: the dtype is no float.

    Example:
        >>> group_norm(np.array([[1.0, 3.0, 2.0, 6.0]]), 2, eps=0.0)
        array([[-1.,  1., -1.,  1.]])
    """
    return _grouped(input, operator.index(num_groups), weight, bias, float(eps))[0]


def _grouped(x: Any, groups: int, weight: Any, bias: Any, eps: float) -> tuple[Any, Array, Array]:
    shape = array_of(x).shape
    if len(shape) < 2:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [-1, 0], but got {len(shape)})"
            if shape
            else "Dimension specified as 0 but tensor has no dimensions"
        )
    if groups <= 0:
        raise RuntimeError(f"Expected num groups to be greater than 0, got {groups}")
    if shape[1] % groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of shape "
            f"{list(shape)} and num_groups={groups}"
        )
    # Beside a bad bias, too, torch prints the shape of the weight.
    shown = [0] if weight is None else list(array_of(weight).shape)
    for name, value in (("weight", weight), ("bias", bias)):
        if value is not None and array_of(value).shape != (shape[1],):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number of channels in input, but got {name} of "
                f"shape {shown} and input of shape {list(shape)}"
            )
    check_mixed(x, weight, bias)
    _check_floating("GroupNormKernelImpl", x)
    return _by_own_statistics(x, weight, bias, ops.group_layout(shape, groups), eps)


def _by_own_statistics(x: Any, weight: Any, bias: Any, layout: ops.Layout, eps: float) -> tuple[Any, Array, Array]:
    center, variance = ops.statistics(x, layout)
    with np.errstate(all="ignore"):
        rstd = 1 / np.sqrt(variance + eps)
    if not layout.count:
        center = np.zeros_like(center)
    return ops.normalize(x, weight, bias, layout, center, rstd), center, rstd


@function(
    "(Tensor input, Tensor weight = None, Tensor bias = None, int N, int C, int HxW, int group, float eps, *, "
    "tuple of Tensors out = None)"
)
def native_group_norm(input: Any, weight: Any, bias: Any, N: int, C: int, HxW: int, group: int, eps: float) -> Any:
    """Group normalization together with the statistics it used.

    Args:
        input: (N, C, ...), floating point.
        weight: (C,), or None for ones.
        bias: (C,), or None for zeros.
        N: the number of samples.
        C: of channels.
        HxW: of elements of a channel.
        group: of groups.
        eps: added to the variance.

    Returns:
        The result; the mean, and one over the standard deviation, both (N, group).

    Raises:
        RuntimeError: a size or a dtype does not fit.

    Example:
        >>> y, mean, rstd = native_group_norm(np.array([[1.0, 3.0, 2.0, 6.0]]), None, None, 1, 4, 1, 2, 0.0)
        >>> mean, rstd
        (array([[2., 4.]]), array([[1. , 0.5]]))
    """
    _check_group_sizes(input, N * C * HxW)
    out, center, rstd = _grouped(input, operator.index(group), weight, bias, float(eps))
    dtype = _result_dtype(input, weight, bias)
    found = ops.recorded(input, ops.group_layout(array_of(input).shape, int(group)), center, rstd)
    return out, *(cast(reshape(value, shape=(N, group)), dtype) for value in found)


def _check_group_sizes(x: Any, size: int) -> None:
    if array_of(x).size != size:
        raise RuntimeError(
            "Expected X.numel() == N * C * HxW to be true, but got false.  "
            "(Could this error message be improved?  If so, please report an enhancement request to PyTorch.)"
        )


@function(
    "(Tensor input, tuple of ints! normalized_shape, Tensor weight = None, Tensor bias = None, float eps = 1e-05, "
    "bool cudnn_enable = True)"
)
def layer_norm(
    input: Any,
    normalized_shape: Sequence[int],
    weight: Any = None,
    bias: Any = None,
    eps: float = 1e-05,
    cudnn_enable: bool = True,  # noqa: ARG001
) -> Any:
    """Normalization over the last dimensions by the statistics of each index before them.

    J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer Normalization", 2016.

    Args:
        input: (..., *normalized_shape), floating point.
        normalized_shape: the sizes of the last dimensions.
        weight: of that shape, or None for ones; of the dtype of `input`, or float32 beside a 16-bit input.
        bias: of that shape, or None for zeros.
        eps: added to the variance.
        cudnn_enable: means nothing here.

    Returns:
        A tensor of the shape and dtype of `input`.

    Raises:
        RuntimeError: a size or a dtype does not fit.
        NotImplementedError: the dtype is no float.

    Example:
        >>> layer_norm(np.array([[1.0, 3.0], [2.0, 6.0]]), (2,), eps=0.0)
        array([[-1.,  1.],
               [-1.,  1.]])
    """
    return _layered(input, _shape("layer_norm", normalized_shape), weight, bias, float(eps))[0]


def _shape(caller: str, given: Any) -> tuple[int, ...]:
    if not isinstance(given, (tuple, list)):
        raise TypeError(
            f"{caller}(): argument 'normalized_shape' (position 2) must be tuple of ints, not {type_name(given)}"
        )
    return plain_list(caller, "normalized_shape", given)


def _layered(x: Any, normalized: tuple[int, ...], weight: Any, bias: Any, eps: float) -> tuple[Any, Array, Array]:
    _check_normalized(array_of(x).shape, normalized, (("weight", weight), ("bias", bias)), ", ")
    check_mixed(x, weight, bias)
    _check_floating("LayerNormKernelImpl", x)
    return _by_own_statistics(x, weight, bias, ops.layer_layout(array_of(x).shape, len(normalized)), eps)


def _check_normalized(
    shape: tuple[int, ...], normalized: tuple[int, ...], parameters: Sequence[tuple[str, Any]], comma: str
) -> None:
    if not normalized:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got "
            "normalized_shape = []"
        )
    for name, value in parameters:
        if value is not None and array_of(value).shape != normalized:
            raise RuntimeError(
                f"Expected {name} to be of same shape as normalized_shape, but got {name} of shape "
                f"{list(array_of(value).shape)} and normalized_shape = {list(normalized)}"
            )
    if shape[-len(normalized) :] != normalized:
        sizes = ", ".join(map(str, normalized))
        raise RuntimeError(
            f"Given normalized_shape={list(normalized)}, expected input with shape [*{comma}{sizes}], but got input of "
            f"size{list(shape)}"
        )


@function("(Tensor input, tuple of ints! normalized_shape, Tensor weight = None, Tensor bias = None, float eps)")
def native_layer_norm(input: Any, normalized_shape: Sequence[int], weight: Any, bias: Any, eps: float) -> Any:
    """Layer normalization together with the statistics it used: `layer_norm`'s arguments and result, and two more.

    Returns:
        The result; the mean, and one over the standard deviation, with 1 along the normalized dimensions.

    Raises:
        RuntimeError: a size or a dtype does not fit.

    Example:
        >>> y, mean, rstd = native_layer_norm(np.array([[1.0, 3.0], [2.0, 6.0]]), (2,), None, None, 0.0)
        >>> mean.ravel(), rstd.ravel()
        (array([2., 4.]), array([1. , 0.5]))
    """
    normalized = _shape("native_layer_norm", normalized_shape)
    out, center, rstd = _layered(input, normalized, weight, bias, float(eps))
    dtype = _result_dtype(input, weight, bias)
    shape = array_of(input).shape
    kept = shape[: len(shape) - len(normalized)] + (1,) * len(normalized)
    return out, *(_wrapped(value.reshape(kept).astype(dtype), input) for value in (center, rstd))


@function("(Tensor input, tuple of ints! normalized_shape, Tensor weight = None, float eps = None)")
def rms_norm(input: Any, normalized_shape: Sequence[int], weight: Any = None, eps: float | None = None) -> Any:
    """Division by the root of the mean square over the last dimensions.

    B. Zhang, R. Sennrich, "Root Mean Square Layer Normalization", NeurIPS 2019.

    Args:
        input: (..., *normalized_shape), floating point or complex.
        normalized_shape: the sizes of the last dimensions.
        weight: of that shape, or None for ones.
        eps: added to the mean square; None for the spacing of the dtype at 1, of float32 for 16-bit types.

    Returns:
        A tensor of the shape and dtype of `input`.

    Raises:
        RuntimeError: a size does not fit.
        ValueError: the input has too few dimensions.
        NotImplementedError: the dtype is an integer or bool.

    Example:
        >>> rms_norm(np.array([3.0, 3.0, 3.0, 3.0]), (4,))
        array([1., 1., 1., 1.])
    """
    normalized = _shape("rms_norm", normalized_shape)
    shape, kind = array_of(input).shape, _kind(input)
    if normalized and len(shape) < len(normalized):
        raise ValueError(f"Input tensor must have at least {len(normalized)} dimensions, but got {len(shape)}")
    _check_normalized(shape, normalized, (("weight", weight),), "")
    if dtypes.category(kind) < 2:
        raise NotImplementedError(f"\"rms_norm\" not implemented for '{kind.scalar_name}'")
    work = dtypes.accumulation(kind.numpy)
    wide = cast(input, work)
    spacing = float(np.finfo(work).eps) if eps is None else float(eps)
    axes = tuple(range(len(shape) - len(normalized), len(shape)))
    out = mul(wide, rsqrt(add(mean(power(wide, 2), axes, keepdim=True), spacing)))
    out = out if weight is None else mul(out, weight)
    return cast(out, kind.numpy)
