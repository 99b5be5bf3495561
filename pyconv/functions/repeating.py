"""Elements repeated: torch.tile and torch.repeat_interleave.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import primitive
from pyconv.autograd.traced import Traced
from pyconv.functions.dims import dimension
from pyconv.functions.views import flatten, ints, reshape
from pyconv.ops import joining as ops
from pyconv.ops.cast import array_of, clone
from pyconv.ops.scatter import take_index
from pyconv.ops.shape import expand
from pyconv.ops.shape import reshape as reshape_op
from pyconv.signatures import function

__all__ = ["repeat_interleave", "tile"]

Ints = tuple[int, ...]


def repeated(input: Any, repeats: Ints) -> Any:
    """The whole tensor so many times along each dimension.

    Raises:
        RuntimeError: there are fewer numbers than dimensions, or one is negative.
    """
    shape = array_of(input).shape
    if len(repeats) < len(shape):
        raise RuntimeError("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor")
    if min(repeats, default=0) < 0:
        padded = (1,) * (len(repeats) - len(shape)) + shape
        sizes = [n * times for n, times in zip(padded, repeats, strict=True)]
        raise RuntimeError(f"Trying to create tensor with negative dimension {min(sizes)}: {sizes}")
    return ops.repeat(input, times=repeats)


@function("(Tensor input, tuple of ints! dims)")
def tile(input: Any, dims: Any) -> Any:
    """The whole tensor so many times along each dimension, the last ones where there are fewer numbers.

    Example:
        >>> import pyconv
        >>> tile(pyconv.tensor([1, 2]), (2,))
        tensor([1, 2, 1, 2])
    """
    given = ints(dims)
    return repeated(input, (1,) * (array_of(input).ndim - len(given)) + given)


@primitive("RepeatInterleave")
def _counted(repeats: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.repeat(np.arange(repeats.size, dtype=repeats.dtype), repeats)


@function(
    "(Tensor input, Tensor repeats, int dim = None, *, int output_size = None)",
    "(Tensor repeats, *, int output_size = None)",
    "(Tensor input, int repeats, int dim = None, *, int output_size = None)",
)
def repeat_interleave(
    input: Any, repeats: Any = None, dim: int | None = None, *, output_size: int | None = None
) -> Any:
    """Each element so many times, one after the other.

    Args:
        input: of any shape; alone, how often each index is repeated.
        repeats: how often: one number, or one for each slice along `dim`.
        dim: along which; all elements in one dimension by default.
        output_size: the size of the result along `dim`, which is checked.

    Raises:
        RuntimeError: a number is negative, or there are not as many as slices.

    Example:
        >>> import pyconv
        >>> repeat_interleave(pyconv.tensor([1, 2]), 2)
        tensor([1, 1, 2, 2])
        >>> repeat_interleave(pyconv.tensor([1, 2]), pyconv.tensor([0, 3]))
        tensor([2, 2, 2])
    """
    if repeats is None:
        return _counted(_checked_counts(input, output_size, strict=True))
    flat = input if dim is not None else flatten(input)
    if dim is not None and not array_of(input).ndim:
        _no_dimension(dim, repeats)
    at = 0 if dim is None else dimension(dim, array_of(input).ndim)
    shape = array_of(flat).shape
    if not isinstance(repeats, (Traced, np.ndarray)):
        return _repeated_evenly(flat if shape else reshape(flat, (1,)), int(repeats), at, output_size)
    counts = array_of(repeats)
    if counts.ndim > 1:
        raise RuntimeError("repeats must be 0-dim or 1-dim tensor")
    if counts.ndim == 0 or (counts.size == 1 and shape[at] != 1):
        counts = np.broadcast_to(counts.reshape(-1), (shape[at] if shape else 1,))
    elif counts.size != (shape[at] if shape else 1):
        raise RuntimeError(
            f"repeats must have the same size as input along dim, but got repeats.size(0) = {counts.size} and "
            f"input.size({at if dim is None else dim}) = {shape[at]}"
        )
    places = _counted(_checked_counts(counts, output_size, strict=True)).astype(np.int64)
    source = flat if shape else reshape(flat, (1,))
    return take_index(source, index=(*(slice(None),) * at, places))


def _no_dimension(dim: int, repeats: Any) -> None:
    """Raise what torch does of a tensor without dimensions: evenly repeated, it would get one behind `dim`."""
    if isinstance(repeats, (Traced, np.ndarray)):
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    if repeats < 0:
        raise RuntimeError("Repeats must be non-negative")
    dimension(dimension(dim, 0) + 1, 0)


def _checked_counts(repeats: Any, output_size: int | None, *, strict: bool) -> Any:
    counts = array_of(repeats)
    if counts.dtype not in (np.int32, np.int64):
        name = dtypes.of(counts).scalar_name
        raise NotImplementedError(f"\"repeat_interleave_cpu\" not implemented for '{name}'")
    if counts.ndim != 1:
        raise RuntimeError("repeat_interleave only accept 1D vector as repeat")
    if counts.size and counts.min() < 0:
        raise RuntimeError("repeats can not be negative")
    if strict and output_size is not None and int(counts.sum()) != output_size:
        raise RuntimeError("allocated size does not match required size")
    return repeats


def _repeated_evenly(input: Any, repeats: int, at: int, output_size: int | None) -> Any:
    if repeats < 0:
        raise RuntimeError("Repeats must be non-negative")
    shape = array_of(input).shape
    total = shape[at] * repeats
    if output_size is not None and output_size != total:
        raise RuntimeError(f"repeat_interleave: Invalid output_size, expected {total} but got {output_size}")
    apart = reshape_op(input, shape=(*shape[: at + 1], 1, *shape[at + 1 :]))
    spread = expand(apart, shape=(*shape[: at + 1], repeats, *shape[at + 1 :]))
    return reshape_op(clone(spread), shape=(*shape[:at], total, *shape[at + 1 :]))
