"""Tensors brought to one shape, or to a number of dimensions: torch.broadcast_to, torch.atleast_2d and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.views import Ints, ints, reshaped, unsqueeze
from pyconv.ops import shape as ops
from pyconv.ops.arithmetic import check_broadcast
from pyconv.ops.cast import array_of
from pyconv.signatures import function
from pyconv.size import Size

__all__ = ["atleast_1d", "atleast_2d", "atleast_3d", "broadcast_shapes", "broadcast_tensors", "broadcast_to"]


def expanded_shape(input: Any, wanted: Ints) -> Ints:
    """The shape to expand to, where -1 stands for the size that is there.

    Raises:
        RuntimeError: the shape does not fit.
    """
    array = array_of(input)
    ops.check_expand(array.shape, wanted, dtypes.of(array))
    lead = len(wanted) - array.ndim
    return tuple(array.shape[i - lead] if n == -1 else n for i, n in enumerate(wanted))


@function("(Tensor input, tuple of ints! size)")
def broadcast_to(input: Any, size: Any) -> Any:
    """The dimensions of size 1 repeated to a shape.

    Raises:
        RuntimeError: the shape does not fit.

    Example:
        >>> import pyconv
        >>> broadcast_to(pyconv.tensor([1, 2]), (2, 2))
        tensor([[1, 2],
                [1, 2]])
    """
    return ops.expand(input, shape=expanded_shape(input, ints(size)))


def common_shape(shapes: list[Ints]) -> Ints:
    """The shape that several broadcast to.

    Raises:
        RuntimeError: they do not.
    """

    def merged(a: Ints, b: Ints) -> Ints:
        check_broadcast(a, b)
        return np.broadcast_shapes(a, b)

    return functools.reduce(merged, shapes)


def check_tensors(values: Any) -> None:
    """Raise torch's TypeError unless all are tensors."""
    for i, value in enumerate(values):
        if not hasattr(value, "_array") and not isinstance(value, np.ndarray):
            raise TypeError(f"expected Tensor as element {i} in argument 0, but got {type(value).__name__}")


def _several(tensors: tuple[Any, ...]) -> tuple[Any, ...]:
    """The tensors of f(a, b) or of f([a, b])."""
    found = tuple(tensors[0]) if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)) else tensors
    check_tensors(found)
    return found


def broadcast_tensors(*tensors: Any) -> tuple[Any, ...]:
    """Tensors expanded to one shape.

    Raises:
        RuntimeError: the shapes do not broadcast.

    Example:
        >>> import pyconv
        >>> a, b = broadcast_tensors(pyconv.zeros(2, 1), pyconv.zeros(3))
        >>> a.shape, b.shape
        (torch.Size([2, 3]), torch.Size([2, 3]))
    """
    found = _several(tensors)
    if not found:
        return ()
    shape = common_shape([array_of(x).shape for x in found])
    return tuple(ops.expand(x, shape=shape) for x in found)


def broadcast_shapes(*shapes: Any) -> Size:
    """The shape that several shapes, or sizes of one dimension, broadcast to.

    Raises:
        RuntimeError: they do not, or one is neither a size nor a shape.
        ValueError: a size is negative.

    Example:
        >>> broadcast_shapes((2, 1), 3)
        torch.Size([2, 3])
    """
    given = [_as_shape(n) for n in shapes]
    found = [1] * max(map(len, given), default=0)
    for position, shape in enumerate(given):
        for i in range(-1, -1 - len(shape), -1):
            if shape[i] in (1, found[i]):
                continue
            if found[i] == 1 and shape[i] < 0:
                raise ValueError("Attempting to broadcast a dimension with negative length!")
            if found[i] != 1:
                raise RuntimeError(
                    f"Attempting to broadcast a dimension of length {shape[i]} at {i}! Mismatching argument at index "
                    f"{position} had {shape}; but expected shape should be broadcastable to {found}"
                )
            found[i] = shape[i]
    return Size(found)


def _as_shape(given: Any) -> Ints:
    if isinstance(given, (tuple, list)):
        return given if isinstance(given, Size) else tuple(given)
    if not isinstance(given, int):
        raise RuntimeError(f"Input shapes should be of type ints, a tuple of ints, or a list of ints, got {given}")
    return (given,)


def _at_least(tensors: tuple[Any, ...], raised: Any) -> Any:
    if len(tensors) == 1 and not isinstance(tensors[0], (tuple, list)):
        check_tensors(tensors)
        return raised(tensors[0])
    return tuple(map(raised, _several(tensors)))


def _raise_1d(x: Any) -> Any:
    return x if array_of(x).ndim else reshaped(x, (1,))


def _raise_2d(x: Any) -> Any:
    ndim = array_of(x).ndim
    return x if ndim > 1 else unsqueeze(x, 0) if ndim else reshaped(x, (1, 1))


def _raise_3d(x: Any) -> Any:
    ndim = array_of(x).ndim
    if ndim > 2:
        return x
    if not ndim:
        return reshaped(x, (1, 1, 1))
    return unsqueeze(x, -1) if ndim == 2 else unsqueeze(unsqueeze(x, 0), -1)


def atleast_1d(*tensors: Any) -> Any:
    """Each tensor with at least one dimension.

    Example:
        >>> import pyconv
        >>> atleast_1d(pyconv.tensor(1))
        tensor([1])
    """
    return _at_least(tensors, _raise_1d)


def atleast_2d(*tensors: Any) -> Any:
    """Each tensor with at least two dimensions, new ones in front.

    Example:
        >>> import pyconv
        >>> atleast_2d(pyconv.tensor([1, 2]))
        tensor([[1, 2]])
    """
    return _at_least(tensors, _raise_2d)


def atleast_3d(*tensors: Any) -> Any:
    """Each tensor with at least three dimensions: a matrix gets the last, a vector the first and the last.

    Example:
        >>> import pyconv
        >>> atleast_3d(pyconv.tensor([1, 2])).shape
        torch.Size([1, 2, 1])
    """
    return _at_least(tensors, _raise_3d)
