"""The op of CrossMapLRN2d, with the windows that torch's has.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.tensor`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.function import Function
from pyconv.autograd.mode import is_grad_enabled
from pyconv.tensor import Tensor

Array = np.ndarray[Any, Any]


def _summed(inside: Array, x: Array) -> Array:
    """For every channel of (N, C, H, W), the sum over the channels in its row of (C, C)."""
    return np.moveaxis(np.tensordot(inside.astype(x.dtype), x, (1, 1)), 0, 1)


def _distance(channels: int) -> Array:
    return np.arange(channels) - np.arange(channels)[:, None]


def _forward_window(channels: int, reach: int) -> Array:
    """The running sum of torch adds the channel ahead, drops the one `reach` behind, and never drops the first."""
    away = _distance(channels)
    inside = (away > -reach) & (away < reach)
    inside[:, :1] = reach > 0
    return inside


class CrossMapLRN2d(Function):
    """x·(k + alpha/size·Σx²)^-beta over neighbouring channels, and torch's gradient of it."""

    @staticmethod
    def forward(ctx: Any, input: Any, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1) -> Any:
        if input.dim() != 4:
            raise ValueError(f"CrossMapLRN2d: Expected input to be 4D, got {input.dim()}D instead.")
        x = input._array
        work = x.astype(dtypes.accumulation(x.dtype), copy=False)
        inside = _forward_window(x.shape[1], int((size - 1) / 2 + 1))
        scale = _summed(inside, work * work) * work.dtype.type(alpha / size) + work.dtype.type(k)
        output = Tensor._wrap((scale**-beta * work).astype(x.dtype))
        ctx.size, ctx.factor, ctx.beta, ctx.scale = size, 2 * alpha * beta / size, beta, scale
        ctx.save_for_backward(input, output)
        return output

    @staticmethod
    def backward(ctx: Any, grad_output: Any) -> Any:
        if is_grad_enabled():
            raise RuntimeError(
                "mul(): functions with out=... arguments don't support automatic differentiation, but one of the "
                "arguments requires grad."
            )
        x, y = (value._array for value in ctx.saved_tensors)
        g, scale, channels = grad_output._array, ctx.scale, x.shape[1]
        before = int(ctx.size - (ctx.size - 1) / 2)
        if before >= ctx.size:
            raise RuntimeError(
                f"start ({before}) + length ({channels}) exceeds dimension size ({channels + ctx.size - 1})."
            )
        away = _distance(channels)
        ratio = _summed((away >= -before) & (away < ctx.size - before), g * y / scale)
        found = scale**-ctx.beta * g - scale.dtype.type(ctx.factor) * x * ratio
        return Tensor._wrap(found.astype(x.dtype)), None, None, None, None
