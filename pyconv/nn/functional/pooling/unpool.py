"""Max unpooling: values put back to where max pooling found them.

May import: `pyconv.functions`, `pyconv.ops`, `pyconv.nn.functional`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyconv.functions.pooling import unpool as builtin
from pyconv.nn.functional.pooling.arguments import ntuple, size_of
from pyconv.ops.cast import array_of
from pyconv.ops.shape import squeeze_one, unsqueeze

Ints = int | tuple[int, ...]


def _output_size(size: tuple[int, ...], kernel: Any, stride: Any, padding: Any, output_size: Any) -> Any:
    """The given output size, checked, or the one that the windows just cover.

    Raises:
        ValueError: it has another length, is too far from what the windows cover, or is negative.
    """
    count = len(kernel)
    default = [(size[d - count] - 1) * stride[d] + kernel[d] - 2 * padding[d] for d in range(count)]
    found: Any = default
    if output_size is not None:
        found = output_size[2:] if len(output_size) == count + 2 else output_size
        if len(found) != count:
            raise ValueError(
                f"output_size should be a sequence containing {count} or {count + 2} elements, but it has a length of "
                f"'{len(found)}'"
            )
        for d in range(count):
            low, high = default[d] - stride[d], default[d] + stride[d]
            if not low < found[d] < high:
                raise ValueError(f'invalid output_size "{found}" (dim {d} must be between {low} and {high})')
    for d in range(count):
        if not found[d] >= 0:
            raise ValueError(
                "max_unpooling: output_size must contain non-negative spatial dimensions, but got "
                f"output_size[{d}]={found[d]}"
            )
    return found


def max_unpool1d(
    input: Any,
    indices: Any,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Any:
    """Zeros with values where `max_pool1d` found them.

    Args:
        input: (N, C, L) or (C, L), of a float dtype.
        indices: int64, of the same shape: places along L_out.
        kernel_size: of the pooling.
        stride: of the pooling, `kernel_size` by default.
        padding: of the pooling.
        output_size: (L_out,) or the whole shape of the result; what the windows just cover by default.

    Returns:
        (N, C, L_out) or (C, L_out).

    Raises:
        ValueError: the output size does not fit.
        RuntimeError: the shapes do not fit, or a place is outside.

    Example:
        >>> import pyconv as torch
        >>> max_unpool1d(torch.tensor([[3.0, 4.0]]), torch.tensor([[1, 3]]), 2)
        tensor([[0., 3., 0., 4.]])
    """
    kernel = ntuple(kernel_size, 1)
    steps = kernel if stride is None else ntuple(stride, 1)
    size = _output_size(size_of(input), kernel, steps, ntuple(padding, 1), output_size)
    column, places = (unsqueeze(x, shape=(*size_of(x, "unsqueeze"), 1)) for x in (input, indices))
    result = builtin.max_unpool2d(column, places, (*size, 1))
    return squeeze_one(result, shape=array_of(result).shape[:-1])


def max_unpool2d(
    input: Any,
    indices: Any,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Any:
    """Zeros with values where `max_pool2d` found them.

    Args:
        input: (N, C, H, W) or (C, H, W), of a float dtype.
        indices: int64, of the same shape: places in the planes of the result.
        kernel_size: of the pooling, one int or (kH, kW).
        stride: of the pooling, `kernel_size` by default.
        padding: of the pooling.
        output_size: (H_out, W_out) or the whole shape of the result; what the windows just cover by default.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out).

    Raises:
        ValueError: the output size does not fit.
        RuntimeError: the shapes do not fit, or a place is outside.

    Example:
        >>> import pyconv as torch
        >>> max_unpool2d(torch.tensor([[[5.0]]]), torch.tensor([[[2]]]), 2)
        tensor([[[0., 0.],
                 [5., 0.]]])
    """
    kernel = ntuple(kernel_size, 2)
    steps = kernel if stride is None else ntuple(stride, 2)
    size = _output_size(size_of(input), kernel, steps, ntuple(padding, 2), output_size)
    return builtin.max_unpool2d(input, indices, size)


def max_unpool3d(
    input: Any,
    indices: Any,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Any:
    """Zeros with values where `max_pool3d` found them.

    Args:
        input: (N, C, D, H, W) or (C, D, H, W), of a float dtype.
        indices: int64, of the same shape: places in the volumes of the result.
        kernel_size: of the pooling, one int or (kD, kH, kW).
        stride: of the pooling, `kernel_size` by default.
        padding: of the pooling.
        output_size: (D_out, H_out, W_out) or the whole shape of the result; what the windows just cover by default.

    Returns:
        (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out).

    Raises:
        ValueError: the output size does not fit.
        RuntimeError: the shapes do not fit, or a place is outside.

    Example:
        >>> import pyconv as torch
        >>> max_unpool3d(torch.ones(1, 1, 1, 1), torch.ones(1, 1, 1, 1).long(), (1, 1, 2))
        tensor([[[[0., 1.]]]])
    """
    kernel = ntuple(kernel_size, 3)
    steps = kernel if stride is None else ntuple(stride, 3)
    pads = ntuple(padding, 3)
    size = _output_size(size_of(input), kernel, steps, pads, output_size)
    return builtin.max_unpool3d(input, indices, size, steps, pads)
