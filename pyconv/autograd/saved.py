"""What a node keeps of the operands and the result of its op, and whether it was changed since.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.mode import InferenceVersion, no_grad
from pyconv.autograd.packing import saving_hooks
from pyconv.autograd.traced import Array, Traced, attach

if TYPE_CHECKING:
    from pyconv.autograd.node import Node

_INFERENCE = (
    "Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode in "
    "computation tracked by autograd. To work around this, you can make a clone to get a normal tensor and use it in "
    "autograd, or use `torch.no_grad()` instead of `torch.inference_mode()`."
)


_PACKED_IN_PLACE = (
    "A saved tensor pack hook is modifying its input in place. Tensors provided as input to pack hook cannot be "
    "modified by in-place operations as this can lead to unexpected side-effects. Please open an issue if you need to "
    "perform in-place operations on the input to a pack hook."
)
_DETACHED = (
    "Trying to use a saved tensor that has been detached in-place, i.e. with .detach_().This is not supported, please "
    "use out-of-place `.detach()` instead"
)


class Spec:
    """The shape, dtype and strides of an operand whose values no VJP needs, and which is therefore not kept."""

    __slots__ = ("dtype", "shape", "strides")

    def __init__(self, array: Array) -> None:
        self.shape = array.shape
        self.dtype = array.dtype
        self.strides = array.strides


class Saved:
    """An operand kept for the backward pass, with the version that it had."""

    __slots__ = ("array", "base_class", "count", "is_view", "node", "output", "packed", "unpacker", "value", "version")

    def __init__(self, value: Traced, node: Node | None) -> None:
        if isinstance(value._counter, InferenceVersion):
            raise RuntimeError(_INFERENCE)
        self.array = value._array
        self.output = value._output
        self.base_class = type(value)
        self.node = node
        self.value = weakref.ref(value)
        self.is_view = value._base is not None
        self.version = value._counter
        self.count = value._counter.count
        self.unpacker: Callable[[Any], Any] | None = None
        hooks = saving_hooks()
        if hooks is not None:
            self._pack(value, *hooks)

    def _pack(self, value: Traced, packer: Callable[[Any], Any], unpacker: Callable[[Any], Any]) -> None:
        """Keep what a function makes of the value instead of it.

        Raises:
            RuntimeError: the function changes the value.
        """
        given = value
        if value._node is not None:
            given = self.base_class._wrap(self.array)
            given._counter = self.version
        with no_grad():
            self.packed, self.unpacker = packer(given), unpacker
        if self.version.count != self.count:
            raise RuntimeError(_PACKED_IN_PLACE)
        self.array = None  # type: ignore[assignment]

    def _unpacked(self) -> Traced:
        """The operand from what was made of it, in its place in the graph.

        Raises:
            TypeError: what comes back is no tensor.
        """
        assert self.unpacker is not None
        found = self.unpacker(self.packed)
        if not isinstance(found, Traced):
            kind = type(found).__name__
            raise TypeError(f"Output of saved tensor unpack_hook expected to be a Tensor but got result of type {kind}")
        value = self.base_class._wrap(found._array)
        attach(value, self.node, self.output)
        return value

    def unpack(self) -> Traced:
        """The operand again, in its place in the graph.

        Raises:
            RuntimeError: it was changed in place, or taken out of the graph.
        """
        if self.unpacker is not None:
            return self._unpacked()
        if self.version.count != self.count:
            raise RuntimeError(self._changed())
        if self.node is not None and self.node.leaf is None and self._is_detached():
            raise RuntimeError(_DETACHED)
        if self.node is not None and self.node.leaf is not None:
            return self.node.leaf
        value = self.base_class._wrap(self.array)
        value._counter = self.version
        attach(value, self.node, self.output)
        return value

    def _is_detached(self) -> bool:
        value = self.value()
        return value is not None and value._node is None

    def _maker(self) -> str:
        """What made the operand as it is now; a view of what was changed counts as made anew."""
        value = self.value()
        node = self.node if value is None else value._node
        if node is None or node.leaf is not None:
            return ""
        return _made_by("AsStridedBackward0" if self.is_view else node.name(), self.output)

    def _changed(self) -> str:
        kind = f"torch.{dtypes.of(self.array).scalar_name}Tensor [{', '.join(map(str, self.array.shape))}]"
        return (
            f"one of the variables needed for gradient computation has been modified by an inplace operation: "
            f"[{kind}]{self._maker()} is at version {self.version.count}; expected version {self.count} instead. "
            "Hint: enable anomaly detection to find the operation that failed to compute its gradient, with "
            "torch.autograd.set_detect_anomaly(True, check_nan=False)."
        )


class SavedOutput(Saved):
    """A node's own result, which must not keep the node alive."""

    __slots__ = ("node_reference",)

    def __init__(self, value: Traced, node: Node) -> None:
        super().__init__(value, None)
        self.node_reference = weakref.ref(node)

    def unpack(self) -> Traced:
        """The result again, in its place in the graph."""
        value = super().unpack()
        attach(value, self.node_reference(), self.output)
        return value

    def _maker(self) -> str:
        node = self.node_reference()
        return "" if node is None else _made_by(node.name(), self.output)


def unpack(value: Any) -> Any:
    """An operand from what was kept of it; what is not `Saved` as it is."""
    return value.unpack() if isinstance(value, Saved) else value


def is_memory(value: Any) -> bool:
    """Whether what a node holds for its VJP is, or has in it, the elements of some array."""
    return isinstance(value, (Saved, np.ndarray)) or (isinstance(value, tuple) and any(map(is_memory, value)))


def _made_by(name: str, output: int) -> str:
    op, _, variant = name.partition("Backward")
    return f", which is output {output} of {op}{'' if variant == '0' else variant},"
