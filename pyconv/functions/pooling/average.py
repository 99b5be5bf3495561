"""torch's average pooling over one, two and three dimensions.

May import: NumPy, and all of pyconv below `functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv import dtypes
from pyconv.functions.pooling.arguments import (
    FLOATS,
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
from pyconv.geometry.pool import Axes, divisors
from pyconv.geometry.pool_checks import Pool, axes_2d, axes_3d
from pyconv.geometry.sizes import Size
from pyconv.ops import pool as ops
from pyconv.signatures import function
from pyconv.signatures.values import is_int

Ints = int | tuple[int, ...]
_SIGNATURE = (
    "(Tensor input, tuple of ints kernel_size, tuple of ints stride = None, tuple of ints padding = 0, "
    "bool ceil_mode = False, bool count_include_pad = True"
)
_FULL = f"{_SIGNATURE}, int divisor_override = None, *, Tensor out = None)"


def _sizes(caller: str, count: int, kernel: Any, stride: Any, padding: Any) -> tuple[Size, Size, Size]:
    """Kernel, stride and padding; a stride that is None or an empty list stays empty."""
    return (
        ints(caller, "kernel_size", kernel, count),
        () if stride is None else ints(caller, "stride", stride, count),
        ints(caller, "padding", padding, count),
    )


def _counted(axes: Axes, pool: Pool, count_include_pad: bool) -> tuple[Size, ...]:
    return tuple(divisors(axis, p, count_include_pad) for axis, p in zip(axes, pool.padding, strict=True))


@function(f"{_SIGNATURE})")
def avg_pool1d(
    input: Any,
    kernel_size: Ints,
    stride: Any = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Any:
    """The mean of each window along the last dimension.

    Args:
        input: (N, C, L) or (C, L), of a float dtype or int64.
        kernel_size: the size of the window.
        stride: the step of the window, `kernel_size` by default.
        padding: zeros on both sides, at most half of `kernel_size`.
        ceil_mode: whether the last window may hang over the end.
        count_include_pad: whether the zeros count.

    Returns:
        (N, C, L_out) or (C, L_out).

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: another dtype.

    Example:
        >>> import pyconv as torch
        >>> torch.avg_pool1d(torch.tensor([[1.0, 3.0, 2.0, 4.0]]), 2)
        tensor([[2., 3.]])
    """
    shape = shape_of(input)
    flags(ceil_mode, count_include_pad)
    sizes = _sizes("avg_pool1d", 1, kernel_size, stride, padding)
    check_rank(shape, "avg_pool1d")
    values = (sizes[0], sizes[1] or sizes[0], sizes[2])
    names = ("kernel_size", "stride", "padding")
    kernel, step, low = (one("avg_pool1d", name, value) for name, value in zip(names, values, strict=True))
    pool = Pool((1, kernel), (1, step), (0, low), (1, 1), ceil_mode)
    axes = axes_2d((*shape[:-1], 1, shape[-1]), pool)
    check_dtype(input, "avg_pool2d", (dtypes.int64, *FLOATS))
    return without_row(ops.average(with_row(input), axes, _counted(axes, pool, count_include_pad)))


def _pool(name: str, count: int, sizes: tuple[Size, Size, Size], ceil_mode: bool) -> Pool:
    either = "either " if count == 2 else ""
    what = f"a tuple of {'two' if count == 2 else 'three'} ints"
    kernel = repeated(sizes[0], count, f"{name}: kernel_size must {either}be a single int, or {what}")
    stride = repeated(sizes[1] or kernel, count, f"{name}: stride must {either}be omitted, a single int, or {what}")
    padding = repeated(sizes[2], count, f"{name}: padding must {either}be a single int, or {what}")
    return Pool(kernel, stride, padding, (1,) * count, ceil_mode)


def _divisor(value: Any) -> int | None:
    """The divisor that takes the place of the counts.

    Raises:
        TypeError: it is no integer.
        RuntimeError: it is zero.
    """
    if value is None:
        return None
    if not is_int(value):
        raise TypeError("expected an integer")
    if not value:
        raise RuntimeError("divisor must be not zero")
    return int(value)


@function(_FULL)
def avg_pool2d(
    input: Any,
    kernel_size: Ints,
    stride: Any = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """The mean of each window of an image.

    Args:
        input: (N, C, H, W) or (C, H, W), of a float dtype or int64.
        kernel_size: the size of the window, one int or (kH, kW).
        stride: the step of the window, `kernel_size` by default.
        padding: zeros on both sides, at most half of `kernel_size`.
        ceil_mode: whether the last window may hang over the end.
        count_include_pad: whether the zeros count.
        divisor_override: what to divide by instead of the size of the window.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out).

    Raises:
        IndexError: the input has fewer than three dimensions.
        RuntimeError: sizes do not fit.
        NotImplementedError: another dtype.

    Example:
        >>> import pyconv.nn.functional as F
        >>> import pyconv as torch
        >>> F.avg_pool2d(torch.arange(9.0).reshape(1, 3, 3), 2, stride=1)
        tensor([[[2., 3.],
                 [5., 6.]]])
    """
    shape = shape_of(input)
    flags(ceil_mode, count_include_pad)
    pool = _pool("avg_pool2d", 2, _sizes("avg_pool2d", 2, kernel_size, stride, padding), ceil_mode)
    divisor = _divisor(divisor_override)
    _check_dimensions(shape)
    axes = axes_2d(shape, pool)
    check_dtype(input, "avg_pool2d", (dtypes.int64, *FLOATS))
    return ops.average(input, axes, divisor or _counted(axes, pool, count_include_pad))


def _check_dimensions(shape: Size) -> None:
    """Raise IndexError unless there are three dimensions, which torch reads first."""
    if not shape:
        raise IndexError("Dimension specified as -3 but tensor has no dimensions")
    if len(shape) < 3:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [-{len(shape)}, {len(shape) - 1}], but got -3)"
        )


@function(_FULL)
def avg_pool3d(
    input: Any,
    kernel_size: Ints,
    stride: Any = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """The mean of each window of a volume.

    Args:
        input: (N, C, D, H, W) or (C, D, H, W), float32, float64 or int64.
        kernel_size: the size of the window, one int or (kD, kH, kW).
        stride: the step of the window, `kernel_size` by default.
        padding: zeros on both sides, at most half of `kernel_size`.
        ceil_mode: whether the last window may hang over the end.
        count_include_pad: whether the zeros count.
        divisor_override: what to divide by instead of the size of the window.

    Returns:
        (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out).

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: another dtype.

    Example:
        >>> import pyconv.nn.functional as F
        >>> import pyconv as torch
        >>> F.avg_pool3d(torch.arange(8.0).reshape(1, 2, 2, 2), 2)
        tensor([[[[3.5000]]]])
    """
    shape = shape_of(input)
    flags(ceil_mode, count_include_pad)
    pool = _pool("avg_pool3d", 3, _sizes("avg_pool3d", 3, kernel_size, stride, padding), ceil_mode)
    if len(shape) not in (4, 5):
        raise RuntimeError("non-empty 4D or 5D (batch mode) tensor expected for input")
    divisor = _divisor(divisor_override)
    axes = axes_3d(shape, pool, "avg_pool3d()", True)
    check_dtype(input, "avg_pool3d_out_frame", (dtypes.int64, dtypes.float32, dtypes.float64))
    return ops.average(input, axes, divisor or _counted(axes, pool, count_include_pad))
