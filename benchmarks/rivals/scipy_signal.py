"""SciPy's correlation of signals.

May import: NumPy, SciPy, `benchmarks.layers`, `benchmarks.rivals.base`, `benchmarks.timing`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.layers import Array, Layer, Task
from benchmarks.rivals.base import need
from benchmarks.timing import Run


class SciPy:
    """`scipy.signal.correlate` of each image with each filter; it chooses between sums and a Fourier transform."""

    name = "scipy"

    def __init__(self) -> None:
        import scipy.signal

        self.signal = scipy.signal
        self.version = scipy.__version__

    def set_threads(self, count: int) -> None:
        """See `Rival.set_threads`: it has none."""

    def run(self, task: Task) -> Run:
        """See `Rival.run`."""
        need(transposed=task.layer.transposed, gradients=task.name != "forward")
        return lambda: self._correlated(task)

    def array(self, result: Any) -> Array:
        """See `Rival.array`."""
        return np.asarray(result)

    def _correlated(self, task: Task) -> Array:
        layer = task.layer
        x = np.pad(task.x, [(0, 0), (0, 0), *((p, p) for p in layer.axes(layer.padding))])
        w = stuffed(task.w, layer)
        ins, outs = layer.channels // layer.groups, layer.outputs // layer.groups
        strided = (0, *(slice(None, None, step) for step in layer.axes(layer.stride)))
        y = np.empty(task.conv.y_shape, task.dtype)
        for image, result in zip(x, y):
            for output, weight in enumerate(w):
                first = output // outs * ins
                result[output] = self.signal.correlate(image[first : first + ins], weight, "valid")[strided]
        return y if task.b is None else y + task.b.reshape(-1, *(1 for _ in layer.size))


def stuffed(w: Array, layer: Layer) -> Array:
    """The weight with zeros between its taps, for a library that has no dilation.

    Example:
        >>> stuffed(np.array([[[1, 2]]]), Layer(1, (9,), 1, 2, dilation=3))
        array([[[1, 0, 0, 2]]])
    """
    steps = layer.axes(layer.dilation)
    extent = [d * (k - 1) + 1 for d, k in zip(steps, w.shape[2:])]
    result = np.zeros((*w.shape[:2], *extent), w.dtype)
    result[tuple(slice(None, None, step) for step in (1, 1, *steps))] = w
    return result
