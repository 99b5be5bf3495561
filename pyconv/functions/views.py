"""Views in another shape: torch.reshape, torch.flatten, torch.squeeze and their kin.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions.dims`.
"""

from __future__ import annotations

import math
import operator
from typing import Any

from pyconv.functions.dims import dimension, dimensions, resolve_shape
from pyconv.ops import shape as ops
from pyconv.ops.cast import array_of, clone
from pyconv.signatures import function

__all__ = ["flatten", "ravel", "reshape", "squeeze", "unflatten", "unsqueeze"]

Ints = tuple[int, ...]


def ints(values: Any) -> Ints:
    """The integers of a size; one alone stands for itself."""
    if isinstance(values, (tuple, list)):
        return tuple(map(operator.index, values))
    return (operator.index(values),)


def viewable(x: Any, target: Ints) -> bool:
    """Whether a view of `x` in another shape exists."""
    array = array_of(x)
    if array.flags.c_contiguous or not array.size:
        return True
    return ops.view_strides(array.shape, array.strides, target) is not None


def reshaped(input: Any, target: Ints) -> Any:
    """`reshape` to a shape without -1."""
    return ops.reshape(input, shape=target) if viewable(input, target) else ops.reshape_copy(clone(input), shape=target)


@function("(Tensor input, tuple of ints! shape)")
def reshape(input: Any, shape: Any) -> Any:
    """The elements in another shape: a view where that is possible, else a copy.

    Args:
        input: of any shape.
        shape: as many elements; a -1 is worked out.

    Raises:
        RuntimeError: the numbers of elements differ.

    Example:
        >>> import pyconv
        >>> reshape(pyconv.arange(4), (2, -1))
        tensor([[0, 1],
                [2, 3]])
    """
    return reshaped(input, resolve_shape(ints(shape), array_of(input).size))


@function("(Tensor input, int start_dim = 0, int end_dim = -1)")
def flatten(input: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    """The dimensions from `start_dim` to `end_dim` made one.

    Raises:
        RuntimeError: the first comes after the last.
        IndexError: there is no such dimension.

    Example:
        >>> import pyconv
        >>> flatten(pyconv.zeros(2, 3, 4), 1).shape
        torch.Size([2, 12])
    """
    shape = array_of(input).shape
    first, last = dimension(start_dim, len(shape)), dimension(end_dim, len(shape))
    if first > last:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if not shape:
        return reshaped(input, (1,))
    if first == last:
        return input
    return reshaped(input, (*shape[:first], math.prod(shape[first : last + 1]), *shape[last + 1 :]))


@function("(Tensor input)")
def ravel(input: Any) -> Any:
    """All elements in one dimension.

    Example:
        >>> import pyconv
        >>> ravel(pyconv.zeros(2, 3)).shape
        torch.Size([6])
    """
    contiguous = input if array_of(input).flags.c_contiguous else clone(input)
    return ops.reshape(contiguous, shape=(array_of(input).size,))


@function("(Tensor input, int dim, tuple of ints! sizes)")
def unflatten(input: Any, dim: int, sizes: Any) -> Any:
    """One dimension made several.

    Args:
        input: of any shape.
        dim: which dimension.
        sizes: of the new ones; a -1 is worked out.

    Raises:
        RuntimeError: the sizes do not multiply up to that of the dimension.

    Example:
        >>> import pyconv
        >>> unflatten(pyconv.zeros(2, 6), 1, (3, -1)).shape
        torch.Size([2, 3, 2])
    """
    shape = array_of(input).shape
    at = dimension(dim, len(shape))
    given = ints(sizes)
    if not given:
        raise RuntimeError("unflatten: sizes must be non-empty")
    count = shape[at]
    known = math.prod(n for n in given if n != -1)
    if (given.count(-1) == 0 and known != count) or (given.count(-1) == 1 and (not known or count % known)):
        raise RuntimeError(
            f"unflatten: Provided sizes {list(given)} don't multiply up to the size of dim {at} ({count}) in the input "
            "tensor"
        )
    return reshaped_view(input, (*shape[:at], *resolve_shape(given, count), *shape[at + 1 :]))


NO_VIEW = (
    "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
    "contiguous subspaces). Use .reshape(...) instead."
)


def reshaped_view(input: Any, target: Ints) -> Any:
    """The view in a shape without -1.

    Raises:
        RuntimeError: there is none.
    """
    if not viewable(input, target):
        raise RuntimeError(NO_VIEW)
    return ops.reshape(input, shape=target)


@function("(Tensor input)", "(Tensor input, int dim)", "(Tensor input, tuple of ints dim)")
def squeeze(input: Any, dim: Any = None) -> Any:
    """Dimensions of size 1 left out.

    Args:
        input: of any shape.
        dim: which, one or several; all by default. One of another size stays.

    Example:
        >>> import pyconv
        >>> squeeze(pyconv.zeros(1, 3, 1)).shape, squeeze(pyconv.zeros(1, 3, 1), 0).shape
        (torch.Size([3]), torch.Size([3, 1]))
    """
    op = ops.squeeze_some if isinstance(dim, (tuple, list)) else ops.squeeze if dim is None else ops.squeeze_one
    return op(input, shape=squeezed_shape(array_of(input).shape, dim))


def squeezed_shape(shape: Ints, dim: Any) -> Ints:
    """A shape without the dimensions of size 1, all or those that `dim` names."""
    chosen: Ints = tuple(range(len(shape)))
    if isinstance(dim, (tuple, list)):
        chosen = dimensions(dim, len(shape)) if dim else ()
    elif dim is not None:
        chosen = (dimension(dim, len(shape)),)
    return tuple(n for i, n in enumerate(shape) if n != 1 or i not in chosen)


@function("(Tensor input, int dim)")
def unsqueeze(input: Any, dim: int) -> Any:
    """A new dimension of size 1.

    Example:
        >>> import pyconv
        >>> unsqueeze(pyconv.zeros(3), -1).shape
        torch.Size([3, 1])
    """
    return ops.unsqueeze(input, shape=unsqueezed_shape(array_of(input).shape, dim))


def unsqueezed_shape(shape: Ints, dim: int) -> Ints:
    """A shape with a new dimension of size 1."""
    at = dimension(dim, len(shape) + 1)
    return (*shape[:at], 1, *shape[at:])
