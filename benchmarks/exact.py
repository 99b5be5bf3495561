"""The three maps of a convolution in float64, tap by tap: what errors are measured against.

May import: NumPy, `pyconv.geometry`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.layers import Task
from pyconv.geometry import Conv

Array = np.ndarray[Any, Any]
Index = tuple[Any, ...]
UNIT = 2.0**-24
"""u, the unit roundoff of float32."""


@dataclass(frozen=True)
class Error:
    """How far a float32 result is from the exact one.

    Attributes:
        worst: the largest |y - exact| over u·S, S the sum of the magnitudes of the products summed.
        rms: the root of the mean of (y - exact)².
    """

    worst: float
    rms: float


class Reference:
    """The exact result of a task, with the sums of magnitudes; of the first image where images are apart."""

    def __init__(self, task: Task) -> None:
        operands = {"x": task.x, "w": task.w, "gy": task.gy}
        if task.layer.transposed:
            operands["x"], operands["gy"] = operands["gy"], operands["x"]
        conv = task.conv
        if task.operation != "weight_grad":
            conv = replace(conv, batch=1)
            operands |= {name: operands[name][:1] for name in ("x", "gy")}
        wide = {name: array.astype(np.float64) for name, array in operands.items()}
        self.values = exact(task.operation, conv, **wide)
        self.sums = exact(task.operation, conv, **{name: np.abs(array) for name, array in wide.items()})
        if task.name == "forward" and task.b is not None:
            bias = task.b.astype(np.float64).reshape(-1, *(1 for _ in task.layer.size))
            self.values += bias
            self.sums += np.abs(bias)
        self.bound = 2 + 2 * terms(task.operation, conv) ** 0.5

    def error(self, result: Array) -> Error:
        """How far a result is from it."""
        away = np.abs(result[: len(self.values)] - self.values)
        worst = np.divide(away, self.sums * UNIT, out=np.zeros_like(away), where=self.sums > 0).max()
        return Error(float(worst), float(np.sqrt(np.mean(away**2))))


def terms(name: str, conv: Conv) -> int:
    """K, the most products that are summed in one element of a map's result."""
    taps = conv.window.taps
    if name == "input_grad":
        return conv.out_channels // conv.groups * taps
    return conv.terms if name == "forward" else conv.batch * conv.positions


def exact(name: str, conv: Conv, x: Array, w: Array, gy: Array) -> Array:
    """A map's result: of `x`, `w` and `gy` the two that it is a map of are looked at."""
    batch, groups = conv.batch, conv.groups
    ins, outs = conv.in_channels // groups, conv.out_channels // groups
    padded = [low + size + high for size, (low, high) in zip(conv.input, conv.window.padding)]
    inner: Index = (..., *(slice(low, low + size) for size, (low, _) in zip(conv.input, conv.window.padding)))
    image = np.zeros((batch, groups, ins, *padded))
    if name != "input_grad":
        image[inner] = x.reshape(batch, groups, ins, *conv.input)
    weight = np.zeros((groups, outs, ins, *conv.window.kernel))
    if name != "weight_grad":
        weight[...] = w.reshape(weight.shape)
    result = np.zeros((batch, groups, outs, conv.positions))
    if name != "forward":
        result[...] = gy.reshape(result.shape)
    for tap, seen in _taps(conv):
        view = image[seen]
        rows = view.reshape(batch, groups, ins, -1)  # what this tap sees, (N, G, C/G, P)
        if name == "forward":
            result += weight[tap] @ rows
        elif name == "input_grad":
            view += (weight[tap].swapaxes(-1, -2) @ result).reshape(view.shape)
        else:
            weight[tap] = (result @ rows.swapaxes(-1, -2)).sum(axis=0)
    if name == "forward":
        return result.reshape(conv.y_shape)
    return image[inner].reshape(conv.x_shape) if name == "input_grad" else weight.reshape(conv.w_shape)


def _taps(conv: Conv) -> Iterator[tuple[Index, Index]]:
    """For each tap its index in the weight, and that of what it sees of the padded image."""
    window = conv.window
    for tap in itertools.product(*map(range, window.kernel)):
        starts = [t * d for t, d in zip(tap, window.dilation)]
        steps = zip(starts, window.stride, conv.output)
        yield (..., *tap), (..., *(slice(start, start + s * (n - 1) + 1, s) for start, s, n in steps))
