"""MegEngine's GradManager on the tape. May import: NumPy, `pyconv.autograd`, `pyconv.megengine.tensor`."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

import numpy as np

from pyconv import autograd
from pyconv.megengine.tensor import Tensor


class GradManager:
    """Records what is computed from the tensors attached to it, as long as they live, and adds to their `grad`.

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
        self._recording = False

    def attach(self, tensors: Tensor | Iterable[Tensor]) -> GradManager:
        """Take gradients of one Tensor or several, of floating point: else an AssertionError."""
        for value in [tensors] if isinstance(tensors, Tensor) else tensors:
            if not isinstance(value, Tensor) or value.dtype.kind != "f":
                raise AssertionError(f"Object to be attached should be Tensor of floating point, got {value!r}")
            self._attached[id(value)] = value
            if self._recording:
                _begin(value)
        return self

    def record(self) -> GradManager:
        """Begin to record; a RuntimeError if it has begun, or another manager records the same tensors."""
        if self._recording or any(value._requires_grad for value in self._attached.values()):
            raise RuntimeError("already recording")
        self._recording = True
        for value in self._attached.values():
            _begin(value)
        return self

    def backward(self, y: Any = None, dy: Any = None) -> None:
        """Add the gradients of one tensor or a list, with the cotangents `dy` or ones, and end the recording."""
        if not self._recording:
            raise RuntimeError("no computation history. did you forget record() or call a method that clears it?")
        ys, dys = ([] if v is None else [v] if isinstance(v, Tensor) else list(v) for v in (y, dy))
        seeds = dys or [Tensor._wrap(np.ones_like(v._array)) for v in ys]
        roots = [pair for pair in zip(ys, seeds, strict=True) if pair[0]._requires_grad]
        try:
            if roots:
                outputs, cotangents = zip(*roots, strict=True)
                autograd.backward(outputs, cotangents, inputs=list(self._attached.values()))
        finally:
            self.release()

    def release(self, *_: object) -> None:
        """End the recording."""
        self._recording = False
        for value in self._attached.values():
            value._requires_grad = False

    __enter__, __exit__ = record, release


def _begin(value: Tensor) -> None:
    """Make a new leaf of a tensor: all that was computed from it before is constant."""
    value._node, value._leaf, value._requires_grad = None, None, True
