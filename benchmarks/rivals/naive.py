"""The convolution that anyone writes first: gather all windows, then one product a group.

May import: NumPy, `benchmarks.layers`, `benchmarks.rivals.base`, `benchmarks.timing`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.layers import Array, Layer, Task
from benchmarks.rivals.base import need
from benchmarks.timing import Run

MOST = 4 * 2**30
"""Bytes of gathered windows beyond which it is not run."""


def im2col(x: Array, w: Array, layer: Layer) -> Array:
    """The convolution of (N, C, *size) with (O, C/G, *kernel) by one gathered matrix a group.

    Example:
        >>> im2col(np.ones((1, 1, 4)), np.ones((1, 1, 3)), Layer(1, (4,), 1, 3, padding=1))
        array([[[2., 3., 3., 2.]]])
    """
    axes, groups = len(layer.size), layer.groups
    padded = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in layer.axes(layer.padding))])
    extent = [d * (k - 1) + 1 for d, k in zip(layer.axes(layer.dilation), layer.axes(layer.kernel))]
    seen = np.lib.stride_tricks.sliding_window_view(padded, extent, tuple(range(2, 2 + axes)))
    steps = (1, 1, *layer.axes(layer.stride), *layer.axes(layer.dilation))
    seen = seen[tuple(slice(None, None, step) for step in steps)]  # (N, C, *output, *kernel)
    output = seen.shape[2 : 2 + axes]
    seen = np.moveaxis(seen, range(2, 2 + axes), range(-axes, 0))  # (N, C, *kernel, *output)
    columns = seen.reshape(len(x), groups, -1, int(np.prod(output)))
    return (w.reshape(groups, layer.outputs // groups, -1) @ columns).reshape(len(x), layer.outputs, *output)


class Naive:
    """im2col in a dozen lines of NumPy."""

    name = "naive"
    version = ""

    def set_threads(self, count: int) -> None:
        """See `Rival.set_threads`: BLAS's are all that it has."""

    def run(self, task: Task) -> Run:
        """See `Rival.run`."""
        need(transposed=task.layer.transposed, gradients=task.name != "forward")
        conv = task.conv
        gathered = conv.batch * conv.in_channels * conv.window.taps * conv.positions * task.dtype.itemsize
        if gathered > MOST:
            raise NotImplementedError(f"its windows take {gathered / 2**30:.0f} GiB")

        def forward() -> Array:
            y = im2col(task.x, task.w, task.layer)
            return y if task.b is None else y + task.b.reshape(-1, *(1 for _ in task.layer.size))

        return forward

    def array(self, result: Any) -> Array:
        """See `Rival.array`."""
        return np.asarray(result)
