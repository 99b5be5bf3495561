"""The calls that are timed: pyconv's kernels, and the functional interface that pyconv and torch share.

May import: `benchmarks.layers`, `benchmarks.timing`, `pyconv`.
"""

from __future__ import annotations

from typing import Any

import pyconv
from benchmarks.layers import Task
from benchmarks.timing import Run
from pyconv.kernels import conv as kernels


def ours(task: Task) -> Run:
    """The call of pyconv: of a kernel on ndarrays, or of the functional interface on tensors."""
    if task.functional:
        return functional(pyconv, task)
    conv, x, w, gy = task.conv, task.x, task.w, task.gy
    if task.layer.transposed:
        x, gy = gy, x
    calls: dict[str, Run] = {
        "forward": lambda: kernels.forward(x, w, None, conv),
        "input_grad": lambda: kernels.input_grad(gy, w, conv),
        "weight_grad": lambda: kernels.weight_grad(x, gy, conv),
    }
    return calls[task.operation]


def functional(torch: Any, task: Task) -> Run:
    """The functional interface on tensors, of torch or of whatever has its names.

    Returns:
        For 'forward' a call that gives y, without a tape, as no operand asks for a gradient; for 'forward+backward'
        one that gives x's gradient.
    """
    layer = task.layer
    call = getattr(torch.nn.functional, f"conv{'_transpose' * layer.transposed}{len(layer.size)}d")
    tensors = [None if array is None else torch.from_numpy(array) for array in (task.x, task.w, task.b)]
    arguments = {name: getattr(layer, name) for name in ("stride", "padding", "dilation", "groups", "output_padding")}
    if not layer.transposed:
        del arguments["output_padding"]

    if task.name == "forward":
        return lambda: call(*tensors, **arguments)
    leaves = [tensor.requires_grad_() for tensor in tensors if tensor is not None]
    cotangent = torch.from_numpy(task.gy)

    def both() -> Any:
        for leaf in leaves:
            leaf.grad = None
        call(*tensors, **arguments).backward(cotangent)
        return leaves[0].grad

    return both
