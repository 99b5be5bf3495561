"""Tensors taken apart along a dimension: torch.split, torch.chunk, torch.unbind and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterator
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.graph import Primitive, Traced, primitive
from pyconv.functions.dims import dimension
from pyconv.functions.views import ints
from pyconv.ops.cast import array_of
from pyconv.ops.index import narrow, put, take
from pyconv.signatures import function

__all__ = [
    "chunk",
    "dsplit",
    "hsplit",
    "split",
    "split_with_sizes",
    "tensor_split",
    "unbind",
    "unsafe_chunk",
    "unsafe_split",
    "unsafe_split_with_sizes",
    "vsplit",
]


@primitive("Split", is_view=True)
def _split(x: Any, *, index: Any, number: int) -> Any:
    """x[index], one of several views that torch makes by one function; it lets none of them be changed in place."""
    del number
    return take.kernel(x, index=index)


_split.defvjp(0, lambda g, x, *, index, number: put(g, index=index, shape=x.shape))  # noqa: ARG005
_split_sizes = _split.alias("SplitWithSizes")
_unbind = _split.alias("Unbind")


def _copy_of(op: Primitive, name: str) -> Primitive:
    other = Primitive(lambda x, *, index, number: op.kernel(x, index=index, number=number).copy(), name, False)
    other.vjps = op.vjps
    return other


_unsafe_split = _copy_of(_split, "UnsafeSplit")
_unsafe_sizes = _copy_of(_split_sizes, "UnsafeSplitWithSizes")


def _parts(input: Any, sizes: tuple[int, ...], dim: int, op: Primitive) -> tuple[Any, ...]:
    """Consecutive parts of these sizes."""
    return tuple(op(input, index=index, number=i) for i, index in enumerate(_indices(sizes, dim)))


def _indices(sizes: tuple[int, ...], dim: int) -> Iterator[tuple[slice, ...]]:
    """The index of each of consecutive parts of these sizes."""
    for start, end in itertools.pairwise(itertools.accumulate(sizes, initial=0)):
        yield (*(slice(None),) * dim, slice(start, end))


def _even(size: int, step: int) -> tuple[int, ...]:
    """The sizes of parts of `step`, the last of which may be smaller."""
    if not step:
        return (0,)
    count = max(-(-size // step), 1)
    return (*(step,) * (count - 1), size - step * (count - 1))


def _split_evenly(input: Any, size: int, dim: int, op: Primitive) -> tuple[Any, ...]:
    shape = array_of(input).shape
    if not shape:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    if size < 0:
        raise RuntimeError(f"split expects split_size be non-negative, but got split_size={size}")
    at = dimension(dim, len(shape))
    if not size and shape[at]:
        raise RuntimeError(f"split_size can only be 0 if dimension size is 0, but got dimension size of {shape[at]}")
    return _parts(input, _even(shape[at], size), at, op)


def split(tensor: Any, split_size_or_sections: Any, dim: int = 0) -> tuple[Any, ...]:
    """Parts along a dimension, as views.

    Args:
        tensor: with at least one dimension.
        split_size_or_sections: the size of each part, the last of which may be smaller; or a list of sizes.
        dim: along which.

    Raises:
        RuntimeError: the sizes do not fit.

    Example:
        >>> import pyconv
        >>> split(pyconv.arange(5), 2)
        (tensor([0, 1]), tensor([2, 3]), tensor([4]))
    """
    if isinstance(split_size_or_sections, Traced) and split_size_or_sections._array.size == 1:
        split_size_or_sections = int(split_size_or_sections._array.reshape(())[()])
    if isinstance(split_size_or_sections, int):
        return _split_by_size(tensor, split_size_or_sections, dim)
    return split_with_sizes(tensor, split_size_or_sections, dim)


def _evenly(input: Any, split_size: Any, dim: int = 0) -> tuple[Any, ...]:
    return _split_evenly(input, int(split_size), dim, _split)


_evenly.__name__ = "split"
_split_by_size = function(
    "(Tensor input, int split_size, int dim = 0)", "(Tensor input, tuple of ints! split_size, int dim = 0)"
)(_evenly)


@function("(Tensor input, tuple of ints! split_sizes, int dim = 0)")
def split_with_sizes(input: Any, split_sizes: Any, dim: int = 0) -> tuple[Any, ...]:
    """Parts of the given sizes along a dimension, as views.

    Raises:
        RuntimeError: a size is negative, or they do not add up.

    Example:
        >>> import pyconv
        >>> split_with_sizes(pyconv.arange(3), (1, 2))
        (tensor([0]), tensor([1, 2]))
    """
    return _with_sizes(input, split_sizes, dim, _split_sizes)


def _with_sizes(input: Any, split_sizes: Any, dim: int, op: Primitive) -> tuple[Any, ...]:
    shape, sizes = array_of(input).shape, ints(split_sizes)
    if not shape:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    at = dimension(dim, len(shape))
    if min(sizes, default=0) < 0:
        raise RuntimeError(
            f"split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes={list(sizes)}"
        )
    if sum(sizes) != shape[at]:
        raise RuntimeError(
            f"split_with_sizes expects split_sizes to sum exactly to {shape[at]} (input tensor's size at dimension "
            f"{dim}), but got split_sizes={list(sizes)}"
        )
    return _parts(input, sizes, at, op)


@function("(Tensor input, int split_size, int dim = 0)")
def unsafe_split(input: Any, split_size: int, dim: int = 0) -> tuple[Any, ...]:
    """`split` into copies.

    Example:
        >>> import pyconv
        >>> unsafe_split(pyconv.arange(3), 2)
        (tensor([0, 1]), tensor([2]))
    """
    return _split_evenly(input, int(split_size), dim, _unsafe_split)


@function("(Tensor input, tuple of ints! split_sizes, int dim = 0)")
def unsafe_split_with_sizes(input: Any, split_sizes: Any, dim: int = 0) -> tuple[Any, ...]:
    """`split_with_sizes` into copies.

    Example:
        >>> import pyconv
        >>> unsafe_split_with_sizes(pyconv.arange(3), (1, 2))
        (tensor([0]), tensor([1, 2]))
    """
    return _with_sizes(input, split_sizes, dim, _unsafe_sizes)


def _chunked(input: Any, chunks: int, dim: int, even: Primitive, empty: Primitive) -> tuple[Any, ...]:
    shape = array_of(input).shape
    if not shape:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    at = dimension(dim, len(shape))
    if not shape[at]:
        return _parts(input, (0,) * chunks, at, empty)
    return _parts(input, _even(shape[at], -(-shape[at] // chunks)), at, even)


@function("(Tensor input, int chunks, int dim = 0)")
def chunk(input: Any, chunks: int, dim: int = 0) -> tuple[Any, ...]:
    """At most so many parts of equal size along a dimension, the last of which may be smaller, as views.

    Raises:
        RuntimeError: the number is not positive, or there is no dimension.

    Example:
        >>> import pyconv
        >>> chunk(pyconv.arange(5), 2)
        (tensor([0, 1, 2]), tensor([3, 4]))
    """
    return _chunked(input, int(chunks), dim, _split, _split_sizes)


@function("(Tensor input, int chunks, int dim = 0)")
def unsafe_chunk(input: Any, chunks: int, dim: int = 0) -> tuple[Any, ...]:
    """`chunk` into copies.

    Example:
        >>> import pyconv
        >>> unsafe_chunk(pyconv.arange(3), 2)
        (tensor([0, 1]), tensor([2]))
    """
    return _chunked(input, int(chunks), dim, _unsafe_split, _unsafe_sizes)


@function("(Tensor input, int dim = 0)")
def unbind(input: Any, dim: int = 0) -> tuple[Any, ...]:
    """Every slice along a dimension, without that dimension, as views.

    Raises:
        IndexError: there is no such dimension.

    Example:
        >>> import pyconv
        >>> unbind(pyconv.arange(4).reshape(2, 2))
        (tensor([0, 1]), tensor([2, 3]))
    """
    shape = array_of(input).shape
    at = dimension(dim, len(shape))
    if not shape:
        raise IndexError(f"Dimension specified as {at} but tensor has no dimensions")
    lead = (slice(None),) * at
    return tuple(_unbind(input, index=(*lead, i), number=i) for i in range(shape[at]))


@function(
    "(Tensor input, tuple of ints! indices, int dim = 0)",
    "(Tensor input, Tensor tensor_indices_or_sections, int dim = 0)",
    "(Tensor input, int sections, int dim = 0)",
)
def tensor_split(
    input: Any,
    indices_or_sections: Any = None,
    dim: int = 0,
    *,
    indices: Any = None,
    sections: Any = None,
    tensor_indices_or_sections: Any = None,
) -> tuple[Any, ...]:
    """Parts along a dimension whose sizes differ by at most one, or that begin at given places, as views.

    Args:
        input: with at least one dimension.
        indices_or_sections: the number of parts, or the places between them; also as an int64 tensor.
        dim: along which.
        indices: the places, by name.
        sections: the number of parts, by name.
        tensor_indices_or_sections: either as a tensor, by name.

    Raises:
        RuntimeError: the number is not positive, or the tensor is no int64 one of at most one dimension.

    Example:
        >>> import pyconv
        >>> tensor_split(pyconv.arange(5), 2)
        (tensor([0, 1, 2]), tensor([3, 4]))
        >>> tensor_split(pyconv.arange(5), (1, 3))
        (tensor([0]), tensor([1, 2]), tensor([3, 4]))
    """
    named = (indices_or_sections, indices, sections, tensor_indices_or_sections)
    given = next((value for value in named if value is not None), None)
    shape = array_of(input).shape
    if not shape:
        raise RuntimeError("tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims")
    at = dimension(dim, len(shape))
    if isinstance(given, (Traced, np.ndarray)):
        given = _from_tensor(array_of(given))
    if not isinstance(given, (tuple, list)):
        count = operator.index(given)  # type: ignore[arg-type]
        if count <= 0:
            raise RuntimeError(f"number of sections must be larger than 0, got {count}")
        small, more = divmod(shape[at], count)
        sizes = (small + 1,) * more + (small,) * (count - more)
        return tuple(narrow(input, index=index) for index in _indices(sizes, at))
    lead, bounds = (slice(None),) * at, (0, *ints(given), shape[at])
    return tuple(
        narrow(input, index=(*lead, slice(*_clamped(start, end, shape[at]))))
        for start, end in itertools.pairwise(bounds)
    )


def _clamped(start: int, end: int, size: int) -> tuple[int, int]:
    first, last = slice(start, end).indices(size)[:2]
    return first, max(first, last)


def _from_tensor(given: np.ndarray[Any, Any]) -> Any:
    if given.ndim > 1:
        raise RuntimeError(
            "tensor_split expected tensor_indices_or_sections to be a zero-dimensional or one-dimensional tensor, but "
            f"got a tensor with {given.ndim} dims"
        )
    if given.dtype != np.int64:
        raise RuntimeError(
            "tensor_split expected tensor_indices_or_sections to have dtype of long, but got "
            f"{dtypes.of(given).scalar_name}"
        )
    return given.tolist()


def _split_across(name: str, input: Any, given: Any, least: int, dim: int) -> tuple[Any, ...]:
    shape = array_of(input).shape
    if len(shape) < least:
        raise RuntimeError(
            f"torch.{name} requires a tensor with at least {least} dimension, but got a tensor with {len(shape)} "
            "dimensions!"
        )
    if not isinstance(given, (tuple, list)):
        count = int(given)
        if not count or shape[dim] % count:
            raise RuntimeError(
                f"torch.{name} attempted to split along dimension {dim}, but the size of the dimension {shape[dim]} is "
                f"not divisible by the split_size {count}!"
            )
    return tensor_split(input, given, dim)


_ACROSS = "(Tensor input, int sections)", "(Tensor input, tuple of ints indices)"


@function(*_ACROSS)
def hsplit(input: Any, indices_or_sections: Any) -> tuple[Any, ...]:
    """Parts along the columns: the second dimension, or the only one.

    Raises:
        RuntimeError: the size cannot be divided evenly.

    Example:
        >>> import pyconv
        >>> hsplit(pyconv.arange(4), 2)
        (tensor([0, 1]), tensor([2, 3]))
    """
    return _split_across("hsplit", input, indices_or_sections, 1, int(array_of(input).ndim > 1))


@function(*_ACROSS)
def vsplit(input: Any, indices_or_sections: Any) -> tuple[Any, ...]:
    """Parts along the rows: the first of at least two dimensions.

    Raises:
        RuntimeError: the size cannot be divided evenly.

    Example:
        >>> import pyconv
        >>> vsplit(pyconv.arange(4).reshape(2, 2), 2)
        (tensor([[0, 1]]), tensor([[2, 3]]))
    """
    return _split_across("vsplit", input, indices_or_sections, 2, 0)


@function(*_ACROSS)
def dsplit(input: Any, indices_or_sections: Any) -> tuple[Any, ...]:
    """Parts along the depth: the third of at least three dimensions.

    Raises:
        RuntimeError: the size cannot be divided evenly.

    Example:
        >>> import pyconv
        >>> [part.shape for part in dsplit(pyconv.zeros(1, 1, 4), 2)]
        [torch.Size([1, 1, 2]), torch.Size([1, 1, 2])]
    """
    return _split_across("dsplit", input, indices_or_sections, 3, 2)
