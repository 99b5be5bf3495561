"""What torch has beside its views: the same as a copy.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import operator
from typing import Any

from pyconv import dtypes
from pyconv.autograd.primitive import Primitive
from pyconv.functions import broadcasting, permuting, slicing, views
from pyconv.functions.dims import dimension, resolve_shape
from pyconv.functions.slicing import at_dim
from pyconv.ops import index as indexing
from pyconv.ops import shape as shapes
from pyconv.ops import strided
from pyconv.ops.cast import array_of
from pyconv.ops.scatter import copied
from pyconv.signatures import function

__all__ = [
    "alias_copy",
    "as_strided_copy",
    "diagonal_copy",
    "expand_copy",
    "narrow_copy",
    "permute_copy",
    "select_copy",
    "slice_copy",
    "squeeze_copy",
    "t_copy",
    "transpose_copy",
    "unfold_copy",
    "unsqueeze_copy",
    "view_as_complex_copy",
    "view_as_real_copy",
    "view_copy",
]

_alias = copied(indexing.alias)
_as_strided = copied(strided.as_strided)
_diagonal = copied(strided.diagonal)
_expand = copied(shapes.expand)
_narrow = Primitive(lambda x, *, index: x[index].copy(), "NarrowCopy", False)
_narrow.vjps = indexing.narrow.vjps
_permute = copied(shapes.permute)
_reshape = copied(shapes.reshape)
_select = copied(indexing.select)
_slice = copied(indexing.narrow)
_squeeze = copied(shapes.squeeze)
_t = copied(shapes.matrix_transpose)
_transpose = copied(shapes.transpose)
_unfold = copied(strided.unfold)
_unsqueeze = copied(shapes.unsqueeze)
_view_as_real = copied(strided.view_as_real)
_view_as_complex = copied(strided.view_as_complex)
_view_dtype = copied(strided.view_dtype)


def slice_of(input: Any, dim: int, start: Any, end: Any, step: int) -> tuple[Any, ...]:
    """The index of a slice along one dimension.

    Raises:
        RuntimeError: the tensor has no dimensions, or the step is not positive.
    """
    shape = array_of(input).shape
    if not shape:
        raise RuntimeError("slice() cannot be applied to a 0-dim tensor.")
    if operator.index(step) <= 0:
        raise RuntimeError("slice step must be positive")
    return at_dim(dimension(dim, len(shape)), slice(start, end, step))


@function("(Tensor input, *, Tensor out = None)")
def alias_copy(input: Any) -> Any:
    """A copy.

    Example:
        >>> import pyconv
        >>> alias_copy(pyconv.tensor([1]))
        tensor([1])
    """
    return _alias(input, index=())


@function("(Tensor input, tuple of ints! size, tuple of ints! stride, int storage_offset = None, *, Tensor out = None)")
def as_strided_copy(input: Any, size: Any, stride: Any, storage_offset: int | None = None) -> Any:
    """`as_strided` as a copy.

    Example:
        >>> import pyconv
        >>> as_strided_copy(pyconv.arange(3), (2, 2), (1, 1))
        tensor([[0, 1],
                [1, 2]])
    """
    return _as_strided(input, **slicing.strided_view(input, size, stride, storage_offset))


@function("(Tensor input, int offset = 0, int dim1 = 0, int dim2 = 1, *, Tensor out = None)")
def diagonal_copy(input: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """`diagonal` as a copy.

    Example:
        >>> import pyconv
        >>> diagonal_copy(pyconv.eye(2))
        tensor([1., 1.])
    """
    where = slicing.diagonal_dims(array_of(input).ndim, dim1, dim2)
    return _diagonal(input, offset=int(offset), **where)


@function("(Tensor input, tuple of ints! size, *, bool implicit = False, Tensor out = None)")
def expand_copy(input: Any, size: Any, *, implicit: bool = False) -> Any:
    """`Tensor.expand` as a copy; `implicit` changes nothing.

    Example:
        >>> import pyconv
        >>> expand_copy(pyconv.tensor([1]), (2,))
        tensor([1, 1])
    """
    del implicit
    return _expand(input, shape=broadcasting.expanded_shape(input, views.ints(size)))


@function("(Tensor input, int dim, int start, int length, *, Tensor out = None)")
def narrow_copy(input: Any, dim: int, start: int, length: int) -> Any:
    """`narrow` as a copy.

    Example:
        >>> import pyconv
        >>> narrow_copy(pyconv.arange(4), 0, 1, 2)
        tensor([1, 2])
    """
    return _narrow(input, index=slicing.narrow_part(input, dim, start, length))


@function("(Tensor input, tuple of ints! dims, *, Tensor out = None)")
def permute_copy(input: Any, dims: Any) -> Any:
    """`permute` as a copy.

    Example:
        >>> import pyconv
        >>> permute_copy(pyconv.zeros(2, 3), (1, 0)).shape
        torch.Size([3, 2])
    """
    return _permute(input, axes=permuting.permutation(input, dims))


@function("(Tensor input, int dim, int index, *, Tensor out = None)")
def select_copy(input: Any, dim: int, index: int) -> Any:
    """`select` as a copy.

    Example:
        >>> import pyconv
        >>> select_copy(pyconv.arange(4), 0, 1)
        tensor(1)
    """
    return _select(input, index=slicing.selection(input, dim, index))


@function("(Tensor input, int dim = 0, int start = None, int end = None, int step = 1, *, Tensor out = None)")
def slice_copy(input: Any, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1) -> Any:
    """A part along a dimension, as a copy.

    Example:
        >>> import pyconv
        >>> slice_copy(pyconv.arange(5), 0, 1, 4, 2)
        tensor([1, 3])
    """
    return _slice(input, index=slice_of(input, dim, start, end, step))


@function(
    "(Tensor input, *, Tensor out = None)",
    "(Tensor input, int dim, *, Tensor out = None)",
    "(Tensor input, tuple of ints dim, *, Tensor out = None)",
)
def squeeze_copy(input: Any, dim: Any = None) -> Any:
    """`squeeze` as a copy.

    Example:
        >>> import pyconv
        >>> squeeze_copy(pyconv.zeros(1, 3)).shape
        torch.Size([3])
    """
    return _squeeze(input, shape=views.squeezed_shape(array_of(input).shape, dim))


@function("(Tensor input, *, Tensor out = None)")
def t_copy(input: Any) -> Any:
    """`t` as a copy.

    Example:
        >>> import pyconv
        >>> t_copy(pyconv.zeros(2, 3)).shape
        torch.Size([3, 2])
    """
    return _t(input, axes=permuting.reversed_axes(input))


@function("(Tensor input, int dim0, int dim1, *, Tensor out = None)")
def transpose_copy(input: Any, dim0: int, dim1: int) -> Any:
    """`transpose` as a copy.

    Example:
        >>> import pyconv
        >>> transpose_copy(pyconv.zeros(2, 3), 0, 1).shape
        torch.Size([3, 2])
    """
    return _transpose(input, axes=permuting.swapped_axes(array_of(input).ndim, dim0, dim1))


@function("(Tensor input, int dimension, int size, int step, *, Tensor out = None)")
def unfold_copy(input: Any, dimension: int, size: int, step: int) -> Any:
    """`Tensor.unfold` as a copy.

    Example:
        >>> import pyconv
        >>> unfold_copy(pyconv.arange(3), 0, 2, 1)
        tensor([[0, 1],
                [1, 2]])
    """
    return _unfold(input, **slicing.window_of(input, dimension, size, step))


@function("(Tensor input, int dim, *, Tensor out = None)")
def unsqueeze_copy(input: Any, dim: int) -> Any:
    """`unsqueeze` as a copy.

    Example:
        >>> import pyconv
        >>> unsqueeze_copy(pyconv.zeros(3), 0).shape
        torch.Size([1, 3])
    """
    return _unsqueeze(input, shape=views.unsqueezed_shape(array_of(input).shape, dim))


@function("(Tensor input, *, Tensor out = None)")
def view_as_real_copy(input: Any) -> Any:
    """`view_as_real` as a copy.

    Example:
        >>> import pyconv
        >>> view_as_real_copy(pyconv.tensor([1 + 2j]))
        tensor([[1., 2.]])
    """
    slicing.view_as_real(array_of(input))
    return _view_as_real(input)


@function("(Tensor input, *, Tensor out = None)")
def view_as_complex_copy(input: Any) -> Any:
    """`view_as_complex` as a copy.

    Example:
        >>> import pyconv
        >>> view_as_complex_copy(pyconv.tensor([[1.0, 2.0]]))
        tensor([1.+2.j])
    """
    slicing.view_as_complex(array_of(input))
    return _view_as_complex(input)


@function(
    "(Tensor input, torch.dtype dtype, *, Tensor out = None)",
    "(Tensor input, tuple of ints! size, *, Tensor out = None)",
)
def view_copy(input: Any, size: Any = None, *, dtype: Any = None) -> Any:
    """`Tensor.view` as a copy: another shape, or the memory as values of another dtype.

    Example:
        >>> import pyconv
        >>> view_copy(pyconv.arange(4), (2, 2))
        tensor([[0, 1],
                [2, 3]])
    """
    kind = size if dtype is None else dtype
    if isinstance(kind, dtypes.dtype):
        slicing.viewed_as(array_of(input), kind)
        return _view_dtype(input, dtype=kind.numpy)
    target = resolve_shape(views.ints(size), array_of(input).size)
    views.reshaped_view(array_of(input), target)
    return _reshape(input, shape=target)
