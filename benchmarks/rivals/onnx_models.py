"""Libraries that run ONNX models: ONNX Runtime, and OpenCV's module of networks. A layer is a model of one node.

May import: NumPy, onnx, and onnxruntime and cv2 when they are made, `benchmarks.layers`, `benchmarks.rivals.base`,
`benchmarks.timing`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.layers import Array, Task
from benchmarks.rivals.base import need
from benchmarks.timing import Run

OPSET, IR_VERSION = 13, 8
"""Versions that every library of the last years reads."""


def model(task: Task) -> bytes:
    """A model whose one node is the layer, its input called x and its output y."""
    from onnx import TensorProto, helper, numpy_helper

    layer, conv = task.layer, task.conv
    padding = layer.axes(layer.padding)
    attributes = {
        "strides": layer.axes(layer.stride),
        "dilations": layer.axes(layer.dilation),
        "pads": padding * 2,
        "group": layer.groups,
        "kernel_shape": task.w.shape[2:],
    }
    if layer.transposed:
        attributes["output_padding"] = layer.axes(layer.output_padding)
    constants = {"w": task.w} | ({} if task.b is None else {"b": task.b})
    node = helper.make_node("ConvTranspose" if layer.transposed else "Conv", ["x", *constants], ["y"], **attributes)
    shapes = {"x": task.x.shape, "y": conv.x_shape if layer.transposed else conv.y_shape}
    ends = {name: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()}
    initial = [numpy_helper.from_array(np.ascontiguousarray(array), name) for name, array in constants.items()]
    graph = helper.make_graph([node], "layer", [ends["x"]], [ends["y"]], initial)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    made.ir_version = IR_VERSION
    return made.SerializeToString()


class OnnxRuntime:
    """ONNX Runtime on the CPU."""

    name = "onnxruntime"

    def __init__(self) -> None:
        import onnx  # noqa: F401  # for the models
        import onnxruntime

        self.library = onnxruntime
        self.version = onnxruntime.__version__
        self._threads = 1

    def set_threads(self, count: int) -> None:
        """See `Rival.set_threads`."""
        self._threads = count

    def run(self, task: Task) -> Run:
        """See `Rival.run`."""
        need(gradients=task.name != "forward")
        options = self.library.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = self._threads, 1
        session = self.library.InferenceSession(model(task), options, providers=["CPUExecutionProvider"])
        return lambda: session.run(None, {"x": task.x})[0]

    def array(self, result: Any) -> Array:
        """See `Rival.array`."""
        return np.asarray(result)


class OpenCV:
    """OpenCV's `dnn`."""

    name = "opencv"

    def __init__(self) -> None:
        import cv2
        import onnx  # noqa: F401  # for the models

        self.library = cv2
        self.version = cv2.__version__

    def set_threads(self, count: int) -> None:
        """See `Rival.set_threads`."""
        self.library.setNumThreads(count)

    def run(self, task: Task) -> Run:
        """See `Rival.run`."""
        need(gradients=task.name != "forward")
        try:
            network = self.library.dnn.readNetFromONNX(np.frombuffer(model(task), np.uint8))
            network.setInput(task.x)
            network.forward()
        except self.library.error as error:
            raise NotImplementedError(f"OpenCV: {error.err or error}") from error

        def forward() -> Array:
            network.setInput(task.x)
            return network.forward()

        return forward

    def array(self, result: Any) -> Array:
        """See `Rival.array`."""
        return np.array(result)
