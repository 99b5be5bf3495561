"""New tensors of data: torch.tensor, torch.from_numpy, torch.asarray, torch.from_dlpack and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.signatures`, `pyconv.tensor`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.ops.cast import from_number
from pyconv.signatures import function, signature
from pyconv.signatures.values import type_name
from pyconv.size import default_device
from pyconv.tensor.data import as_array
from pyconv.tensor.options import PLACE, finished, plain_dtype
from pyconv.tensor.storage import StorageBase, lend
from pyconv.tensor.tensor import Tensor
from pyconv.tensor.typed_storage import copied

__all__ = ["as_tensor", "asarray", "from_dlpack", "from_numpy", "frombuffer", "scalar_tensor", "tensor"]

Array = np.ndarray[Any, Any]


@function(
    "(object data, *, torch.dtype dtype = None, torch.device device = None, bool pin_memory = False, "
    "bool requires_grad = False)"
)
def tensor(
    data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False, pin_memory: bool = False
) -> Tensor:
    """A tensor that copies numbers, nested sequences of them, an ndarray or a tensor.

    Args:
        data: what to copy. Python floats become the default dtype, ints int64; a storage of bytes is read as
            numbers of the dtype.
        dtype: the dtype of the result.
        device: 'cpu'.
        requires_grad: whether gradients with respect to it are computed.
        pin_memory: False.

    Raises:
        ValueError: sequences of unequal length.
        TypeError: a value that is no number.

    Example:
        >>> tensor([[1, 2], [3, 4]])
        tensor([[1, 2],
                [3, 4]])
    """
    if isinstance(data, Tensor):
        warnings.warn(
            "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
            "sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor).",
            UserWarning,
            stacklevel=3,
        )
    kind = None if dtype is None else plain_dtype(dtype)
    if isinstance(data, StorageBase):
        data = copied(data, kind)
    array = np.array(as_array(data, kind))
    return finished(array, device=device, requires_grad=requires_grad, pin_memory=pin_memory)


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """A tensor over data, sharing memory and history where no copy is needed.

    Args:
        data: a tensor, an ndarray, numbers or nested sequences of them.
        dtype: of the result.
        device: 'cpu'.

    Example:
        >>> as_tensor([1, 2])
        tensor([1, 2])
    """
    kind = None if dtype is None else plain_dtype(dtype)
    if isinstance(data, Tensor):
        found: Tensor = data.to(device=default_device() if device is None else device, dtype=kind)
        return found
    if isinstance(data, np.ndarray):
        check_array(data)
        lend(data)
    return finished(as_array(data, kind), device=device)


_warned: set[str] = set()


def _warn_read_only(what: str, text: str) -> None:
    """Say, once a program, that memory which cannot be written to becomes a tensor."""
    if what not in _warned:
        _warned.add(what)
        warnings.warn(text, UserWarning, stacklevel=4)


_READ_ONLY_ARRAY = (
    "The given NumPy array is not writable, and PyTorch does not support non-writable tensors. This means writing to "
    "this tensor will result in undefined behavior. You may want to copy the array to protect its data or make it "
    "writable before converting it to a tensor. This type of warning will be suppressed for the rest of this program."
)
_READ_ONLY_BUFFER = (
    "The given buffer is not writable, and PyTorch does not support non-writable tensors. This means you can write to "
    "the underlying (supposedly non-writable) buffer using the tensor. You may want to copy the buffer to protect its "
    "data or make it writable before converting it to a tensor. This type of warning will be suppressed for the rest "
    "of this program."
)


def check_array(array: Array) -> None:
    """Raise what torch raises for an ndarray that it cannot look at, and warn of one that cannot be written to."""
    if not array.flags.writeable:
        _warn_read_only("array", _READ_ONLY_ARRAY)
    if any(step % array.itemsize for step in array.strides):
        raise ValueError(
            "given numpy array strides not a multiple of the element byte size. Copy the numpy array to reallocate the "
            "memory."
        )
    if any(step < 0 for step in array.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with negative strides are not "
            "currently supported. (You can probably work around this by making a copy of your array  "
            "with array.copy().) "
        )
    dtypes.of(array)


def from_numpy(ndarray: Array) -> Tensor:
    """A tensor that shares the memory of an ndarray.

    Raises:
        TypeError: not an ndarray, or of a dtype that torch does not have.
        ValueError: a stride is negative, or no whole number of elements, or the byte order is another.

    Example:
        >>> a = np.zeros(2)
        >>> t = from_numpy(a)
        >>> a[0] = 1
        >>> t
        tensor([1., 0.], dtype=torch.float64)
    """
    if not isinstance(ndarray, np.ndarray):
        kind = type(ndarray)
        name = kind.__name__ if kind.__module__ != "numpy" else f"numpy.{kind.__name__}"
        raise TypeError(f"expected np.ndarray (got {name})")
    check_array(ndarray)
    return Tensor._wrap(lend(ndarray))


@signature(f"(Number s, *, {PLACE}")
def scalar_tensor(s: Any, *, dtype: Any = None, **options: Any) -> Tensor:
    """A tensor without dimensions, of the default dtype where none is given.

    Args:
        s: a number.
        dtype: of the result.
        options: layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: the dtype cannot hold the number.

    Example:
        >>> scalar_tensor(3)
        tensor(3.)
    """
    value = s.item() if isinstance(s, (Tensor, np.generic)) else s
    return finished(from_number(value, plain_dtype(dtype).numpy), **options)


def asarray(
    obj: Any, *, dtype: Any = None, device: Any = None, copy: bool | None = None, requires_grad: bool = False
) -> Tensor:
    """A tensor of anything: a tensor, an ndarray, what exports its memory, numbers or nested sequences of them.

    Args:
        obj: what to convert.
        dtype: of the result.
        device: 'cpu'.
        copy: whether the result is a copy; by default only where it must be.
        requires_grad: whether gradients with respect to it are computed.

    Raises:
        ValueError: `copy` is False and a copy would be needed.

    Example:
        >>> asarray([1, 2])
        tensor([1, 2])
    """
    kind = None if dtype is None else plain_dtype(dtype)
    if isinstance(obj, Tensor):
        found = obj if requires_grad or obj.requires_grad else obj.detach()
        return _settled(found, device, kind, copy, requires_grad)
    if isinstance(obj, np.generic):
        if copy is False:
            raise RuntimeError("can't alias NumPy scalars. Either remove copy=False or transform it in a ndarray. ")
        obj = np.asarray(obj)
    if isinstance(obj, np.ndarray):
        check_array(obj)
        return _settled(Tensor._wrap(lend(obj)), device, kind, copy, requires_grad)
    if hasattr(obj, "__dlpack__"):
        return _settled(from_dlpack(obj), device, kind, copy, requires_grad)
    if isinstance(obj, (bytes, bytearray, memoryview)):
        made = frombuffer(obj, dtype=kind or dtypes.get_default_dtype())
        return _settled(made, device, None, copy, requires_grad)
    if copy is False:
        raise ValueError("can't alias arbitrary sequence into a tensor.")
    return finished(np.array(as_array(obj, kind)), device=device, requires_grad=requires_grad)


def _settled(found: Tensor, device: Any, kind: dtypes.dtype | None, copy: bool | None, requires_grad: bool) -> Tensor:
    other = kind is not None and kind is not found.dtype
    if copy is False and other:
        assert kind is not None
        raise ValueError(f"can't alias tensor with dtype '{found.dtype.scalar_name}' into dtype '{kind.scalar_name}'.")
    if other:
        found = found.to(kind)
    elif copy:
        found = found.clone()
    found = found.to(device=default_device() if device is None else device)
    if requires_grad and found._node is not None:
        return found
    return found.requires_grad_() if requires_grad else found


def frombuffer(buffer: Any, *, dtype: Any, count: int = -1, offset: int = 0, requires_grad: bool = False) -> Tensor:
    """A tensor of one dimension that shares the memory of an object with Python's buffer protocol.

    Args:
        buffer: the object.
        dtype: of the elements.
        count: how many; all by default.
        offset: how many bytes to pass over.
        requires_grad: whether gradients with respect to it are computed.

    Raises:
        ValueError: there is no such protocol, or the buffer is too short.

    Example:
        >>> frombuffer(bytearray(b"abc"), dtype=dtypes.uint8)
        tensor([97, 98, 99], dtype=torch.uint8)
    """
    try:
        view = memoryview(buffer)
    except TypeError:
        raise ValueError("object does not implement Python buffer protocol.") from None
    width, length = plain_dtype(dtype).itemsize, view.nbytes
    if not length or not count:
        raise ValueError(f"both buffer length ({length}) and count ({count}) must not be 0")
    if not 0 <= offset < length:
        raise ValueError(
            f"offset ({offset} bytes) must be non-negative and no greater than buffer length ({length} bytes) minus 1"
        )
    if count < 0 and (length - offset) % width:
        raise ValueError(
            f"buffer length ({length - offset} bytes) after offset ({offset} bytes) must be a multiple of element size "
            f"({width})"
        )
    if count > 0 and offset + count * width > length:
        raise ValueError(
            f"requested buffer length ({count} * {width} bytes) after offset ({offset} bytes) must not be greater than "
            f"actual buffer length ({length} bytes)"
        )
    if view.readonly:
        _warn_read_only("buffer", _READ_ONLY_BUFFER)
    array = lend(np.frombuffer(buffer, plain_dtype(dtype).numpy, count, offset))
    return finished(array, device="cpu", requires_grad=requires_grad)


class _Exported:
    """What `numpy.from_dlpack` asks for a capsule."""

    def __init__(self, capsule: Any) -> None:
        self._capsule = capsule

    def __dlpack__(self, **_: Any) -> Any:
        return self._capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return 1, 0


class _Memory:
    """Memory that NumPy was given to read only, to write to."""

    def __init__(self, array: Array) -> None:
        self._array = array
        interface = dict(array.__array_interface__)
        interface["data"] = (interface["data"][0], False)
        self.__array_interface__ = interface


def from_dlpack(ext_tensor: Any, *, device: Any = None, copy: bool | None = None) -> Tensor:
    """A tensor that shares the memory of another library's, by the DLPack protocol.

    Args:
        ext_tensor: an object with `__dlpack__`, or a capsule.
        device: 'cpu'.
        copy: whether the result is a copy.

    Raises:
        RuntimeError: it is neither.

    Example:
        >>> from_dlpack(np.ones(2))
        tensor([1., 1.], dtype=torch.float64)
    """
    if not hasattr(ext_tensor, "__dlpack__"):
        if type_name(ext_tensor) != "PyCapsule":
            raise RuntimeError(
                "from_dlpack received an invalid capsule. Note that DLTensor capsules can be consumed only once, so "
                "you might have already constructed a tensor from it once."
            )
        ext_tensor = _Exported(ext_tensor)
    array = np.from_dlpack(ext_tensor)
    if not array.flags.writeable:
        array = np.asarray(_Memory(array))
    return finished(array.copy() if copy else array, device="cpu" if device is None else device)
