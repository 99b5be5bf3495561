"""MegEngine's GradManager on the tape.

May import: NumPy, `pyconv.autograd`, `pyconv.megengine.tensor`.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

import numpy as np

from pyconv import autograd
from pyconv.megengine.tensor import Tensor

_recording: list[GradManager] = []


class GradManager:
    """Records what is computed from the tensors attached to it, and adds gradients to their `grad`.

    It records inside `with manager:`, or between `record` and `backward` or `release`; nothing else is recorded.

    Example:
        >>> x = Tensor([1.0, 2.0])
        >>> with GradManager().attach(x) as manager:
        ...     manager.backward((x * x).sum())
        >>> x.grad
        Tensor([2. 4.], device=xpux:0)
    """

    def __init__(self) -> None:
        self._attached: weakref.WeakValueDictionary[int, Tensor] = weakref.WeakValueDictionary()
        self._tracked: list[Tensor] = []

    def attached_tensors(self) -> list[Tensor]:
        """The attached tensors that are still alive."""
        return list(self._attached.values())

    def attach(self, tensors: Tensor | Iterable[Tensor]) -> GradManager:
        """Take gradients of one tensor or several of floating point, as long as they live.

        Raises:
            AssertionError: something is no Tensor, or not of floating point.
        """
        for value in [tensors] if isinstance(tensors, Tensor) else tensors:
            if not isinstance(value, Tensor):
                raise AssertionError("Object to be attached should be Tensor")
            if value.dtype.kind != "f":
                raise AssertionError(
                    "Only tensors of floating point dtype can be attached to get gradients, "
                    f"get tensor dtype: {value.dtype} and shape: {value.shape}"
                )
            self._attached[id(value)] = value
            if self in _recording:
                self._track(value)
        return self

    def record(self) -> None:
        """Begin to record; a RuntimeError if it has begun already."""
        if self in _recording:
            raise RuntimeError("already recording")
        _recording.append(self)
        for value in self.attached_tensors():
            self._track(value)

    def _track(self, value: Tensor) -> None:
        """Make a new leaf of what no manager tracks: all that was computed from it before is constant."""
        if not value._requires_grad:
            value._leaf, value._requires_grad = None, True
            self._tracked.append(value)

    def backward(self, y: Any = None, dy: Any = None) -> None:
        """Add the gradients of one tensor or a list, with the cotangents `dy` or ones, and end the recording.

        Raises:
            RuntimeError: it is not recording.
        """
        if self not in _recording:
            raise RuntimeError(
                "no computation history. did you forget record() or call a method that clears the history?"
            )
        ys, dys = ([] if v is None else [v] if isinstance(v, Tensor) else list(v) for v in (y, dy))
        seeds = dys or [Tensor._wrap(np.ones_like(v._array)) for v in ys]
        roots = [(v, seed) for v, seed in zip(ys, seeds, strict=True) if v._requires_grad]
        inputs = self.attached_tensors()
        try:
            if roots and inputs:
                outputs, cotangents = zip(*roots, strict=True)
                autograd.backward(outputs, cotangents, create_graph=len(_recording) > 1, inputs=inputs)
        finally:
            self.release()

    def release(self) -> None:
        """End the recording."""
        if self in _recording:
            _recording.remove(self)
        for value in self._tracked:
            value._requires_grad = value._node is not None
        self._tracked = []

    def __enter__(self) -> GradManager:
        self.record()
        return self

    def __exit__(self, *raised: object) -> None:
        self.release()
