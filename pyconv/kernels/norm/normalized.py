"""What normalization makes of an array, statistics and parameters.

May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math

import numpy as np

from pyconv import dtypes
from pyconv.kernels.norm.blocks import Array, Block, blocks, each, part
from pyconv.kernels.norm.nearness import shifted


def normalize(x: Array, mean: Array, scale: Array, w: Array | None, b: Array | None) -> Array:
    """(x - mean)·scale·w + b, of the dtype of `x`, computed in at least single precision.

    Args:
        x: floating point.
        mean: float64, as are the others; they broadcast to `x`.
        scale: what x - mean is multiplied by.
        w: multiplies too; None for 1.
        b: is added; None for 0.
    """
    work = dtypes.accumulation(x.dtype)
    joined = _joins(scale, w, x) and _joins(scale, b, x)
    slope = scale if w is None or not joined else scale * w
    center, shift, near = shifted(mean, scale, slope, work)
    shift = b - shift if joined and b is not None else -shift
    slope, shift = slope.astype(work), shift.astype(work)
    shape = x.shape
    if joined:
        rows, (slope, shift, *center) = long_rows(x, slope, shift, *center)
        x = x.reshape(rows)
    out = np.empty(x.shape, x.dtype)

    def fill(block: Block) -> None:
        target = out[block] if out.dtype == work else np.empty(out[block].shape, work)
        source = x[block].astype(work, copy=False)
        if not near:
            source = np.subtract(source, part(center[0], block), out=target)
        np.multiply(source, part(slope, block), out=target)
        target += part(shift, block)
        if not joined:
            for operation, operand in ((np.multiply, w), (np.add, b)):
                if operand is not None:
                    operation(target, part(operand, block).astype(work), out=target)
        if out.dtype != work:
            out[block] = target

    each(fill, list(blocks(x.shape)), x.size)
    return out.reshape(shape)


def _joins(scale: Array, w: Array | None, x: Array) -> bool:
    """Whether a statistic and a parameter together are smaller than the input."""
    if w is None:
        return True
    size = w.size if w.shape == scale.shape else math.prod(np.broadcast_shapes(scale.shape, w.shape))
    return size < max(2, x.size)


SHORT = 256
"""The longest rows that are joined to longer ones: in one of 16 elements NumPy's loop takes a tenth of the time."""


def long_rows(x: Array, *values: Array) -> tuple[tuple[int, ...], list[Array]]:
    """A shape to view x in, with its short rows joined, and what broadcasts to it instead of (1, C, 1)."""
    long = x.ndim != 3 or x.shape[0] < 2 or not 0 < x.shape[2] <= SHORT or not x.flags.c_contiguous
    if long or any(value.shape != (1, x.shape[1], 1) for value in values):
        return x.shape, list(values)
    rows = (x.shape[0], x.shape[1] * x.shape[2])
    return rows, list(np.repeat(np.concatenate(values), x.shape[2], 2).reshape(len(values), 1, -1))
