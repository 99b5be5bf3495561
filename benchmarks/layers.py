"""A convolution that is timed: its sizes, and the arrays of one run.

May import: NumPy, `pyconv.geometry`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from pyconv.geometry import Conv

Array = np.ndarray[Any, Any]
Axes = int | tuple[int, ...]

OPERATIONS = {"forward": "input_grad", "input_grad": "forward", "weight_grad": "weight_grad"}
"""What each pass of a transposed convolution is to the convolution whose input gradient it is."""


@dataclass(frozen=True)
class Layer:
    """A convolution of (N, channels, *size) to (N, outputs, ...); options are torch's.

    Example:
        >>> print(Layer(64, (56, 56), 128, 3, stride=2, padding=1))
        64×56² → 128, 3×3/2
        >>> print(Layer(512, (3199,), 512, 3, dilation=2, groups=512))
        512×3199 → 512, 3 d2 g512
        >>> print(Layer(8, (4, 5, 6), 2, (1, 2, 2), transposed=True))
        8×4×5×6 → 2, 1×2×2 transposed
    """

    channels: int
    size: tuple[int, ...]
    outputs: int
    kernel: Axes
    stride: Axes = 1
    padding: Axes = 0
    dilation: Axes = 1
    groups: int = 1
    transposed: bool = False
    output_padding: Axes = 0

    def axes(self, option: Axes) -> tuple[int, ...]:
        """An option, one number an axis."""
        return (option,) * len(self.size) if isinstance(option, int) else option

    @property
    def w_shape(self) -> tuple[int, ...]:
        """(outputs, channels/groups, *kernel); transposed (channels, outputs/groups, *kernel)."""
        first, second = (self.channels, self.outputs) if self.transposed else (self.outputs, self.channels)
        return (first, second // self.groups, *self.axes(self.kernel))

    def conv(self, batch: int) -> Conv:
        """The geometry, of a transposed convolution that of the convolution whose input gradient it is."""
        x_shape = (batch, self.channels, *self.size)
        if self.transposed:
            options = (self.stride, self.padding, self.output_padding, self.dilation, self.groups)
            return Conv.of_transpose(x_shape, self.w_shape, None, *options)
        return Conv.of(x_shape, self.w_shape, None, self.stride, self.padding, self.dilation, self.groups)

    def __str__(self) -> str:
        stride, dilation = (set(self.axes(option)) for option in (self.stride, self.dilation))
        return (
            f"{self.channels}×{_sides(self.size)} → {self.outputs}, {'×'.join(map(str, self.axes(self.kernel)))}"
            + (f"/{_short(self.axes(self.stride))}" if stride != {1} else "")
            + (f" d{_short(self.axes(self.dilation))}" if dilation != {1} else "")
            + (f" g{self.groups}" if self.groups > 1 else "")
            + (" transposed" if self.transposed else "")
        )


def _sides(size: tuple[int, ...]) -> str:
    if len(size) > 1 and len(set(size)) == 1:
        return f"{size[0]}{'²³'[len(size) - 2]}"
    return "×".join(map(str, size))


def _short(option: tuple[int, ...]) -> str:
    return str(option[0]) if len(set(option)) == 1 else ",".join(map(str, option))


@dataclass(frozen=True, eq=False)
class Task:
    """One pass of a layer on arrays drawn for it.

    Attributes:
        layer: the layer.
        batch: N.
        name: 'forward', 'input_grad', 'weight_grad', or 'forward+backward' by the functional interface.
        functional: whether pyconv is called by `pyconv.nn.functional`, with a bias; else by its kernels.
        dtype: of the arrays.
    """

    layer: Layer
    batch: int
    name: str = "forward"
    functional: bool = False
    dtype: np.dtype[Any] = field(default=np.dtype(np.float32))

    @cached_property
    def conv(self) -> Conv:
        """The geometry of the convolution, or of the one whose input gradient it is."""
        return self.layer.conv(self.batch)

    @property
    def operation(self) -> str:
        """Which of the kernels' three maps the pass is; of 'forward+backward' that of x's gradient."""
        name = "input_grad" if self.name == "forward+backward" else self.name
        return OPERATIONS[name] if self.layer.transposed else name

    @property
    def allowance(self) -> int:
        """Bytes that do not count as workspace: the result, and the input padded."""
        conv = self.conv
        result = {"forward": conv.y_shape, "input_grad": conv.x_shape, "weight_grad": conv.w_shape}[self.operation]
        window = zip(conv.input, conv.window.padding)
        padded = (conv.batch, conv.in_channels, *(size + low + high for size, (low, high) in window))
        extra = math.prod(padded) if padded != conv.x_shape else 0
        return (math.prod(result) + extra) * self.dtype.itemsize

    @cached_property
    def x(self) -> Array:
        """(N, channels, *size)."""
        return self._drawn(0, (self.batch, self.layer.channels, *self.layer.size))

    @cached_property
    def w(self) -> Array:
        """The weight, scaled so that the outputs are of the order of one."""
        weight = self._drawn(1, self.layer.w_shape)
        return weight if self.dtype.kind in "iu" else weight / self.dtype.type(math.sqrt(max(1, weight[0].size)))

    @cached_property
    def b(self) -> Array | None:
        """(outputs,), by the functional interface only."""
        return self._drawn(2, (self.layer.outputs,)) if self.functional else None

    @cached_property
    def gy(self) -> Array:
        """The gradient of the result."""
        return self._drawn(3, self.conv.x_shape if self.layer.transposed else self.conv.y_shape)

    def _drawn(self, seed: int, shape: tuple[int, ...]) -> Array:
        rng = np.random.default_rng(seed)
        if self.dtype.kind in "iu":
            return rng.integers(0, 9, shape).astype(self.dtype)
        return rng.standard_normal(shape, np.float32).astype(self.dtype, copy=False)
