"""The Tensor's methods for elements by index and mask, and x[...] itself.

May import: NumPy, and all of pyconv below `tensor.tensor`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.dims import as_index
from pyconv.functions.slicing import diagonal
from pyconv.lazy import family
from pyconv.ops import assignment, index
from pyconv.ops.cast import array_of
from pyconv.signatures import function, in_place, method
from pyconv.tensor.inplace import set_item, update

gathering = family("pyconv.functions.gathering")
places = family("pyconv.functions.places")
indexed_slices = family("pyconv.functions.indexed_slices")
placing = family("pyconv.functions.placing")
scattering = family("pyconv.functions.scattering")


@function("(Tensor input, Number fill_value, bool wrap = False)")
def fill_diagonal_(input: Any, fill_value: Any, wrap: bool = False) -> Any:
    """In place: one value on the diagonal; of a tall matrix on the next ones too, a row between, where `wrap` is set.

    Raises:
        RuntimeError: there are less than two dimensions, or more of unequal sizes.

    Example:
        >>> import pyconv
        >>> pyconv.zeros(2, 2).fill_diagonal_(1)
        tensor([[1., 0.],
                [0., 1.]])
    """
    shape = array_of(input).shape
    if len(shape) < 2:
        raise RuntimeError("dimensions must larger than 1")
    if len(shape) > 2 and len(set(shape)) > 1:
        raise RuntimeError("all dimensions of input must be of equal length")
    if len(shape) > 2:
        steps = tuple(step // array_of(input).itemsize for step in array_of(input).strides)
        update(input.as_strided((shape[0],), (sum(steps),)), assignment.fill, fill_value)
        return input
    update(diagonal(input), assignment.fill, fill_value)
    if wrap and shape[0] > shape[1] + 1:
        for start in range(shape[1] + 1, shape[0], shape[1] + 1):
            update(diagonal(input[start:]), assignment.fill, fill_value)
    return input


class IndexingMethods:
    """The methods for elements by index and mask."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        array = array_of(self)
        found = as_index(key, array.shape)
        if index.is_basic(found):
            return index.view_op(found)(self, index=found)
        basic, arrays = index.parted(found, array.ndim)
        whole = all(part == slice(None) for part in basic)
        return index.take(self if whole else index.view_op(basic)(self, index=basic), index=arrays)

    def __setitem__(self, key: Any, value: Any) -> None:
        set_item(self, as_index(key, array_of(self).shape), value)  # type: ignore[arg-type]

    def __delitem__(self, key: Any) -> None:
        raise TypeError("Tensor does not support deleting items")

    gather = method(gathering.gather)
    index_select = method(gathering.index_select)
    take = method(gathering.take)
    take_along_dim = method(gathering.take_along_dim)
    masked_select = method(gathering.masked_select)
    nonzero = method(places.nonzero)
    nonzero_static = method(places.nonzero_static)
    argwhere = method(places.argwhere)
    scatter = method(scattering.scatter)
    scatter_ = in_place(scattering.scatter)
    scatter_add = method(scattering.scatter_add)
    scatter_add_ = in_place(scattering.scatter_add)
    scatter_reduce = method(scattering.scatter_reduce)
    scatter_reduce_ = in_place(scattering.scatter_reduce)
    index_add = method(indexed_slices.index_add)
    index_add_ = in_place(indexed_slices.index_add)
    index_copy = method(indexed_slices.index_copy)
    index_copy_ = in_place(indexed_slices.index_copy)
    index_fill = method(indexed_slices.index_fill)
    index_fill_ = in_place(indexed_slices.index_fill)
    index_put = method(placing.index_put)
    index_put_ = in_place(placing.index_put)
    index_reduce = method(indexed_slices.index_reduce)
    index_reduce_ = in_place(indexed_slices.index_reduce)
    put = method(placing.put)
    put_ = in_place(placing.put)
    masked_fill = method(placing.masked_fill)
    masked_fill_ = in_place(placing.masked_fill)
    masked_scatter = method(placing.masked_scatter)
    masked_scatter_ = in_place(placing.masked_scatter)
    fill_diagonal_ = method(fill_diagonal_)
