"""torch's adaptive pooling: the windows are those that give a size of the result.

May import: NumPy, and all of pyconv below `functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.dims import dimension
from pyconv.functions.pooling.arguments import (
    FLOATS,
    check_dtype,
    check_rank,
    ints,
    one,
    shape_of,
    with_row,
    without_row,
)
from pyconv.functions.slicing import as_strided
from pyconv.geometry.pool import Axes, adaptive
from pyconv.geometry.pool_checks import check_not_empty
from pyconv.geometry.sizes import Size, size_text
from pyconv.kernels.memory_order import suggests_channels_last
from pyconv.ops import pool as ops
from pyconv.ops.cast import array_of
from pyconv.ops.reduce import mean
from pyconv.ops.undifferentiated import undifferentiated
from pyconv.signatures import function

Ints = int | tuple[int, ...]
_SIGNATURE = "(Tensor input, tuple of ints output_size)"
_WITH_OUT = "(Tensor input, tuple of ints output_size, *, Tensor out = None)"
_WITH_OUTS = "(Tensor input, tuple of ints output_size, *, tuple of Tensors out = None)"


def _axes(shape: Size, output: Size) -> Axes:
    return tuple(adaptive(n, o) for n, o in zip(shape[-len(output) :], output, strict=True))


def _row_size(function: str, shape: Size, output_size: Any) -> Size:
    """The size (1, L_out) of pooling over one dimension."""
    output = ints(function, "output_size", output_size, 1)
    check_rank(shape, function)
    return 1, one(function, "output_size", output)


@function(_SIGNATURE)
def adaptive_avg_pool1d(input: Any, output_size: Ints) -> Any:
    """The means of windows that divide the last dimension.

    Args:
        input: (N, C, L) or (C, L), of a float dtype.
        output_size: how many there are.

    Returns:
        (N, C, output_size) or (C, output_size).

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: another dtype.

    Example:
        >>> import pyconv as torch
        >>> torch.adaptive_avg_pool1d(torch.tensor([[1.0, 3.0, 2.0]]), 2)
        tensor([[2.0000, 2.5000]])
    """
    output = _row_size("adaptive_avg_pool1d", shape_of(input), output_size)
    return without_row(_average_2d(with_row(input), output))


@function(_WITH_OUT)
def adaptive_avg_pool2d(input: Any, output_size: Ints) -> Any:
    """The means of windows that divide an image.

    Example:
        >>> import pyconv as torch
        >>> adaptive_avg_pool2d(torch.arange(9.0).reshape(1, 3, 3), (1, 3))
        tensor([[[3., 4., 5.]]])
    """
    shape_of(input)
    output = ints("adaptive_avg_pool2d", "output_size", output_size, 2)
    if len(output) != 2:
        raise RuntimeError("adaptive_avg_pool2d: output_size must be 2")
    return _average_2d(input, output)


def _average_2d(input: Any, output: Size) -> Any:
    shape = shape_of(input)
    if min(output) < 0:
        raise RuntimeError(
            "adaptive_avg_pool2d: elements of output_size must be greater than or equal to 0 but received "
            f"{{{output[0]}, {output[1]}}}"
        )
    if output == (1, 1):
        return _overall_mean(input, 2)
    _check_average(shape, 2, len(shape) - 2)
    if 0 not in (*shape, *output):
        check_dtype(input, "adaptive_avg_pool2d", FLOATS)
    return _differentiable(ops.adaptive_average(input, _axes(shape, output)), f"adaptive_avg_pool{len(output)}d")


def _overall_mean(input: Any, count: int) -> Any:
    """The mean over the last dimensions, which stay with size 1."""
    ndim = len(shape_of(input))
    found = mean(input, tuple(reversed([dimension(-i, ndim) for i in range(1, count + 1)])), True)
    if ndim == count + 2 and suggests_channels_last(array_of(input)):
        channels = shape_of(found)[1]
        return as_strided(found, shape_of(found), (channels, 1, *[channels] * count))
    return found


def _check_average(shape: Size, count: int, lead: int) -> None:
    name = f"adaptive_avg_pool{count}d()"
    if len(shape) not in (count + 1, count + 2):
        raise RuntimeError(f"{name}: Expected {count + 1}D or {count + 2}D tensor, but got {size_text(shape)}")
    _check_filled(shape, name, lead)


def _check_filled(shape: Size, name: str, lead: int) -> None:
    check_not_empty(
        shape,
        lead,
        f"{name}: Expected input to have non-zero size for non-batch dimensions, but input has sizes {{size}} with "
        "dimension {axis} being empty",
    )


@function(_WITH_OUT)
def adaptive_avg_pool3d(input: Any, output_size: Ints) -> Any:
    """The means of windows that divide a volume.

    Example:
        >>> import pyconv as torch
        >>> adaptive_avg_pool3d(torch.arange(8.0).reshape(1, 2, 2, 2), (1, 1, 2))
        tensor([[[[3., 4.]]]])
    """
    shape = shape_of(input)
    output = ints("adaptive_avg_pool3d", "output_size", output_size, 3)
    if len(output) != 3:
        raise RuntimeError("adaptive_avg_pool3d: output_size must be 3")
    if min(output) < 0:
        raise RuntimeError(
            "adaptive_avg_pool3d: elements of output_size must be greater than or equal to 0 but received "
            f"{{{output[0]}, {output[1]},{output[2]}}}"
        )
    if output == (1, 1, 1):
        return _overall_mean(input, 3)
    _check_average(shape, 3, 1)
    check_dtype(input, "adaptive_avg_pool3d_cpu", FLOATS)
    return _differentiable(ops.adaptive_average(input, _axes(shape, output)), f"adaptive_avg_pool{len(output)}d")


@function(_WITH_OUTS)
def adaptive_max_pool1d(input: Any, output_size: Ints) -> Any:
    """The largest elements of windows that divide the last dimension, and where they are.

    Args:
        input: (N, C, L) or (C, L), of a float dtype.
        output_size: how many there are.

    Returns:
        The values and their places along L as int64, (N, C, output_size) or (C, output_size).

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: another dtype.

    Example:
        >>> import pyconv as torch
        >>> torch.adaptive_max_pool1d(torch.tensor([[1.0, 3.0, 2.0]]), 2)
        (tensor([[3., 3.]]), tensor([[1, 1]]))
    """
    shape = shape_of(input)
    output = _row_size("adaptive_max_pool1d", shape, output_size)
    _check_filled(shape, "adaptive_max_pool1d()", 1)
    values, places = _maximum(with_row(input), output, "adaptive_max_pool2d")
    return without_row(values), without_row(places)


@function(_WITH_OUTS)
def adaptive_max_pool2d(input: Any, output_size: Ints) -> Any:
    """The largest elements of windows that divide an image, and where in their planes they are.

    Example:
        >>> import pyconv as torch
        >>> adaptive_max_pool2d(torch.arange(9.0).reshape(1, 3, 3), (1, 3))
        (tensor([[[6., 7., 8.]]]), tensor([[[6, 7, 8]]]))
    """
    return _maximum_nd(input, output_size, 2, "adaptive_max_pool2d")


@function(_WITH_OUTS)
def adaptive_max_pool3d(input: Any, output_size: Ints) -> Any:
    """The largest elements of windows that divide a volume, and where in it they are.

    Example:
        >>> import pyconv as torch
        >>> adaptive_max_pool3d(torch.arange(8.0).reshape(1, 2, 2, 2), 1)
        (tensor([[[[7.]]]]), tensor([[[[7]]]]))
    """
    return _maximum_nd(input, output_size, 3, "adaptive_max_pool3d_cpu")


def _maximum_nd(input: Any, output_size: Any, count: int, stub: str) -> Any:
    shape = shape_of(input)
    name = f"adaptive_max_pool{count}d"
    output = ints(name, "output_size", output_size, count)
    if len(shape) not in (count + 1, count + 2):
        raise RuntimeError(f"{name}(): Expected {count + 1}D or {count + 2}D tensor, but got: {size_text(shape)}")
    _check_filled(shape, f"{name}()", 1)
    if len(output) != count:
        raise RuntimeError(f"{name}(): internal error: output_size.size() must be {count}")
    return _maximum(input, output, stub)


def _maximum(input: Any, output: Size, stub: str) -> Any:
    shape = shape_of(input)
    if min(output) < 0:
        size = (*shape[: -len(output)], *output)
        raise RuntimeError(f"Trying to create tensor with negative dimension {min(output)}: {size_text(size)}")
    check_dtype(input, stub, FLOATS)
    values, places = ops.maximum_with_places(input, _axes(shape, output), "AdaptiveMaxPool")
    return _differentiable(values, f"adaptive_max_pool{len(output)}d"), places


def _differentiable(found: Any, name: str) -> Any:
    """The result, whose gradient torch refuses where a dimension but the first is empty."""
    size = shape_of(found)
    empty = next((axis for axis in range(1, len(size)) if not size[axis]), None)
    if empty is None:
        return found
    return undifferentiated(
        found,
        reason=f"{name}_backward(): Expected grad_output to have non-zero size for non-batch dimensions, but "
        f"grad_output has sizes {list(size)} with dimension {empty} being empty",
    )
