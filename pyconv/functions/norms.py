"""Norms of vectors and matrices.

Those of `torch.linalg` are named `linalg_…` here, as torch names them in its errors; `pyconv.linalg` has them under
their own names. May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`,
`pyconv.functions`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pyconv import dtypes
from pyconv.functions.dims import dimension, dimensions
from pyconv.functions.reductions import numpy_of
from pyconv.ops import extrema
from pyconv.ops import norms as ops
from pyconv.ops.arithmetic import add, div, mul, where
from pyconv.ops.cast import array_of, cast
from pyconv.ops.reduce import total
from pyconv.ops.shape import permute, reshape
from pyconv.signatures import function

__all__ = ["norm", "renorm"]


def _name(kind: dtypes.dtype) -> str:
    return kind.scalar_name


def _check_kind(caller: str, array: Any, dtype: Any) -> dtypes.dtype:
    """The dtype that a norm of `array` is formed in.

    Raises:
        RuntimeError: one that it cannot be.
    """
    kind = dtypes.of(array)
    if dtypes.category(kind) < 2:
        raise RuntimeError(f"{caller}: Expected a floating point or complex tensor as input. Got {_name(kind)}")
    if dtype is None:
        return kind
    if dtypes.category(dtype) < 2:
        raise RuntimeError(f"{caller}: dtype should be floating point or complex, but got {_name(dtype)}")
    if kind.is_complex != dtype.is_complex:
        which = "complex" if kind.is_complex else "real"
        raise RuntimeError(f"{caller}: dtype should be {which} for {which} inputs, but got {_name(dtype)}")
    if dtypes.promote_types(kind, dtype) is not dtype:
        raise RuntimeError(
            f"{caller}: the dtype of the input ({_name(kind)}) should be convertible without narrowing to the "
            f"specified dtype ({_name(dtype)})"
        )
    return dtype


def _check_empty(array: Any, order: float, dims: Sequence[int]) -> None:
    """Refuse to take the largest or smallest of nothing, over the dimensions that were named or over all."""
    if array.size or not (order < 0 or order == math.inf):
        return
    shown = "inf" if order == math.inf else "-inf" if order == -math.inf else f"{order:g}"
    if not dims:
        raise RuntimeError(
            f"linalg.vector_norm cannot compute the {shown} norm on an empty tensor because the operation does not "
            "have an identity"
        )
    for dim in dims:
        if array.ndim and not array.shape[dim]:
            raise RuntimeError(
                f"linalg.vector_norm cannot compute the {shown} norm on the dimension {dim}because this dimension is "
                "empty and the operation does not have an identity"
            )


@function(
    "(Tensor input, Number ord = 2, tuple of ints dim = None, bool keepdim = False, *, torch.dtype dtype = None, "
    "Tensor out = None)"
)
def linalg_vector_norm(input: Any, ord: Any = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """(Σ|x|^ord)^(1/ord) over dimensions, or over all elements.

    Args:
        input: of any shape, of floats or complex numbers; the norm is real.
        ord: any real number: ±inf for the largest and smallest |x|, 0 for the count of others than 0.
        dim: an int or several; all dimensions if None or empty.
        keepdim: keep them with size 1.
        dtype: a wider dtype to cast to first.

    Raises:
        RuntimeError: a dtype is another, or there is nothing to take a largest or smallest of.

    Example:
        >>> import pyconv
        >>> linalg_vector_norm(pyconv.tensor([3.0, 4.0]))
        tensor(5.)
    """
    array = array_of(input)
    if isinstance(ord, complex):
        raise RuntimeError("linalg.vector_norm: Expected a non-complex scalar as the order of norm.")
    order = float(ord)
    kind = _check_kind("linalg.vector_norm", array, dtype)
    axes = dimensions(() if dim is None else dim, array.ndim)
    _check_empty(array, order, () if dim is None else dim if isinstance(dim, (tuple, list)) else (dim,))
    return ops.vector_norm(cast(input, kind.numpy), order, axes, keepdim)


_MATRIX = "tuple of ints dim = {-2,-1}, bool keepdim = False, *, torch.dtype dtype = None, Tensor out = None)"


@function(f"(Tensor input, Number ord, {_MATRIX}", f'(Tensor input, str ord = "fro", {_MATRIX}')
def linalg_matrix_norm(
    input: Any, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """A norm of matrices.

    Args:
        input: `(*, n, m)`, of floats or complex numbers; the norm is real.
        ord: 'fro' (the root of the sum of squares), 'nuc' (the sum of singular values), ±inf (of row sums), ±1 (of
            column sums) or ±2 (the largest or smallest singular value).
        dim: the two dimensions of the matrices.
        keepdim: keep them with size 1.
        dtype: a wider dtype to cast to first.

    Raises:
        RuntimeError: a dtype, `ord` or `dim` is another.

    Example:
        >>> import pyconv
        >>> linalg_matrix_norm(pyconv.tensor([[1.0, 2.0], [3.0, 4.0]]), 1)
        tensor(6.)
    """
    axes = _check_matrix(input, ord, dim, dtype)
    if ord in ("fro", 2, -2, "nuc"):
        return _matrix_norm(input, ord, axes, keepdim, dtype)
    order = abs(float(ord))
    row, column = axes
    if order == math.inf:
        row, column = column, row
    if not keepdim and row < column:
        column -= 1
    sums = linalg_vector_norm(input, 1, row, keepdim, dtype=dtype)
    if not array_of(sums).shape[column]:
        return total(sums, (column,), keepdim)
    return (extrema.amax if ord > 0 else extrema.amin)(sums, (column,), keepdim)


def _check_matrix(input: Any, ord: Any, dim: Any, dtype: Any) -> tuple[int, int]:
    array = array_of(input)
    caller = "linalg.matrix_norm"
    kind = dtypes.of(array)
    if isinstance(ord, str) and ord not in ("fro", "nuc"):
        raise RuntimeError(f"{caller}: Order {ord} not supported.")
    if dtypes.category(kind) < 2:
        raise RuntimeError(f"{caller}: Expected a floating point or complex tensor as input. Got {_name(kind)}")
    if array.ndim < 2:
        raise RuntimeError(f"{caller}: The input tensor A must have at least 2 dimensions.")
    if len(dim) != 2:
        raise RuntimeError(f"{caller}: dim must be a 2-tuple. Got {' '.join(map(str, dim))}")
    first, second = (dimension(d, array.ndim) for d in dim)
    if first == second:
        raise RuntimeError(f"{caller}: dims must be different. Got ({dim[0]}, {dim[1]})")
    if not isinstance(ord, str) and abs(ord) not in (1, 2, math.inf):
        raise RuntimeError(f"{caller}: Order {ord:g} not supported.")
    low = ord in ("nuc", 2, -2) and kind.itemsize == 2
    if low:
        raise RuntimeError(f"{caller}: Low precision dtypes not supported. Got {_name(kind)}")
    _check_kind(caller, array, dtype)
    return first, second


def _matrix_norm(input: Any, ord: Any, axes: tuple[int, int], keepdim: bool, dtype: Any) -> Any:
    """Those that are of all elements or of singular values."""
    from pyconv.ops.linalg.factors import svd

    if ord == "fro":
        return linalg_vector_norm(input, 2, axes, keepdim, dtype=dtype)
    array = array_of(input)
    source = input if dtype is None else cast(input, numpy_of(dtype))  # type: ignore[arg-type]
    rest = tuple(i for i in range(array.ndim) if i not in axes)
    values = svd(permute(source, axes=(*rest, *axes)), full=False)[1]
    last = (len(rest),)
    if ord == "nuc" or not array_of(values).shape[-1]:
        found = total(values, last)
    else:
        found = (extrema.amax if ord > 0 else extrema.amin)(values, last)
    kept = tuple(1 if i in axes else n for i, n in enumerate(array.shape))
    return reshape(found, shape=kept) if keepdim else found


_NORM = "tuple of ints dim = None, bool keepdim = False, *, torch.dtype dtype = None, Tensor out = None)"


@function(f"(Tensor input, Number ord = None, {_NORM}", f"(Tensor input, str ord, {_NORM}")
def linalg_norm(input: Any, ord: Any = None, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """A norm of a vector or of matrices, whichever `ord` and `dim` mean.

    Args:
        input: of any shape, of floats or complex numbers; the norm is real.
        ord: of a vector where `dim` is one dimension or `input` has one, of matrices where there are two; the root of
            the sum of squares if None.
        dim: one dimension, two, or None.
        keepdim: keep them with size 1.
        dtype: a wider dtype to cast to first.

    Raises:
        RuntimeError: a dtype, `ord` or `dim` is another.

    Example:
        >>> import pyconv
        >>> linalg_norm(pyconv.tensor([[3.0, 0.0], [0.0, 4.0]]), 2)
        tensor(4.)
    """
    ndim = array_of(input).ndim
    dims = None if dim is None else (dim,) if isinstance(dim, int) else tuple(dim)
    if ord is None:
        return linalg_vector_norm(input, 2, dims, keepdim, dtype=dtype)
    if dims is not None and len(dims) not in (1, 2):
        raise RuntimeError(f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {list(dims)}")
    if isinstance(ord, str):
        return linalg_matrix_norm(input, ord, (-2, -1) if dims is None else dims, keepdim, dtype=dtype)
    if dims is None:
        if ndim not in (1, 2):
            raise RuntimeError(
                f"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {ndim}D."
            )
        dims = tuple(range(ndim))
    if len(dims) == 1:
        return linalg_vector_norm(input, ord, dims, keepdim, dtype=dtype)
    return linalg_matrix_norm(input, ord, dims, keepdim, dtype=dtype)


def norm(input: Any, p: Any = "fro", dim: Any = None, keepdim: bool = False, out: Any = None, dtype: Any = None) -> Any:
    """A norm of all elements or over dimensions: `torch.linalg` has clearer ones.

    Args:
        input: of any shape, of floats or complex numbers.
        p: a number, 'fro' or None (the root of the sum of squares), or 'nuc' (of matrices).
        dim: an int or several; all dimensions if None.
        keepdim: keep them with size 1.
        out: a tensor for the result.
        dtype: a wider dtype to cast to first.

    Raises:
        RuntimeError: a dtype, `p` or `dim` is another.

    Example:
        >>> import pyconv
        >>> norm(pyconv.tensor([3.0, 4.0])), norm(pyconv.tensor([3.0, 4.0]), 1)
        (tensor(5.), tensor(7.))
    """
    dims = [dim] if isinstance(dim, int) else dim
    given: dict[str, Any] = {"dtype": dtype} if out is None else {"dtype": dtype, "out": out}
    if isinstance(p, str) and not (p == "fro" and (dims is None or len(dims) <= 2)):
        every = list(range(array_of(input).ndim)) if dims is None else dims
        return linalg_matrix_norm(input, p, every, keepdim, **given)
    order = 2.0 if p is None or isinstance(p, str) else p
    return linalg_vector_norm(input, order, dims, keepdim, **given)


@function("(Tensor input, Number p, int dim, Number maxnorm, *, Tensor out = None)")
def renorm(input: Any, p: Any, dim: int, maxnorm: Any) -> Any:
    """The slices along a dimension, each scaled down to a norm of `maxnorm` where its own is larger.

    Args:
        input: of two or more dimensions, of floats or complex numbers.
        p: the order of the norm, above 0.
        dim: the dimension that counts the slices.
        maxnorm: 0 or more.

    Raises:
        RuntimeError: an argument is another.

    Example:
        >>> import pyconv
        >>> renorm(pyconv.tensor([[3.0, 4.0], [0.3, 0.4]]), 2, 0, 1)
        tensor([[0.6000, 0.8000],
                [0.3000, 0.4000]])
    """
    array = array_of(input)
    for name, value in (("p", p), ("maxnorm", maxnorm)):
        if isinstance(value, complex):
            raise RuntimeError(f"renorm: {name} must be real-valued")
    if p <= 0:
        raise RuntimeError("renorm: non-positive-norm not supported")
    if maxnorm < 0:
        raise RuntimeError(f"renorm: expected maxnorm to be >= 0 but got {maxnorm:g}")
    if array.ndim < 2:
        raise RuntimeError(f"renorm: input needs at least 2 dimensions, got {array.ndim} dimensions")
    kept = dimension(dim, array.ndim)
    others = [i for i in range(array.ndim) if i != kept]
    wide = dtypes.of(dtypes.accumulation(array.dtype))
    size = linalg_vector_norm(input, p, others, True, dtype=wide)
    factor = where(array_of(size) > maxnorm, div(maxnorm, add(size, 1e-7)), 1)
    return cast(mul(input, cast(factor, array.real.dtype)), array.dtype)
