"""Elements moved about: torch.flip, torch.roll, torch.rot90 and their kin.

May import: `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.dims import dimension, dimensions
from pyconv.functions.views import ints
from pyconv.ops import joining as ops
from pyconv.ops.cast import array_of
from pyconv.signatures import function

__all__ = ["flip", "fliplr", "flipud", "roll", "rot90"]


@function("(Tensor input, tuple of ints! dims)")
def flip(input: Any, dims: Any) -> Any:
    """The elements in reverse order along some dimensions.

    Raises:
        RuntimeError: a dimension is named twice.

    Example:
        >>> import pyconv
        >>> flip(pyconv.arange(3), (0,))
        tensor([2, 1, 0])
    """
    given = ints(dims)
    return ops.flip(input, axes=dimensions(given, array_of(input).ndim) if given else ())


@function("(Tensor input)")
def fliplr(input: Any) -> Any:
    """The columns in reverse order.

    Raises:
        RuntimeError: there are less than two dimensions.

    Example:
        >>> import pyconv
        >>> fliplr(pyconv.tensor([[1, 2]]))
        tensor([[2, 1]])
    """
    if array_of(input).ndim < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return ops.flip(input, axes=(1,))


@function("(Tensor input)")
def flipud(input: Any) -> Any:
    """The rows in reverse order.

    Raises:
        RuntimeError: there is no dimension.

    Example:
        >>> import pyconv
        >>> flipud(pyconv.tensor([1, 2]))
        tensor([2, 1])
    """
    if not array_of(input).ndim:
        raise RuntimeError("Input must be >= 1-d.")
    return ops.flip(input, axes=(0,))


@function("(Tensor input, tuple of ints shifts, tuple of ints dims = ())")
def roll(input: Any, shifts: Any, dims: Any = ()) -> Any:
    """The elements moved along dimensions; those that fall off at the end come in again in front.

    Args:
        input: of any shape.
        shifts: how far, for each dimension.
        dims: which dimensions; without any, all elements are moved as if in one.

    Raises:
        RuntimeError: there are not as many shifts as dimensions.

    Example:
        >>> import pyconv
        >>> roll(pyconv.arange(4), 1)
        tensor([3, 0, 1, 2])
    """
    moves, given, ndim = ints(shifts), () if dims is None else ints(dims), array_of(input).ndim
    if not moves:
        raise RuntimeError("`shifts` required")
    if not given and len(moves) == 1:
        return ops.roll(input, shifts=moves, axes=None)
    if len(moves) != len(given):
        raise RuntimeError(f"shifts and dimensions must align. shifts: {len(moves)}, dims:{len(given)}")
    if not ndim:
        raise IndexError(f"Dimension specified as {given[0]} but tensor has no dimensions")
    return ops.roll(input, shifts=moves, axes=tuple(dimension(dim, ndim) for dim in given))


@function("(Tensor input, int k = 1, tuple of ints! dims = (0, 1))")
def rot90(input: Any, k: int = 1, dims: Any = (0, 1)) -> Any:
    """The elements turned by right angles in the plane of two dimensions, from the first towards the second.

    Raises:
        RuntimeError: the dimensions are not two different ones.

    Example:
        >>> import pyconv
        >>> rot90(pyconv.tensor([[1, 2], [3, 4]]))
        tensor([[2, 4],
                [1, 3]])
    """
    given, ndim = ints(dims), array_of(input).ndim
    if len(given) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(given)}")
    if ndim < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {ndim}")
    first, second = (dimension(dim, ndim) for dim in given)
    if first == second:
        raise RuntimeError(f"expected rotation dims to be different, but got dim0 = {given[0]} and dim1 = {given[1]}")
    return ops.rot90(input, times=int(k), axes=(first, second))
