"""What all functions that make tensors take: out, dtype, layout, device, pin_memory, requires_grad.

May import: NumPy, `pyconv.dtypes`, `pyconv.size`, `pyconv.autograd`, `pyconv.ops`, `pyconv.tensor.tensor`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.determinism import settle
from pyconv.meta import Meta
from pyconv.ops import layout as orders
from pyconv.size import memory_format as _memory_format
from pyconv.size import on_meta, preserve_format
from pyconv.tensor.tensor import Tensor

Array = np.ndarray[Any, Any]

PLACE = (
    "torch.dtype dtype = None, torch.layout layout = None, torch.device device = None, bool pin_memory = False, "
    "bool requires_grad = False)"
)
"""The end of such a function's signature."""

OUT = f"Tensor out = None, {PLACE}"
LIKE = f"torch.memory_format memory_format = None, {PLACE}"


def plain_dtype(kind: Any, default: dtypes.dtype | None = None) -> dtypes.dtype:
    """A dtype for one of torch's, a Python type, or None."""
    if kind is None:
        return dtypes.get_default_dtype() if default is None else default
    found: dtypes.dtype = dtypes.PYTHON.get(kind, kind)
    return found


def finished(
    array: Array,
    *,
    device: Any = None,
    layout: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor over an array.

    Args:
        array: of any shape.
        device: 'cpu', or 'meta' for a tensor without elements; None for the default one.
        layout: strided, the only one.
        pin_memory: False.
        requires_grad: whether gradients with respect to it are computed.

    Raises:
        RuntimeError: another device, pinned memory, or a gradient of integers.
    """
    del layout
    if pin_memory:
        raise RuntimeError(
            "pin_memory=True requires a CUDA or other accelerator backend; no pinned memory allocator is available on "
            "this system."
        )
    if on_meta(device) and not isinstance(array, Meta):
        array = Meta.like(array)
    value = Tensor._wrap(array)
    if requires_grad:
        if dtypes.category(value.dtype) < 2:
            raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
        value._requires_grad = True
    return value


def written(out: Tensor, shape: tuple[int, ...], write: Callable[[Array], Any], dtype: Any = None) -> Tensor:
    """A tensor that was given for the result, in the shape of the result and written by a function of its array.

    Raises:
        RuntimeError: `dtype` is not the tensor's.
    """
    if dtype is not None and plain_dtype(dtype) is not out.dtype:
        raise RuntimeError(
            f"dtype {plain_dtype(dtype).scalar_name} does not match dtype of out parameter ({out.dtype.scalar_name})"
        )
    if out._array.shape != shape:
        if out._array.size:
            _warn_of_resize(out, shape)
        out._array = Meta.empty(shape, out._array.dtype) if out.is_meta else orders.empty(shape, out._array.dtype)
    if not out.is_meta:
        write(out._array)
    out._counter.count += 1
    return out


def _warn_of_resize(out: Tensor, shape: tuple[int, ...]) -> None:
    if len(shape) == 1:
        warnings.warn(
            f"The number of elements in the out tensor of shape {list(out._array.shape)} is {out._array.size} which "
            f"does not match the computed number of elements {shape[0]}. Note that this may occur as a result of "
            f"rounding error. The out tensor will be resized to a tensor of shape ({shape[0]},).",
            UserWarning,
            stacklevel=5,
        )


def made(
    shape: tuple[int, ...],
    write: Callable[[Array], Any],
    *,
    dtype: Any = None,
    default: dtypes.dtype | None = None,
    out: Tensor | None = None,
    memory_format: _memory_format | None = None,
    **options: Any,
) -> Tensor:
    """A new tensor, or `out`, that a function of its array has written.

    Args:
        shape: of the result.
        write: gives the array its values.
        dtype: of the result.
        default: the dtype where none is given; the default one if None.
        out: a tensor to write to instead.
        memory_format: of the result.
        options: of `finished`.

    Raises:
        RuntimeError: an option cannot be had.
    """
    if out is not None:
        return written(out, shape, write, dtype)
    numpy = plain_dtype(dtype, default).numpy
    if memory_format is preserve_format:
        raise RuntimeError("unsupported memory format Preserve")
    if on_meta(options.get("device")):
        return finished(orders.new_meta(shape, numpy, memory_format), **options)
    array = orders.empty(shape, numpy) if memory_format is None else orders.new(shape, numpy, memory_format)
    write(array)
    return finished(array, **{**options, "device": "cpu"})


def made_like(
    input: Tensor,
    write: Callable[[Array], Any],
    *,
    dtype: Any = None,
    memory_format: _memory_format | None = None,
    **options: Any,
) -> Tensor:
    """A new tensor of the shape of another, in the order of its elements, that a function has written."""
    place = input.device if options.get("device") is None else options["device"]
    array = orders.new_like(input._array, plain_dtype(dtype, input.dtype).numpy, memory_format, on_meta(place))
    if not isinstance(array, Meta):
        write(array)
    return finished(array, **{**options, "device": place})


def leave(array: Array) -> None:
    """Write nothing, unless known values in new memory were asked for."""
    settle(array)
