"""Power-average pooling.

May import: `pyconv.functions`, `pyconv.nn.functional`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from pyconv.autograd.traced import Traced
from pyconv.functions.activation import relu
from pyconv.functions.arithmetic import mul
from pyconv.functions.pooling.average import avg_pool1d, avg_pool2d, avg_pool3d
from pyconv.functions.powers import pow
from pyconv.functions.signs import abs, neg, sign
from pyconv.nn.functional.pooling.arguments import ntuple
from pyconv.nn.functional.pooling.maximum import max_pool1d, max_pool2d, max_pool3d

Ints = int | tuple[int, ...]


def lp_pool1d(
    input: Any, norm_type: float, kernel_size: int, stride: Ints | None = None, ceil_mode: bool = False
) -> Any:
    """The norm of each window along the last dimension: the root of the sum of powers.

    Args:
        input: (N, C, L) or (C, L).
        norm_type: the power; infinite for the largest absolute value, or the smallest.
        kernel_size: the size of the window.
        stride: the step of the window, `kernel_size` by default.
        ceil_mode: whether the last window may hang over the end.

    Returns:
        (N, C, L_out) or (C, L_out).

    Raises:
        RuntimeError: sizes do not fit.

    Example:
        >>> import pyconv as torch
        >>> lp_pool1d(torch.tensor([[3.0, 4.0, 6.0, 8.0]]), 2, 2)
        tensor([[ 5., 10.]])
    """
    return _pooled(input, norm_type, kernel_size, stride, ceil_mode, kernel_size, max_pool1d, avg_pool1d)


def lp_pool2d(
    input: Any, norm_type: float, kernel_size: Ints, stride: Ints | None = None, ceil_mode: bool = False
) -> Any:
    """The norm of each window of an image: the root of the sum of powers.

    Args:
        input: (N, C, H, W) or (C, H, W).
        norm_type: the power; infinite for the largest absolute value, or the smallest.
        kernel_size: the size of the window, one int or (kH, kW).
        stride: the step of the window, `kernel_size` by default.
        ceil_mode: whether the last window may hang over the end.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out).

    Raises:
        RuntimeError: sizes do not fit.

    Example:
        >>> import pyconv as torch
        >>> lp_pool2d(torch.tensor([[[3.0, 4.0], [0.0, 0.0]]]), 2, 2)
        tensor([[[5.]]])
    """
    height, width = ntuple(kernel_size, 2)
    return _pooled(input, norm_type, kernel_size, stride, ceil_mode, height * width, max_pool2d, avg_pool2d)


def lp_pool3d(
    input: Any, norm_type: float, kernel_size: Ints, stride: Ints | None = None, ceil_mode: bool = False
) -> Any:
    """The norm of each window of a volume: the root of the sum of powers.

    Args:
        input: (N, C, D, H, W) or (C, D, H, W).
        norm_type: the power; infinite for the largest absolute value, or the smallest.
        kernel_size: the size of the window, one int or (kD, kH, kW).
        stride: the step of the window, `kernel_size` by default.
        ceil_mode: whether the last window may hang over the end.

    Returns:
        (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out).

    Raises:
        RuntimeError: sizes do not fit.

    Example:
        >>> import pyconv as torch
        >>> lp_pool3d(torch.ones(1, 4, 4, 1), 2, (2, 2, 1))
        tensor([[[[2.],
                  [2.]],
        <BLANKLINE>
                 [[2.],
                  [2.]]]])
    """
    depth, height, width = ntuple(kernel_size, 3)
    return _pooled(input, norm_type, kernel_size, stride, ceil_mode, depth * height * width, max_pool3d, avg_pool3d)


def _pooled(
    input: Any,
    norm_type: float,
    kernel_size: Any,
    stride: Any,
    ceil_mode: bool,
    taps: Any,
    largest: Callable[..., Any],
    average: Callable[..., Any],
) -> Any:
    """The mean of powers, times the taps of a window, under the root: in the order in which torch rounds."""
    if isinstance(norm_type, (int, float)) and math.isinf(norm_type):
        if norm_type > 0:
            return largest(abs(input), kernel_size, stride, 0, 1, ceil_mode)
        return neg(largest(neg(abs(input)), kernel_size, stride, 0, 1, ceil_mode))
    out = average(_with(input, pow, norm_type), kernel_size, stride, 0, ceil_mode)
    return _with(_with(mul(sign(out), relu(abs(out))), mul, taps), pow, 1.0 / norm_type)


def _with(x: Any, function: Callable[..., Any], argument: Any) -> Any:
    """A function of two arguments, called as the method of a Tensor, whose texts name other positions."""
    return getattr(x, function.__name__)(argument) if isinstance(x, Traced) else function(x, argument)
