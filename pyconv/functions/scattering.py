"""Elements put at, or added to, places that an index names along a dimension: torch.scatter and kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.functions.dims import dimension
from pyconv.functions.gathering import places_along
from pyconv.functions.operands import is_tensor, number_like
from pyconv.ops import index as indexing
from pyconv.ops import scatter as ops
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, refuse
from pyconv.ops.cast import array_of
from pyconv.ops.shape import reshape
from pyconv.signatures import function
from pyconv.warned import warn_once

__all__ = ["scatter", "scatter_add", "scatter_reduce"]

Array = np.ndarray[Any, Any]
Ints = tuple[int, ...]


def _scattered(op: Primitive, input: Any, dim: int, index: Any, src: Any, **static: Any) -> Any:
    """`op` of the part of `src` that lies over the index, at the places that it names."""
    shape, given = array_of(input).shape, array_of(index).shape
    at = dimension(dim, len(shape))
    if array_of(index).dtype.kind == "i" and array_of(index).itemsize > 2:
        _check_source(input, index, src, at)
    places = places_along("scatter", shape, dim, index, "self")
    if not array_of(index).size:
        nothing = _cut(src, (0,) * array_of(src).ndim, given, op) if array_of(src).ndim else src
        return op(input, nothing, at=_nowhere(src), **static)
    if array_of(src).ndim and array_of(src).shape != given:
        src = _cut(src, given or (1,), given, op)
    return op(input, src if array_of(src).shape == given else reshape(src, shape=given), at=places, **static)


@primitive("Slice", is_view=True)
def _first(x: Array, *, shape: Ints, index: Ints, node: str) -> Array:  # noqa: ARG001
    return x[tuple(slice(0, n) for n in shape)]


def _refused(g: Any, x: Any, *, shape: Ints, index: Ints, node: str) -> Any:  # noqa: ARG001
    raise RuntimeError(
        f"Function {node} returned an invalid gradient at index 1 - got {list(index)} but expected shape "
        f"compatible with {list(x.shape)}"
    )


_first.defvjp(0, _refused)


def _cut(src: Any, shape: Ints, index: Ints, op: Primitive) -> Any:
    """The part of the values that lies over an index of a shape.

    torch lets no gradient through to values that are more than the index names, unless they are of size 1.
    """
    have = array_of(src).shape
    if len(have) == len(index) and all(n in (1, m) for n, m in zip(have, index, strict=True)):
        return indexing.narrow(src, index=tuple(slice(0, n) for n in shape))
    return _first(src, shape=shape, index=index, node=op.node_name)


def _nowhere(src: Any) -> Array:
    ndim = array_of(src).ndim
    return np.empty((0,) * max(ndim, 1), np.int64)


def _check_source(input: Any, index: Any, src: Any, at: int) -> None:
    shape, given, source = array_of(input).shape, array_of(index).shape, array_of(src).shape
    if not array_of(index).size:
        return
    if array_of(src).dtype != array_of(input).dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    for name, other in (("self", shape), ("src", source)):
        if max(len(given), 1) != max(len(other), 1):
            raise RuntimeError(f"Index tensor must have the same number of dimensions as {name} tensor")
    own = _no_larger(given, shape, at)
    if not own or not _no_larger(given, source or (1,), -1):
        raise RuntimeError(
            f"Expected index {list(given)} to be no larger than self {list(shape)} apart from dimension {at} and to be "
            f"no larger size than src {list(source)}"
        )


def _no_larger(given: Ints, size: Ints, apart: int) -> bool:
    return all(n <= m for axis, (n, m) in enumerate(zip(given, size, strict=False)) if axis != apart)


def _scattered_number(input: Any, dim: int, index: Any, value: Any, op: Primitive) -> Any:
    shape, given = array_of(input).shape, array_of(index).shape
    at = dimension(dim, len(shape))
    places = places_along("scatter", shape, dim, index, "self")
    if array_of(index).size and not _no_larger(given, shape, at):
        raise RuntimeError(
            f"Expected index {list(given)} to be no larger than self {list(shape)} apart from dimension {at}"
        )
    return op(input, number_like(value, input), at=places)


_DEPRECATED = (
    "The reduce argument of torch.scatter with Tensor src is deprecated and will be removed in a future PyTorch release"
    ". Use torch.scatter_reduce instead for more reduction options."
)
_REDUCES = {"add": "sum", "multiply": "prod"}


@function(
    "(Tensor input, int dim, Tensor index, Tensor src, *, Tensor out = None)",
    "(Tensor input, int dim, Tensor index, Tensor src, *, str reduce, Tensor out = None)",
    "(Tensor input, int dim, Tensor index, Number value, *, Tensor out = None)",
    "(Tensor input, int dim, Tensor index, Number value, *, str reduce, Tensor out = None)",
)
def scatter(input: Any, dim: int, index: Any, src: Any = None, *, value: Any = None, reduce: str | None = None) -> Any:
    """The tensor with values at the places that an index names along a dimension.

    Args:
        input: of any shape.
        dim: along which.
        index: int32 or int64, of as many dimensions.
        src: the values, a tensor at least as large as the index, of the dtype of `input`; or one number.
        value: the number, by name.
        reduce: 'add' or 'multiply' instead of replacing.

    Raises:
        RuntimeError: the index or the values do not fit, or the index leads outside.

    Example:
        >>> import pyconv
        >>> scatter(pyconv.zeros(3), 0, pyconv.tensor([2, 0]), pyconv.tensor([1.0, 2.0]))
        tensor([2., 0., 1.])
    """
    given = value if src is None else src
    from_tensor = src is not None and is_tensor(src)
    if reduce is not None and reduce not in _REDUCES:
        raise RuntimeError("reduce argument must be either add or multiply.")
    if not from_tensor:
        if reduce is None:
            return _scattered_number(input, dim, index, given, ops.scatter_number)
        number = number_like(given, input)
        combined = np.broadcast_to(number, array_of(index).shape)
        return _scattered(ops.scatter_combined, input, dim, index, combined, how=_REDUCES[reduce])
    if reduce is None:
        return _scattered(ops.scatter, input, dim, index, given)
    warn_once(_DEPRECATED, stacklevel=3)
    return _scattered(ops.scatter_combined, input, dim, index, given, how=_REDUCES[reduce])


@function("(Tensor input, int dim, Tensor index, Tensor src, *, Tensor out = None)")
def scatter_add(input: Any, dim: int, index: Any, src: Any) -> Any:
    """The tensor with values added at the places that an index names along a dimension.

    Args:
        input: of any shape.
        dim: along which.
        index: int32 or int64, of as many dimensions.
        src: at least as large as the index, of the dtype of `input`.

    Raises:
        RuntimeError: the index or the values do not fit, or the index leads outside.

    Example:
        >>> import pyconv
        >>> scatter_add(pyconv.zeros(2), 0, pyconv.tensor([1, 1]), pyconv.tensor([1.0, 2.0]))
        tensor([0., 3.])
    """
    return _scattered(ops.scatter_add, input, dim, index, src)


@function(
    "(Tensor input, int dim, Tensor index, Tensor src, str reduce, *, bool include_self = True, Tensor out = None)"
)
def scatter_reduce(input: Any, dim: int, index: Any, src: Any, reduce: str, *, include_self: bool = True) -> Any:
    """The tensor with the values that an index brings to each place combined.

    Args:
        input: of any shape.
        dim: along which.
        index: int32 or int64, of as many dimensions.
        src: at least as large as the index, of the dtype of `input`.
        reduce: 'sum', 'prod', 'mean', 'amax' or 'amin'.
        include_self: whether what was there is combined too.

    Raises:
        RuntimeError: the index or the values do not fit, the index leads outside, or `reduce` is another word.

    Example:
        >>> import pyconv
        >>> scatter_reduce(pyconv.ones(2), 0, pyconv.tensor([1, 1]), pyconv.tensor([2.0, 6.0]), "mean")
        tensor([1., 3.])
    """
    if reduce not in ("sum", "prod", "mean", "amax", "amin"):
        raise RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}")
    kind = dtypes.of(array_of(input))
    refused = {"mean": (dtypes.bool_,), "amax": COMPLEX, "amin": COMPLEX}.get(reduce, ())
    refuse(f"scatter_gather_tensor_cpu_reduce_{reduce}", kind, (*refused, *BAREBONES))
    return _scattered(ops.scatter_reduce, input, dim, index, src, how=reduce, include_self=bool(include_self))
