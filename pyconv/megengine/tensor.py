"""MegEngine's Tensor and Parameter. May import: NumPy, `pyconv.ops`, `pyconv.tensor`, `pyconv.nn.parameter`."""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.nn.parameter import Parameter as TorchParameter
from pyconv.ops.cast import array_of, cast
from pyconv.tensor import Tensor as TorchTensor

_NARROW = {"float64": "float32", "int64": "int32"}


class Tensor(TorchTensor):
    """A copy of data, of which 64 bits become 32 without a `dtype`; what is computed from it is a Tensor, too.

    Example:
        >>> Tensor([[1, 2.5], [3, 4]]).mean(axis=1)
        Tensor([1.75 3.5 ], device=xpux:0)
    """

    _shared = False

    def __new__(cls, data: Any, dtype: Any = None, device: Any = None) -> Any:  # noqa: ARG004 (there is one)
        array = np.array(array_of(data))
        value = object.__new__(cls)
        value._begin(array.astype(dtype or _NARROW.get(array.dtype.name, array.dtype), copy=False))
        return value

    def __deepcopy__(self, memo: Any) -> Any:
        return self._like(self._array.copy())

    @classmethod
    def _wrap(cls, array: Any) -> Tensor:
        value = object.__new__(Tensor)
        value._begin(array)
        return value

    shape = property(lambda self: self._array.shape)
    dtype = property(lambda self: self._array.dtype)
    transpose, max, min = TorchTensor.permute, TorchTensor.amax, TorchTensor.amin

    def numpy(self, *, force: bool = False) -> Any:  # noqa: ARG002 (never refused)
        """The values, read-only: a copy, or the memory itself where a module of the other face has it too."""
        array = self._array.view() if self._shared else self._array.copy()
        array.flags.writeable = False
        return array

    def astype(self, dtype: Any) -> Any:
        """The values in one of NumPy's dtypes."""
        return cast(self, np.dtype(dtype))

    def detach(self) -> Tensor:
        """The same values, of which no gradient is taken."""
        return Tensor._wrap(self._array)

    def __repr__(self) -> str:
        dtype = "" if self.dtype == np.float32 else f", dtype={self.dtype.name}"
        return f"{type(self).__name__}({np.array_str(self._array, precision=4)}{dtype}, device=xpux:0)"


def _taking_arrays(name: str) -> Any:
    """A method of torch's face, which takes ndarrays too."""
    method = getattr(TorchTensor, name)
    return lambda self, *args: method(self, *(Tensor(a, a.dtype) if isinstance(a, np.ndarray) else a for a in args))


_OPERATORS = [kind + name for kind in ("", "r", "i") for name in ("add", "sub", "mul", "truediv", "pow", "matmul")]
for _name in ("setitem", *_OPERATORS):
    setattr(Tensor, f"__{_name}__", _taking_arrays(f"__{_name}__"))


class Parameter(Tensor, TorchParameter):
    """A tensor that is a parameter of the module to which it is assigned."""
