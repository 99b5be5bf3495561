"""Contractions of several dimensions, of several matrices, and the products of Kronecker and of space.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.functions.dims import dimension
from pyconv.functions.products import check_same_dtype, mm, shape_of
from pyconv.functions.stacked_products import matmul
from pyconv.ops import shape
from pyconv.ops.arithmetic import BAREBONES, check_broadcast, mul, refuse, sub
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import kind_of
from pyconv.ops.index import take
from pyconv.ops.joining import stack
from pyconv.ops.reduce import total
from pyconv.signatures import function

__all__ = ["chain_matmul", "cross", "kron", "tensordot"]


def tensordot(a: Any, b: Any, dims: Any = 2, out: Any = None) -> Any:
    """The sums of products over several dimensions of two tensors.

    Args:
        a: any shape.
        b: any shape, of the same dtype.
        dims: how many of the last dimensions of `a` and the first of `b`; or two lists of dimensions.
        out: a tensor to write the result to.

    Returns:
        The other dimensions of `a`, then those of `b`.

    Raises:
        RuntimeError: the dimensions or the dtypes do not fit.

    Example:
        >>> import pyconv as torch
        >>> torch.tensordot(torch.ones(2, 3, 4), torch.ones(3, 4, 5)).shape
        torch.Size([2, 5])
    """
    first, second = _two_lists(dims, array_of(a).ndim, array_of(b).ndim)
    if out is None:
        return _tensordot.raw(a, b, first, second)  # type: ignore[attr-defined]
    return _tensordot(a, b, first, second, out=out)  # type: ignore[call-arg]


def _two_lists(dims: Any, ndim_a: int, ndim_b: int) -> tuple[Sequence[int], Sequence[int]]:
    if isinstance(dims, (tuple, list)) and dims and isinstance(dims[0], (tuple, list)):
        return dims[0], dims[1]
    if isinstance(dims, (Traced, np.ndarray)) and array_of(dims).size > 1:
        rows = array_of(dims).tolist()
        return rows[0], rows[1]
    if isinstance(dims, (tuple, list)) and len(dims) == 2:
        return ([dims[0]], [dims[1]])
    try:
        count = int(dims)
    except (TypeError, ValueError):
        raise RuntimeError(
            "tensordot expects dims to be int or tuple[list[int], list[int]] or list[list[int]] containing two lists, "
            f"but got dims={dims}"
        ) from None
    if count < 0:
        raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
    if count > min(ndim_a, ndim_b):
        raise RuntimeError(f"tensordot expects dims < ndim_a or ndim_b, but got dims={dims}")
    return range(-count, 0), range(count)


@function("(Tensor input, Tensor other, tuple of ints dims_self, tuple of ints dims_other, *, Tensor out = None)")
def _tensordot(input: Any, other: Any, dims_self: Any, dims_other: Any) -> Any:
    if len(dims_self) != len(dims_other):
        raise RuntimeError("both dimension lists should have same length")
    check_same_dtype(input, other)
    a, b = shape_of(input), shape_of(other)
    for i, j in zip(dims_self, dims_other, strict=True):
        n, m = a[dimension(i, len(a))], b[dimension(j, len(b))]
        if n == m:
            continue
        if 1 not in (n, m):
            raise RuntimeError(
                f"contracted dimensions need to match, but first has size {n} in dim {i} and second has size {m} in "
                f"dim {j}"
            )
        if n == 1:
            other = total(other, (dimension(j, len(b)),), True, array_of(other).dtype)
        else:
            input = total(input, (dimension(i, len(a)),), True, array_of(input).dtype)
    a, b = array_of(input).shape, array_of(other).shape
    summed = [dimension(i, len(a)) for i in dims_self], [dimension(j, len(b)) for j in dims_other]
    free = [i for i in range(len(a)) if i not in summed[0]], [j for j in range(len(b)) if j not in summed[1]]
    inner = math.prod(a[i] for i in summed[0])
    rows, columns = tuple(a[i] for i in free[0]), tuple(b[j] for j in free[1])
    left = shape.reshape(shape.permute(input, axes=(*free[0], *summed[0])), shape=(math.prod(rows), inner))
    right = shape.reshape(shape.permute(other, axes=(*summed[1], *free[1])), shape=(inner, math.prod(columns)))
    return shape.reshape(mm.raw(left, right), shape=(*rows, *columns))  # type: ignore[attr-defined]


_tensordot.__name__ = "tensordot"


def chain_matmul(*matrices: Any, out: Any = None) -> Any:
    """The product of several matrices, in the order that takes the fewest multiplications; deprecated by torch.

    Args:
        matrices: the matrices.
        out: a tensor to write the result to.

    Raises:
        RuntimeError: there is none, or the shapes or dtypes do not fit.

    Example:
        >>> import warnings
        >>> import pyconv as torch
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     torch.chain_matmul(torch.ones(1, 3), torch.ones(3, 2), torch.ones(2, 1))
        tensor([[6.]])
    """
    warnings.warn(
        "torch.chain_matmul is deprecated and will be removed in a future PyTorch release. Use torch.linalg.multi_dot "
        "instead, which accepts a list of two or more tensors rather than multiple parameters.",
        UserWarning,
        stacklevel=2,
    )
    if not matrices:
        raise RuntimeError("chain_matmul(): Expected one or more matrices")
    for x in matrices:
        if array_of(x).ndim != 2:
            raise RuntimeError(f"Tensor dimension is {array_of(x).ndim}, expected 2 instead.")
    if len(matrices) == 1:
        return matrices[0]
    return linalg_multi_dot(matrices, out=out)  # type: ignore[call-arg]


@function("(tuple of Tensors tensors, *, Tensor out = None)")
def linalg_multi_dot(tensors: Any) -> Any:
    """The product of two or more matrices, in the order that takes the fewest multiplications.

    Args:
        tensors: matrices; the first and the last can be vectors.

    Raises:
        RuntimeError: there are too few, or the shapes or dtypes do not fit.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.multi_dot([torch.ones(2), torch.ones(2, 3), torch.ones(3)])
        tensor(6.)
    """
    _check_chain(tensors)
    first, last = array_of(tensors[0]), array_of(tensors[-1])
    chain = list(tensors)
    if first.ndim == 1:
        chain[0] = shape.unsqueeze(tensors[0], shape=(1, *first.shape))
    if last.ndim == 1:
        chain[-1] = shape.unsqueeze(tensors[-1], shape=(*last.shape, 1))
    sizes = [array_of(chain[0]).shape[0]]
    for i, x in enumerate(chain):
        a = array_of(x).shape
        if a[0] != sizes[-1] and i:
            before = array_of(tensors[i - 1]).shape
            raise RuntimeError(
                f"multi_dot(): tensors {i - 1} and {i} with shapes {list(before)} and "
                f"{list(array_of(tensors[i]).shape)} cannot be multiplied"
            )
        sizes.append(a[1])
    product = _multiplied(chain, _splits(sizes), 0, len(chain) - 1)
    kept = (*first.shape[: first.ndim - 1], *last.shape[1:])
    return product if len(kept) == 2 else shape.reshape(product, shape=kept)


def _check_chain(tensors: Any) -> None:
    if len(tensors) < 2:
        raise RuntimeError(f"multi_dot(): expected at least 2 tensors but got {len(tensors)}")
    last = len(tensors) - 1
    kind = kind_of(tensors[0])
    for i in (0, last):
        ndim = array_of(tensors[i]).ndim
        if ndim not in (1, 2):
            raise RuntimeError(f"multi_dot(): the {'last' if i else 'first'} tensor must be 1D or 2D but got {ndim}D")
    for i, x in enumerate(tensors):
        if 0 < i < last and array_of(x).ndim != 2:
            raise RuntimeError(f"multi_dot(): tensor {i} must be 2D but got {array_of(x).ndim}D")
        if kind_of(x) is not kind:
            raise RuntimeError(
                f"multi_dot(): all tensors must have be the same dtype but tensor 0 is {kind.cpp_name} and tensor {i} "
                f"{kind_of(x).cpp_name}"
            )


def _splits(sizes: list[int]) -> list[list[int]]:
    """Where to cut each part of a chain of matrices (T. H. Cormen et al., Introduction to Algorithms, 15.2)."""
    n = len(sizes) - 1
    cost = [[0] * n for _ in range(n)]
    cuts = [[0] * n for _ in range(n)]
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            costs = [cost[i][k] + cost[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1] for k in range(i, j)]
            cost[i][j] = min(costs)
            cuts[i][j] = i + costs.index(cost[i][j])
    return cuts


def _multiplied(chain: list[Any], cuts: list[list[int]], i: int, j: int) -> Any:
    if i == j:
        return chain[i]
    k = cuts[i][j]
    left, right = _multiplied(chain, cuts, i, k), _multiplied(chain, cuts, k + 1, j)
    return matmul.raw(left, right)  # type: ignore[attr-defined]


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def kron(input: Any, other: Any) -> Any:
    """The Kronecker product: every element of the first times the whole second.

    Args:
        input: any shape.
        other: any shape.

    Returns:
        Every dimension of a size that is the product of the two, counted from the last.

    Example:
        >>> import pyconv as torch
        >>> torch.kron(torch.tensor([1, 10]), torch.tensor([1, 2, 3]))
        tensor([ 1,  2,  3, 10, 20, 30])
    """
    a, b = shape_of(input), shape_of(other)
    ndim = max(len(a), len(b))
    a, b = (1,) * (ndim - len(a)) + a, (1,) * (ndim - len(b)) + b
    left = shape.reshape(input, shape=tuple(n for size in a for n in (size, 1)))
    right = shape.reshape(other, shape=tuple(n for size in b for n in (1, size)))
    return shape.reshape_copy(mul(left, right), shape=tuple(n * m for n, m in zip(a, b, strict=True)))


@function("(Tensor input, Tensor other, int dim = None, *, Tensor out = None)")
def cross(input: Any, other: Any, dim: int | None = None) -> Any:
    """The vector product of vectors in space.

    Args:
        input: a dimension of size 3 among others.
        other: broadcasts with the first.
        dim: the dimension of the vectors; the first of size 3 by default, which torch warns of.

    Raises:
        RuntimeError: there is no such dimension, or the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.cross(torch.tensor([1, 0, 0]), torch.tensor([0, 1, 0]), dim=0)
        tensor([0, 0, 1])
    """
    if dim is None:
        warnings.warn(
            "Using torch.cross without specifying the dim arg is deprecated.\nPlease either pass the dim explicitly or "
            "simply use torch.linalg.cross.\nThe default value of dim will change to agree with that of linalg.cross "
            "in a future release.",
            UserWarning,
            stacklevel=3,
        )
        if 3 not in shape_of(input):
            raise RuntimeError("no dimension of size 3 in input")
        dim = shape_of(input).index(3)
    return linalg_cross.raw(input, other, dim=dim)  # type: ignore[attr-defined]


@function("(Tensor input, Tensor other, *, int dim = -1, Tensor out = None)")
def linalg_cross(input: Any, other: Any, *, dim: int = -1) -> Any:
    """The vector product of vectors in space.

    Args:
        input: a dimension of size 3 among others.
        other: as many dimensions, broadcasts with the first.
        dim: the dimension of the vectors.

    Raises:
        RuntimeError: it has another size, or the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.cross(torch.tensor([1, 0, 0]), torch.tensor([0, 1, 0]))
        tensor([0, 0, 1])
    """
    a, b = shape_of(input), shape_of(other)
    if len(a) != len(b):
        raise RuntimeError("linalg.cross: inputs must have the same number of dimensions.")
    axis = dimension(dim, len(a))
    if a[axis] != 3 or b[axis] != 3:
        raise RuntimeError(f"linalg.cross: inputs dimension {dim} must have length 3. Got {a[axis]} and {b[axis]}")
    check_broadcast(a, b)
    kinds = kind_of(input), kind_of(other)
    if kinds[0] is not kinds[1]:
        raise RuntimeError(f"expected scalar type {kinds[0].scalar_name} but found {kinds[1].scalar_name}")
    refuse("cross", kinds[0], (dtypes.bool_, *BAREBONES))
    u = [_component(input, axis, i) for i in range(3)]
    v = [_component(other, axis, i) for i in range(3)]
    parts = [sub(mul(u[i - 2], v[i - 1]), mul(u[i - 1], v[i - 2])) for i in range(3)]
    return stack(*parts, dim=axis)


def _component(x: Any, axis: int, i: int) -> Any:
    return take(x, index=(*(slice(None),) * axis, i))
