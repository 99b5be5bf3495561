"""Other frameworks on NumPy: MyGrad and Chainer.

May import: NumPy, mygrad and chainer when they are made, `benchmarks.layers`, `benchmarks.rivals.base`,
`benchmarks.timing`, `conformance.adapters`, which knows how to import them.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from benchmarks.layers import Array, Layer, Task
from benchmarks.rivals.base import need
from benchmarks.timing import Run


class MyGrad:
    """MyGrad's `conv_nd`; it has no bias of its own: one is added, as its users do."""

    name = "mygrad"

    def __init__(self) -> None:
        from conformance.adapters.mygrad import MyGrad as Adapter

        self.mygrad = Adapter().mygrad
        self.version = version("mygrad")

    def set_threads(self, count: int) -> None:
        """See `Rival.set_threads`: BLAS's are all that it has."""

    def run(self, task: Task) -> Run:
        """See `Rival.run`."""
        layer = task.layer
        need(transposed=layer.transposed, gradients=task.name != "forward", groups=layer.groups > 1)
        need(stride_that_leaves_a_remainder=_leaves_a_remainder(task))
        window = {name: layer.axes(getattr(layer, name)) for name in ("stride", "padding", "dilation")}
        bias = None if task.b is None else task.b.reshape(1, -1, *(1 for _ in layer.size))

        def forward() -> Any:
            with self.mygrad.no_autodiff:
                y = self.mygrad.nnet.layers.conv_nd(task.x, task.w, **window)
                return y if bias is None else y + bias

        return forward

    def array(self, result: Any) -> Array:
        """See `Rival.array`."""
        return result.data


def _leaves_a_remainder(task: Task) -> bool:
    conv = task.conv
    steps = zip(conv.input, conv.window.padding, conv.window.extent, conv.window.stride)
    return any((size + low + high - extent) % stride for size, (low, high), extent, stride in steps)


class Chainer:
    """Chainer's convolutions and deconvolutions, on NumPy."""

    name = "chainer"

    def __init__(self) -> None:
        from conformance.adapters.chainer import Chainer as Adapter

        self.chainer = Adapter().chainer
        self.version = self.chainer.__version__

    def set_threads(self, count: int) -> None:
        """See `Rival.set_threads`: BLAS's are all that it has."""

    def run(self, task: Task) -> Run:
        """See `Rival.run`."""
        layer = task.layer
        need(gradients=task.name != "forward")
        call = getattr(self.chainer.functions, _function(layer))
        window = {name: layer.axes(getattr(layer, given)) for given, name in _WINDOW.items()}
        if layer.transposed:
            window["outsize"] = task.conv.input

        def forward() -> Any:
            with self.chainer.no_backprop_mode():
                return call(task.x, task.w, task.b, groups=layer.groups, **window)

        return forward

    def array(self, result: Any) -> Array:
        """See `Rival.array`."""
        return result.array


_WINDOW = {"stride": "stride", "padding": "pad", "dilation": "dilate"}


def _function(layer: Layer) -> str:
    return f"{'de' * layer.transposed}convolution_{'2d' if len(layer.size) == 2 else 'nd'}"
