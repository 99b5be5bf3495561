"""torch.nn.grad: the gradients of the convolutions as functions.

May import: NumPy, `pyconv.geometry`, `pyconv.ops`, `pyconv.nn.functional`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyconv import dtypes
from pyconv.geometry import Conv, Size
from pyconv.ops import conv as ops
from pyconv.ops.cast import array_of, conj

Ints = int | tuple[int, ...]


def _geometry(x_shape: Any, w_shape: Any, gy: Any, ndim: int, options: tuple[Any, ...]) -> Conv:
    """The geometry of the convolution, whose output the cotangent must fit."""
    stride, padding, dilation, groups = options
    if isinstance(padding, str):
        raise TypeError(f"conv{ndim}d gradients take padding as ints, not {padding!r}")
    conv = Conv.of(tuple(x_shape), tuple(w_shape), None, stride, padding, dilation, groups)
    shape = array_of(gy).shape
    if len(shape) != ndim + 2:
        raise RuntimeError(f"Expected a tensor of dimension {ndim + 2} but got: dimension {len(shape)}")
    for axis, (n, have) in enumerate(zip(conv.y_shape, shape, strict=True)):
        if n != have:
            raise RuntimeError(
                f"Expected a tensor of dimension {ndim + 2} and tensor.size[{axis}] == {n} "
                f"but got: dimension {ndim + 2} and tensor.size[{axis}] = {have}"
            )
    return conv


def _check_dtypes(a: Any, b: Any) -> None:
    kinds = dtypes.of(array_of(a)), dtypes.of(array_of(b))
    if kinds[0] is not kinds[1]:
        raise RuntimeError(f"expected scalar type {kinds[0].scalar_name} but found {kinds[1].scalar_name}")
    if dtypes.category(kinds[0]) < 2:
        raise NotImplementedError(f"\"slow_conv2d_cpu_grad_weight\" not implemented for '{kinds[0].scalar_name}'")


def _input_grad(ndim: int) -> Callable[..., Any]:
    def function(
        input_size: Size,
        weight: Any,
        grad_output: Any,
        stride: Ints = 1,
        padding: Ints = 0,
        dilation: Ints = 1,
        groups: int = 1,
    ) -> Any:
        options = stride, padding, dilation, groups
        geometry = _geometry(input_size, array_of(weight).shape, grad_output, ndim, options)
        _check_dtypes(grad_output, weight)
        return ops.conv_input_grad(grad_output, conj(weight), geometry=geometry)

    function.__name__ = function.__qualname__ = f"conv{ndim}d_input"
    function.__doc__ = f"""The gradient of `conv{ndim}d` with respect to its input.

    Args:
        input_size: the shape of the batched input.
        weight: the weight of the convolution.
        grad_output: the gradient with respect to the output, of its shape and the dtype of `weight`.
        stride: of the convolution, as are the rest.
        padding: as ints.
        dilation: as ints.
        groups: the number of blocks.

    Returns:
        A tensor of shape `input_size`.

    Raises:
        RuntimeError: sizes or dtypes do not fit.

    Example:
        >>> import numpy as np
        >>> shape = (1, 1) + (3,) * {ndim}
        >>> conv{ndim}d_input(shape, np.ones((1, 1) + (3,) * {ndim}), np.full((1, 1) + (1,) * {ndim}, 2.0)).sum()
        np.float64({2.0 * 3**ndim})
    """
    return function


def _weight_grad(ndim: int) -> Callable[..., Any]:
    def function(
        input: Any,
        weight_size: Size,
        grad_output: Any,
        stride: Ints = 1,
        padding: Ints = 0,
        dilation: Ints = 1,
        groups: int = 1,
    ) -> Any:
        options = stride, padding, dilation, groups
        geometry = _geometry(array_of(input).shape, weight_size, grad_output, ndim, options)
        _check_dtypes(grad_output, input)
        return ops.conv_weight_grad(conj(input), grad_output, geometry=geometry)

    function.__name__ = function.__qualname__ = f"conv{ndim}d_weight"
    function.__doc__ = f"""The gradient of `conv{ndim}d` with respect to its weight.

    Args:
        input: the batched input of the convolution.
        weight_size: the shape of the weight.
        grad_output: the gradient with respect to the output, of its shape and the dtype of `input`.
        stride: of the convolution, as are the rest.
        padding: as ints.
        dilation: as ints.
        groups: the number of blocks.

    Returns:
        A tensor of shape `weight_size`.

    Raises:
        RuntimeError: sizes or dtypes do not fit.

    Example:
        >>> import numpy as np
        >>> shape = (1, 1) + (3,) * {ndim}
        >>> conv{ndim}d_weight(np.ones(shape), shape, np.full((1, 1) + (1,) * {ndim}, 2.0)).sum()
        np.float64({2.0 * 3**ndim})
    """
    return function


conv1d_input, conv2d_input, conv3d_input = (_input_grad(ndim) for ndim in (1, 2, 3))
conv1d_weight, conv2d_weight, conv3d_weight = (_weight_grad(ndim) for ndim in (1, 2, 3))
