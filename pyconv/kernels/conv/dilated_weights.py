"""The gradient with respect to w of dilated kernels by minimal filtering: that of the phases, as images of their own.

The phases of the images and those of the cotangents are gathered as `dilated` gathers them, and `winograd_weights` sums
over them. Zeros that fill up shorter phases would be no zeros beside infinities: then `direct` computes the gradient.
By turns with what served before, on two threads of a busy machine, processor time: 0.7 of it for 512 channels on 28²
dilated by 2, 0.9 for 256, 0.83 with four images, 0.9 for 128 on 56² dilated by 4, 0.95 for 64 on 56² dilated by 2.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import threads
from pyconv.kernels.conv import direct, winograd_weights
from pyconv.kernels.conv.algorithm import Algorithm, Estimate
from pyconv.kernels.conv.dilated import MOVED, all_phases, gather, parts, phase_of
from pyconv.kernels.conv.spoilt import is_finite
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]


def weight_grad(x: Array, gy: Array, conv: Conv, out: Array) -> None:
    """Write the gradient with respect to w into `out`."""
    window, phase = conv.window, phase_of(conv, "forward")
    read, made = phase.x_shape[1:], phase.y_shape[1:]
    none, skipped = (0,) * window.ndim, tuple(low % d for low, d in zip(window.low, window.dilation, strict=True))
    sums: list[Array] = []
    for units in parts(conv, max(math.prod(read), math.prod(made)) * x.itemsize):
        inputs = scratch("dilated", (len(units), *read), x.dtype)
        cotangents = scratch("dilated results", (len(units), *made), gy.dtype)
        threads.each(partial(gather, x, window.dilation, skipped), list(zip(units, inputs, strict=True)))
        threads.each(partial(gather, gy, window.dilation, none), list(zip(units, cotangents, strict=True)))
        sums.append(np.empty(out.shape, dtypes.accumulation(x.dtype)))
        winograd_weights.weight_grad(inputs, cotangents, replace(phase, batch=len(units)), sums[-1])
        if len(sums) > 1:
            sums[0] += sums.pop()
    (total,) = sums
    if is_finite(total):
        out[...] = total
    else:
        direct.weight_grad(x, gy, conv, out)


def _supports(conv: Conv, dtype: np.dtype[Any]) -> bool:
    """A stride of 1, a dilation, and what is supported without one."""
    window = conv.window
    if set(window.stride) != {1} or set(window.dilation) == {1}:
        return False
    return winograd_weights.ALGORITHM.supports(all_phases(conv, "forward"), dtype)


def _estimate(conv: Conv, dtype: np.dtype[Any], name: str) -> Estimate:
    phases = all_phases(conv, "forward")
    found = winograd_weights.ALGORITHM.estimate(phases, dtype, name)
    moved = (math.prod(phases.x_shape) + math.prod(phases.y_shape)) * dtype.itemsize
    return replace(found, traffic=found.traffic + MOVED * moved, workspace=found.workspace + moved)


ALGORITHM = Algorithm("dilated-weights", _supports, _estimate, None, None, weight_grad)
