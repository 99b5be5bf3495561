"""torch's max pooling over one, two and three dimensions, with and without indices.

May import: NumPy, and all of pyconv below `functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv.autograd.mode import is_grad_enabled
from pyconv.autograd.traced import Traced
from pyconv.functions.pooling.arguments import (
    FLOATS,
    INTEGERS,
    check_dtype,
    check_rank,
    flags,
    ints,
    one,
    repeated,
    shape_of,
    with_row,
    without_row,
)
from pyconv.geometry.pool import Axes
from pyconv.geometry.pool_checks import Pool, axes_2d, axes_3d, check_max_1d
from pyconv.geometry.sizes import Size
from pyconv.ops import pool as ops
from pyconv.signatures import function

Ints = int | tuple[int, ...]
_SIGNATURE = (
    "(Tensor input, tuple of ints kernel_size, tuple of ints stride = None, tuple of ints padding = 0, "
    "tuple of ints dilation = 1, bool ceil_mode = False)"
)
_WITH_OUT = f"{_SIGNATURE[:-1]}, *, tuple of Tensors out = None)"


def _sizes(caller: str, count: int, *values: Any) -> tuple[Size, Size, Size, Size]:
    """Kernel, stride, padding and dilation; a stride that is None or an empty list stays empty."""
    kernel, stride, padding, dilation = values
    return (
        ints(caller, "kernel_size", kernel, count),
        () if stride is None else ints(caller, "stride", stride, count),
        ints(caller, "padding", padding, count),
        ints(caller, "dilation", dilation, count),
    )


def _pool(caller: str, count: int, sizes: tuple[Size, Size, Size, Size], ceil_mode: bool) -> Pool:
    what = f"a tuple of {'two' if count == 2 else 'three'} ints"
    kernel = repeated(sizes[0], count, f"{caller}: kernel_size must either be a single int, or {what}")
    return Pool(
        kernel,
        repeated(sizes[1] or kernel, count, f"{caller}: stride must either be omitted, a single int, or {what}"),
        repeated(sizes[2], count, f"{caller}: padding must either be a single int, or {what}"),
        repeated(sizes[3], count, f"{caller}: dilation must be either a single int, or {what}"),
        ceil_mode,
    )


def _axes(input: Any, caller: str, count: int, values: tuple[Any, ...], ceil_mode: Any) -> Axes:
    """The windows of a pool over two or three dimensions, every argument checked."""
    shape = shape_of(input)
    flags(ceil_mode)
    name = f"max_pool{count}d"
    pool = _pool(name, count, _sizes(caller, count, *values), ceil_mode)
    if len(shape) not in (count + 1, count + 2):
        raise RuntimeError(f"non-empty {count + 1}D or {count + 2}D (batch mode) tensor expected for input")
    if count == 2:
        axes = axes_2d(shape, pool)
    else:
        axes = axes_3d(shape, pool, "max_pool3d_with_indices_out_cpu_template()", False)
    check_dtype(input, name, (*INTEGERS, *FLOATS))
    return axes


@function(_SIGNATURE)
def max_pool1d(
    input: Any, kernel_size: Ints, stride: Any = None, padding: Ints = 0, dilation: Ints = 1, ceil_mode: bool = False
) -> Any:
    """The largest element of each window along the last dimension.

    Args:
        input: (N, C, L) or (C, L), of a float dtype.
        kernel_size: the taps of the window.
        stride: the step of the window, `kernel_size` by default.
        padding: elements added on both sides that no other is smaller than, at most half of `kernel_size`.
        dilation: the distance between taps.
        ceil_mode: whether the last window may hang over the end.

    Returns:
        (N, C, L_out) or (C, L_out).

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: the dtype is no float.

    Example:
        >>> import pyconv as torch
        >>> torch.max_pool1d(torch.tensor([[1.0, 3.0, 2.0, 4.0]]), 2)
        tensor([[3., 4.]])
    """
    shape = shape_of(input)
    flags(ceil_mode)
    pool = check_max_1d(shape, _sizes("max_pool1d", 1, kernel_size, stride, padding, dilation), ceil_mode)
    if isinstance(input, Traced) and input._requires_grad and is_grad_enabled():
        check_dtype(input, "max_pool2d", FLOATS)
    else:
        check_dtype(input, "max_pool1d_impl", FLOATS)
    size = (1, shape[-1])
    return without_row(ops.maximum(with_row(input), pool.axes(size, pool.output(size))))


@function(_SIGNATURE)
def max_pool1d_with_indices(
    input: Any, kernel_size: Ints, stride: Any = None, padding: Ints = 0, dilation: Ints = 1, ceil_mode: bool = False
) -> Any:
    """The largest element of each window along the last dimension, and where it is.

    Args:
        input: (N, C, L) or (C, L), of a float or an integer dtype.
        kernel_size: the taps of the window.
        stride: the step of the window, `kernel_size` by default.
        padding: elements added on both sides that no other is smaller than, at most half of `kernel_size`.
        dilation: the distance between taps.
        ceil_mode: whether the last window may hang over the end.

    Returns:
        The values and their places along L as int64, (N, C, L_out) or (C, L_out).

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: the dtype is bool or complex.

    Example:
        >>> import pyconv as torch
        >>> torch.max_pool1d_with_indices(torch.tensor([[1.0, 3.0, 2.0, 4.0]]), 2)
        (tensor([[3., 4.]]), tensor([[1, 3]]))
    """
    shape = shape_of(input)
    flags(ceil_mode)
    sizes = _sizes("max_pool1d_with_indices", 1, kernel_size, stride, padding, dilation)
    check_rank(shape, "max_pool1d")
    names = ("kernel_size", "stride", "padding", "dilation")
    kernel, step, low, apart = (
        one("max_pool1d", name, value)
        for name, value in zip(names, (sizes[0], sizes[1] or sizes[0], *sizes[2:]), strict=True)
    )
    axes = axes_2d((*shape[:-1], 1, shape[-1]), Pool((1, kernel), (1, step), (0, low), (1, apart), ceil_mode))
    check_dtype(input, "max_pool2d", (*INTEGERS, *FLOATS))
    values, places = ops.maximum_with_places(with_row(input), axes)
    return without_row(values), without_row(places)


@function(_SIGNATURE)
def max_pool2d(
    input: Any, kernel_size: Ints, stride: Any = None, padding: Ints = 0, dilation: Ints = 1, ceil_mode: bool = False
) -> Any:
    """The largest element of each window of an image.

    Args:
        input: (N, C, H, W) or (C, H, W), of a float or an integer dtype.
        kernel_size: the taps of the window, one int or (kH, kW).
        stride: the step of the window, `kernel_size` by default.
        padding: elements added on both sides that no other is smaller than, at most half of `kernel_size`.
        dilation: the distance between taps.
        ceil_mode: whether the last window may hang over the end.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out).

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: the dtype is bool or complex.

    Example:
        >>> import pyconv as torch
        >>> torch.max_pool2d(torch.arange(9.0).reshape(1, 3, 3), 2, stride=1)
        tensor([[[4., 5.],
                 [7., 8.]]])
    """
    values = (kernel_size, stride, padding, dilation)
    return ops.maximum(input, _axes(input, "max_pool2d", 2, values, ceil_mode))


@function(_SIGNATURE)
def max_pool3d(
    input: Any, kernel_size: Ints, stride: Any = None, padding: Ints = 0, dilation: Ints = 1, ceil_mode: bool = False
) -> Any:
    """The largest element of each window of a volume.

    Args:
        input: (N, C, D, H, W) or (C, D, H, W), of a float or an integer dtype.
        kernel_size: the taps of the window, one int or (kD, kH, kW).
        stride: the step of the window, `kernel_size` by default.
        padding: elements added on both sides that no other is smaller than, at most half of `kernel_size`.
        dilation: the distance between taps.
        ceil_mode: whether the last window may hang over the end.

    Returns:
        (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out).

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: the dtype is bool or complex.

    Example:
        >>> import pyconv as torch
        >>> torch.max_pool3d(torch.arange(8.0).reshape(1, 2, 2, 2), 2)
        tensor([[[[7.]]]])
    """
    values = (kernel_size, stride, padding, dilation)
    return ops.maximum(input, _axes(input, "max_pool3d", 3, values, ceil_mode))


@function(_WITH_OUT)
def max_pool2d_with_indices(
    input: Any, kernel_size: Ints, stride: Any = None, padding: Ints = 0, dilation: Ints = 1, ceil_mode: bool = False
) -> Any:
    """`max_pool2d`, and where in its plane each element is, as int64.

    Example:
        >>> import pyconv as torch
        >>> max_pool2d_with_indices(torch.arange(9.0).reshape(1, 3, 3), 2)
        (tensor([[[4.]]]), tensor([[[4]]]))
    """
    values = (kernel_size, stride, padding, dilation)
    return ops.maximum_with_places(input, _axes(input, "max_pool2d_with_indices", 2, values, ceil_mode))


@function(_WITH_OUT)
def max_pool3d_with_indices(
    input: Any, kernel_size: Ints, stride: Any = None, padding: Ints = 0, dilation: Ints = 1, ceil_mode: bool = False
) -> Any:
    """`max_pool3d`, and where in its volume each element is, as int64.

    Example:
        >>> import pyconv as torch
        >>> max_pool3d_with_indices(torch.arange(8.0).reshape(1, 2, 2, 2), 2)
        (tensor([[[[7.]]]]), tensor([[[[7]]]]))
    """
    values = (kernel_size, stride, padding, dilation)
    return ops.maximum_with_places(input, _axes(input, "max_pool3d_with_indices", 3, values, ceil_mode))
