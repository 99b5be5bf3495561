"""The Tensor's methods for its memory: addresses, strides, DLPack, and another shape in the same memory.

May import: NumPy, and all of pyconv below `tensor.tensor`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.determinism import settle
from pyconv.functions.views import ints
from pyconv.kernels.memory_order import suggests_channels_last
from pyconv.meta import Meta
from pyconv.ops import layout, strided
from pyconv.ops.cast import array_of
from pyconv.signatures import function, is_int, method, written
from pyconv.size import channels_last, channels_last_3d, contiguous_format, preserve_format
from pyconv.size import memory_format as _memory_format
from pyconv.size import strided as _strided
from pyconv.tensor import typed_storage
from pyconv.tensor.storage import UntypedStorage, is_lent
from pyconv.tensor.typed_storage import REMOVAL, TypedStorage, numbers_of
from pyconv.warned import warn_once

Array = np.ndarray[Any, Any]


@function("(Tensor input, *, torch.memory_format memory_format = torch.contiguous_format)")
def is_contiguous(input: Any, *, memory_format: _memory_format = contiguous_format) -> bool:
    """Whether the elements lie in a memory format, one after the other.

    Example:
        >>> import pyconv
        >>> pyconv.ones(2, 3).t().is_contiguous()
        False
    """
    order = contiguous_format if memory_format is preserve_format else memory_format
    return layout.is_contiguous(array_of(input), order)


@function("(Tensor input, tuple of ints size, *, torch.memory_format memory_format = None)")
def resize_(input: Any, size: Any, *, memory_format: _memory_format | None = None) -> Any:
    """In place: another shape, in the same memory where that is large enough; new elements are uninitialised.

    Raises:
        RuntimeError: the tensor requires a gradient, a size is negative, the format is to be kept, or the memory is
            too small and NumPy looks at it, too.

    Example:
        >>> import pyconv
        >>> pyconv.arange(4).resize_(2)
        tensor([0, 1])
    """
    shape = ints(size)
    if input._requires_grad:
        raise RuntimeError("cannot resize variables that require grad")
    if min(shape, default=0) < 0 or math.prod(shape) >= 2**63:
        raise RuntimeError("numel: integer multiplication overflow")
    if memory_format is preserve_format:
        raise RuntimeError("Unsupported memory formatPreserve")
    if shape != array_of(input).shape:
        input._array = _resized(array_of(input), shape)
    if memory_format is not None:
        order = layout.new(shape, array_of(input).dtype, memory_format)
        steps = strided.strides(order)
        input._array = strided.view_of_memory(input._array, shape, steps, strided.offset(input._array))
    input._counter.count += 1
    return input


def _resized(array: Array, shape: tuple[int, ...]) -> Array:
    count, start = math.prod(shape), strided.offset(array)
    if not count:
        return layout.empty(shape, array.dtype)
    memory = strided.memory(array)
    if (start + count) * array.itemsize > memory.size:
        if is_lent(array):
            raise RuntimeError("Trying to resize storage that is not resizable")
        larger = settle(layout.empty((start + count,) if start else shape, array.dtype)).reshape(-1)
        larger.view(np.uint8)[: memory.size] = memory
        array = larger
    return strided.view_of_memory(array, shape, _steps(shape), start)


def _steps(shape: tuple[int, ...]) -> tuple[int, ...]:
    found, step = [], 1
    for n in reversed(shape):
        found.append(step)
        step *= max(n, 1)
    return tuple(reversed(found))


@function("(Tensor input, Tensor the_template, *, torch.memory_format memory_format = None)")
def resize_as_(input: Any, the_template: Any, *, memory_format: _memory_format | None = None) -> Any:
    """`resize_` to the shape of another tensor.

    Example:
        >>> import pyconv
        >>> pyconv.arange(4).resize_as_(pyconv.ones(2, 2))
        tensor([[0, 1],
                [2, 3]])
    """
    template = array_of(the_template)
    if memory_format is preserve_format:
        memory_format = _suggested(template)
    return resize_(input, template.shape, memory_format=memory_format)


def _suggested(x: Array) -> _memory_format:
    if not suggests_channels_last(x):
        return contiguous_format
    return channels_last if x.ndim == 4 else channels_last_3d


@function(
    "(Tensor input)",
    "(Tensor input, torch.Storage source)",
    "(Tensor input, torch.Storage source, int storage_offset, tuple of ints size, tuple of ints stride = None)",
    "(Tensor input, Tensor source)",
    "(Tensor input, Tensor source, int storage_offset, tuple of ints size, tuple of ints stride = None)",
)
def set_(input: Any, source: Any = None, storage_offset: int = 0, size: Any = None, stride: Any = None) -> Any:
    """In place: look at the memory of another tensor, or at another's storage.

    Args:
        input: the tensor.
        source: a tensor or a storage; none for a tensor without elements.
        storage_offset: where the first element is.
        size: the shape; by default the source's.
        stride: how many elements apart neighbours are; one after the other by default.

    Raises:
        RuntimeError: the dtypes differ.

    Example:
        >>> import pyconv
        >>> pyconv.empty(0).set_(pyconv.ones(2))
        tensor([1., 1.])
    """
    own = array_of(input)
    if source is None:
        input._array = np.empty(0, own.dtype)
    elif isinstance(source, (UntypedStorage, TypedStorage)):
        whole = numbers_of(source, dtypes.of(own))
        shape = (whole.size,) if size is None else ints(size)
        steps = _steps(shape) if stride is None else ints(stride)
        input._array = strided.view_of_memory(whole, shape, steps, storage_offset)
    else:
        array = array_of(source)
        if array.dtype != own.dtype:
            raise RuntimeError(
                f"Could not set tensor of type {dtypes.of(array).cpp_name} to a tensor of type "
                f"{dtypes.of(own).cpp_name}"
            )
        if size is not None:
            shape = ints(size)
            steps = _steps(shape) if stride is None else ints(stride)
            array = strided.view_of_memory(array, shape, steps, storage_offset)
        input._array = array
    input._counter.count += 1
    return input


_resize = method(resize_)


class StorageMethods:
    """The methods for a tensor's memory."""

    __slots__ = ()

    is_contiguous = method(is_contiguous)
    resize_as_ = method(resize_as_)
    set_ = method(set_)

    def resize_(self, *size: Any, **kwargs: Any) -> Any:
        return _resize(self, size, **kwargs) if size and is_int(size[0]) else _resize(self, *size, **kwargs)

    @written("(Tensor self)")
    def data_ptr(self) -> int:
        """The address of the first element."""
        array = array_of(self)
        return strided.address(array) if array.size and not isinstance(array, Meta) else 0

    @written("(Tensor self)")
    def storage_offset(self) -> int:
        """How many elements before this tensor's first its memory begins."""
        array = array_of(self)
        return strided.offset(array.frame if isinstance(array, Meta) else array)

    def untyped_storage(self) -> UntypedStorage:
        """The memory under the tensor."""
        return UntypedStorage.of(array_of(self))

    def storage(self) -> TypedStorage:
        """The memory under the tensor as numbers; deprecated, with a warning."""
        warn_once(REMOVAL, stacklevel=2)
        return TypedStorage(wrap_storage=self.untyped_storage(), dtype=dtypes.of(array_of(self)))

    def storage_type(self) -> Any:
        """The old class of the storage: torch.FloatStorage."""
        return getattr(typed_storage, f"{dtypes.of(array_of(self)).scalar_name}Storage")

    def is_set_to(self, tensor: Any) -> bool:
        """Whether another tensor looks at the same elements in the same way."""
        one, other = array_of(self), array_of(tensor)
        same = strided.address(one) == strided.address(other)
        return same and one.shape == other.shape and one.strides == other.strides and one.dtype == other.dtype

    @property
    def nbytes(self) -> int:
        """How many bytes the elements take."""
        return int(array_of(self).nbytes)

    @property
    def itemsize(self) -> int:
        """How many bytes an element takes."""
        return int(array_of(self).itemsize)

    @property
    def layout(self) -> Any:
        """Strided, the only one."""
        return _strided

    def is_pinned(self) -> bool:
        """False."""
        return False

    def is_shared(self) -> bool:
        """False."""
        return False

    def dim_order(self) -> tuple[int, ...]:
        """The dimensions from the slowest to the fastest.

        Example:
            >>> import pyconv
            >>> pyconv.ones(2, 3).t().dim_order()
            (1, 0)
        """
        array = array_of(self)
        return tuple(sorted(range(array.ndim), key=lambda i: -array.strides[i]))

    def __dlpack__(self, **options: Any) -> Any:
        if self._requires_grad:  # type: ignore[attr-defined]
            raise BufferError("Can't export tensors that require gradient, use tensor.detach()")
        options.pop("stream", None)
        return array_of(self).__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return 1, 0
