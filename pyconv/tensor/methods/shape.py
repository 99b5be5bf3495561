"""The Tensor's methods for shape and order: views, copies in another shape, and changes of shape in place.

May import: NumPy, and all of pyconv below `tensor.tensor`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from pyconv import dtypes
from pyconv.functions import (
    broadcasting,
    copies,
    layout,
    moving,
    permuting,
    repeating,
    replaced_parts,
    slicing,
    splitting,
    tensor_splitting,
    triangles,
    views,
)
from pyconv.functions.broadcasting import expanded_shape
from pyconv.functions.dims import resolve_shape
from pyconv.functions.permuting import matrix_transposed
from pyconv.functions.views import ints, reshaped_view
from pyconv.ops import shape as ops
from pyconv.ops import strided
from pyconv.ops.cast import array_of, conj
from pyconv.ops.index import alias
from pyconv.signatures import function, in_place, is_int, method
from pyconv.tensor.inplace import become
from pyconv.warned import warn_once


def _spread(declared: Any, name: str | None = None) -> Any:
    """A method that takes its one sequence as several numbers too: x.permute(1, 0)."""
    made = method(declared, name)

    @functools.wraps(made)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return made(self, args, **kwargs) if args and is_int(args[0]) else made(self, *args, **kwargs)

    return call


def _reshaping(declared: Any) -> Any:
    """A method that makes a tensor the view that a function gives of it."""
    made = method(declared, f"{declared.__name__}_")

    @functools.wraps(made)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return become(self, lambda x: made(x, *args, **kwargs))

    return call


@function("(Tensor input, torch.dtype dtype)", "(Tensor input, tuple of ints! size)")
def view(input: Any, size: Any = None, *, dtype: Any = None) -> Any:
    """The view in another shape, or of the memory as values of another dtype.

    Args:
        input: of any shape.
        size: as many elements; a -1 is worked out. Or a dtype.
        dtype: the dtype, by name.

    Raises:
        RuntimeError: there is no such view.

    Example:
        >>> import pyconv
        >>> pyconv.arange(4).view(2, 2)
        tensor([[0, 1],
                [2, 3]])
    """
    kind = size if dtype is None else dtype
    if isinstance(kind, dtypes.dtype):
        return slicing.viewed_as(input, kind)
    return reshaped_view(input, resolve_shape(ints(size), array_of(input).size))


@function("(Tensor input, Tensor other)")
def view_as(input: Any, other: Any) -> Any:
    """The view in the shape of another tensor.

    Example:
        >>> import pyconv
        >>> pyconv.arange(2).view_as(pyconv.zeros(2, 1)).shape
        torch.Size([2, 1])
    """
    return view(input, array_of(other).shape)


@function("(Tensor input, Tensor other)")
def reshape_as(input: Any, other: Any) -> Any:
    """`reshape` to the shape of another tensor.

    Example:
        >>> import pyconv
        >>> pyconv.arange(2).reshape_as(pyconv.zeros(2, 1)).shape
        torch.Size([2, 1])
    """
    return views.reshape(input, array_of(other).shape)


@function("(Tensor input, tuple of ints! size, *, bool implicit = False)")
def expand(input: Any, size: Any, *, implicit: bool = False) -> Any:
    """The view with dimensions of size 1 repeated; -1 leaves a size as it is.

    Args:
        input: of any shape.
        size: the shape.
        implicit: changes nothing.

    Raises:
        RuntimeError: the shape does not fit.

    Example:
        >>> import pyconv
        >>> pyconv.tensor([1, 2]).expand(2, -1)
        tensor([[1, 2],
                [1, 2]])
    """
    del implicit
    return ops.expand(input, shape=expanded_shape(input, ints(size)))


@function("(Tensor input, Tensor other)")
def expand_as(input: Any, other: Any) -> Any:
    """`expand` to the shape of another tensor.

    Example:
        >>> import pyconv
        >>> pyconv.tensor([1]).expand_as(pyconv.zeros(2))
        tensor([1, 1])
    """
    return expand(input, array_of(other).shape)


@function("(Tensor input, tuple of ints! repeats)")
def repeat(input: Any, repeats: Any) -> Any:
    """The whole tensor so many times along each dimension.

    Raises:
        RuntimeError: there are fewer numbers than dimensions, or one is negative.

    Example:
        >>> import pyconv
        >>> pyconv.tensor([1, 2]).repeat(2)
        tensor([1, 2, 1, 2])
    """
    return repeating.repeated(input, ints(repeats))


@function("(Tensor input, int dimension, int size, int step)")
def unfold(input: Any, dimension: int, size: int, step: int) -> Any:
    """The view of the windows of a size, a step apart, along a dimension; their elements along a new last one.

    Raises:
        RuntimeError: the window does not fit, or does not move.

    Example:
        >>> import pyconv
        >>> pyconv.arange(4).unfold(0, 2, 1)
        tensor([[0, 1],
                [1, 2],
                [2, 3]])
    """
    return strided.unfold(input, **slicing.window_of(input, dimension, size, step))


def _python(call: Callable[..., Any], name: str) -> Any:
    """A method that is a plain function of torch's, too."""

    @functools.wraps(call)
    def run(self: Any, *args: Any, **kwargs: Any) -> Any:
        return call(self, *args, **kwargs)

    run.__name__, run.__qualname__ = name, f"Tensor.{name}"
    return run


def unflatten(self: Any, dim: int, sizes: Any) -> Any:
    """One dimension made several, as by `torch.unflatten`.

    Raises:
        RuntimeError: the sizes are none, or do not multiply up to that of the dimension.
    """
    if not sizes:
        raise RuntimeError("unflatten: sizes must be non-empty")
    return _unflatten(self, dim, sizes)


unflatten.__qualname__ = "Tensor.unflatten"
_unflatten = method(views.unflatten)

_T_ANY = (
    "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated and it will throw an "
    "error in a future release. Consider `x.mT` to transpose batches of matrices or `x.permute(*torch.arange(x.ndim - "
    "1, -1, -1))` to reverse the dimensions of a tensor."
)
_T_NONE = "Tensor.T is deprecated on 0-D tensors. This function is the identity in these cases."
_MT_NONE = "Tensor.mT is deprecated on 0-D tensors. This function is the identity in these cases."
_H_NONE = "Tensor.H is deprecated on 0-D tensors. Consider using x.conj()."
_MH_NONE = "Tensor.mH is deprecated on 0-D tensors. Consider using x.conj()."


class TransposedAttributes:
    """x.T and its kin, and the parts of complex values."""

    __slots__ = ()

    @property
    def T(self) -> Any:
        """The view with the dimensions in reverse order."""
        ndim = array_of(self).ndim
        if ndim != 2:
            warn_once(_T_ANY if ndim else _T_NONE, stacklevel=2)
        return ops.permute(self, axes=tuple(reversed(range(ndim)))) if ndim else alias(self, index=())

    @property
    def mT(self) -> Any:
        """The view with the last two dimensions exchanged."""
        return matrix_transposed(self, "tensor.mT", _MT_NONE)

    @property
    def H(self) -> Any:
        """A matrix transposed and conjugated."""
        ndim = array_of(self).ndim
        if ndim not in (0, 2):
            more = "" if ndim == 1 else " For batches of matrices, consider using tensor.mH"
            raise RuntimeError(f"tensor.H is only supported on matrices (2-D tensors). Got {ndim}-D tensor.{more}")
        return conj(matrix_transposed(self, "tensor.H", _H_NONE))

    @property
    def mH(self) -> Any:
        """The last two dimensions exchanged, the values conjugated."""
        return conj(matrix_transposed(self, "tensor.mH", _MH_NONE))

    @property
    def real(self) -> Any:
        """The view of the real parts; a real tensor itself."""
        return slicing.real(self)

    @real.setter
    def real(self, value: Any) -> None:
        slicing.real(self).copy_(value)

    @property
    def imag(self) -> Any:
        """The view of the imaginary parts."""
        return slicing.imag(self)

    @imag.setter
    def imag(self, value: Any) -> None:
        slicing.imag(self).copy_(value)


class ShapeMethods(TransposedAttributes):
    """The methods for shape and order."""

    __slots__ = ()

    view = _spread(view)
    view_as = method(view_as)
    reshape = _spread(views.reshape)
    reshape_as = method(reshape_as)
    flatten = method(views.flatten)
    unflatten = unflatten
    ravel = method(views.ravel)
    permute = _spread(permuting.permute)
    transpose = method(permuting.transpose)
    transpose_ = _reshaping(permuting.transpose)
    swapaxes = method(permuting.swapaxes)
    swapaxes_ = _reshaping(permuting.swapaxes)
    swapdims = method(permuting.swapdims)
    swapdims_ = _reshaping(permuting.swapdims)
    movedim = method(permuting.movedim)
    moveaxis = method(permuting.moveaxis)
    t = method(permuting.t)
    t_ = _reshaping(permuting.t)
    adjoint = method(permuting.adjoint)
    squeeze = method(views.squeeze)
    squeeze_ = _reshaping(views.squeeze)
    unsqueeze = method(views.unsqueeze)
    unsqueeze_ = _reshaping(views.unsqueeze)
    expand = _spread(expand)
    expand_as = method(expand_as)
    broadcast_to = _spread(broadcasting.broadcast_to)
    narrow = method(slicing.narrow)
    narrow_copy = method(copies.narrow_copy)
    select = method(slicing.select)
    diagonal = method(slicing.diagonal)
    unfold = method(unfold)
    as_strided = method(slicing.as_strided)
    as_strided_ = _reshaping(slicing.as_strided)
    split = _python(splitting.split, "split")
    split_with_sizes = method(splitting.split_with_sizes)
    unsafe_split = method(splitting.unsafe_split)
    unsafe_split_with_sizes = method(splitting.unsafe_split_with_sizes)
    chunk = method(splitting.chunk)
    unsafe_chunk = method(splitting.unsafe_chunk)
    tensor_split = method(tensor_splitting.tensor_split)
    hsplit = method(tensor_splitting.hsplit)
    vsplit = method(tensor_splitting.vsplit)
    dsplit = method(tensor_splitting.dsplit)
    unbind = method(splitting.unbind)
    repeat = _spread(repeat)
    tile = _spread(repeating.tile)
    repeat_interleave = method(repeating.repeat_interleave)
    roll = method(moving.roll)
    flip = _spread(moving.flip)
    fliplr = method(moving.fliplr)
    flipud = method(moving.flipud)
    rot90 = method(moving.rot90)
    tril = method(triangles.tril)
    tril_ = in_place(triangles.tril)
    triu = method(triangles.triu)
    triu_ = in_place(triangles.triu)
    diag = method(triangles.diag)
    diagflat = method(triangles.diagflat)
    diag_embed = method(triangles.diag_embed)
    diagonal_scatter = method(replaced_parts.diagonal_scatter)
    select_scatter = method(replaced_parts.select_scatter)
    slice_scatter = method(replaced_parts.slice_scatter)
    as_strided_scatter = method(replaced_parts.as_strided_scatter)
    clone = method(layout.clone)
    contiguous = method(layout.contiguous)
