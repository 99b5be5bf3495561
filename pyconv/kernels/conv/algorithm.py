"""What an algorithm is to the planner.

May import: NumPy, `pyconv.geometry`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pyconv.geometry import Conv

Array = np.ndarray[Any, Any]
Forward = Callable[..., None]
Gradient = Callable[[Array, Array, Conv, Array], None]

PASSES = ("forward", "input_grad", "weight_grad")


@dataclass(frozen=True)
class Estimate:
    """What one pass is expected to take.

    Attributes:
        flops: additions and multiplications.
        efficiency: the share of a large matrix product's speed at which they run.
        traffic: bytes copied, gathered or scattered besides reading the operands and writing the result.
        calls: NumPy calls.
        workspace: bytes held besides input, padded input and output.
    """

    flops: float
    efficiency: float
    traffic: float
    calls: float
    workspace: int


@dataclass(frozen=True)
class Algorithm:
    """One way to compute the three maps.

    Attributes:
        name: by which it is forced and explained.
        supports: whether it can serve a geometry and the dtype of its operands.
        estimate: what a pass ('forward', 'input_grad', 'weight_grad') takes, for the cost model.
        forward: writes conv(x, w) + b into its last argument; None where the algorithm has no such pass.
        input_grad: likewise for the gradient with respect to x, from gy and w.
        weight_grad: likewise for the gradient with respect to w, from x and gy.
        blas_below: multiplications below which BLAS's own threads serve it better than the pool's.
        alone_below: multiplications below which one thread serves it better than the pool.
        bounds: whether its forward pass takes bounds of the result after `out`.
        loose: whether it is chosen only where `set_float32_matmul_precision` allows more rounding.
    """

    name: str
    supports: Callable[[Conv, np.dtype[Any]], bool]
    estimate: Callable[[Conv, np.dtype[Any], str], Estimate]
    forward: Forward | None
    input_grad: Gradient | None
    weight_grad: Gradient | None
    blas_below: int = 0
    alone_below: int = 0
    bounds: bool = False
    loose: bool = False

    def has(self, name: str) -> bool:
        """Whether the algorithm has the pass of that name."""
        return getattr(self, name) is not None
