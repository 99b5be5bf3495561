"""torch's conv_transpose1d, conv_transpose2d and conv_transpose3d.

May import: `pyconv.geometry`, `pyconv.ops`, `pyconv.nn.functional`.
"""

from __future__ import annotations

from typing import Any

from pyconv.geometry import Conv
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
from pyconv.ops.cast import array_of
from pyconv.signatures import signature

Ints = int | tuple[int, ...]

_TRANSPOSE = (
    "(Tensor input, Tensor weight, Tensor bias = None, tuple of ints stride = 1, tuple of ints padding = 0, "
    "tuple of ints output_padding = 0, int groups = 1, tuple of ints dilation = 1)"
)


def _conv_transpose(
    name: str,
    input: Any,
    weight: Any,
    bias: Any,
    stride: Ints,
    padding: Ints,
    output_padding: Ints,
    groups: int,
    dilation: Ints,
) -> Any:
    x, batched = with_batch(input, int(name[-2]), name)
    check_complex(x, weight, bias)
    geometry = Conv.of_transpose(
        array_of(x).shape, array_of(weight).shape, shape_of(bias), stride, padding, output_padding, dilation, groups
    )
    check_supported(x, geometry, transposed=True)
    check_bias(x, bias)
    x, weight = matching(x, weight)
    return without_batch(ops.conv_transpose(x, weight, bias, geometry=geometry), batched)


@signature(_TRANSPOSE)
def conv_transpose1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Any:
    """A 1-D transposed convolution, also called deconvolution: the gradient of `conv1d` with respect to its input.

    Args:
        input: (N, C, L) or (C, L); Tensors, or ndarrays throughout.
        weight: (C, O/groups, kL), of the dtype of `input`.
        bias: (O,), of the dtype of `input`.
        stride: the step of the window in the output.
        padding: elements cut off both sides of the output.
        output_padding: elements that the output has more on the high side, less than stride or dilation.
        groups: the number of blocks into which channels are cut.
        dilation: the distance between the taps of the kernel.

    Returns:
        (N, O, L_out) or (O, L_out), L_out = (L - 1)·stride - 2·padding + dilation·(kL - 1) + output_padding + 1.

    Raises:
        RuntimeError: sizes or dtypes do not fit.
        NotImplementedError: torch has no such convolution for the dtype.
        TypeError: an argument is of the wrong type.

    Example:
        >>> import numpy as np
        >>> conv_transpose1d(np.array([[[1.0, 2.0]]]), np.ones((1, 1, 2)), stride=2)
        array([[[1., 1., 2., 2.]]])
    """
    return _conv_transpose("conv_transpose1d", input, weight, bias, stride, padding, output_padding, groups, dilation)


@signature(_TRANSPOSE)
def conv_transpose2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Any:
    """A 2-D transposed convolution, also called deconvolution: the gradient of `conv2d` with respect to its input.

    Args:
        input: (N, C, H, W) or (C, H, W); Tensors, or ndarrays throughout.
        weight: (C, O/groups, kH, kW), of the dtype of `input`.
        bias: (O,), of the dtype of `input`.
        stride: the step of the window in the output, one int or two.
        padding: elements cut off both sides of the output, one int or two.
        output_padding: elements that the output has more on the high sides, less than stride or dilation.
        groups: the number of blocks into which channels are cut.
        dilation: the distance between the taps of the kernel, one int or two.

    Returns:
        (N, O, H_out, W_out) or (O, H_out, W_out), each size as in `conv_transpose1d`.

    Raises:
        RuntimeError: sizes or dtypes do not fit.
        NotImplementedError: torch has no such convolution for the dtype.
        TypeError: an argument is of the wrong type.

    Example:
        >>> import numpy as np
        >>> conv_transpose2d(np.ones((1, 4, 5, 5)), np.ones((4, 2, 3, 3)), stride=2, output_padding=1).shape
        (1, 2, 12, 12)
    """
    return _conv_transpose("conv_transpose2d", input, weight, bias, stride, padding, output_padding, groups, dilation)


@signature(_TRANSPOSE)
def conv_transpose3d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Any:
    """A 3-D transposed convolution, also called deconvolution: the gradient of `conv3d` with respect to its input.

    Args:
        input: (N, C, D, H, W) or (C, D, H, W); Tensors, or ndarrays throughout.
        weight: (C, O/groups, kD, kH, kW), of the dtype of `input`.
        bias: (O,), of the dtype of `input`.
        stride: the step of the window in the output, one int or three.
        padding: elements cut off both sides of the output, one int or three.
        output_padding: elements that the output has more on the high sides, less than stride or dilation.
        groups: the number of blocks into which channels are cut.
        dilation: the distance between the taps of the kernel, one int or three.

    Returns:
        (N, O, D_out, H_out, W_out) or (O, D_out, H_out, W_out), each size as in `conv_transpose1d`.

    Raises:
        RuntimeError: sizes or dtypes do not fit.
        NotImplementedError: torch has no such convolution for the dtype.
        TypeError: an argument is of the wrong type.

    Example:
        >>> import numpy as np
        >>> conv_transpose3d(np.ones((4, 5, 5, 5)), np.ones((4, 2, 3, 3, 3)), padding=1).shape
        (2, 5, 5, 5)
    """
    return _conv_transpose("conv_transpose3d", input, weight, bias, stride, padding, output_padding, groups, dilation)
