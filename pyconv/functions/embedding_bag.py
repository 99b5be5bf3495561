"""torch.embedding_bag: rows of a table looked up by number and reduced bag by bag.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.functions.embedding import check_indices
from pyconv.functions.products import shape_of
from pyconv.ops import embedding_bag as ops
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import kind_of
from pyconv.signatures import function

__all__ = ["embedding_bag"]

Array = np.ndarray[Any, Any]
_SUM, _MEAN, _MAX = range(3)
_UNCLEAR = (
    "Expected {} to be true, but got false.  (Could this error message be improved?  If so, please report an "
    "enhancement request to PyTorch.)"
)


@function(
    "(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq, int mode, bool sparse, "
    "Tensor? per_sample_weights, bool include_last_offset, int? padding_idx)",
    "(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq = False, int mode = 0, "
    "bool sparse = False, Tensor per_sample_weights = None, bool include_last_offset = False)",
)
def embedding_bag(
    weight: Any,
    indices: Any,
    offsets: Any,
    scale_grad_by_freq: bool = False,
    mode: int = 0,
    sparse: bool = False,  # noqa: ARG001
    per_sample_weights: Any = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> tuple[Any, Any, Any, Any]:
    """The sums, means or maxima of rows of a table, bag by bag.

    Args:
        weight: (n, m), the table.
        indices: (samples), of int64 or int32, the rows.
        offsets: (bags), where each bag begins among them.
        scale_grad_by_freq: whether a row's gradient is divided by how often it is looked up.
        mode: 0 for sums, 1 for means, 2 for maxima.
        sparse: torch has sparse gradients with it; here they are dense, with the same values.
        per_sample_weights: (samples), what each row is multiplied by in a sum.
        include_last_offset: whether the last offset is where the last bag ends, not where another begins.
        padding_idx: the row that is left out of every bag, or None.

    Returns:
        (bags, m); the bag of each sample, empty where it is not needed; the sizes of the bags, 0 for sums; the rows
        of the maxima, the sizes again for the others.

    Raises:
        RuntimeError: dtypes, shapes, offsets or indices do not fit.

    Example:
        >>> import pyconv as torch
        >>> table = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
        >>> torch.embedding_bag(table, torch.tensor([0, 1, 1]), torch.tensor([0, 2]))[0]
        tensor([[4., 6.],
                [3., 4.]])
    """
    at, starts = _checked(weight, indices, offsets, mode, per_sample_weights, include_last_offset)
    rows = shape_of(weight)[0]
    if padding_idx is not None and not -rows <= padding_idx < rows:
        raise RuntimeError(
            f"padding_idx must be within the number of embeddings, {-rows} through {rows - 1}, but got {padding_idx}"
        )
    padding = None if padding_idx is None else padding_idx % rows
    is_fast = _is_fast(weight, mode, padding_idx)
    _check_range(at, rows, is_fast)
    starts, end = (starts[:-1], int(starts[-1])) if include_last_offset else (starts, len(at))
    bags = _bags(at, starts, rows, padding, end if is_fast else len(at), mode == _MEAN, scale_grad_by_freq)
    sizes = np.bincount(bags.bag, minlength=len(starts)).astype(at.dtype)
    is_short = mode == _SUM and is_fast
    offset2bag = np.zeros(0, at.dtype) if is_short else _bag_of_each(starts, len(at)).astype(at.dtype)
    if mode == _MAX:
        chosen = ops.largest(array_of(weight), bags)
        filled = sizes[: bags.length] > 0
        found = ops.chosen_rows(weight, chosen=chosen, filled=filled)
        return found, *_like(weight, offset2bag, sizes, chosen.astype(at.dtype))
    found = ops.embedding_bag(weight, per_sample_weights, bags=bags)
    sizes = sizes if mode == _MEAN else np.zeros_like(sizes)
    return found, *_like(weight, offset2bag, sizes, sizes.copy())


def _is_fast(weight: Any, mode: int, padding_idx: int | None) -> bool:
    """Whether torch's fast way is taken. It alone looks at the end of the last bag, and has words of its own."""
    return mode != _MAX and padding_idx is None and kind_of(weight) is not dtypes.float64


def _like(weight: Any, *arrays: Array) -> tuple[Any, ...]:
    return tuple(type(weight)._wrap(array) for array in arrays) if isinstance(weight, Traced) else arrays


def _bag_of_each(starts: Array, count: int) -> Array:
    """The bag of each sample."""
    return np.searchsorted(starts, np.arange(count), side="right") - 1


def _bags(
    at: Array, starts: Array, rows: int, padding: int | None, end: int, mean: bool, by_frequency: bool
) -> ops.Bags:
    """What is added up. Samples from `end` on count in the sizes of means and in their gradient, as torch has it."""
    bag, count = _bag_of_each(starts, len(at)), len(starts)
    counted = np.arange(len(at)) < (len(at) if mean else end)
    sample = np.flatnonzero((bag >= 0) & counted & (at != (-1 if padding is None else padding)))
    kept, bag = at[sample].astype(np.int64), bag[sample]
    coefficients = np.ones(len(kept))
    if mean:
        coefficients /= np.maximum(np.bincount(bag, minlength=count), 1)[bag]
    back = coefficients / _divisors(at, rows)[kept] if by_frequency else coefficients
    return ops.Bags(kept, bag, sample, np.where(sample < end, coefficients, 0), back, rows, count, len(at))


def _divisors(at: Array, rows: int) -> Array:
    """What each row's gradient is divided by.

    It would be how often the row is looked up; torch takes, for the k-th of the rows that are, that of the row in
    place k of all indices in order, and so it is here.
    """
    times, found = np.bincount(at, minlength=rows), np.unique(at)
    divisors = np.ones(rows)
    divisors[found] = times[np.sort(at)[: len(found)]]
    return divisors


def _checked(
    weight: Any, indices: Any, offsets: Any, mode: int, per_sample_weights: Any, include_last_offset: bool
) -> tuple[Array, Array]:
    """Indices and offsets of one dtype."""
    size = shape_of(weight)
    if len(size) != 2:
        raise RuntimeError(f"weight has to be a 2D Tensor, but got Tensor of dimension {len(size)}")
    at, starts = array_of(indices).reshape(-1), array_of(offsets)
    kind = np.result_type(at, starts)
    if kind_of(indices) is not kind_of(offsets):
        check_indices("embedding_bag", "indices", indices if kind == at.dtype else offsets)
    check_indices("embedding_bag", "indices", indices)
    if mode not in (_SUM, _MEAN, _MAX):
        raise RuntimeError("`mode` must be sum, mean, or max.")
    if include_last_offset and not starts.size:
        raise RuntimeError("include_last_offset: number of offset should be at least 1")
    if starts.size and starts[0] != 0:
        raise RuntimeError(
            "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, "
            f"got {starts[0]}"
        )
    if starts.size and starts[-1] > len(at):
        raise RuntimeError(
            f"offsets[-1] can not be greater than input's length {len(at)} but got offsets[-1] of {starts[-1]}"
        )
    if (np.diff(starts) < 0).any():
        raise RuntimeError(_UNCLEAR.format("i < index_size"))
    table = kind_of(weight)
    if not table.is_floating_point:
        raise RuntimeError(
            "Expected tensor for argument #1 'weight' to have one of the following scalar types: Half, BFloat16, Float, "  # noqa: E501
            f"Double; but got {dtypes.tensor_type(table)} instead (while checking arguments for embedding_bag)"
        )
    if per_sample_weights is not None:
        _check_weights(table, per_sample_weights, mode, len(at))
    return at.astype(kind, copy=False), starts.astype(kind, copy=False)


def _check_weights(table: dtypes.dtype, weights: Any, mode: int, count: int) -> None:
    if mode != _SUM:
        raise RuntimeError("embedding_bag: per_sample_weights only supported with mode='sum'")
    kind = kind_of(weights)
    if kind is not table:
        raise RuntimeError(
            "Expected tensor for argument #1 'weight' to have the same type as tensor for argument #1 "
            f"'per_sample_weights'; but type {dtypes.tensor_type(table)} does not equal "
            f"{dtypes.tensor_type(kind)} (while checking arguments for embedding_bag)"
        )
    if len(shape_of(weights)) != 1:
        raise RuntimeError(_UNCLEAR.format("per_sample_weights.value().dim() == 1"))
    if array_of(weights).size != count:
        raise RuntimeError(_UNCLEAR.format("per_sample_weights.value().numel() == indices.numel()"))


def _check_range(at: Array, rows: int, fast: bool) -> None:
    outside = np.flatnonzero((at < 0) | (at >= rows))
    if not outside.size:
        return
    place, value = outside[0], at[outside[0]]
    if not fast:
        raise RuntimeError(f"embedding_bag: Expected idx >= 0 && idx < num_embeddings but found idx to be {value}")
    raise RuntimeError(f"Index {place} of input takes value {value} which is not in the valid range [0, {rows})")
