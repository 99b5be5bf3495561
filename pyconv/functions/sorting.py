"""Sorting, the largest few, unique values, and places in sorted sequences.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.functions.dims import dimension
from pyconv.ops import search
from pyconv.ops import sort as ops
from pyconv.ops import unique as unique_ops
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, promoted, refuse
from pyconv.ops.cast import array_of
from pyconv.return_types import named
from pyconv.signatures import function

__all__ = [
    "argsort",
    "bucketize",
    "isin",
    "msort",
    "searchsorted",
    "sort",
    "topk",
    "unique",
    "unique_consecutive",
]

_Sort, _Topk = named("sort", "values", "indices"), named("topk", "values", "indices")


@function(
    "(Tensor input, *, bool? stable, int dim = -1, bool descending = False, tuple of Tensors out = None)",
    "(Tensor input, int dim = -1, bool descending = False, *, tuple of Tensors out = None)",
)
def sort(input: Any, dim: int = -1, descending: bool = False, *, stable: bool | None = None) -> Any:  # noqa: ARG001
    """The values in order along a dimension, NaN as the largest, and where each was.

    Args:
        input: of any shape, of a dtype with an order.
        dim: the dimension.
        descending: from the largest to the smallest.
        stable: whether equal values keep their order, which they always do.

    Returns:
        The named tuple (values, indices).

    Raises:
        RuntimeError: `input` is complex.

    Example:
        >>> import pyconv
        >>> sort(pyconv.tensor([3, 1, 2]), descending=True).indices
        tensor([0, 2, 1])
    """
    return _Sort(*ops.sort(input, dimension(dim, array_of(input).ndim), descending))


@function(
    "(Tensor input, *, bool stable, int dim = -1, bool descending = False, Tensor out = None)",
    "(Tensor input, int dim = -1, bool descending = False)",
)
def argsort(input: Any, dim: int = -1, descending: bool = False, *, stable: bool = False) -> Any:  # noqa: ARG001
    """The index that puts the values in order along a dimension, as int64.

    Args:
        input: of any shape, of a dtype with an order.
        dim: the dimension.
        descending: from the largest to the smallest.
        stable: whether equal values keep their order, which they always do.

    Raises:
        RuntimeError: `input` is complex.

    Example:
        >>> import pyconv
        >>> argsort(pyconv.tensor([3, 1, 2]))
        tensor([1, 2, 0])
    """
    return ops.argsort(input, axis=dimension(dim, array_of(input).ndim), descending=descending)


@function("(Tensor input, *, Tensor out = None)")
def msort(input: Any) -> Any:
    """The values in order along the first dimension.

    Args:
        input: of any shape, of a dtype with an order.

    Raises:
        RuntimeError: `input` is complex.

    Example:
        >>> import pyconv
        >>> msort(pyconv.tensor([[3, 1], [2, 4]]))
        tensor([[2, 1],
                [3, 4]])
    """
    return ops.sort(input, 0)[0]


@function(
    "(Tensor input, int k, int dim = -1, bool largest = True, bool sorted = True, *, tuple of Tensors out = None)"
)
def topk(input: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:  # noqa: ARG001
    """The `k` largest or smallest values along a dimension, in order, and where they are.

    Args:
        input: of any shape, of integers or floats.
        k: how many.
        dim: the dimension.
        largest: the largest, else the smallest.
        sorted: whether they come in order, which they always do.

    Returns:
        The named tuple (values, indices).

    Raises:
        RuntimeError: there are fewer than `k`, or the dtype is bool or complex.

    Example:
        >>> import pyconv
        >>> topk(pyconv.tensor([1, 4, 3]), 2).values
        tensor([4, 3])
    """
    return _Topk(*ops.topk(input, k, dimension(dim, array_of(input).ndim), largest))


def _chosen(results: tuple[Any, Any, Any], inverse: bool, counts: bool) -> Any:
    wanted = [result for result, take in zip(results, (True, inverse, counts), strict=True) if take]
    return wanted[0] if len(wanted) == 1 else tuple(wanted)


def _unique_axis(input: Any, dim: int) -> int:
    shape = array_of(input).shape
    if not shape:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    axis = dimension(dim, len(shape))
    if 0 in (*shape[:axis], *shape[axis + 1 :]):
        raise RuntimeError("There are 0 sized dimensions, and they aren't selected, so unique cannot be applied")
    return axis


def unique(
    input: Any,
    sorted: bool = True,  # noqa: ARG001
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """The different values in order, or the different slices along a dimension.

    Args:
        input: of any shape, of a dtype with an order; each NaN is a value of its own.
        sorted: whether they come in order, which they always do.
        return_inverse: also where each element is among them.
        return_counts: also how many there are of each.
        dim: of the slices; single elements if None.

    Returns:
        One tensor, or a tuple of two or three.

    Raises:
        NotImplementedError: `input` is complex.
        IndexError: there is no such dimension.

    Example:
        >>> import pyconv
        >>> unique(pyconv.tensor([3, 1, 3]), return_counts=True)
        (tensor([1, 3]), tensor([1, 2]))
    """
    if dim is None:
        refuse("unique", dtypes.of(array_of(input)), COMPLEX)
        found = unique_ops.unique(input, None)
    else:
        axis = _unique_axis(input, dim)
        refuse("unique_dim", dtypes.of(array_of(input)), COMPLEX)
        found = unique_ops.unique(input, axis)
    return _chosen(found, return_inverse, return_counts)


def unique_consecutive(
    input: Any, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    """The values without those equal to the one before, or the slices along a dimension.

    Args:
        input: of any shape, of a dtype with an order.
        return_inverse: also where each element is among them.
        return_counts: also how many there were of each in a row.
        dim: of the slices; single elements if None.

    Returns:
        One tensor, or a tuple of two or three.

    Raises:
        NotImplementedError: `input` is complex.
        IndexError: there is no such dimension.

    Example:
        >>> import pyconv
        >>> unique_consecutive(pyconv.tensor([1, 1, 2, 1]))
        tensor([1, 2, 1])
    """
    axis = None if dim is None else _unique_axis(input, dim)
    refuse("unique" if axis is None else "unique_dim", dtypes.of(array_of(input)), COMPLEX)
    return _chosen(unique_ops.consecutive(input, axis), return_inverse, return_counts)


_SEARCH = "*, bool out_int32 = False, bool right = False, str side = None, Tensor sorter = None, Tensor out = None)"


@function(f"(Tensor sorted_sequence, Tensor input, {_SEARCH}", f"(Tensor sorted_sequence, Number self, {_SEARCH}")
def searchsorted(
    sorted_sequence: Any,
    input: Any,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Any = None,
) -> Any:
    """Where values belong in sequences that are in order along the last dimension.

    Args:
        sorted_sequence: `(n)`, or `(*, n)` with a sequence for each row of `input`.
        input: the values, `(*, m)`, or a number.
        out_int32: int32 instead of int64.
        right: behind equal elements, instead of before them.
        side: 'left' or 'right', which says the same.
        sorter: int64 like `sorted_sequence`, the index that puts it in order.

    Raises:
        RuntimeError: the shapes do not fit, `side` contradicts `right`, or `sorter` is no index of the sequence.

    Example:
        >>> import pyconv
        >>> searchsorted(pyconv.tensor([1, 3, 5]), pyconv.tensor([3, 6]))
        tensor([1, 3])
    """
    if side not in (None, "left", "right"):
        raise RuntimeError(f"torch.searchsorted(): side can only be 'left' or 'right' but got {side}")
    if side == "left" and right:
        raise RuntimeError(
            "torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True"
        )
    return _searched(sorted_sequence, input, sorter, right or side == "right", out_int32)


@function(
    "(Tensor input, Tensor boundaries, *, bool out_int32 = False, bool right = False, Tensor out = None)",
    "(Number self, Tensor boundaries, *, bool out_int32 = False, bool right = False)",
)
def bucketize(input: Any, boundaries: Any, *, out_int32: bool = False, right: bool = False) -> Any:
    """Which of the intervals between boundaries each value is in.

    Args:
        input: the values, of any shape, or a number.
        boundaries: `(n)`, in order.
        out_int32: int32 instead of int64.
        right: an interval has its lower boundary, instead of its upper.

    Raises:
        RuntimeError: `boundaries` has not one dimension.

    Example:
        >>> import pyconv
        >>> bucketize(pyconv.tensor([0, 3, 9]), pyconv.tensor([1, 3, 5]))
        tensor([0, 1, 3])
    """
    if array_of(boundaries).ndim != 1:
        raise RuntimeError(f"boundaries tensor must be 1 dimension, but got dim({array_of(boundaries).ndim})")
    return _searched(boundaries, input, None, right, out_int32)


def _searched(sequence: Any, input: Any, sorter: Any, right: bool, narrow: bool) -> Any:
    values = input if isinstance(input, (Traced, np.ndarray)) else np.asarray(input)
    search.check(array_of(sequence), array_of(values), None if sorter is None else array_of(sorter))
    kind = promoted(sequence, input)
    refuse("searchsorted_out_cpu", kind, (dtypes.bool_, *COMPLEX, *BAREBONES))
    return search.search(sequence, values, kind=kind.numpy, sorter=sorter, right=right, narrow=narrow)


@function(
    "(Tensor elements, Tensor test_elements, *, bool assume_unique = False, bool invert = False, Tensor out = None)",
    "(Number element, Tensor test_elements, *, bool assume_unique = False, bool invert = False, Tensor out = None)",
    "(Tensor elements, Number test_element, *, bool assume_unique = False, bool invert = False, Tensor out = None)",
)
def isin(elements: Any, test_elements: Any, *, assume_unique: bool = False, invert: bool = False) -> Any:  # noqa: ARG001
    """Which elements are among others.

    Args:
        elements: of any shape, or a number.
        test_elements: the others, or a number; one of the two is a tensor.
        assume_unique: that neither has an element twice, which changes nothing.
        invert: which are not.

    Raises:
        RuntimeError: a dtype is bool or complex.

    Example:
        >>> import pyconv
        >>> isin(pyconv.tensor([1, 2, 3]), pyconv.tensor([2, 5]))
        tensor([False,  True, False])
    """
    kind = promoted(elements, test_elements)
    for each in (elements, test_elements):
        if isinstance(each, (Traced, np.ndarray)):
            own = dtypes.of(array_of(each))
            if own is dtypes.bool_ or own.is_complex:
                raise RuntimeError(f"Unsupported input type encountered for isin(): {own.scalar_name}")
    refuse("isin_default_cpu", kind, BAREBONES)
    return search.isin(elements, test_elements, kind=kind.numpy, invert=invert)
