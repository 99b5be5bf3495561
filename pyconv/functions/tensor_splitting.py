"""Tensors taken apart at indices: torch.tensor_split, torch.hsplit and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import itertools
import operator
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.functions.dims import dimension
from pyconv.functions.splitting import part_indices
from pyconv.functions.views import ints
from pyconv.ops.cast import array_of
from pyconv.ops.index import narrow
from pyconv.signatures import function

__all__ = ["dsplit", "hsplit", "tensor_split", "vsplit"]


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
        return tuple(narrow(input, index=index) for index in part_indices(sizes, at))
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
