"""torch.layer_norm, torch.rms_norm, and the native form that gives statistics too.

May import: NumPy, and all of pyconv below `tensor`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.normalization import (
    Array,
    by_own_statistics,
    check_floating,
    check_mixed,
    kind_of,
    result_dtype,
    wrapped,
)
from pyconv.ops import norm as ops
from pyconv.ops.arithmetic import add, mul
from pyconv.ops.cast import array_of, cast
from pyconv.ops.power import power
from pyconv.ops.reduce import mean
from pyconv.ops.unary import rsqrt
from pyconv.signatures import function
from pyconv.signatures.values import plain_list, type_name

__all__ = ["layer_norm", "native_layer_norm", "rms_norm"]


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
    check_floating("LayerNormKernelImpl", x)
    return by_own_statistics(x, weight, bias, ops.layer_layout(array_of(x).shape, len(normalized)), eps)


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
    dtype = result_dtype(input, weight, bias)
    shape = array_of(input).shape
    kept = shape[: len(shape) - len(normalized)] + (1,) * len(normalized)
    return out, *(wrapped(value.reshape(kept).astype(dtype), input) for value in (center, rstd))


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
    shape, kind = array_of(input).shape, kind_of(input)
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
