"""torch.embedding: rows of a table looked up by number, and torch's way to keep their norms small.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.mode import is_grad_enabled
from pyconv.autograd.traced import Traced
from pyconv.functions.products import shape_of
from pyconv.meta import Meta
from pyconv.ops import embedding as ops
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import kind_of
from pyconv.signatures import function

__all__ = ["embedding", "embedding_renorm_"]


@function("(Tensor weight, Tensor indices, int padding_idx = -1, bool scale_grad_by_freq = False, bool sparse = False)")
def embedding(
    weight: Any,
    indices: Any,
    padding_idx: int = -1,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,  # noqa: ARG001
) -> Any:
    """The rows of a table at the places of `indices`.

    Args:
        weight: (n, m), the table.
        indices: any shape, of int64 or int32.
        padding_idx: the row whose gradient is zero; none for -1.
        scale_grad_by_freq: whether a row's gradient is divided by how often it is looked up.
        sparse: torch has sparse gradients with it; here they are dense, with the same values.

    Returns:
        (*indices.shape, m)

    Raises:
        IndexError: an index is out of range.
        RuntimeError: the table is no matrix, the indices have another dtype, or a gradient would go through complex
            values.

    Example:
        >>> import pyconv as torch
        >>> torch.embedding(torch.tensor([[1.0], [2.0]]), torch.tensor([1, 0, 1])).flatten()
        tensor([2., 1., 2.])
    """
    if len(shape_of(weight)) != 2:
        raise RuntimeError("'weight' must be 2-D")
    if not shape_of(weight)[0] and array_of(indices).size and kind_of(indices) in (dtypes.int64, dtypes.int32):
        raise RuntimeError("index_select(): self indexing axis dim should be positive")
    shape_of(indices)
    at = array_of(indices)
    check_indices("embedding", "indices", indices)
    check_range(at, array_of(weight).shape[0])
    if kind_of(weight).is_complex and is_grad_enabled() and getattr(weight, "_requires_grad", False):
        raise RuntimeError("embedding does not support automatic differentiation for outputs with complex dtype.")
    frozen = np.array(at, np.int64)
    return ops.embedding(weight, indices=frozen, padding=padding_idx, by_frequency=scale_grad_by_freq)


def check_indices(caller: str, name: str, indices: Any) -> None:
    """Raise RuntimeError where indices have no dtype that torch takes."""
    kind = kind_of(indices)
    if kind not in (dtypes.int64, dtypes.int32):
        raise RuntimeError(
            f"Expected tensor for argument #1 '{name}' to have one of the following scalar types: Long, Int; but got "
            f"{dtypes.tensor_type(kind)} instead (while checking arguments for {caller})"
        )


def check_range(at: np.ndarray[Any, Any], count: int) -> None:
    """Raise IndexError where one of the indices is no row of a table."""
    if not isinstance(at, Meta) and at.size and (at.min() < 0 or at.max() >= count):
        raise IndexError("index out of range in self")


@function("(Tensor input, Tensor indices, float max_norm, float norm_type)")
def embedding_renorm_(input: Any, indices: Any, max_norm: float, norm_type: float) -> Any:
    """In place: scale down the rows of a table at the places of `indices` whose norm is above `max_norm`.

    Args:
        input: (n, m), the table.
        indices: any shape, of int64 or int32.
        max_norm: the largest norm.
        norm_type: which norm.

    Raises:
        IndexError: an index is out of range.
        RuntimeError: the table is no matrix, or the indices have another dtype.

    Example:
        >>> import pyconv as torch
        >>> torch.embedding_renorm_(torch.tensor([[3.0, 4.0], [3.0, 4.0]]), torch.tensor([1]), 1.0, 2.0)
        tensor([[3.0000, 4.0000],
                [0.6000, 0.8000]])
    """
    shape_of(indices)
    check_indices("embedding_renorm_", "indices", indices)
    check_range(array_of(indices), shape_of(input)[0])
    ops.renormalize(array_of(input), array_of(indices), max_norm, norm_type)
    if isinstance(input, Traced):
        input._counter.count += 1
    return input
