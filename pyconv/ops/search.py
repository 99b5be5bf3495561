"""Places in sorted sequences, and membership.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import primitive

Array = np.ndarray[Any, Any]


def check(sequence: Array, values: Array, sorter: Array | None) -> None:
    """Check what `search` is given.

    Raises:
        RuntimeError: the shapes do not fit, or `sorter` is no index of the sequence.
    """
    if not values.ndim and sequence.ndim != 1:
        raise RuntimeError(
            "torch.searchsorted(): input value can be a scalar only when boundaries tensor dimension is 1, but we got "
            f"boundaries tensor dim({sequence.ndim}) and input value's dim({values.ndim}) numel({values.size})"
        )
    if sequence.ndim == 0:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should have positive dimension, but got 0 dimension"
        )
    if sequence.ndim > 1 and (values.ndim != sequence.ndim or values.shape[:-1] != sequence.shape[:-1]):
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries "
            f"tensor and input value tensor must match, but we got boundaries tensor {list(sequence.shape)} and input "
            f"value tensor {list(values.shape)}"
        )
    if sorter is not None:
        _check_sorter(sequence, sorter)


def _check_sorter(sequence: Array, sorter: Array) -> None:
    if sorter.shape != sequence.shape:
        raise RuntimeError(
            "torch.searchsorted(): boundary and sorter must have the same size, but got boundary tensor "
            f"{list(sequence.shape)}and got sorter tensor {list(sorter.shape)}"
        )
    if sorter.dtype != np.int64:
        raise RuntimeError(
            f"torch.searchsorted(): sorter must be a tensor of long dtype but got dtype {dtypes.of(sorter).scalar_name}"
        )
    if sorter.size and (sorter.min() < 0 or sorter.max() >= sequence.shape[-1]):
        raise RuntimeError("torch.searchsorted(): sorter index out of range")


@primitive("Searchsorted")
def _search(sequence: Array, values: Array, *, kind: np.dtype[Any], right: bool, narrow: bool) -> Array:
    wide = np.dtype(np.float32) if kind.itemsize == 2 and dtypes.of(kind).is_floating_point else kind
    return _bisect(sequence.astype(wide), values.astype(wide), right).astype(np.int32 if narrow else np.int64)


def _bisect(sequence: Array, values: Array, right: bool) -> Array:
    """Bisection of all rows at once, step by step as torch's, so that NaN and disorder end where they do there."""
    low, high = np.zeros(values.shape, np.int64), np.full(values.shape, sequence.shape[-1], np.int64)
    rows = tuple(np.ogrid[tuple(map(slice, values.shape))][:-1]) if sequence.ndim > 1 else ()
    for _ in range(int(sequence.shape[-1]).bit_length()):
        middle = low + ((high - low) >> 1)
        places = (*rows, np.minimum(middle, sequence.shape[-1] - 1))
        found = sequence[places]
        above = found > values if right else found >= values
        open_ = low < high
        high = np.where(open_ & above, middle, high)
        low = np.where(open_ & ~above, middle + 1, low)
    return low


def search(sequence: Any, values: Any, *, kind: np.dtype[Any], sorter: Any, right: bool, narrow: bool) -> Any:
    """Where values belong in sequences in order along the last dimension.

    Args:
        sequence: `(n)`, or `(*, n)` with a row for each row of `values`.
        values: `(*, m)`.
        kind: the dtype to compare in.
        sorter: the index that puts the sequence in order, or None.
        right: behind equal elements, instead of before them.
        narrow: int32 instead of int64.

    Example:
        >>> where = {"kind": np.dtype(float), "sorter": None, "narrow": False}
        >>> search(np.array([1.0, 3.0]), np.array([3.0]), right=True, **where)
        array([2])
    """
    if sorter is not None:
        sequence = _reordered(sequence, sorter)
    return _search(sequence, values, kind=kind, right=right, narrow=narrow)


@primitive("Reordered")
def _reordered(sequence: Array, sorter: Array) -> Array:
    return np.take_along_axis(sequence, sorter, -1)


@primitive("Isin")
def _isin(elements: Array, among: Array, *, kind: np.dtype[Any], invert: bool) -> Array:
    wide = np.dtype(np.float32) if dtypes.of(kind) is dtypes.bfloat16 else kind
    return np.asarray(np.isin(elements.astype(kind).astype(wide), among.astype(kind).astype(wide), invert=invert))


def isin(elements: Any, among: Any, *, kind: np.dtype[Any], invert: bool) -> Any:
    """Which elements are among others, compared in a dtype; either may be a number."""
    operands = [np.asarray(x) if isinstance(x, (bool, int, float)) else x for x in (elements, among)]
    return _isin(*operands, kind=kind, invert=invert)
