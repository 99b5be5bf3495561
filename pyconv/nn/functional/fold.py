"""torch's unfold and fold.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.ops`, `pyconv.nn.functional`.
"""

from __future__ import annotations

from typing import Any

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.geometry.fold import (
    FOLD_ORDER,
    check_fold,
    check_output_size,
    check_sizes_are_there,
    check_unfold,
    window_of,
)
from pyconv.ops import fold as ops
from pyconv.ops.cast import array_of
from pyconv.ops.shape import squeeze, unsqueeze
from pyconv.signatures import signature

Ints = int | tuple[int, ...]


def _pair(value: Any) -> Any:
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def unfold(input: Any, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1) -> Any:
    """Columns of the blocks under a sliding window (im2col).

    Args:
        input: (N, C, H, W) or (C, H, W); a Tensor or an ndarray.
        kernel_size: one int or (kH, kW).
        dilation: the distance between the taps, one int or two.
        padding: zeros on both sides, one int or two.
        stride: the step of the window, one int or two.

    Returns:
        (N, C·kH·kW, L) or (C·kH·kW, L), L the number of blocks, row by row.

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: integers, for which torch has none.
        TypeError: an argument is of the wrong type.

    Example:
        >>> import numpy as np
        >>> unfold(np.arange(9.0).reshape(1, 1, 3, 3), 2)[0, :, 0]
        array([0., 1., 3., 4.])
    """
    return im2col(input, _pair(kernel_size), _pair(dilation), _pair(padding), _pair(stride))


def fold(
    input: Any, output_size: Ints, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1
) -> Any:
    """The sum of columns over the blocks that they stand for (col2im), the transpose of `unfold`.

    Args:
        input: (N, C·kH·kW, L) or (C·kH·kW, L); a Tensor or an ndarray.
        output_size: one int or (H, W).
        kernel_size: one int or (kH, kW).
        dilation: the distance between the taps, one int or two.
        padding: zeros that `unfold` would have added, one int or two.
        stride: the step of the window, one int or two.

    Returns:
        (N, C, H, W) or (C, H, W).

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: integers, for which torch has none.
        TypeError: an argument is of the wrong type.

    Example:
        >>> import numpy as np
        >>> fold(np.ones((1, 4, 4)), 3, 2)
        array([[[[1., 2., 1.],
                 [2., 4., 2.],
                 [1., 2., 1.]]]])
    """
    return col2im(input, _pair(output_size), _pair(kernel_size), _pair(dilation), _pair(padding), _pair(stride))


def _shape(x: Any) -> tuple[int, ...]:
    shape: tuple[int, ...] = array_of(x).shape
    return shape


def _check_dtype(x: Any, name: str) -> None:
    kind = dtypes.of(array_of(x))
    if dtypes.category(kind) == 1:
        raise NotImplementedError(f"\"{name}_out_cpu\" not implemented for '{kind.scalar_name}'")


@signature(
    "(Tensor input, tuple of ints kernel_size, tuple of ints dilation, tuple of ints padding, tuple of ints stride)"
)
def im2col(input: Any, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Any:
    """`unfold` with a pair for each size."""
    shape = _shape(input)
    if isinstance(input, Traced) and input._requires_grad:
        check_sizes_are_there(shape)
    window = window_of(kernel_size, dilation, padding, stride)
    check_unfold(shape, window)
    _check_dtype(input, "im2col")
    x = input if len(shape) == 4 else unsqueeze(input, shape=(1, *shape))
    columns = ops.unfold(x, window=window)
    return columns if len(shape) == 4 else squeeze(columns, shape=_shape(columns)[1:])


@signature(
    "(Tensor input, tuple of ints output_size, tuple of ints kernel_size, tuple of ints dilation, "
    "tuple of ints padding, tuple of ints stride)"
)
def col2im(input: Any, output_size: Any, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Any:
    """`fold` with a pair for each size."""
    shape = _shape(input)
    check_output_size(output_size)
    window = window_of(kernel_size, dilation, padding, stride, FOLD_ORDER)
    check_fold(shape, output_size, window)
    _check_dtype(input, "col2im")
    columns = input if len(shape) == 3 else unsqueeze(input, shape=(1, *shape))
    image = ops.fold(columns, window=window, size=output_size)
    return image if len(shape) == 3 else squeeze(image, shape=_shape(image)[1:])
