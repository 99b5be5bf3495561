"""Views of a part: torch.narrow, torch.select, torch.diagonal, torch.as_strided, and of complex parts.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.functions.dims import dimension
from pyconv.functions.views import ints
from pyconv.ops import index as indexing
from pyconv.ops import strided
from pyconv.ops.cast import array_of
from pyconv.signatures import function

__all__ = ["as_strided", "diagonal", "imag", "narrow", "real", "select", "view_as_complex", "view_as_real"]

Ints = tuple[int, ...]


def at_dim(dim: int, part: Any) -> tuple[Any, ...]:
    """An index that has `part` at one dimension, and takes the whole of those before."""
    return (*(slice(None),) * dim, part)


@function("(Tensor input, int dim, Tensor start, int length)", "(Tensor input, int dim, int start, int length)")
def narrow(input: Any, dim: int, start: Any, length: int) -> Any:
    """The view of a part along a dimension.

    Args:
        input: with at least one dimension.
        dim: along which.
        start: of the part, counted from the end where it is negative; also as an integer tensor.
        length: of the part.

    Raises:
        RuntimeError: the part is not inside, or there is no dimension.
        IndexError: `start` is not inside, or there is no such dimension.

    Example:
        >>> import pyconv
        >>> narrow(pyconv.arange(5), 0, 1, 3)
        tensor([1, 2, 3])
    """
    shape = array_of(input).shape
    if not shape:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    return indexing.narrow(input, index=_part(shape, dim, start, length))


def _part(shape: Ints, dim: int, start: Any, length: int) -> tuple[Any, ...]:
    """The index of a part along a dimension."""
    if isinstance(start, Traced):
        if start._array.ndim or start._array.dtype.kind not in "iu":
            raise RuntimeError("start must be an 0-dim integral Tensor.")
        start = int(start._array)
    at = dimension(dim, len(shape))
    size = shape[at]
    if not -size <= start <= size:
        raise IndexError(f"start out of range (expected to be in range of [{-size}, {size}], but got {start})")
    first = start + size if start < 0 else start
    if not 0 <= length <= size - first:
        raise RuntimeError(f"start ({first}) + length ({length}) exceeds dimension size ({size}).")
    return at_dim(at, slice(first, first + length))


def narrow_part(input: Any, dim: int, start: int, length: int) -> tuple[Any, ...]:
    """The index that `torch.narrow_copy` takes, with its own order of checks."""
    shape = array_of(input).shape
    if not shape:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    if dim >= len(shape):
        raise RuntimeError(
            "Expected dim < static_cast<int64_t>(self_sizes.size()) to be true, but got false.  (Could this error "
            "message be improved?  If so, please report an enhancement request to PyTorch.)"
        )
    return _part(shape, dim, start, length)


def selection(input: Any, dim: int, index: int) -> tuple[Any, ...]:
    """The index of one slice along a dimension.

    Raises:
        IndexError: there is none.
    """
    shape = array_of(input).shape
    if not shape:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    at = dimension(dim, len(shape))
    place = int(index)
    if not -shape[at] <= place < shape[at]:
        raise IndexError(f"select(): index {place} out of range for tensor of size {list(shape)} at dimension {at}")
    return at_dim(at, place)


@function("(Tensor input, int dim, int index)")
def select(input: Any, dim: int, index: int) -> Any:
    """The view of one slice along a dimension, without that dimension.

    Raises:
        IndexError: there is no such slice or dimension.

    Example:
        >>> import pyconv
        >>> select(pyconv.arange(6).reshape(2, 3), 1, -1)
        tensor([2, 5])
    """
    return indexing.select(input, index=selection(input, dim, index))


def diagonal_dims(ndim: int, dim1: int, dim2: int) -> dict[str, int]:
    """Two different dimensions, counted from 0.

    Raises:
        RuntimeError: they are one.
        IndexError: there is no such dimension.
    """
    first, second = dimension(dim1, ndim), dimension(dim2, ndim)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    return {"dim1": first, "dim2": second}


@function("(Tensor input, int offset = 0, int dim1 = 0, int dim2 = 1)")
def diagonal(input: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """The view of the diagonals over two dimensions, along a new last one.

    Args:
        input: with at least two dimensions.
        offset: how far above the main diagonal.
        dim1: the rows.
        dim2: the columns.

    Raises:
        RuntimeError: both dimensions are one.

    Example:
        >>> import pyconv
        >>> diagonal(pyconv.arange(6).reshape(2, 3), 1)
        tensor([1, 5])
    """
    return strided.diagonal(input, offset=int(offset), **diagonal_dims(array_of(input).ndim, dim1, dim2))


def strided_view(input: Any, size: Any, stride: Any, storage_offset: int | None) -> dict[str, Any]:
    """The keyword arguments of `ops.strided.as_strided`.

    Raises:
        RuntimeError: a stride or the offset is negative, or the view leaves the memory.
    """
    array = array_of(input)
    shape, steps = ints(size), ints(stride)
    own = strided.offset(array)
    start = own if storage_offset is None else int(storage_offset)
    if len(shape) != len(steps):
        raise RuntimeError("mismatch in length of strides and shape")
    if min(steps, default=0) < 0:
        raise RuntimeError(f"as_strided: Negative strides are not supported at the moment, got strides: {list(steps)}")
    if start < 0:
        raise RuntimeError(f"Tensor: invalid storage offset {start}")
    if min(shape, default=0) < 0:
        raise RuntimeError(f"Storage size calculation overflowed with sizes={list(shape)} and strides={list(steps)}")
    needed = (start + 1 + sum((n - 1) * step for n, step in zip(shape, steps, strict=True))) * array.itemsize
    available = strided.memory(array).size
    if math.prod(shape) and needed > available:
        raise RuntimeError(
            f"setStorage: sizes {list(shape)}, strides {list(steps)}, storage offset {start}, and itemsize "
            f"{array.itemsize} requiring a storage size of {needed} are out of bounds for storage of size {available}"
        )
    return {"size": shape, "stride": steps, "start": start, "own": (strided.strides(array), own)}


@function("(Tensor input, tuple of ints! size, tuple of ints! stride, int storage_offset = None)")
def as_strided(input: Any, size: Any, stride: Any, storage_offset: int | None = None) -> Any:
    """The view of the memory under a tensor of a size, a stride and an offset.

    Args:
        input: of any shape.
        size: of the view.
        stride: how many elements apart its neighbours are, along each dimension.
        storage_offset: where its first element is; that of `input` by default.

    Raises:
        RuntimeError: the view would leave the memory.

    Example:
        >>> import pyconv
        >>> as_strided(pyconv.arange(4), (2, 2), (1, 1), 1)
        tensor([[1, 2],
                [2, 3]])
    """
    return strided.as_strided(input, **strided_view(input, size, stride, storage_offset))


@function("(Tensor input)")
def view_as_real(input: Any) -> Any:
    """The view of complex values as pairs of real ones, along a new last dimension.

    Raises:
        RuntimeError: the values are not complex.

    Example:
        >>> import pyconv
        >>> view_as_real(pyconv.tensor([1 + 2j]))
        tensor([[1., 2.]])
    """
    if array_of(input).dtype.kind != "c":
        raise RuntimeError("view_as_real is only supported for complex tensors")
    return strided.view_as_real(input)


@function("(Tensor input)")
def view_as_complex(input: Any) -> Any:
    """The view of pairs of real values, along the last dimension, as complex ones.

    Raises:
        RuntimeError: there are no such pairs in memory, or the values are no floats.

    Example:
        >>> import pyconv
        >>> view_as_complex(pyconv.tensor([[1.0, 2.0]]))
        tensor([1.+2.j])
    """
    array = array_of(input)
    kind = dtypes.of(array)
    if kind not in (dtypes.float16, dtypes.float32, dtypes.float64):
        raise RuntimeError(
            "view_as_complex is only supported for half, float and double tensors, but got a tensor of scalar type: "
            f"{kind.scalar_name}"
        )
    kind.to_complex().numpy  # noqa: B018 (no half complex in NumPy)
    if not array.ndim:
        raise RuntimeError("Input tensor must have one or more dimensions")
    if array.shape[-1] != 2:
        raise RuntimeError("Tensor must have a last dimension of size 2")
    if array.strides[-1] != array.itemsize:
        raise RuntimeError("Tensor must have a last dimension with stride 1")
    if any(step % 2 for step in strided.strides(array)[:-1]):
        raise RuntimeError("Tensor must have a stride divisible by 2 for all but last dimension")
    if strided.offset(array) % 2:
        raise RuntimeError("Tensor must have a storage_offset divisible by 2")
    return strided.view_as_complex(input)


def _complex_part(input: Any, which: int) -> Any:
    pairs = strided.view_as_real(input)
    return indexing.select(pairs, index=at_dim(array_of(input).ndim, which))


@function("(Tensor input)")
def real(input: Any) -> Any:
    """The view of the real parts; a real tensor itself.

    Example:
        >>> import pyconv
        >>> real(pyconv.tensor([1 + 2j]))
        tensor([1.])
    """
    return _complex_part(input, 0) if array_of(input).dtype.kind == "c" else input


@function("(Tensor input)")
def imag(input: Any) -> Any:
    """The view of the imaginary parts.

    Raises:
        RuntimeError: the values are not complex.

    Example:
        >>> import pyconv
        >>> imag(pyconv.tensor([1 + 2j]))
        tensor([2.])
    """
    if array_of(input).dtype.kind != "c":
        raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")
    return _complex_part(input, 1)


def window_of(input: Any, dimension_: int, size: int, step: int) -> dict[str, int]:
    """The keyword arguments of `ops.strided.unfold`.

    Raises:
        RuntimeError: the window does not fit, or does not move.
    """
    shape = array_of(input).shape
    at = dimension(dimension_, len(shape))
    longest = shape[at] if shape else 1
    if size < 0:
        raise RuntimeError(f"size is {size} but must be >= 0")
    if size > longest:
        raise RuntimeError(f"maximum size for tensor at dimension {at} is {longest} but size is {size}")
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    return {"dim": at, "size": int(size), "step": int(step)}


def viewed_as(input: Any, dtype: dtypes.dtype) -> Any:
    """The view of the memory as values of another dtype.

    Raises:
        RuntimeError: the sizes, strides or the offset do not fit the dtype.
    """
    array = array_of(input)
    own, new = array.itemsize, dtype.numpy.itemsize
    kind = dtypes.of(array)
    end = f"to view {kind.scalar_name} as {dtype.scalar_name} (different element sizes)"
    if own != new:
        _check_view(array, new // own, end)
    found = strided.view_dtype(input, dtype=dtype.numpy)
    if isinstance(input, Traced):
        found._counter = input._counter
    return found


def _check_view(array: np.ndarray[Any, Any], ratio: int, end: str) -> None:
    if not array.ndim:
        raise RuntimeError(f"self.dim() cannot be 0 {end}")
    steps = strided.strides(array)
    if steps[-1] != 1:
        raise RuntimeError(f"self.stride(-1) must be 1 {end}, but got {steps[-1]}")
    if not ratio:
        return
    if array.shape[-1] % ratio:
        raise RuntimeError(f"self.size(-1) must be divisible by {ratio} {end}, but got {array.shape[-1]}")
    if strided.offset(array) % ratio:
        raise RuntimeError(f"self.storage_offset() must be divisible by {ratio} {end}, but got {strided.offset(array)}")
    for i, step in enumerate(steps[:-1]):
        if step % ratio:
            raise RuntimeError(f"self.stride({i}) must be divisible by {ratio} {end}, but got {step}")
