"""One layer, one pass: pyconv and torch on the same arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median

import numpy as np

from benchmarks.timing import Run, interleaved
from benchmarks.workloads import Layer
from pyconv.geometry import Conv
from pyconv.kernels import conv as kernels


@dataclass(frozen=True)
class Measured:
    """What one pass of a layer took.

    Attributes:
        layer: the layer.
        name: 'forward', 'input_grad' or 'weight_grad'.
        algorithm: the planner's choice.
        ratio: pyconv's shortest time over torch's.
        typical: the median over the rounds of the ratio within a round.
        error: pyconv's worst error over u·S, S the sum of magnitudes (forward only).
        torch_error: torch's.
    """

    layer: Layer
    name: str
    algorithm: str
    ratio: float
    typical: float
    error: float
    torch_error: float


def measure(layer: Layer, batch: int, name: str, rounds: int) -> Measured:
    """Time one pass of a layer on both sides, and compare the results with float64."""
    import torch

    rng = np.random.default_rng(0)
    x = rng.standard_normal((batch, layer.channels, layer.side, layer.side), np.float32)
    shape = (layer.outputs, layer.channels // layer.groups, layer.kernel, layer.kernel)
    w = rng.standard_normal(shape, np.float32)
    conv = Conv.of(x.shape, w.shape, None, layer.stride, layer.padding, 1, layer.groups)
    gy = rng.standard_normal(conv.y_shape, np.float32)
    ours = {
        "forward": lambda: kernels.forward(x, w, None, conv),
        "input_grad": lambda: kernels.input_grad(gy, w, conv),
        "weight_grad": lambda: kernels.weight_grad(x, gy, conv),
    }[name]
    theirs = _torch(layer, *(torch.from_numpy(a) for a in (x, w, gy)))[name]
    with torch.no_grad():
        mine, other = interleaved([ours, theirs], rounds)
        errors = _errors(layer, x, w, ours(), theirs()) if name == "forward" else (math.nan, math.nan)
    typical = median(a / b for a, b in zip(mine, other, strict=True))
    algorithm = kernels.choose(conv, x.dtype, name).name
    return Measured(layer, name, algorithm, min(mine) / min(other), typical, *errors)


def _torch(layer: Layer, x: object, w: object, gy: object) -> dict[str, Run]:
    import torch

    options = (layer.stride, layer.padding, 1, layer.groups)
    return {
        "forward": lambda: torch.nn.functional.conv2d(x, w, None, *options),
        "input_grad": lambda: torch.nn.grad.conv2d_input(x.shape, w, gy, *options),
        "weight_grad": lambda: torch.nn.grad.conv2d_weight(x, w.shape, gy, *options),
    }


def _errors(layer: Layer, x: np.ndarray, w: np.ndarray, ours: np.ndarray, theirs: object) -> tuple[float, float]:
    """The worst |y - exact| / (u·S) of both, on the first image."""
    import torch

    def exact(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return torch.nn.functional.conv2d(
            torch.from_numpy(a[:1]).double(),
            torch.from_numpy(b).double(),
            None,
            layer.stride,
            layer.padding,
            1,
            layer.groups,
        ).numpy()

    reference, size = exact(x, w), exact(np.abs(x), np.abs(w)) * 2.0**-24
    return tuple(float((np.abs(y[:1] - reference) / size).max()) for y in (ours, theirs.numpy()))
