"""torch on the CPU.

May import: NumPy, torch, `benchmarks.calls`, `benchmarks.layers`, `benchmarks.timing`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.calls import functional
from benchmarks.layers import Task
from benchmarks.timing import Run


class Torch:
    """torch: its functional interface, and its kernel of both gradients asked for one of them."""

    name = "torch"

    def __init__(self) -> None:
        import torch

        self.torch = torch
        self.version = torch.__version__

    def set_threads(self, count: int) -> None:
        """See `Rival.set_threads`."""
        self.torch.set_num_threads(count)

    def run(self, task: Task) -> Run:
        """See `Rival.run`."""
        if task.functional or task.name == "forward":
            return functional(self.torch, task)
        layer = task.layer
        x, w, gy = (self.torch.from_numpy(array) for array in (task.x, task.w, task.gy))
        axes = [layer.axes(option) for option in (layer.stride, layer.padding, layer.dilation, layer.output_padding)]
        options = (*axes[:3], layer.transposed, axes[3], layer.groups)
        mask = (task.name == "input_grad", task.name == "weight_grad", False)

        def gradient() -> Any:
            return self.torch.ops.aten.convolution_backward(gy, x, w, None, *options, mask)[mask.index(True)]

        return gradient

    def array(self, result: Any) -> np.ndarray[Any, Any]:
        """See `Rival.array`."""
        return result.detach().numpy()
