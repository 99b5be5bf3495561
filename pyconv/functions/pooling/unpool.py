"""torch's max unpooling: values put back to where max pooling found them.

May import: NumPy, and all of pyconv below `functions`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.determinism import alert
from pyconv.functions.pooling.arguments import FLOATS, check_dtype, ints, shape_of
from pyconv.geometry.pool_checks import check_not_empty
from pyconv.geometry.sizes import Size, size_text
from pyconv.ops import pool as ops
from pyconv.ops.cast import array_of
from pyconv.signatures import function

Ints = int | tuple[int, ...]


@function("(Tensor input, Tensor indices, tuple of ints output_size, *, Tensor out = None)")
def max_unpool2d(input: Any, indices: Any, output_size: Ints) -> Any:
    """Zeros with values at places.

    Args:
        input: (N, C, H, W) or (C, H, W), of a float dtype.
        indices: int64, of the same shape: the place of each element in its plane.
        output_size: one int or the size (H_out, W_out) of the planes.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out).

    Raises:
        RuntimeError: sizes do not fit, or a place is outside.

    Example:
        >>> import pyconv as torch
        >>> max_unpool2d(torch.tensor([[[5.0]]]), torch.tensor([[[2]]]), (2, 2))
        tensor([[[0., 0.],
                 [5., 0.]]])
    """
    alert("max_unpooling2d_forward_out")
    shape, places = shape_of(input), shape_of(indices)
    output = ints("max_unpool2d", "output_size", output_size, 2)
    _check_indices(indices, f" but got: {dtypes.of(array_of(indices)).scalar_name}")
    if len(output) != 2:
        raise RuntimeError(
            f"There should be exactly two elements (height, width) in output_size, but got {len(output)} elements."
        )
    _check_shapes(shape, places, 2)
    if array_of(input).size and math.prod(output):
        check_dtype(input, "max_unpool2d", FLOATS)
    return ops.unpool(input, indices, output)


@function(
    "(Tensor input, Tensor indices, tuple of ints output_size, tuple of ints stride, tuple of ints padding, *, "
    "Tensor out = None)"
)
def max_unpool3d(input: Any, indices: Any, output_size: Ints, stride: Ints, padding: Ints) -> Any:
    """Zeros with values at places.

    Args:
        input: (N, C, D, H, W) or (C, D, H, W), of a float dtype.
        indices: int64, of the same shape: the place of each element in its volume.
        output_size: one int or the size (D_out, H_out, W_out) of the volumes.
        stride: of the pooling; only checked.
        padding: of the pooling; only checked.

    Returns:
        (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out).

    Raises:
        RuntimeError: sizes do not fit, or a place is outside.

    Example:
        >>> import pyconv as torch
        >>> max_unpool3d(torch.ones(1, 1, 1, 1), torch.ones(1, 1, 1, 1).long(), (1, 1, 2), 2, 0)
        tensor([[[[0., 1.]]]])
    """
    alert("max_unpooling3d_forward_out")
    shape, places = shape_of(input), shape_of(indices)
    output, steps, pads = (
        ints("max_unpool3d", name, value, 3)
        for name, value in (("output_size", output_size), ("stride", stride), ("padding", padding))
    )
    _check_indices(indices, "")
    _check_rank(shape, 3)
    if len(output) != 3:
        raise RuntimeError(
            "There should be exactly three elements (depth, height, width) in output_size, but got "
            f"{len(output)} elements."
        )
    for name, values in (("stride", steps), ("padding", pads)):
        if len(values) != 3:
            raise RuntimeError(
                f"There should be exactly three elements (depth, height, width) in {name}, but got: {len(values)} "
                "elements."
            )
    _check_shapes(shape, places, 3)
    if min(steps) <= 0:
        raise RuntimeError(f"strides should be greater than zero, but got stride: {size_text(steps)}")
    if array_of(input).size and math.prod(output):
        check_dtype(input, "max_unpool3d", FLOATS)
    return ops.unpool(input, indices, output)


def _check_indices(indices: Any, but: str) -> None:
    if array_of(indices).dtype != np.int64:
        raise RuntimeError(f"elements in indices should be type int64{but}")


def _check_rank(shape: Size, count: int) -> None:
    if len(shape) not in (count + 1, count + 2):
        raise RuntimeError(
            f"Input to max_unpooling{count}d should be a {count + 1}d or {count + 2}d Tensor, but got a tensor with "
            f"{len(shape)} dimensions."
        )


def _check_shapes(shape: Size, places: Size, count: int) -> None:
    _check_rank(shape, count)
    if shape != places:
        raise RuntimeError(
            f"Expected shape of indices to be same as that of the input tensor ({size_text(shape)}) but got indices "
            f"tensor with shape: {size_text(places)}"
        )
    check_not_empty(
        shape,
        1,
        f"max_unpooling{count}d_forward_out_cpu(): Expected input to have non-zero size for non-batch dimensions, but "
        "got {size} with dimension {axis} being empty.",
    )
