"""The gradient with respect to w from columns a cacheful at a time: those of `in_cache`, times the cotangents.

Each thread pads rows of its own once, gathers the columns of a few of them, and adds their product with the cotangents
of the same positions, which are read where they lie, to a sum of its own.

Measured on two threads, settled and by turns, as shares of the time of `im2col`: 0.64 and 0.59 (the least and the
median of 7) for eight images of 3 channels of 64×64 by 7×7/2, 0.76 and 0.66 for one of 224×224, 0.66 and 0.69 by
11×11/4, 0.35 and 0.27 for eight of them by 3×3/2; 0.72 and 0.81 for eight of 64 channels of 56×56 by 3×3/2, 0.83 and
0.94 for one of 32 channels by 5×5/2. Where weights are many beside the positions it is slower, as the sums are added to
for each piece: 1.5 for 5×5 of 64 channels of 27×27 to 192.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv import in_cache
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]

SUMS = 8 << 20
"""Bytes of the sums of all lists of rows."""


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    lists = in_cache.lists_of(conv, x.dtype)
    x, cotangents = np.ascontiguousarray(x), np.ascontiguousarray(gy).reshape(*gy.shape[:2], -1)
    sums = np.empty((len(lists), conv.terms, conv.out_channels), x.dtype)

    @np.errstate(all="ignore")
    def work(number: int) -> None:
        total, product = sums[number], scratch("product", sums.shape[1:], x.dtype)
        total.fill(0)
        for image, first, stop in lists[number]:
            columns = in_cache.columns_of(conv, first, stop, x.dtype)
            columns.load(x[image])
            for matrix, run in columns.each():
                total += np.matmul(matrix, cotangents[image, :, run].T, out=product)

    threads.each(work, range(len(lists)))
    for part in sums[1:]:
        sums[0] += part
    out.reshape(len(out), -1)[...] = sums[0].T


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """What `in_cache` supports, and sums that are not too large."""
    if not in_cache.ALGORITHM.supports(conv, dtype):
        return False
    return len(in_cache.lists_of(conv, dtype)) * conv.out_channels * conv.terms * dtype.itemsize <= SUMS


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:  # noqa: ARG001
    found = in_cache.ALGORITHM.estimate(conv, dtype, "forward")
    weights = conv.out_channels * conv.terms * dtype.itemsize
    moved = found.traffic + 2.0 * (found.calls / 3 + 2 * len(in_cache.lists_of(conv, dtype)) + 2) * weights
    return Estimate(found.flops, min(1.0, conv.out_channels / 16), moved, found.calls, found.workspace + SUMS)


ALGORITHM = Algorithm("column-sums", _supports, _estimate, None, None, weight_grad, alone_below=in_cache.ALONE)
