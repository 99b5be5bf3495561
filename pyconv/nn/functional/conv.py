"""torch's conv1d, conv2d and conv3d.

May import: NumPy, `pyconv.geometry`, `pyconv.ops`, `pyconv.nn.functional`.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

import numpy as np

from pyconv.geometry import Conv
from pyconv.kernels.bounds import Bounds
from pyconv.nn.functional.operands import (
    check_bias,
    check_complex,
    check_supported,
    matching,
    shape_of,
    with_batch,
    without_batch,
)
from pyconv.ops import conv as ops
from pyconv.ops.cast import array_of, cast
from pyconv.signatures import signature

Ints = int | tuple[int, ...]

_CONV = tuple(
    "(Tensor input, Tensor weight, Tensor bias = None, tuple of ints stride = 1, "
    f"{padding}, tuple of ints dilation = 1, int groups = 1)"
    for padding in ("tuple of ints padding = 0", 'str padding = "valid"')
)

_geometry = lru_cache(maxsize=4096)(Conv.of)
_ORDINARY = (np.dtype(np.float32), np.dtype(np.float64))
"""The dtypes of which there is nothing to say where the operands share one."""

_warned_of_copy = False


def _warn_of_copy(geometry: Conv) -> None:
    """Torch's warning of a lopsided 'same', once a process."""
    global _warned_of_copy
    if any(low != high for low, high in geometry.window.padding):
        _warned_of_copy = True
        warnings.warn(
            "Using padding='same' with even kernel lengths and odd dilation may require a zero-padded copy of the "
            "input be created",
            UserWarning,
            stacklevel=4,
        )


def _is_ordinary(input: Any, weight: Any, bias: Any, ndim: int) -> bool:
    """Whether a batched input, the weight and the bias share a dtype that no check concerns."""
    x, w = array_of(input), array_of(weight)
    if x.ndim != ndim + 2 or x.dtype not in _ORDINARY or w.dtype != x.dtype:
        return False
    return bias is None or array_of(bias).dtype == x.dtype


def _conv(
    name: str, input: Any, weight: Any, bias: Any, stride: Ints, padding: str | Ints, dilation: Ints, groups: int
) -> Any:
    if _is_ordinary(input, weight, bias, int(name[-2])):
        geometry = _geometry(
            array_of(input).shape, array_of(weight).shape, shape_of(bias), stride, padding, dilation, groups
        )
        if padding == "same" and not _warned_of_copy:
            _warn_of_copy(geometry)
        return ops.conv(input, weight, bias, geometry=geometry)
    if not isinstance(padding, str):
        check_bias(input, bias)
    x, batched = with_batch(input, int(name[-2]), name)
    check_complex(x, weight, bias)
    geometry = Conv.of(array_of(x).shape, array_of(weight).shape, shape_of(bias), stride, padding, dilation, groups)
    if not _warned_of_copy:
        _warn_of_copy(geometry)
    check_supported(x, geometry, transposed=False)
    check_bias(x, bias)
    x, weight = matching(x, weight)
    if bias is not None:
        bias = cast(bias, array_of(x).dtype)
    return without_batch(ops.conv(x, weight, bias, geometry=geometry), batched)


def bounded_conv(
    input: Any, weight: Any, bias: Any, stride: Ints, padding: str | Ints, dilation: Ints, groups: int, bounds: Bounds
) -> Any:
    """A convolution cut off at bounds, without gradient; None where anything is out of the ordinary.

    Args:
        input: (N, C, *input).
        weight: (O, C/groups, *kernel).
        bias: (O,) or None.
        stride: the step of the window.
        padding: zeros on both sides.
        dilation: the distance between the taps of the kernel.
        groups: the number of blocks into which channels are cut.
        bounds: the smallest and the largest result.
    """
    if padding == "same" or not _is_ordinary(input, weight, bias, array_of(weight).ndim - 2):
        return None
    geometry = _geometry(
        array_of(input).shape, array_of(weight).shape, shape_of(bias), stride, padding, dilation, groups
    )
    return ops.bounded_conv(input, weight, bias, geometry=geometry, bounds=bounds)


@signature(*_CONV)
def conv1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Ints = 1,
    padding: str | Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> Any:
    """A 1-D convolution of several input channels.

    Args:
        input: (N, C, L) or (C, L); Tensors, or ndarrays throughout.
        weight: (O, C/groups, kL), of the dtype of `input`.
        bias: (O,), of the dtype of `input`.
        stride: the step of the window.
        padding: zeros on both sides, or 'valid' for none, or 'same' for an output of the size of the input.
        dilation: the distance between the taps of the kernel.
        groups: the number of blocks into which channels are cut.

    Returns:
        (N, O, L_out) or (O, L_out), L_out = (L + 2·padding - dilation·(kL - 1) - 1) // stride + 1.

    Raises:
        RuntimeError: sizes or dtypes do not fit.
        NotImplementedError: torch has no such convolution for the dtype.
        TypeError: an argument is of the wrong type.

    Example:
        >>> import numpy as np
        >>> conv1d(np.arange(5.0).reshape(1, 1, 5), np.ones((1, 1, 3)), padding="same")
        array([[[1., 3., 6., 9., 7.]]])
    """
    return _conv("conv1d", input, weight, bias, stride, padding, dilation, groups)


@signature(*_CONV)
def conv2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Ints = 1,
    padding: str | Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> Any:
    """A 2-D convolution of several input channels.

    Args:
        input: (N, C, H, W) or (C, H, W); Tensors, or ndarrays throughout.
        weight: (O, C/groups, kH, kW), of the dtype of `input`.
        bias: (O,), of the dtype of `input`.
        stride: the step of the window, one int or (sH, sW).
        padding: zeros on both sides, one int or (padH, padW), or 'valid' for none, or 'same' for an output of the
            size of the input.
        dilation: the distance between the taps of the kernel, one int or (dH, dW).
        groups: the number of blocks into which channels are cut.

    Returns:
        (N, O, H_out, W_out) or (O, H_out, W_out), each size as in `conv1d`.

    Raises:
        RuntimeError: sizes or dtypes do not fit.
        NotImplementedError: torch has no such convolution for the dtype.
        TypeError: an argument is of the wrong type.

    Example:
        >>> import numpy as np
        >>> image = np.arange(16.0).reshape(1, 1, 4, 4)
        >>> conv2d(image, np.ones((1, 1, 2, 2)), stride=2)
        array([[[[10., 18.],
                 [42., 50.]]]])
    """
    return _conv("conv2d", input, weight, bias, stride, padding, dilation, groups)


@signature(*_CONV)
def conv3d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Ints = 1,
    padding: str | Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> Any:
    """A 3-D convolution of several input channels.

    Args:
        input: (N, C, D, H, W) or (C, D, H, W); Tensors, or ndarrays throughout.
        weight: (O, C/groups, kD, kH, kW), of the dtype of `input`.
        bias: (O,), of the dtype of `input`.
        stride: the step of the window, one int or three.
        padding: zeros on both sides, one int or three, or 'valid' for none, or 'same' for an output of the size of
            the input.
        dilation: the distance between the taps of the kernel, one int or three.
        groups: the number of blocks into which channels are cut.

    Returns:
        (N, O, D_out, H_out, W_out) or (O, D_out, H_out, W_out), each size as in `conv1d`.

    Raises:
        RuntimeError: sizes or dtypes do not fit.
        NotImplementedError: torch has no such convolution for the dtype.
        TypeError: an argument is of the wrong type.

    Example:
        >>> import numpy as np
        >>> conv3d(np.ones((1, 2, 4, 4, 4)), np.ones((3, 2, 2, 2, 2))).shape
        (1, 3, 3, 3, 3)
    """
    return _conv("conv3d", input, weight, bias, stride, padding, dilation, groups)
