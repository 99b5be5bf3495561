"""torch's fractional max pooling below its random samples.

B. Graham, "Fractional Max-Pooling", 2014. May import: NumPy, and all of pyconv below `functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.functions.pooling.arguments import FLOATS, check_dtype, ints, shape_of
from pyconv.geometry.pool_checks import check_fractional, check_samples
from pyconv.geometry.sizes import size_text
from pyconv.ops import pool as ops
from pyconv.ops.cast import array_of
from pyconv.ops.shape import squeeze_one, unsqueeze
from pyconv.signatures import function

Array = np.ndarray[Any, Any]
Ints = int | tuple[int, ...]
_SIGNATURE = (
    "(Tensor input, tuple of ints kernel_size, tuple of ints output_size, Tensor random_samples, *, "
    "tuple of Tensors out = None)"
)


@function(_SIGNATURE)
def fractional_max_pool2d(input: Any, kernel_size: Ints, output_size: Ints, random_samples: Any) -> Any:
    """The largest elements of windows whose steps vary, and their places.

    Args:
        input: (N, C, H, W) or (C, H, W), of a float dtype.
        kernel_size: one int or (kH, kW).
        output_size: one int or (H_out, W_out).
        random_samples: (N, C, 2), in [0, 1) and of the dtype of the input: for each plane where to begin.

    Returns:
        The values and their places as int64, (N, C, H_out, W_out) or (C, H_out, W_out).

    Raises:
        RuntimeError: sizes do not fit.

    Example:
        >>> import pyconv as torch
        >>> fractional_max_pool2d(torch.arange(25.0).reshape(1, 5, 5), 2, 2, torch.zeros(1, 1, 2))
        (tensor([[[ 6.,  9.],
                 [21., 24.]]]), tensor([[[ 6,  9],
                 [21, 24]]]))
    """
    return _fractional(input, kernel_size, output_size, random_samples, 2)


@function(_SIGNATURE)
def fractional_max_pool3d(input: Any, kernel_size: Ints, output_size: Ints, random_samples: Any) -> Any:
    """`fractional_max_pool2d` of volumes.

    Args:
        input: (N, C, D, H, W) or (C, D, H, W), of a float dtype.
        kernel_size: one int or (kD, kH, kW).
        output_size: one int or (D_out, H_out, W_out).
        random_samples: (N, C, 3), in [0, 1) and of the dtype of the input: for each plane where to begin.

    Returns:
        The values and their places as int64.

    Raises:
        RuntimeError: sizes do not fit.

    Example:
        >>> import pyconv as torch
        >>> fractional_max_pool3d(torch.arange(27.0).reshape(1, 3, 3, 3), 2, 1, torch.zeros(1, 1, 3))
        (tensor([[[[26.]]]]), tensor([[[[26]]]]))
    """
    return _fractional(input, kernel_size, output_size, random_samples, 3)


def _fractional(input: Any, kernel_size: Any, output_size: Any, random_samples: Any, count: int) -> Any:
    shape, samples = shape_of(input), shape_of(random_samples)
    name = f"fractional_max_pool{count}d"
    kernel, output = (
        ints(name, what, v, count) for what, v in (("kernel_size", kernel_size), ("output_size", output_size))
    )
    several = "tuple of Ints" if count == 2 else "tuple of three Ints"
    for what, values in (("kernel_size", kernel), ("output_size", output)):
        if len(values) != count:
            raise RuntimeError(f"{name}: {what} must either be a single Int or {several}")
    check_fractional(shape, kernel, output)
    is_batch = len(shape) == count + 2
    batched = shape if is_batch else (1, *shape)
    drawn = array_of(random_samples)
    check_samples(batched, samples, drawn.dtype == array_of(input).dtype)
    check_dtype(input, f"{name}_out_frame", FLOATS)
    if min(output) < 0:
        size = size_text((*shape[:-count], *output))
        raise RuntimeError(f"Trying to create tensor with negative dimension {min(output)}: {size}")
    x = input if is_batch else unsqueeze(input, shape=batched)
    order = (1, 0) if count == 2 else (0, 1, 2)
    starts = [
        _starts(drawn[: batched[0], :, at], n, o, k)
        for at, n, o, k in zip(order, batched[2:], output, kernel, strict=True)
    ]
    results = ops.fractional_maximum(x, starts, kernel)
    return results if is_batch else tuple(squeeze_one(r, shape=(shape[0], *output)) for r in results)


def _starts(samples: Array, size: int, output: int, kernel: int) -> Array:
    """Where the windows of each plane start along one dimension, worked out in the dtype of the samples.

    Args:
        samples: (N, C).
        size: elements of the dimension.
        output: windows.
        kernel: taps of a window.

    Returns:
        (N, C, output), int64; the last window ends with the dimension.
    """
    found = np.full((*samples.shape, output), size - kernel, np.int64)
    if output > 1:
        kind = samples.dtype.type
        step = kind(kind(size - kernel) / kind(output - 1))
        begin = samples[..., None]
        moved = (np.arange(output - 1).astype(samples.dtype) + begin) * step
        found[..., :-1] = moved.astype(np.int64) - (begin * step).astype(np.int64)
    return found
