"""Views in another shape or order: torch.reshape, torch.permute, torch.squeeze and their kin.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions.dims`.
"""

from __future__ import annotations

import functools
import math
import operator
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.dims import dimension, dimensions, resolve_shape
from pyconv.functions.warned import warn_once
from pyconv.ops import shape as ops
from pyconv.ops.arithmetic import check_broadcast
from pyconv.ops.cast import array_of, clone, conj
from pyconv.ops.index import alias
from pyconv.signatures import function
from pyconv.size import Size

__all__ = [
    "adjoint",
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "broadcast_shapes",
    "broadcast_tensors",
    "broadcast_to",
    "flatten",
    "moveaxis",
    "movedim",
    "permute",
    "ravel",
    "reshape",
    "squeeze",
    "swapaxes",
    "swapdims",
    "t",
    "transpose",
    "unflatten",
    "unsqueeze",
]

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


@function("(Tensor input, tuple of ints! dims)")
def permute(input: Any, dims: Any) -> Any:
    """The dimensions in another order.

    Raises:
        RuntimeError: `dims` does not name each dimension once.

    Example:
        >>> import pyconv
        >>> permute(pyconv.zeros(2, 3, 4), (2, 0, 1)).shape
        torch.Size([4, 2, 3])
    """
    return ops.permute(input, axes=permutation(input, dims))


def permutation(input: Any, dims: Any) -> Ints:
    """An order of the dimensions, each counted from 0.

    Raises:
        RuntimeError: `dims` does not name each dimension once.
    """
    given, ndim = ints(dims), array_of(input).ndim
    if len(given) != ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired "
            f"ordering of dimensions i.e. input.dim() = {ndim} is not equal to len(dims) = {len(given)}"
        )
    axes = tuple(dimension(dim, ndim) for dim in given)
    if len(set(axes)) < len(axes):
        raise RuntimeError("permute(): duplicate dims are not allowed.")
    return axes


def swapped_axes(ndim: int, dim0: int, dim1: int) -> Ints:
    """The order of the dimensions in which two are exchanged."""
    first, second = dimension(dim0, ndim), dimension(dim1, ndim)
    axes = list(range(ndim))
    if axes:
        axes[first], axes[second] = axes[second], axes[first]
    return tuple(axes)


def _swapped(input: Any, dim0: int, dim1: int) -> Any:
    axes = swapped_axes(array_of(input).ndim, dim0, dim1)
    return ops.transpose(input, axes=axes) if axes else alias(input, index=())


@function("(Tensor input, int dim0, int dim1)")
def transpose(input: Any, dim0: int, dim1: int) -> Any:
    """Two dimensions exchanged.

    Example:
        >>> import pyconv
        >>> transpose(pyconv.zeros(2, 3, 4), 0, -1).shape
        torch.Size([4, 3, 2])
    """
    return _swapped(input, dim0, dim1)


@function("(Tensor input, int axis0, int axis1)")
def swapaxes(input: Any, axis0: int, axis1: int) -> Any:
    """`transpose` by NumPy's name.

    Example:
        >>> import pyconv
        >>> swapaxes(pyconv.zeros(2, 3), 0, 1).shape
        torch.Size([3, 2])
    """
    return _swapped(input, axis0, axis1)


@function("(Tensor input, int dim0, int dim1)")
def swapdims(input: Any, dim0: int, dim1: int) -> Any:
    """`transpose` by another name.

    Example:
        >>> import pyconv
        >>> swapdims(pyconv.zeros(2, 3), 0, 1).shape
        torch.Size([3, 2])
    """
    return _swapped(input, dim0, dim1)


_MOVES = (
    "(Tensor input, int source, int destination)",
    "(Tensor input, tuple of ints! source, tuple of ints! destination)",
)


@function(*_MOVES)
def movedim(input: Any, source: Any, destination: Any) -> Any:
    """Dimensions moved to other places, the rest in their order.

    Raises:
        RuntimeError: there are not as many places as dimensions, or one is named twice.

    Example:
        >>> import pyconv
        >>> movedim(pyconv.zeros(2, 3, 4), 0, -1).shape
        torch.Size([3, 4, 2])
    """
    origins, places = ints(source), ints(destination)
    if len(origins) != len(places):
        raise RuntimeError(
            f"movedim: Invalid source or destination dims: source ({list(origins)} dims) should contain the same "
            f"number of dims as destination ({list(places)} dims)"
        )
    ndim = array_of(input).ndim
    moved, put = [dimension(d, ndim) for d in origins], [dimension(d, ndim) for d in places]
    for name, wrapped, given in (("source", moved, origins), ("destination", put, places)):
        if len(set(wrapped)) < len(wrapped):
            raise RuntimeError(f"movedim: repeated dim in `{name}` ({list(given)})")
    if not ndim:
        return alias(input, index=())
    rest = iter(axis for axis in range(ndim) if axis not in moved)
    by_place = dict(zip(put, moved, strict=True))
    return ops.permute(input, axes=tuple(by_place[i] if i in by_place else next(rest) for i in range(ndim)))


@function(*_MOVES)
def moveaxis(input: Any, source: Any, destination: Any) -> Any:
    """`movedim` by NumPy's name.

    Example:
        >>> import pyconv
        >>> moveaxis(pyconv.zeros(2, 3, 4), (0, 1), (1, 2)).shape
        torch.Size([4, 2, 3])
    """
    return movedim(input, source, destination)


@function("(Tensor input)")
def t(input: Any) -> Any:
    """A matrix transposed; a vector or a number as it is.

    Raises:
        RuntimeError: there are more than two dimensions.

    Example:
        >>> import pyconv
        >>> t(pyconv.zeros(2, 3)).shape
        torch.Size([3, 2])
    """
    return ops.matrix_transpose(input, axes=reversed_axes(input))


def reversed_axes(input: Any) -> Ints:
    """The dimensions of a matrix or less in reverse order.

    Raises:
        RuntimeError: there are more than two.
    """
    ndim = array_of(input).ndim
    if ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {ndim}D")
    return tuple(reversed(range(ndim)))


def matrix_transposed(input: Any, what: str, deprecated: str) -> Any:
    """The last two dimensions exchanged.

    Args:
        input: (..., rows, columns).
        what: how torch names the attribute in its errors.
        deprecated: what it says of a tensor without dimensions.

    Raises:
        RuntimeError: there is one dimension.
    """
    ndim = array_of(input).ndim
    if ndim == 1:
        raise RuntimeError(f"{what} is only supported on matrices or batches of matrices. Got 1-D tensor.")
    if not ndim:
        warn_once(deprecated)
        return alias(input, index=())
    return _swapped(input, -2, -1)


@function("(Tensor input)")
def adjoint(input: Any) -> Any:
    """The last two dimensions exchanged, the values conjugated.

    Raises:
        RuntimeError: there is one dimension.

    Example:
        >>> import pyconv
        >>> adjoint(pyconv.tensor([[1j, 2]]))
        tensor([[0.-1.j],
                [2.-0.j]])
    """
    what = "adjoint() is deprecated on 0-D tensors. Consider using x.conj()."
    return conj(matrix_transposed(input, "tensor.adjoint()", what))


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
        RuntimeError: they do not.
        ValueError: a size is negative.

    Example:
        >>> broadcast_shapes((2, 1), 3)
        torch.Size([2, 3])
    """
    given = [(n,) if isinstance(n, int) else n if isinstance(n, Size) else tuple(n) for n in shapes]
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
