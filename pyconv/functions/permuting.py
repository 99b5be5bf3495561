"""Views in another order: torch.permute, torch.transpose, torch.movedim and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.dims import dimension
from pyconv.functions.views import Ints, ints
from pyconv.ops import shape as ops
from pyconv.ops.cast import array_of, conj
from pyconv.ops.index import alias
from pyconv.signatures import function
from pyconv.warned import warn_once

__all__ = ["adjoint", "moveaxis", "movedim", "permute", "swapaxes", "swapdims", "t", "transpose"]


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
