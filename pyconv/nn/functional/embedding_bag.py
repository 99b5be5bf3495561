"""torch.nn.functional.embedding_bag.

May import: NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from __future__ import annotations

import warnings
from typing import Any

from pyconv import dtypes
from pyconv.functions.embedding import embedding_renorm_
from pyconv.functions.embedding_bag import embedding_bag as reduced
from pyconv.functions.products import shape_of
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import kind_of
from pyconv.ops.shape import reshape
from pyconv.tensor.creation_ranges import arange

__all__ = ["embedding_bag"]

_MODES = ("sum", "mean", "max")


def embedding_bag(
    input: Any,
    weight: Any,
    offsets: Any = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Any = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Any:
    """The sums, means or maxima of rows of a table, bag by bag, without all the rows side by side.

    Args:
        input: (bags, size) or (samples), of int64 or int32, the rows.
        weight: (n, m), the table.
        offsets: (bags), where each bag begins, for an input with one dimension.
        max_norm: scale down, in place, the rows that are looked up and whose norm is above it.
        norm_type: which norm.
        scale_grad_by_freq: whether a row's gradient is divided by how often it is looked up.
        mode: 'sum', 'mean' or 'max'.
        sparse: torch has sparse gradients with it; here they are dense, with the same values.
        per_sample_weights: like the input, what each row is multiplied by in a sum.
        include_last_offset: whether the last offset is where the last bag ends, not where another begins.
        padding_idx: the row that is left out of every bag, or None; a negative one counts from the end.

    Returns:
        (bags, m), zeros for a bag without samples.

    Raises:
        ValueError: shapes or the mode do not fit.
        NotImplementedError: weights of samples with another mode than 'sum'.
        RuntimeError: dtypes, offsets or indices do not fit.

    Example:
        >>> import pyconv as torch
        >>> table = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
        >>> embedding_bag(torch.tensor([[0, 1], [1, 1]]), table)
        tensor([[2., 3.],
                [3., 4.]])
    """
    if kind_of(weight) is dtypes.int64 and kind_of(input).is_floating_point:
        warnings.warn(
            "Argument order of nn.functional.embedding_bag was changed. Usage `embedding_bag(weight, input, ...)` is "
            "deprecated, and should now be `embedding_bag(input, weight, ...)`.",
            stacklevel=2,
        )
        weight, input = input, weight
    size = shape_of(input)
    if per_sample_weights is not None and size != shape_of(per_sample_weights):
        raise ValueError(
            f"embedding_bag: If per_sample_weights ({per_sample_weights.shape}) is not None, then it must have the same "  # noqa: E501
            f"shape as the input ({input.shape})"
        )
    if len(shape_of(weight)) != 2:
        raise ValueError(f"weight has to be a 2D Tensor, but got Tensor of dimension {len(shape_of(weight))}")
    _check_shapes(size, offsets)
    if len(size) == 2:
        count = array_of(input).size
        offsets = arange(0, count, size[1], dtype=kind_of(input))
        offsets = offsets if hasattr(input, "_array") else array_of(offsets)
        include_last_offset = False
        input = reshape(input, shape=(count,))
        per_sample_weights = None if per_sample_weights is None else reshape(per_sample_weights, shape=(count,))
    if mode not in _MODES:
        raise ValueError("mode has to be one of sum, mean or max")
    if mode == "max" and scale_grad_by_freq:
        raise ValueError("max mode does not support scaling the gradient by the frequency")
    if mode == "max" and sparse:
        raise ValueError("max mode does not support sparse weights")
    if max_norm is not None:
        embedding_renorm_(weight, input, max_norm, norm_type)
    if per_sample_weights is not None and mode != "sum":
        raise NotImplementedError(
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' (got "
            f"mode='{mode}'). Please open a feature request on GitHub."
        )
    options = (scale_grad_by_freq, _MODES.index(mode), sparse, per_sample_weights, include_last_offset, padding_idx)
    return reduced(weight, input, offsets, *options)[0]


def _check_shapes(size: tuple[int, ...], offsets: Any) -> None:
    if len(size) == 2:
        if offsets is not None:
            raise ValueError(
                "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length "
                f"sequences. However, found offsets of type {type(offsets)}"
            )
    elif len(size) != 1:
        raise ValueError(f"input has to be 1D or 2D Tensor, but got Tensor of dimension {len(size)}")
    elif offsets is None:
        raise ValueError("offsets has to be a 1D Tensor but got None")
    elif len(shape_of(offsets)) != 1:
        raise ValueError("offsets has to be a 1D Tensor")
