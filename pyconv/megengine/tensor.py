"""MegEngine's Tensor and Parameter: pyconv's, with MegEngine's names and printed text.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`, `pyconv.tensor`, `pyconv.nn.parameter`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.graph import Traced
from pyconv.nn.parameter import Parameter as TorchParameter
from pyconv.ops.cast import cast
from pyconv.tensor import Tensor as TorchTensor

Array = np.ndarray[Any, Any]
_NARROW = {np.dtype(np.float64): np.dtype(np.float32), np.dtype(np.int64): np.dtype(np.int32)}


class Tensor(TorchTensor):
    """An array that a `GradManager` can take gradients of; what is computed from it is one too.

    Args:
        data: numbers, sequences of them, an ndarray or a tensor; copied. 64 bits become 32, unless `dtype` wants them.
        dtype: NumPy's.
        device: ignored: there is one.

    Example:
        >>> Tensor([[1, 2.5], [3, 4]]).mean(axis=1)
        Tensor([1.75 3.5 ], device=xpux:0)
    """

    _shared = False

    def __init__(self, data: Any, dtype: Any = None, device: Any = None) -> None:  # noqa: ARG002 (there is one)
        array = np.array(data._array if isinstance(data, Traced) else data)
        self._begin(array.astype(_NARROW.get(array.dtype, array.dtype) if dtype is None else dtype, copy=False))

    @classmethod
    def _wrap(cls, array: Array) -> Tensor:
        value = Tensor.__new__(Tensor)
        value._begin(array)
        return value

    shape = property(lambda self: self._array.shape)
    dtype = property(lambda self: self._array.dtype)
    transpose, max, min = TorchTensor.permute, TorchTensor.amax, TorchTensor.amin
    grad = property(lambda self: self._grad, lambda self, value: setattr(self, "_grad", value))

    def numpy(self, *, force: bool = False) -> Array:  # noqa: ARG002 (never refused)
        """The values, read-only: a copy, or the memory itself where a module of the other face has it too."""
        array = self._array.view() if self._shared else self._array.copy()
        array.flags.writeable = False
        return array

    def detach(self) -> Tensor:
        """The same values, of which no gradient is taken."""
        return Tensor._wrap(self._array)

    def astype(self, dtype: Any) -> Any:
        """The values in one of NumPy's dtypes."""
        return cast(self, np.dtype(dtype))

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, _operand(value))

    def __repr__(self) -> str:
        with np.printoptions(precision=4, suppress=False):
            text = str(self._array)
        dtype = "" if self._array.dtype == np.float32 else f", dtype={self._array.dtype.name}"
        return f"{type(self).__name__}({text}{dtype}, device=xpux:0)"


def _operand(value: Any) -> Any:
    return Tensor(value, value.dtype) if isinstance(value, np.ndarray) else value


def _taking_arrays(name: str) -> Any:
    """An operator of torch's face, which takes ndarrays too."""
    operator = getattr(TorchTensor, name)
    return lambda self, other: operator(self, _operand(other))


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
    for _kind in ("", "r", "i"):
        setattr(Tensor, f"__{_kind}{_name}__", _taking_arrays(f"__{_kind}{_name}__"))


class Parameter(Tensor, TorchParameter):
    """A tensor that is a parameter of the module to which it is assigned.

    Example:
        >>> Parameter(np.ones((1, 2, 1, 1), np.float16)).reshape(-1)
        Tensor([1. 1.], dtype=float16, device=xpux:0)
    """

    @classmethod
    def over(cls, source: TorchTensor, shape: tuple[int, ...]) -> Parameter:
        """A parameter of another shape on the memory of a tensor."""
        value = cls.__new__(cls)
        value._begin(source._array.reshape(shape))
        value._counter, value._shared = source._counter, True
        return value
