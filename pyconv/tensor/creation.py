"""New tensors of one value or none: torch.zeros, torch.full, torch.empty and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions.dims`, `pyconv.tensor`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.determinism import settle
from pyconv.functions.dims import new_shape
from pyconv.functions.views import ints
from pyconv.ops import layout as orders
from pyconv.ops.cast import from_number
from pyconv.signatures import signature
from pyconv.tensor.creation_data import as_tensor, from_numpy, tensor
from pyconv.tensor.creation_ranges import arange
from pyconv.tensor.options import LIKE, OUT, PLACE, finished, leave, made, made_like, plain_dtype
from pyconv.tensor.tensor import Tensor

__all__ = [
    "arange",
    "as_tensor",
    "empty",
    "empty_like",
    "empty_permuted",
    "empty_strided",
    "from_numpy",
    "full",
    "full_like",
    "ones",
    "ones_like",
    "tensor",
    "zeros",
    "zeros_like",
]

Array = np.ndarray[Any, Any]


def _zero(array: Array) -> None:
    array[...] = 0


def _one(array: Array) -> None:
    array[...] = 1


@signature(f"(tuple of ints size, *, torch.memory_format memory_format = None, {OUT}")
def empty(size: Any, **options: Any) -> Tensor:
    """An uninitialised tensor.

    Args:
        size: the shape, as one sequence or as several ints.
        options: out, memory_format, dtype, layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: a size is negative, or the memory format has another number of dimensions.

    Example:
        >>> empty(2, 3).shape
        torch.Size([2, 3])
    """
    return made(new_shape("empty", (size,)), leave, **options)


@signature(f"(tuple of ints size, *, {OUT}")
def zeros(size: Any, **options: Any) -> Tensor:
    """A tensor of zeros.

    Args:
        size: the shape, as one sequence or as several ints.
        options: out, dtype, layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: a size is negative.

    Example:
        >>> zeros(2)
        tensor([0., 0.])
    """
    return made(new_shape("zeros", (size,)), _zero, **options)


@signature(f"(tuple of ints size, *, {OUT}")
def ones(size: Any, **options: Any) -> Tensor:
    """A tensor of ones.

    Args:
        size: the shape, as one sequence or as several ints.
        options: out, dtype, layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: a size is negative.

    Example:
        >>> ones(2)
        tensor([1., 1.])
    """
    return made(new_shape("ones", (size,)), _one, **options)


def number(value: Any) -> Any:
    """A Python number for one of NumPy's or for a tensor of one element."""
    return value.item() if isinstance(value, (Tensor, np.generic)) else value


def _value_dtype(value: Any) -> dtypes.dtype:
    """The dtype of a tensor of one value."""
    return dtypes.result_type([(dtypes.of_number(value), "number")])


def _put(array: Array, value: Any) -> None:
    array[...] = from_number(value, array.dtype)


@signature(f"(tuple of ints size, Number fill_value, *, {OUT}")
def full(size: Any, fill_value: Any, **options: Any) -> Tensor:
    """A tensor of one value, whose type decides the dtype where none is given.

    Args:
        size: the shape, as one sequence.
        fill_value: a number, or a tensor without dimensions.
        options: out, dtype, layout, device, pin_memory, requires_grad.

    Raises:
        TypeError: `size` is no tuple or list of integers, or `fill_value` is no number.
        RuntimeError: a size is negative, or the dtype cannot hold the value.

    Example:
        >>> full((2,), 3)
        tensor([3, 3])
    """
    if not isinstance(size, tuple):
        raise TypeError("full(): argument 'size' (position 1) must be tuple of ints, not int")
    value = number(fill_value)
    shape = new_shape("full", (size,))
    return made(shape, lambda array: _put(array, value), default=_value_dtype(value), **options)


@signature(f"(tuple of ints size, tuple of ints stride, *, {PLACE}")
def empty_strided(size: Any, stride: Any, *, dtype: Any = None, **options: Any) -> Tensor:
    """An uninitialised tensor of strides.

    Args:
        size: the shape.
        stride: how many elements apart neighbours are, along each dimension.
        dtype: of the result.
        options: layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: there are not as many strides as sizes, or one is negative.

    Example:
        >>> empty_strided((2, 3), (1, 2)).stride()
        (1, 2)
    """
    return finished(strided_array(ints(size), ints(stride), plain_dtype(dtype).numpy), **options)


def strided_array(shape: tuple[int, ...], stride: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    """An uninitialised array of strides in elements.

    Raises:
        RuntimeError: there are not as many strides as sizes, or one is negative.
    """
    if len(shape) != len(stride):
        raise RuntimeError(
            f"dimensionality of sizes ({len(shape)}) must match dimensionality of strides ({len(stride)})"
        )
    new_shape("empty_strided", (shape,))
    if min(stride, default=0) < 0:
        raise RuntimeError(f"Storage size calculation overflowed with sizes={list(shape)} and strides={list(stride)}")
    return settle(orders.with_strides(shape, dtype, stride))


@signature(f"(tuple of ints size, tuple of ints physical_layout, *, {PLACE}")
def empty_permuted(size: Any, physical_layout: Any, *, dtype: Any = None, **options: Any) -> Tensor:
    """An uninitialised tensor without gaps whose dimensions lie in a given order in memory.

    Args:
        size: the shape.
        physical_layout: the dimensions, from the slowest to the fastest.
        dtype: of the result.
        options: layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: the order does not name each dimension once.

    Example:
        >>> empty_permuted((2, 3), (1, 0)).stride()
        (1, 2)
    """
    shape, order = ints(size), ints(physical_layout)
    if len(shape) != len(order):
        raise RuntimeError(
            "Number of dimensions in size does not match the length of the physical_layout; i.e. len(size) = "
            f"{len(shape)} is not equal to len(physical_layout) = {len(order)}"
        )
    for i, dim in enumerate(order):
        if not 0 <= dim < len(shape):
            raise RuntimeError(
                f"Dimension out of range (expected to be between 0 and {len(shape) - 1}, but got {dim} at index {i}).  "
                "NB: negative dims not currently supported; file an issue if you want it."
            )
    if len(set(order)) < len(order):
        raise RuntimeError("Duplicate dim not allowed")
    array = settle(np.empty(tuple(shape[i] for i in order), plain_dtype(dtype).numpy))
    return finished(array.transpose(tuple(order.index(i) for i in range(len(shape)))), **options)


@signature(f"(Tensor input, *, {LIKE}")
def empty_like(input: Tensor, **options: Any) -> Tensor:
    """An uninitialised tensor with the shape, dtype and memory format of another.

    Args:
        input: the other.
        options: memory_format, dtype, layout, device, pin_memory, requires_grad.

    Example:
        >>> empty_like(ones(2, 3)).shape
        torch.Size([2, 3])
    """
    return made_like(input, leave, **options)


@signature(f"(Tensor input, *, {LIKE}")
def zeros_like(input: Tensor, **options: Any) -> Tensor:
    """`zeros` with the shape, dtype and memory format of another tensor.

    Args:
        input: the other.
        options: memory_format, dtype, layout, device, pin_memory, requires_grad.

    Example:
        >>> zeros_like(ones(2))
        tensor([0., 0.])
    """
    return made_like(input, _zero, **options)


@signature(f"(Tensor input, *, {LIKE}")
def ones_like(input: Tensor, **options: Any) -> Tensor:
    """`ones` with the shape, dtype and memory format of another tensor.

    Args:
        input: the other.
        options: memory_format, dtype, layout, device, pin_memory, requires_grad.

    Example:
        >>> ones_like(zeros(2))
        tensor([1., 1.])
    """
    return made_like(input, _one, **options)


@signature(f"(Tensor input, Number fill_value, *, {LIKE}")
def full_like(input: Tensor, fill_value: Any, **options: Any) -> Tensor:
    """`full` with the shape, dtype and memory format of another tensor.

    Args:
        input: the other.
        fill_value: a number.
        options: memory_format, dtype, layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: the dtype cannot hold the value.

    Example:
        >>> full_like(zeros(2), 3)
        tensor([3., 3.])
    """
    value = number(fill_value)
    return made_like(input, lambda array: _put(array, value), **options)
