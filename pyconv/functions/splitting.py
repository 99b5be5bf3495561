"""Tensors taken apart along a dimension: torch.split, torch.chunk, torch.unbind and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from pyconv.autograd.primitive import Primitive, primitive
from pyconv.autograd.traced import Traced
from pyconv.functions.dims import dimension
from pyconv.functions.views import ints
from pyconv.ops.cast import array_of
from pyconv.ops.index import put, take
from pyconv.signatures import function

__all__ = ["chunk", "split", "split_with_sizes", "unbind", "unsafe_chunk", "unsafe_split", "unsafe_split_with_sizes"]


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
    return tuple(op(input, index=index, number=i) for i, index in enumerate(part_indices(sizes, dim)))


def part_indices(sizes: tuple[int, ...], dim: int) -> Iterator[tuple[slice, ...]]:
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
