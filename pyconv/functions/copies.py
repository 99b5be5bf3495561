"""What torch has beside its views: the same as a copy, and the whole with that part replaced.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import operator
from typing import Any

from pyconv import dtypes
from pyconv.autograd.graph import Primitive
from pyconv.functions import slicing, views
from pyconv.functions.dims import dimension, resolve_shape
from pyconv.functions.slicing import at_dim
from pyconv.functions.splitting import split, split_with_sizes, unbind
from pyconv.ops import index as indexing
from pyconv.ops import shape as shapes
from pyconv.ops import strided
from pyconv.ops.cast import array_of, cast, clone
from pyconv.ops.scatter import copied
from pyconv.signatures import function

__all__ = [
    "alias_copy",
    "as_strided_copy",
    "as_strided_scatter",
    "diagonal_copy",
    "diagonal_scatter",
    "expand_copy",
    "narrow_copy",
    "permute_copy",
    "select_copy",
    "select_scatter",
    "slice_copy",
    "slice_scatter",
    "split_copy",
    "split_with_sizes_copy",
    "squeeze_copy",
    "t_copy",
    "transpose_copy",
    "unbind_copy",
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


def _slice_of(input: Any, dim: int, start: Any, end: Any, step: int) -> tuple[Any, ...]:
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
    return _expand(input, shape=views.expanded_shape(input, views.ints(size)))


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
    return _permute(input, axes=views.permutation(input, dims))


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
    return _slice(input, index=_slice_of(input, dim, start, end, step))


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
    return _t(input, axes=views.reversed_axes(input))


@function("(Tensor input, int dim0, int dim1, *, Tensor out = None)")
def transpose_copy(input: Any, dim0: int, dim1: int) -> Any:
    """`transpose` as a copy.

    Example:
        >>> import pyconv
        >>> transpose_copy(pyconv.zeros(2, 3), 0, 1).shape
        torch.Size([3, 2])
    """
    return _transpose(input, axes=views.swapped_axes(array_of(input).ndim, dim0, dim1))


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


@function("(Tensor input, int split_size, int dim = 0, *, tuple of Tensors out = None)")
def split_copy(input: Any, split_size: int, dim: int = 0) -> tuple[Any, ...]:
    """`split` into copies.

    Example:
        >>> import pyconv
        >>> split_copy(pyconv.arange(3), 2)
        (tensor([0, 1]), tensor([2]))
    """
    return tuple(map(clone, split(input, split_size, dim)))


@function("(Tensor input, tuple of ints! split_sizes, int dim = 0, *, tuple of Tensors out = None)")
def split_with_sizes_copy(input: Any, split_sizes: Any, dim: int = 0) -> tuple[Any, ...]:
    """`split_with_sizes` into copies.

    Example:
        >>> import pyconv
        >>> split_with_sizes_copy(pyconv.arange(3), (1, 2))
        (tensor([0]), tensor([1, 2]))
    """
    return tuple(map(clone, split_with_sizes(input, split_sizes, dim)))


@function("(Tensor input, int dim = 0, *, tuple of Tensors out = None)")
def unbind_copy(input: Any, dim: int = 0) -> tuple[Any, ...]:
    """`unbind` into copies.

    Example:
        >>> import pyconv
        >>> unbind_copy(pyconv.arange(2))
        (tensor(0), tensor(1))
    """
    return tuple(map(clone, unbind(input, dim)))


_select_scatter = indexing.copy_slices.alias("SelectScatter")
_slice_scatter = indexing.copy_slices.alias("SliceScatter")
_diagonal_scatter = indexing.copy_slices.alias("DiagonalScatter")
_as_strided_scatter = indexing.copy_slices.alias("AsStridedScatter")


def _with_part(op: Primitive, input: Any, src: Any, view: Primitive, static: dict[str, Any]) -> Any:
    """The tensor with a part replaced.

    Raises:
        RuntimeError: the shape is not that of the part.
    """
    part, given = view.kernel(array_of(input), **static).shape, array_of(src).shape
    if part != given:
        raise RuntimeError(
            f"expected src to have a size equal to the slice of self. src size = {list(given)}, slice size = "
            f"{list(part)}"
        )
    return op(input, cast(src, array_of(input).dtype), steps=((view, static),))


@function("(Tensor input, Tensor src, int dim, int index)")
def select_scatter(input: Any, src: Any, dim: int, index: int) -> Any:
    """The tensor with one slice along a dimension replaced.

    Example:
        >>> import pyconv
        >>> select_scatter(pyconv.zeros(2, 2), pyconv.ones(2), 0, 1)
        tensor([[0., 0.],
                [1., 1.]])
    """
    static = {"index": slicing.selection(input, dim, index)}
    return _with_part(_select_scatter, input, src, indexing.select, static)


@function("(Tensor input, Tensor src, int dim = 0, int start = None, int end = None, int step = 1)")
def slice_scatter(
    input: Any, src: Any, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Any:
    """The tensor with a part along a dimension replaced.

    Example:
        >>> import pyconv
        >>> slice_scatter(pyconv.zeros(4), pyconv.ones(2), 0, 1, 3)
        tensor([0., 1., 1., 0.])
    """
    static = {"index": _slice_of(input, dim, start, end, step)}
    return _with_part(_slice_scatter, input, src, indexing.narrow, static)


@function("(Tensor input, Tensor src, int offset = 0, int dim1 = 0, int dim2 = 1)")
def diagonal_scatter(input: Any, src: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """The tensor with its diagonals replaced.

    Example:
        >>> import pyconv
        >>> diagonal_scatter(pyconv.zeros(2, 2), pyconv.ones(2))
        tensor([[1., 0.],
                [0., 1.]])
    """
    static = {"offset": int(offset), **slicing.diagonal_dims(array_of(input).ndim, dim1, dim2)}
    return _with_part(_diagonal_scatter, input, src, strided.diagonal, static)


@function("(Tensor input, Tensor src, tuple of ints! size, tuple of ints! stride, int storage_offset = None)")
def as_strided_scatter(input: Any, src: Any, size: Any, stride: Any, storage_offset: int | None = None) -> Any:
    """The tensor with the elements replaced that a view by strides looks at.

    Example:
        >>> import pyconv
        >>> as_strided_scatter(pyconv.zeros(4), pyconv.ones(2), (2,), (2,))
        tensor([1., 0., 1., 0.])
    """
    static = slicing.strided_view(input, size, stride, storage_offset)
    return _with_part(_as_strided_scatter, input, src, strided.as_strided, static)
