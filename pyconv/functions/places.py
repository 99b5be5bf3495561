"""Where elements are: torch.nonzero and its kin, torch.unravel_index.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import primitive
from pyconv.autograd.traced import Traced
from pyconv.functions.views import reshape
from pyconv.ops.cast import array_of
from pyconv.signatures import function

__all__ = ["argwhere", "nonzero", "nonzero_static", "unravel_index"]

Array = np.ndarray[Any, Any]


@primitive("Nonzero")
def _nonzero(x: Array) -> Array:
    if not x.ndim:
        return np.empty((int(bool(x)), 0), np.int64)
    return np.argwhere(x)


_nonzero.needs_values = True


@function("(Tensor input, *, bool as_tuple = False, Tensor out = None)")
def nonzero(input: Any, *, as_tuple: bool = False) -> Any:
    """Where the elements are that are not zero.

    Args:
        input: of any shape.
        as_tuple: whether the result is a vector for each dimension, which can be used as an index.

    Returns:
        int64, (count, dimensions), or a tuple of (count,) for each dimension.

    Example:
        >>> import pyconv
        >>> nonzero(pyconv.tensor([[0, 5], [0, 0]]))
        tensor([[0, 1]])
    """
    if not isinstance(as_tuple, (bool, np.bool_)):
        raise TypeError("as_tuple must be a bool")
    if not as_tuple:
        return _nonzero(input)
    found = _nonzero(input if array_of(input).ndim else reshape(input, (1,)))
    return tuple(found[:, i] for i in range(array_of(found).shape[1]))


@function("(Tensor input)")
def argwhere(input: Any) -> Any:
    """Where the elements are that are not zero, a row each.

    Example:
        >>> import pyconv
        >>> argwhere(pyconv.tensor([0, 5]))
        tensor([[1]])
    """
    return _nonzero(input)


@primitive("NonzeroStatic")
def _some_nonzero(x: Array, *, size: int, fill_value: int) -> Array:
    out = np.full((size, x.ndim), fill_value, np.int64)
    found = _nonzero.kernel(x)[:size]
    out[: len(found)] = found
    return out


@function("(Tensor input, *, int size, int fill_value = -1, Tensor out = None)")
def nonzero_static(input: Any, *, size: int, fill_value: int = -1) -> Any:
    """`nonzero` with a fixed number of rows, cut off or filled up.

    Raises:
        RuntimeError: the number is negative.

    Example:
        >>> import pyconv
        >>> nonzero_static(pyconv.tensor([0, 5]), size=2)
        tensor([[ 1],
                [-1]])
    """
    if size < 0:
        raise RuntimeError("nonzero_static: 'size' must be an non-negative integer")
    return _some_nonzero(input, size=int(size), fill_value=int(fill_value))


def unravel_index(indices: Any, shape: Any) -> tuple[Any, ...]:
    """The index along each dimension of the elements that an index names among all of them in order.

    Args:
        indices: an integer tensor.
        shape: the size of each dimension.

    Raises:
        TypeError: the index has no integer dtype, or a size is no integer.
        ValueError: a size is negative.

    Example:
        >>> import pyconv
        >>> unravel_index(pyconv.tensor([4]), (2, 3))
        (tensor([1]), tensor([1]))
    """
    array = array_of(indices)
    if array.dtype.kind not in "iu":
        raise TypeError(f"expected 'indices' to be integer dtype, but got {dtypes.of(array)!r}")
    sizes = _unravelled_shape(shape)
    array, found, step = array.astype(np.int64), [], 1
    for size in reversed(sizes):
        with np.errstate(all="ignore"):
            found.append(array // step % size)
        step *= size
    return tuple(_wrapped_like(indices, part) for part in reversed(found))


def _wrapped_like(like: Any, array: Array) -> Any:
    return type(like)._wrap(np.asarray(array)) if isinstance(like, Traced) else array


def _unravelled_shape(shape: Any) -> tuple[int, ...]:
    if isinstance(shape, int):
        shape = (shape,)
    if not isinstance(shape, Sequence):
        raise TypeError(f"expected 'shape' to be int or sequence of ints, but got {type(shape)}")
    for size in shape:
        if not hasattr(size, "__index__"):
            raise TypeError(f"expected 'shape' sequence to only contain ints, but got {type(size)}")
    if any(size < 0 for size in shape):
        raise ValueError(f"'shape' cannot have negative values, but got {tuple(shape)}")
    return tuple(map(operator.index, shape))
